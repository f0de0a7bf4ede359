#include "scoring/pmml/model/Links.h"
#include "scoring/pmml/model/ModelElement.h"

#include <QCoreApplication>

#include <cmath>

namespace scoring::pmml {

namespace {

struct RegressionText
{
    Q_DECLARE_TR_FUNCTIONS(RegressionText)
};

// One summand, in document order: the sum is made in that order, the intercept first.
struct Summand
{
    enum class Kind : uint8_t { Linear, Power, Category, Product };
    Kind kind = Kind::Linear;
    int slot = -1;
    double coefficient = 0;
    double exponent = 1;
    Value category;
    int first = 0; // slots of a product
    int count = 0;
};

struct Table
{
    double intercept = 0;
    std::vector<Summand> summands;
    int category = -1; // in the model's classes
};

class Regression : public Evaluator
{
public:
    void evaluate(Row &row, Outcome &outcome) const override
    {
        if (!isClassifier) {
            const double y = sum(tables.front(), row);
            outcome.margin.front() = y;
            if (!std::isnan(y))
                outcome.value = Value::of(inFloat ? double(float(inverse(link, y))) : inverse(link, y));
            return;
        }
        double *values = row.scratch.data() + scratch;
        for (size_t i = 0; i < tables.size(); ++i) {
            values[i] = sum(tables[i], row);
            if (!std::isfinite(values[i])) { // too large is no probability of 1
                row.invalidResult = row.invalidResult || std::isinf(values[i]);
                return;
            }
            outcome.margin[size_t(tables[i].category)] = values[i];
        }
        normalize(std::span<double>(values, count));
        for (size_t i = 0; i < count; ++i) {
            const int category = i < tables.size() ? tables[i].category : otherCategory;
            outcome.probability[size_t(category)] = inFloat ? double(float(values[i])) : values[i];
        }
        if (positive >= 0) {
            const double p = outcome.probability[size_t(positive)];
            const bool is = p > threshold || (p == threshold && positive == lower);
            outcome.winner = is ? positive : other;
        }
    }

    std::vector<Table> tables;
    std::vector<int> factors; // slots of products
    Link link = Link::None;
    bool isClassifier = false;
    bool isOrdinal = false;
    bool inFloat = false;
    size_t count = 0; // of classes with a probability: the tables, or one more
    int otherCategory = -1; // the class no table is for
    int positive = -1; // of two classes: predicted when its probability is above the threshold
    int other = -1;
    int lower = -1; // which of them the target declares first: it is predicted at the threshold itself
    double threshold = 0.5;
    int scratch = 0;

private:
    template <typename Number> double summed(const Table &table, const Row &row) const
    {
        auto y = Number(table.intercept);
        for (const Summand &each : table.summands) {
            if (each.kind == Summand::Kind::Category) {
                const Value &value = row.values[size_t(each.slot)];
                if (value.isPresent() && isSame(value, each.category))
                    y += Number(each.coefficient);
                continue;
            }
            Number x = 1;
            if (each.kind == Summand::Kind::Product) {
                for (int i = 0; i < each.count; ++i)
                    x *= Number(numberAt(row, factors[size_t(each.first + i)]));
            } else {
                x = Number(numberAt(row, each.slot));
                if (each.kind == Summand::Kind::Power)
                    x = Number(std::pow(x, Number(each.exponent)));
            }
            y += Number(each.coefficient) * x;
        }
        return double(y);
    }

    double sum(const Table &table, const Row &row) const
    {
        return inFloat ? summed<float>(table, row) : summed<double>(table, row);
    }

