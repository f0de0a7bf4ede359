#include "scoring/pmml/PmmlReader.h"

#include "scoring/pmml/PmmlModel.h"
#include "scoring/pmml/PmmlPlan.h"
#include "scoring/pmml/Reading.h"
#include "scoring/pmml/Verification.h"
#include "scoring/pmml/xml/Document.h"

#include <QCoreApplication>

#include <algorithm>

using engine::Error;
using engine::ErrorCode;
using engine::Result;

namespace scoring {

namespace pmml {

namespace {

struct PmmlReaderText
{
    Q_DECLARE_TR_FUNCTIONS(PmmlReaderText)
};

FieldType inputType(const Type &type)
{
    switch (type.data) {
    case CellType::Integer:
        return FieldType::Integer;
    case CellType::Float:
        return FieldType::Float;
    case CellType::Double:
    case CellType::None:
        return FieldType::Double;
    case CellType::Boolean:
        return FieldType::Boolean;
    default:
        return FieldType::Text; // also what counts days or seconds: an ISO text or the count
    }
}

Field fieldOf(const PmmlInput &input)
{
    Field field;
    field.name = QString::fromStdString(input.name);
    field.type = inputType(input.type);
    field.use = input.use;
    field.required = input.slot >= 0 && !input.onlyForOutputs && input.treatment.missingReplacement.isMissing();
    if (!input.declared)
        return field;
    if (input.use != FieldUse::Continuous) {
        for (const std::string &text : input.declared->validTexts)
            field.levels.append(QString::fromStdString(text));
    } else if (input.declared->intervals.size() == 1) {
        const Interval &interval = input.declared->intervals.front();
        if (interval.lowIn && interval.low > -HUGE_VAL)
            field.low = interval.low;
        if (interval.highIn && interval.high < HUGE_VAL)
            field.high = interval.high;
    }
    return field;
}

QString algorithmOf(const ModelElement &model)
{
    const bool classifies = model.purpose == Purpose::Classification;
    if (model.element == "RegressionModel")
        return classifies ? PmmlReaderText::tr("Logistic regression") : PmmlReaderText::tr("Linear regression");
    if (model.element == "GeneralRegressionModel")
        return PmmlReaderText::tr("General regression");
    if (model.element == "TreeModel")
        return PmmlReaderText::tr("Decision tree");
    if (model.element == "MiningModel") {
        const bool trees = std::all_of(model.segments.begin(), model.segments.end(), [](const auto &each) {
            return each.second->element == "TreeModel";
        });
        return trees && model.segments.size() > 1 ? PmmlReaderText::tr("Ensemble of trees")
                                                  : PmmlReaderText::tr("Ensemble of models");
    }
    if (model.element == "NeuralNetwork")
        return PmmlReaderText::tr("Neural network");
    if (model.element == "SupportVectorMachineModel")
        return PmmlReaderText::tr("Support vector machine");
    if (model.element == "NaiveBayesModel")
        return PmmlReaderText::tr("Naive Bayes");
    if (model.element == "ClusteringModel")
        return PmmlReaderText::tr("Clusters");
    if (model.element == "RuleSetModel")
        return PmmlReaderText::tr("Rule set");
    if (model.element == "Scorecard")
        return PmmlReaderText::tr("Scorecard");
    return PmmlReaderText::tr("Nearest neighbors");
}

// Reads a document into a plan.
class PlanReader
{
public:
    PlanReader(const Document &document, const QString &file)
        : m_document(document)
        , m_reading(file)
        , m_plan(std::make_shared<PmmlPlan>())
    {
    }

    Result<ModelPtr> read()
    {
        const Node root = m_document.root();
        const Node element = checked(root);
        if (!m_reading.failed())
            m_plan->dictionary.read(m_reading, root.child("DataDictionary"));
        if (!m_reading.failed())
            readMining(root, element);
        if (m_reading.failed())
            return m_reading.error();
        finish(*m_plan->model, {});
        if (m_reading.failed())
            return m_reading.error();
        makePredictions();
        orderInputs(element);
        m_plan->slotCount = m_reading.slotCount();
        m_plan->outcomes = m_reading.outcomeCount();
        m_plan->scratch = m_reading.scratchCount();
        m_plan->texts = std::move(m_reading.texts);
        m_plan->plantForests();
        m_plan->linear = linearFormOf(root, element, *m_plan);
        return ModelPtr(std::make_shared<PmmlModel>(description(), m_plan));
    }

