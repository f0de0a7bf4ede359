#pragma once

#include "scoring/pmml/field/DeclaredField.h"
#include "scoring/pmml/field/Scope.h"
#include "scoring/pmml/model/Output.h"
#include "scoring/pmml/model/Target.h"
#include "scoring/pmml/Reading.h"
#include "scoring/pmml/Row.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace scoring::pmml {

class ModelElement;

// How one kind of model computes; made once, then constant.
class Evaluator
{
public:
    virtual ~Evaluator() = default;
    Q_DISABLE_COPY_MOVE(Evaluator)

    // Fills `outcome`: a regression its `value`, a classifier `winner` (or the probabilities it follows from). Left
    // as it comes, the prediction is null.
    virtual void evaluate(Row &row, Outcome &outcome) const = 0;

    // The file is read: what has to be computed with the finished transformations is done here. `steps`: those of the
    // file, of the models around this one and of this one, in order.
    virtual void finish(Reading & /*reading*/, const std::vector<const Step *> & /*steps*/) { }

protected:
    Evaluator() = default;
};

// The classes a model tells apart, in its own order.
class Classes
{
public:
    // Index of the class written so, added when it is new.
    int add(Reading &reading, std::string_view name, Type type);
    int find(std::string_view name) const; // "1" and "1.0" are the same number; -1 = none
    int size() const { return int(m_values.size()); }
    const Value &value(int index) const { return m_values[size_t(index)]; }
    const std::string &name(int index) const { return m_names[size_t(index)]; }

private:
    std::vector<Value> m_values;
    std::vector<std::string> m_names;
};

enum class Purpose : uint8_t { Regression, Classification, Clustering, Mixed, Other };

// A model element with all that stands around it: its schema, transformations, targets and outputs.
class ModelElement
{
public:
    // A field of the enclosing model that this one treats in its own way.
    struct TreatedField
    {
        int from = -1;
        int to = -1;
        int input = -1; // for messages
        Treatment treatment;
        const DeclaredField *declared = nullptr;
    };
    // A field to predict.
    struct TargetField
    {
        std::string name;
        Type type;
        bool categorical = false;
        const DeclaredField *declared = nullptr;
        Target treatment;
    };

    void evaluate(Row &row) const;
    void prepare(std::vector<Outcome> &outcomes) const; // sizes them, its own and those of its segments

    const TargetField *target() const { return targets.empty() ? nullptr : &targets.front(); }
    Type classType() const { return targets.empty() ? Type{CellType::String, 0} : targets.front().type; }

    std::string element; // "TreeModel"
    std::string name;
    std::string algorithm;
    int line = 0;
    Purpose purpose = Purpose::Regression;
    bool inFloat = false; // JPMML's x-mathContext="float": sums are 32-bit
    std::vector<TreatedField> treated;
    std::vector<Step> steps;
    std::unique_ptr<Evaluator> evaluator;
    std::vector<TargetField> targets;
    Classes classes;
    std::vector<int32_t> entities; // ids, as texts
    std::vector<int32_t> entityNames; // beside them, where they have names
    bool severalTargets = false; // Outcome::targets is filled
    size_t affinities = 0; // numbers in Outcome::affinity
    std::vector<Output> outputs;
    std::vector<std::pair<std::string, std::unique_ptr<ModelElement>>> segments; // by id
    int outcome = -1; // in Row::outcomes

private:
    void decide(Row &row, Outcome &result) const;
};

// What the reader of one kind of model works with.
struct ModelContext
{
    Reading &reading;
    Scope &scope;
    const FieldDictionary &dictionary;
    ModelElement &model;
    Node node;
};
using EvaluatorReader = std::unique_ptr<Evaluator> (*)(ModelContext &context);

// Reads a model element. `outer` is null for the one the file is about.
std::unique_ptr<ModelElement>
readModelElement(Reading &reading, const FieldDictionary &dictionary, const Node &node, Scope &outer, bool isNested);
bool isModelElement(const Node &node);

// Lets the declared values of the target that the model does not name follow its classes, unless it knows none at all.
// Done for every model; a reader that makes room for each class does it before.
void addDeclaredClasses(ModelContext &context);

std::unique_ptr<Evaluator> readRegression(ModelContext &context);
std::unique_ptr<Evaluator> readGeneralRegression(ModelContext &context);
std::unique_ptr<Evaluator> readTree(ModelContext &context);
std::unique_ptr<Evaluator> readMining(ModelContext &context);
std::unique_ptr<Evaluator> readNeuralNetwork(ModelContext &context);
std::unique_ptr<Evaluator> readSupportVectorMachine(ModelContext &context);
std::unique_ptr<Evaluator> readNaiveBayes(ModelContext &context);
std::unique_ptr<Evaluator> readClustering(ModelContext &context);
std::unique_ptr<Evaluator> readRuleSet(ModelContext &context);
std::unique_ptr<Evaluator> readScorecard(ModelContext &context);
std::unique_ptr<Evaluator> readNearestNeighbor(ModelContext &context);

// The number in a slot; NaN when there is none. Texts are read as numbers.
inline double numberAt(const Row &row, int slot)
{
    const Value &value = row.values[size_t(slot)];
    if (value.isNumber())
        return value.number;
    return value.isText() ? parseNumber(row.texts.at(value.text)).value_or(notANumber) : notANumber;
}

} // namespace scoring::pmml