    void normalize(std::span<double> p) const
    {
        const size_t last = p.size() - 1;
        if (isOrdinal) {
            double below = 0;
            for (size_t i = 0; i < last; ++i) {
                const double upTo = inverse(link, p[i]);
                if (i + 1 == last)
                    p[last] = complement(link, p[i]);
                p[i] = upTo - below;
                below = upTo;
            }
            return;
        }
        switch (link) {
        case Link::Softmax:
            if (tables.size() == 1) // the other class has no table: its value is 0
                p[1] = 0;
            softmax(p);
            return;
        case Link::Simplemax:
            if (tables.size() < p.size())
                p[last] = 1 - p[0];
            simplemax(p);
            return;
        case Link::None:
            p[last] = 1;
            for (size_t i = 0; i < last; ++i)
                p[last] -= p[i];
            return;
        default:
            break;
        }
        if (p.size() == 2) {
            p[1] = complement(link, p[0]);
            p[0] = inverse(link, p[0]);
            return;
        }
        for (double &each : p)
            each = inverse(link, each);
        simplemax(p);
    }
};

void readSummands(ModelContext &context, Regression &regression, Table &table, const Node &node)
{
    Reading &reading = context.reading;
    for (const Node each : node) {
        Summand summand;
        const auto name = [&] {
            return each.attribute("name") ? *each.attribute("name") : reading.required(each, "field");
        };
        if (each.is("NumericPredictor")) {
            summand.slot = context.scope.require(each, name()).slot;
            summand.exponent = reading.numberOr(each, "exponent", 1);
            summand.kind = summand.exponent == 1 ? Summand::Kind::Linear : Summand::Kind::Power;
        } else if (each.is("CategoricalPredictor")) {
            const FieldReference field = context.scope.require(each, name());
            summand.kind = Summand::Kind::Category;
            summand.slot = field.slot;
            summand.category = reading.constant(reading.required(each, "value"), field.type);
        } else if (each.is("PredictorTerm")) {
            summand.kind = Summand::Kind::Product;
            summand.first = int(regression.factors.size());
            for (const Node factor : each) {
                if (factor.is("FieldRef"))
                    regression.factors.push_back(context.scope.require(factor, reading.required(factor, "field")).slot);
            }
            summand.count = int(regression.factors.size()) - summand.first;
        } else {
            continue;
        }
        summand.coefficient = reading.number(each, "coefficient");
        table.summands.push_back(summand);
    }
}

// Of two classes the one that is declared first wins a tie; files of our own may have another threshold than 0.5.
void readThreshold(ModelContext &context, Regression &regression)
{
    const Classes &classes = context.model.classes;
    const ModelElement::TargetField *target = context.model.target();
    if (!regression.isClassifier || regression.isOrdinal || regression.count != 2 || classes.size() != 2 || !target
        || !target->declared || target->declared->validTexts.empty())
        return;
    regression.lower = classes.find(target->declared->validTexts.front());
    regression.positive = regression.lower == 0 ? 1 : 0;
    for (const Node each : context.node) {
        if (!each.is("Extension") || each.attributeOr("extender", "") != "Slipway"
            || each.attributeOr("name", "") != "threshold")
            continue;
        const std::string_view value = each.attributeOr("value", "");
        const size_t blank = value.find(' ');
        const auto threshold = parseNumber(value.substr(0, blank));
        const int positive = blank == std::string_view::npos ? -1 : classes.find(value.substr(blank + 1));
        if (!threshold || positive < 0) {
            context.reading.fail(each, RegressionText::tr("The threshold of the model cannot be read."));
            return;
        }
        regression.threshold = *threshold;
        regression.positive = positive;
    }
    regression.other = 1 - regression.positive;
}

} // namespace

std::unique_ptr<Evaluator> readRegression(ModelContext &context)
{
    Reading &reading = context.reading;
    ModelElement &model = context.model;
    auto regression = std::make_unique<Regression>();
    const std::string_view method = context.node.attributeOr("normalizationMethod", "none");
    const auto link = linkOf(method);
    if (!link)
        reading.refuse(context.node, RegressionText::tr("the normalization %1").arg(quoted(method)));
    regression->link = link.value_or(Link::None);
    regression->isClassifier = model.purpose == Purpose::Classification;
    regression->inFloat = model.inFloat;
    const ModelElement::TargetField *target = model.target();
    regression->isOrdinal = target && target->declared && target->declared->use == FieldUse::Ordinal;
    for (const Node each : context.node) {
        if (!each.is("RegressionTable"))
            continue;
        Table table;
        table.intercept = reading.numberOr(each, "intercept", 0);
        if (regression->isClassifier)
            table.category = model.classes.add(reading, reading.required(each, "targetCategory"), model.classType());
        readSummands(context, *regression, table, each);
        regression->tables.push_back(std::move(table));
    }
    if (regression->tables.empty()) {
        reading.fail(context.node, RegressionText::tr("The regression has no RegressionTable."));
        return regression;
    }
    regression->count = regression->tables.size();
    if (regression->isClassifier && regression->tables.size() == 1) {
        for (const std::string &text :
             target && target->declared ? target->declared->validTexts : std::vector<std::string>()) {
            const int index = model.classes.add(reading, text, model.classType());
            if (index != regression->tables.front().category && regression->otherCategory < 0)
                regression->otherCategory = index;
        }
        if (regression->otherCategory < 0)
            reading.fail(context.node, RegressionText::tr("The classification has one class only."));
        regression->count = 2;
    }
    if (!reading.failed())
        readThreshold(context, *regression);
    regression->scratch = reading.newScratch(context.node, regression->count);
    return regression;
}

} // namespace scoring::pmml
