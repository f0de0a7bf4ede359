#include "scoring/pmml/expression/Tables.h"
#include "scoring/pmml/model/Comparison.h"
#include "scoring/pmml/model/ModelElement.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace scoring::pmml {

namespace {

struct NearestNeighborText
{
    Q_DECLARE_TR_FUNCTIONS(NearestNeighborText)
};

enum class Combine : uint8_t { Average, WeightedAverage, Median, MajorityVote, WeightedMajorityVote };

class NearestNeighbor : public Evaluator
{
public:
    // A known row, before its transformations: values of fields by slot.
    struct Instance
    {
        std::vector<Value> fields;
        std::vector<Value> targets;
    };

    void evaluate(Row &row, Outcome &outcome) const override
    {
        double *x = row.scratch.data() + scratch;
        if (!comparison.coordinates(row, x))
            return;
        const size_t count = outcome.affinity.size();
        outcome.ranking.clear();
        for (size_t i = 0; i < count; ++i) {
            const double a = comparison.measure(x, points.data() + i * comparison.size());
            outcome.affinity[i] = a;
            if (outcome.ranking.size() == neighbours
                && !comparison.isBetter(a, outcome.affinity[size_t(outcome.ranking.back())]))
                continue;
            size_t at = outcome.ranking.size();
            if (at < neighbours)
                outcome.ranking.push_back(int(i));
            else
                --at;
            for (; at > 0 && comparison.isBetter(a, outcome.affinity[size_t(outcome.ranking[at - 1])]); --at)
                outcome.ranking[at] = outcome.ranking[at - 1];
            outcome.ranking[at] = int(i);
        }
        outcome.entity = outcome.ranking.front();
        conclude(row, outcome);
    }

    void finish(Reading &reading, const std::vector<const Step *> &steps) override
    {
        Row row(reading.texts);
        row.values.resize(size_t(reading.slotCount()));
        for (const Instance &instance : instances) {
            for (size_t i = 0; i < fieldSlots.size(); ++i)
                row.values[size_t(fieldSlots[i])] = instance.fields[i];
            for (const Step *step : isTransformed ? std::vector<const Step *>() : steps)
                row.values[size_t(step->slot)] = cast(step->expression->evaluate(row), step->type, row.texts);
            for (size_t i = 0; i < comparison.size(); ++i) {
                const double x = Comparison::coordinateOf(row, comparison.slot(i), comparison.isText(i));
                if (comparison.isText(i) && x >= reading.texts.size())
                    reading.refuse({}, NearestNeighborText::tr("computed texts as coordinates of neighbours"));
                points.push_back(x);
            }
        }
    }

    Comparison comparison;
    std::vector<int> fieldSlots;
    std::vector<Instance> instances;
    bool isTransformed = false; // the instances are given as the derived fields are
    std::vector<double> points; // instances × coordinates
    std::vector<Combine> combine; // per target
    std::vector<std::vector<int>> classOf; // of the first target: class of each instance, in the model's classes
    size_t neighbours = 1;
    double threshold = 0.001;
    int scratch = 0;
    int classScratch = 0;
    int classes = 0;

private:
    double weightOf(const Outcome &outcome, int instance, bool weighted) const
    {
        return weighted ? 1 / (outcome.affinity[size_t(instance)] + threshold) : 1;
    }

    void conclude(Row &row, Outcome &outcome) const
    {
        for (size_t t = 0; t < combine.size(); ++t) {
            const bool isClass = combine[t] >= Combine::MajorityVote;
            const Value value = isClass ? voted(t, row, outcome) : averaged(t, outcome);
            if (t < outcome.targets.size())
                outcome.targets[t] = value;
            if (t == 0)
                outcome.value = value;
        }
    }

    Value averaged(size_t target, const Outcome &outcome) const
    {
        double sum = 0;
        double weights = 0;
        std::vector<double> all;
        for (const int i : outcome.ranking) {
            const Value &value = instances[size_t(i)].targets[target];
            if (!value.isNumber())
                continue;
            const double weight = weightOf(outcome, i, combine[target] == Combine::WeightedAverage);
            sum += weight * value.number;
            weights += weight;
            if (combine[target] == Combine::Median)
                all.push_back(value.number);
        }
        if (combine[target] == Combine::Median && !all.empty()) {
            std::sort(all.begin(), all.end());
            const size_t half = all.size() / 2;
            return Value::of(all.size() % 2 == 1 ? all[half] : (all[half - 1] + all[half]) / 2);
        }
        return weights > 0 ? Value::of(sum / weights) : Value::missing();
    }

    // A tie goes to the class of the nearer neighbour.
    Value voted(size_t target, Row &row, Outcome &outcome) const
    {
        double *votes = row.scratch.data() + classScratch;
        std::fill(votes, votes + classes, 0.0);
        double total = 0;
        for (const int i : outcome.ranking) {
            const double weight = weightOf(outcome, i, combine[target] == Combine::WeightedMajorityVote);
            votes[classOf[target][size_t(i)]] += weight;
            total += weight;
        }
        int winner = -1;
        for (const int i : outcome.ranking) {
            const int category = classOf[target][size_t(i)];
            if (winner < 0 || votes[category] > votes[classOf[target][size_t(winner)]])
                winner = i;
        }
        if (target == 0) {
            outcome.winner = classOf[0][size_t(winner)];
            for (size_t c = 0; c < outcome.probability.size(); ++c)
                outcome.probability[c] = votes[c] / total;
        }
        return instances[size_t(winner)].targets[target];
    }
};

// Reads the neighbours; their transformations wait for the end of the file.
class NearestNeighborReader
{
public:
    explicit NearestNeighborReader(ModelContext &context)
        : m_context(context)
        , m_reading(context.reading)
        , m_made(std::make_unique<NearestNeighbor>())
    {
    }

