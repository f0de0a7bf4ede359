#include "scoring/pmml/model/Comparison.h"

#include "scoring/pmml/model/ModelElement.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace scoring::pmml {

namespace {

struct ComparisonText
{
    Q_DECLARE_TR_FUNCTIONS(ComparisonText)
};

} // namespace

Comparison::Compare Comparison::compareOf(ModelContext &context, const Node &node, std::string_view fallback) const
{
    const std::string_view name = node.attributeOr("compareFunction", fallback);
    if (name == "gaussSim")
        return Compare::GaussianSimilarity;
    if (name == "delta")
        return Compare::Delta;
    if (name == "equal")
        return Compare::Equal;
    if (name != "absDiff")
        context.reading.refuse(node, ComparisonText::tr("the compare function %1").arg(quoted(name)));
    return Compare::AbsoluteDifference;
}

void Comparison::readMetric(ModelContext &context, const Node &node)
{
    static constexpr std::pair<std::string_view, Metric> metrics[] = {
        {"euclidean", Metric::Euclidean},
        {"squaredEuclidean", Metric::SquaredEuclidean},
        {"chebychev", Metric::Chebychev},
        {"cityBlock", Metric::CityBlock},
        {"minkowski", Metric::Minkowski},
        {"simpleMatching", Metric::SimpleMatching},
        {"jaccard", Metric::Jaccard},
        {"tanimoto", Metric::Tanimoto},
        {"binarySimilarity", Metric::BinarySimilarity},
    };
    Reading &reading = context.reading;
    m_isSimilarity = node.attributeOr("kind", "distance") == "similarity";
    bool found = false;
    for (const Node each : node) {
        for (const auto &[name, metric] : metrics) {
            if (!each.is(name))
                continue;
            m_metric = metric;
            found = true;
            if (metric == Metric::Minkowski)
                m_power = reading.number(each, "p-parameter");
            if (metric == Metric::BinarySimilarity) {
                static constexpr std::string_view c[] = {
                    "c11-parameter", "c10-parameter", "c01-parameter", "c00-parameter"};
                static constexpr std::string_view d[] = {
                    "d11-parameter", "d10-parameter", "d01-parameter", "d00-parameter"};
                for (size_t i = 0; i < 4; ++i) {
                    m_c[i] = reading.number(each, c[i]);
                    m_d[i] = reading.number(each, d[i]);
                }
            }
        }
    }
    if (!found)
        reading.fail(node ? node : context.node,
                     ComparisonText::tr("The model has no ComparisonMeasure that is known."));
}

void Comparison::read(ModelContext &context, const Node &node, std::string_view element)
{
    Reading &reading = context.reading;
    const Node measure = context.node.child("ComparisonMeasure");
    readMetric(context, measure);
    for (const Node each : node) {
        if (!each.is(element) || !reading.boolOr(each, "isCenterField", true))
            continue;
        const FieldReference field = context.scope.require(each, reading.required(each, "field"));
        Coordinate coordinate;
        coordinate.slot = field.slot;
        coordinate.isText = field.isText();
        coordinate.weight = reading.numberOr(each, "fieldWeight", 1);
        coordinate.compare = compareOf(context, each, measure.attributeOr("compareFunction", "absDiff"));
        coordinate.scale = reading.numberOr(each, "similarityScale", 1);
        if (coordinate.isText && coordinate.compare == Compare::AbsoluteDifference)
            coordinate.compare = Compare::Delta;
        m_coordinates.push_back(coordinate);
    }
    if (const Node weights = context.node.child("MissingValueWeights").child("Array")) {
        const std::vector<double> numbers = reading.numbers(weights);
        for (size_t i = 0; i < numbers.size() && i < m_coordinates.size(); ++i)
            m_coordinates[i].missingWeight = numbers[i];
    }
    if (m_coordinates.empty())
        reading.fail(context.node, ComparisonText::tr("The model compares no fields."));
}

double Comparison::coordinateOf(const Row &row, int slot, bool isText)
{
    const Value &value = row.values[size_t(slot)];
    if (isText)
        return value.isText() ? double(value.text) : notANumber;
    return numberAt(row, slot);
}

bool Comparison::coordinates(const Row &row, double *x) const
{
    bool any = false;
    for (size_t i = 0; i < m_coordinates.size(); ++i) {
        x[i] = coordinateOf(row, m_coordinates[i].slot, m_coordinates[i].isText);
        any = any || !std::isnan(x[i]);
    }
    return any;
}

double Comparison::compared(const Coordinate &coordinate, double x, double y) const
{
    switch (coordinate.compare) {
    case Compare::AbsoluteDifference:
        return std::fabs(x - y);
    case Compare::GaussianSimilarity:
        return std::exp(-std::numbers::ln2 * (x - y) * (x - y) / (coordinate.scale * coordinate.scale));
    case Compare::Delta:
        return x == y ? 0 : 1;
    case Compare::Equal:
        return x == y ? 1 : 0;
    }
    return 0;
}

double Comparison::measure(const double *x, const double *y) const
{
    if (m_metric >= Metric::SimpleMatching)
        return binary(x, y);
    double sum = 0;
    double allWeights = 0;
    double presentWeights = 0;
    for (size_t i = 0; i < m_coordinates.size(); ++i) {
        const Coordinate &each = m_coordinates[i];
        allWeights += each.missingWeight;
        if (std::isnan(x[i]) || std::isnan(y[i]))
            continue;
        presentWeights += each.missingWeight;
        const double c = compared(each, x[i], y[i]);
        switch (m_metric) {
        case Metric::Euclidean:
        case Metric::SquaredEuclidean:
            sum += each.weight * c * c;
            break;
        case Metric::Chebychev:
            sum = std::max(sum, each.weight * c);
            break;
        case Metric::CityBlock:
            sum += each.weight * c;
            break;
        default:
            sum += each.weight * std::pow(c, m_power);
            break;
        }
    }
    if (presentWeights != allWeights)
        sum *= presentWeights > 0 ? allWeights / presentWeights : 0;
    if (m_metric == Metric::Euclidean)
        return std::sqrt(sum);
    return m_metric == Metric::Minkowski ? std::pow(sum, 1 / m_power) : sum;
}

double Comparison::binary(const double *x, const double *y) const
{
    double a[4] = {0, 0, 0, 0}; // 11 10 01 00
    for (size_t i = 0; i < m_coordinates.size(); ++i) {
        if (!std::isnan(x[i]) && !std::isnan(y[i]))
            a[(x[i] != 0 ? 0 : 2) + (y[i] != 0 ? 0 : 1)] += 1;
    }
    double above = 0;
    double below = 0;
    switch (m_metric) {
    case Metric::SimpleMatching:
        above = a[0] + a[3];
        below = a[0] + a[1] + a[2] + a[3];
        break;
    case Metric::Jaccard:
        above = a[0];
        below = a[0] + a[1] + a[2];
        break;
    case Metric::Tanimoto:
        above = a[0] + a[3];
        below = a[0] + 2 * (a[1] + a[2]) + a[3];
        break;
    default:
        for (size_t i = 0; i < 4; ++i) {
            above += m_c[i] * a[i];
            below += m_d[i] * a[i];
        }
        break;
    }
    return below == 0 ? 0 : above / below;
}

} // namespace scoring::pmml