    std::shared_ptr<PmmlPlan> plan() const { return m_plan; }
    Node element() const { return m_element; }

private:
    Node checked(const Node &root)
    {
        if (!root.is("PMML")) {
            m_reading.fail(root, PmmlReaderText::tr("The file's root is %1, not PMML.").arg(quoted(root.name())));
            return {};
        }
        const std::string_view version = root.attributeOr("version", "");
        if (!version.starts_with("3.") && !version.starts_with("4."))
            m_reading.refuse(root, PmmlReaderText::tr("PMML %1").arg(quoted(version)));
        static constexpr std::string_view around[] = {
            "Header", "MiningBuildTask", "DataDictionary", "TransformationDictionary", "Extension"};
        Node other;
        for (const Node each : root) {
            if (isModelElement(each) && m_reading.boolOr(each, "isScorable", true))
                return m_element = each;
            if (std::find(std::begin(around), std::end(around), each.name()) == std::end(around))
                other = each;
        }
        if (other)
            m_reading.refuse(other, PmmlReaderText::tr("the model %1").arg(quoted(other.name())));
        else
            m_reading.fail(root, PmmlReaderText::tr("The file has no model."));
        return {};
    }

    void readMining(const Node &root, const Node &element)
    {
        Scope scope(m_reading, nullptr, m_plan->steps);
        for (const Node each : element.child("MiningSchema")) {
            if (each.is("MiningField"))
                m_fields.emplace(std::string(each.attributeOr("name", "")), each);
        }
        scope.context = this;
        scope.undeclared = [](void *context, std::string_view name) {
            return static_cast<PlanReader *>(context)->input(name);
        };
        if (const Node transformations = root.child("TransformationDictionary")) {
            announceFunctions(m_reading, transformations);
            scope.announce(transformations);
        }
        m_plan->model = readModelElement(m_reading, m_plan->dictionary, element, scope, false);
    }

    // A field of the DataDictionary that is used for the first time becomes an input.
    std::optional<FieldReference> input(std::string_view name)
    {
        const DeclaredField *declared = m_plan->dictionary.find(name);
        if (!declared)
            return std::nullopt;
        PmmlInput input;
        input.name = name;
        input.declared = declared;
        input.type = declared->type;
        input.use = declared->use;
        if (const auto field = m_fields.find(name); field != m_fields.end()) {
            input.treatment = readTreatment(m_reading, field->second, declared->type);
            const std::string_view use = field->second.attributeOr("optype", "");
            if (!use.empty())
                input.use = use == "ordinal" ? FieldUse::Ordinal
                    : use == "categorical"   ? FieldUse::Categorical
                                             : FieldUse::Continuous;
            const std::string_view usage = field->second.attributeOr("usageType", "active");
            input.onlyForOutputs = usage == "target" || usage == "predicted";
            if (input.onlyForOutputs)
                input.treatment.invalid = Treatment::Invalid::AsMissing;
        }
        input.slot = m_reading.newSlot();
        m_plan->inputs.push_back(input);
        return FieldReference{input.slot, input.type, input.use, declared};
    }

    // Inputs stand in the order of the MiningSchema; those it declares and nothing uses are inputs too.
    void orderInputs(const Node &element)
    {
        std::vector<PmmlInput> ordered;
        for (const Node each : element.child("MiningSchema")) {
            const std::string_view name = each.attributeOr("name", "");
            const std::string_view usage = each.attributeOr("usageType", "active");
            const auto known = std::find_if(m_plan->inputs.begin(), m_plan->inputs.end(), [&](const PmmlInput &input) {
                return input.name == name;
            });
            if (known != m_plan->inputs.end()) {
                ordered.push_back(std::move(*known));
                m_plan->inputs.erase(known);
            } else if (const DeclaredField *declared = m_plan->dictionary.find(name); declared && usage == "active") {
                PmmlInput input;
                input.name = name;
                input.declared = declared;
                input.type = declared->type;
                input.use = declared->use;
                ordered.push_back(std::move(input));
            }
        }
        std::move(m_plan->inputs.begin(), m_plan->inputs.end(), std::back_inserter(ordered));
        m_plan->inputs = std::move(ordered);
    }

