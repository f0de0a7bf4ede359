#include "scoring/pmml/model/CoxBaseline.h"

#include "scoring/pmml/model/ModelElement.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace scoring::pmml {

namespace {

struct CoxBaselineText
{
    Q_DECLARE_TR_FUNCTIONS(CoxBaselineText)
};

} // namespace

CoxBaseline::Curve CoxBaseline::readCurve(Reading &reading, const Node &node)
{
    Curve curve;
    curve.maxTime = reading.numberOr(node, "maxTime", HUGE_VAL);
    for (const Node each : node) {
        if (each.is("BaselineCell"))
            curve.steps.push_back({reading.number(each, "time"), reading.number(each, "cumHazard")});
    }
    std::sort(curve.steps.begin(), curve.steps.end(), [](const Step &a, const Step &b) { return a.time < b.time; });
    return curve;
}

void CoxBaseline::read(ModelContext &context)
{
    const Node node = context.node;
    m_timeSlot = context.scope.require(node, context.reading.required(node, "endTimeVariable")).slot;
    const Node tables = node.child("BaseCumHazardTables");
    if (!tables)
        context.reading.fail(node, CoxBaselineText::tr("The Cox regression has no BaseCumHazardTables."));
    const auto strata = node.attribute("baselineStrataVariable");
    if (!strata) {
        m_curves.push_back(readCurve(context.reading, tables));
        return;
    }
    const FieldReference field = context.scope.require(node, *strata);
    m_strataSlot = field.slot;
    for (const Node each : tables) {
        if (!each.is("BaselineStratum"))
            continue;
        Curve curve = readCurve(context.reading, each);
        curve.stratum = context.reading.constant(context.reading.required(each, "value"), field.type);
        m_curves.push_back(std::move(curve));
    }
}

double CoxBaseline::hazard(const Row &row, double eta, double reference) const
{
    const double time = numberAt(row, m_timeSlot);
    const Curve *curve = nullptr;
    for (const Curve &each : m_curves) {
        if (m_strataSlot < 0
            || (row.values[size_t(m_strataSlot)].isPresent() && isSame(row.values[size_t(m_strataSlot)], each.stratum)))
            curve = &each;
    }
    if (!curve || std::isnan(time) || time > curve->maxTime)
        return notANumber;
    const auto after = std::upper_bound(
        curve->steps.begin(), curve->steps.end(), time, [](double t, const Step &step) { return t < step.time; });
    if (after == curve->steps.begin())
        return 0;
    return std::prev(after)->hazard * std::exp(eta - reference);
}

} // namespace scoring::pmml
