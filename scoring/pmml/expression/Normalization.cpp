#include "scoring/pmml/expression/Normalization.h"

#include "scoring/pmml/field/Scope.h"
#include "scoring/pmml/Reading.h"
#include "scoring/pmml/Row.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace scoring::pmml {

namespace {

struct NormalizationText
{
    Q_DECLARE_TR_FUNCTIONS(NormalizationText)
};

double onLine(double x, double x0, double y0, double x1, double y1) { return y0 + (x - x0) / (x1 - x0) * (y1 - y0); }

class NormContinuous : public Expression
{
public:
    NormContinuous(int slot, Value missing) : m_slot(slot), m_missing(missing) { }

    Value evaluate(Row &row) const override
    {
        const Value value = cast(row.values[size_t(m_slot)], {CellType::Double, 0}, row.texts);
        if (!value.isPresent())
            return value.isMissing() ? m_missing : value;
        const double norm = lines.normOf(value.number);
        return std::isnan(norm) ? m_missing : Value::of(norm);
    }

    Lines lines;

private:
    int m_slot;
    Value m_missing;
};

class NormDiscrete : public Expression
{
public:
    NormDiscrete(int slot, Value wanted, Value missing) : m_slot(slot), m_wanted(wanted), m_missing(missing) { }

    Value evaluate(Row &row) const override
    {
        const Value &value = row.values[size_t(m_slot)];
        if (value.isMissing())
            return m_missing;
        return Value::of(value.isPresent() && isSame(value, m_wanted) ? 1.0 : 0.0);
    }

private:
    int m_slot;
    Value m_wanted;
    Value m_missing;
};

Value missingNumber(Reading &reading, const Node &node)
{
    return node.attribute("mapMissingTo") ? Value::of(reading.number(node, "mapMissingTo")) : Value::missing();
}

} // namespace

void Lines::read(Reading &reading, const Node &node)
{
    for (const Node each : node) {
        if (each.is("LinearNorm"))
            m_points.push_back({reading.number(each, "orig"), reading.number(each, "norm")});
    }
    const bool ascending = std::is_sorted(
        m_points.begin(), m_points.end(), [](const Point &a, const Point &b) { return a.orig <= b.orig; });
    if (m_points.size() < 2 || !ascending)
        reading.fail(node, NormalizationText::tr("NormContinuous needs two or more LinearNorm in ascending order."));
    const std::string_view outliers = node.attributeOr("outliers", "asIs");
    m_outliers = outliers == "asMissingValues" ? Outliers::AsMissing
        : outliers == "asExtremeValues"        ? Outliers::AsExtreme
                                               : Outliers::AsIs;
}

double Lines::normOf(double x) const
{
    if (m_outliers != Outliers::AsIs && (x < m_points.front().orig || x > m_points.back().orig)) {
        if (m_outliers == Outliers::AsMissing)
            return notANumber;
        return x < m_points.front().orig ? m_points.front().norm : m_points.back().norm;
    }
    size_t i = 1;
    while (i + 1 < m_points.size() && x > m_points[i].orig)
        ++i;
    const Point &a = m_points[i - 1];
    const Point &b = m_points[i];
    return onLine(x, a.orig, a.norm, b.orig, b.norm);
}

double Lines::origOf(double norm) const
{
    const bool up = m_points.back().norm >= m_points.front().norm;
    if (m_outliers == Outliers::AsExtreme)
        norm = std::clamp(norm,
                          std::min(m_points.front().norm, m_points.back().norm),
                          std::max(m_points.front().norm, m_points.back().norm));
    size_t i = 1;
    while (i + 1 < m_points.size() && (up ? norm > m_points[i].norm : norm < m_points[i].norm))
        ++i;
    const Point &a = m_points[i - 1];
    const Point &b = m_points[i];
    return onLine(norm, a.norm, a.orig, b.norm, b.orig);
}

ExpressionPtr readNormContinuous(Reading &reading, Scope &scope, const Node &node)
{
    const FieldReference field = scope.require(node, reading.required(node, "field"));
    auto norm = std::make_unique<NormContinuous>(field.slot, missingNumber(reading, node));
    norm->lines.read(reading, node);
    norm->type = {CellType::Double, 0};
    return norm;
}

ExpressionPtr readNormDiscrete(Reading &reading, Scope &scope, const Node &node)
{
    const FieldReference field = scope.require(node, reading.required(node, "field"));
    const Value wanted = reading.constant(reading.required(node, "value"), field.type);
    auto norm = std::make_unique<NormDiscrete>(field.slot, wanted, missingNumber(reading, node));
    norm->type = {CellType::Double, 0};
    return norm;
}

} // namespace scoring::pmml