    void finish(const ModelElement &model, std::vector<const Step *> steps)
    {
        if (steps.empty()) {
            for (const Step &step : m_plan->steps)
                steps.push_back(&step);
        }
        for (const Step &step : model.steps)
            steps.push_back(&step);
        model.evaluator->finish(m_reading, steps);
        for (const auto &[id, segment] : model.segments)
            finish(*segment, steps);
    }

    Output output(Output::Feature feature, OutputKind kind, const std::string &name, Type type) const
    {
        Output made;
        made.feature = feature;
        made.kind = kind;
        made.name = name;
        made.type = type;
        made.source = m_plan->model.get();
        return made;
    }

    void makePredictions()
    {
        const ModelElement &model = *m_plan->model;
        const Type text{CellType::String, 0};
        const Type number{CellType::Double, 0};
        for (size_t i = 0; i < std::max<size_t>(model.targets.size(), 1); ++i) {
            const ModelElement::TargetField *target = i < model.targets.size() ? &model.targets[i] : nullptr;
            if (i > 0 && !model.severalTargets)
                break;
            const bool label = target ? target->categorical : model.purpose != Purpose::Regression;
            Output made = output(Output::Feature::PredictedValue,
                                 label ? OutputKind::Label : OutputKind::Value,
                                 target ? target->name : "predictedValue",
                                 label ? (target ? target->type : text) : number);
            made.target = int(i);
            m_plan->predictions.push_back(std::move(made));
        }
        for (int i = 0; i < model.classes.size() && model.purpose == Purpose::Classification; ++i) {
            const auto same = [&](const Output &each) {
                return each.feature == Output::Feature::Probability && each.index == i && each.source == &model;
            };
            const auto declared = std::find_if(model.outputs.begin(), model.outputs.end(), same);
            Output made =
                output(Output::Feature::Probability,
                       OutputKind::Probability,
                       declared != model.outputs.end() ? declared->name : "probability(" + model.classes.name(i) + ")",
                       number);
            made.index = i;
            made.category = model.classes.name(i);
            m_plan->probabilities.push_back(std::move(made));
            Output margin = output(Output::Feature::Raw, OutputKind::Raw, "raw(" + model.classes.name(i) + ")", number);
            margin.index = i;
            margin.category = model.classes.name(i);
            m_plan->margins.push_back(std::move(margin));
        }
        if (model.purpose == Purpose::Regression)
            m_plan->margins.push_back(output(Output::Feature::Raw, OutputKind::Raw, "raw", number));
        makeLeaves(model);
    }

    void makeLeaves(const ModelElement &model)
    {
        if (model.element == "TreeModel") {
            Output made = output(Output::Feature::EntityId,
                                 OutputKind::Leaf,
                                 "leaf" + std::to_string(m_plan->leaves.size()),
                                 {CellType::String, 0});
            made.source = &model;
            m_plan->leaves.push_back(std::move(made));
        }
        for (const auto &[id, segment] : model.segments)
            makeLeaves(*segment);
    }

    Model::Description description() const
    {
        const ModelElement &model = *m_plan->model;
        Model::Description description;
        description.name = QString::fromStdString(model.name);
        description.algorithm = algorithmOf(model);
        if (model.target())
            description.target = QString::fromStdString(model.target()->name);
        for (int i = 0; i < model.classes.size() && model.purpose == Purpose::Classification; ++i)
            description.classes.append(QString::fromStdString(model.classes.name(i)));
        for (const PmmlInput &input : m_plan->inputs)
            description.inputs.append(fieldOf(input));
        return description;
    }

    const Document &m_document;
    Reading m_reading;
    std::shared_ptr<PmmlPlan> m_plan;
    std::map<std::string, Node, std::less<>> m_fields; // MiningFields by name
    Node m_element;
};

} // namespace

} // namespace pmml

Result<ModelPtr> readPmml(const QByteArray &bytes, const QString &file)
{
    const Result<pmml::Document> document = pmml::Document::parse(bytes, file);
    if (!document)
        return document.error();
    pmml::PlanReader reader(*document, file);
    Result<ModelPtr> model = reader.read();
    if (!model)
        return model;
    reader.plan()->source = bytes;
    const Result<> verified = pmml::verify(**model, reader.element().child("ModelVerification"), file);
    if (!verified)
        return verified.error();
    return model;
}

} // namespace scoring