    std::unique_ptr<Evaluator> read()
    {
        const Node node = m_context.node;
        ModelElement &model = m_context.model;
        m_made->comparison.read(m_context, node.child("KNNInputs"), "KNNInput");
        m_made->neighbours = size_t(std::max(m_reading.countOr(node, "numberOfNeighbors", 1), 1));
        m_made->threshold = m_reading.numberOr(node, "threshold", 0.001);
        if (m_reading.failed())
            return nullptr;
        const Node instances = node.child("TrainingInstances");
        readFields(instances);
        readInstances(instances);
        readTargets();
        model.affinities = m_made->instances.size();
        model.severalTargets = model.targets.size() > 1;
        m_made->neighbours = std::min(m_made->neighbours, std::max<size_t>(m_made->instances.size(), 1));
        m_made->scratch = m_reading.newScratch(node, m_made->comparison.size());
        m_made->classScratch = m_reading.newScratch(node, size_t(m_made->classes));
        return std::move(m_made);
    }

private:
    struct Column
    {
        std::string name;
        Type type;
        int field = -1; // in fieldSlots
        int target = -1;
        bool isId = false;
    };

    void readFields(const Node &instances)
    {
        m_made->isTransformed = m_reading.boolOr(instances, "isTransformed", false);
        const auto id = m_context.node.attribute("instanceIdVariable");
        ModelElement &model = m_context.model;
        for (const Node each : instances.child("InstanceFields")) {
            if (!each.is("InstanceField"))
                continue;
            const std::string_view name = m_reading.required(each, "field");
            Column column;
            column.name = each.attributeOr("column", name);
            column.isId = id && *id == name;
            for (size_t i = 0; i < model.targets.size(); ++i) {
                if (model.targets[i].name == name) {
                    column.target = int(i);
                    column.type = model.targets[i].type;
                }
            }
            if (column.target < 0 && !column.isId) {
                const auto field = m_context.scope.find(name);
                if (!field)
                    continue;
                column.type = field->type;
                column.field = int(m_made->fieldSlots.size());
                m_made->fieldSlots.push_back(field->slot);
            }
            m_columns.push_back(column);
        }
    }

    void readInstances(const Node &node)
    {
        ModelElement &model = m_context.model;
        const Node table = node.child("InlineTable");
        if (!table) {
            m_reading.refuse(node ? node : m_context.node,
                             NearestNeighborText::tr("neighbours outside of the file (no InlineTable)"));
            return;
        }
        for (const Node row : table) {
            if (!row.is("row"))
                continue;
            NearestNeighbor::Instance instance;
            instance.fields.resize(m_made->fieldSlots.size());
            instance.targets.resize(model.targets.size());
            std::string id = std::to_string(m_made->instances.size() + 1);
            for (const Column &column : m_columns) {
                const Node cell = cellOf(row, column.name);
                if (!cell)
                    continue;
                if (column.isId)
                    id = cell.text();
                else if (column.target >= 0)
                    instance.targets[size_t(column.target)] = m_reading.constant(cell.text(), column.type);
                else
                    instance.fields[size_t(column.field)] = m_reading.constant(cell.text(), column.type);
            }
            model.entities.push_back(m_reading.texts.intern(id));
            m_made->instances.push_back(std::move(instance));
        }
        if (m_made->instances.empty())
            m_reading.fail(table, NearestNeighborText::tr("The model has no training instances."));
    }

    void readTargets()
    {
        const Node node = m_context.node;
        ModelElement &model = m_context.model;
        const std::string_view categorical = node.attributeOr("categoricalScoringMethod", "majorityVote");
        const std::string_view continuous = node.attributeOr("continuousScoringMethod", "average");
        for (size_t t = 0; t < model.targets.size(); ++t) {
            m_made->classOf.emplace_back();
            if (!model.targets[t].categorical) {
                m_made->combine.push_back(continuous == "median"        ? Combine::Median
                                              : continuous == "average" ? Combine::Average
                                                                        : Combine::WeightedAverage);
                continue;
            }
            m_made->combine.push_back(categorical == "majorityVote" ? Combine::MajorityVote
                                                                    : Combine::WeightedMajorityVote);
            Classes own; // of targets but the first
            Classes &classes = t == 0 ? model.classes : own;
            for (const NearestNeighbor::Instance &each : m_made->instances)
                m_made->classOf.back().push_back(
                    classes.add(m_reading, textOf(each.targets[t], m_reading.texts), model.targets[t].type));
            if (t == 0)
                addDeclaredClasses(m_context); // of which no neighbour may be
            m_made->classes = std::max(m_made->classes, classes.size());
        }
    }

    ModelContext &m_context;
    Reading &m_reading;
    std::unique_ptr<NearestNeighbor> m_made;
    std::vector<Column> m_columns;
};

} // namespace

std::unique_ptr<Evaluator> readNearestNeighbor(ModelContext &context) { return NearestNeighborReader(context).read(); }

} // namespace scoring::pmml
