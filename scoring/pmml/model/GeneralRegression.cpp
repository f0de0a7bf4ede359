#include "scoring/pmml/model/CoxBaseline.h"
#include "scoring/pmml/model/Links.h"
#include "scoring/pmml/model/ModelElement.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <map>

namespace scoring::pmml {

namespace {

struct GeneralRegressionText
{
    Q_DECLARE_TR_FUNCTIONS(GeneralRegressionText)
};

enum class Form : uint8_t { Linear, LogLinear, Generalized, Multinomial, Ordinal, Cox };

// A cell of the PPMatrix: a factor of a parameter.
struct Cell
{
    int slot = -1;
    bool isFactor = false;
    double exponent = 1; // of a covariate
    Value category; // of a factor: 1 where it has this value
    int contrast = -1; // or: the number its contrast matrix has for the value
    int column = 0;
    int target = -1; // counts for this class only; -1 = for all
};

struct Contrast
{
    std::vector<Value> categories;
    std::vector<std::vector<double>> rows;
};

struct Parameter
{
    int first = 0; // cells
    int count = 0;
    double reference = 0; // of Cox
};

struct Coefficient
{
    int parameter = 0;
    double beta = 0;
};

class GeneralRegression : public Evaluator
{
public:
    void evaluate(Row &row, Outcome &outcome) const override
    {
        for (size_t i = 0; i < parameters.size() && !dependsOnTarget; ++i)
            row.scratch[size_t(scratch) + i] = valueOf(parameters[i], -1, row);
        if (form == Form::Cox) {
            const double hazard = cox.hazard(row, eta(0, row), reference);
            if (!std::isnan(hazard))
                outcome.value = Value::of(hazard);
            return;
        }
        const double offset = offsetSlot >= 0 ? numberAt(row, offsetSlot) : offsetValue;
        if (!isClassifier) {
            const double x = eta(0, row) + offset;
            const double trials = trialsSlot >= 0 ? numberAt(row, trialsSlot) : trialsValue;
            const double y = inverse(link, x, linkParameter) * trials;
            outcome.margin.front() = x;
            if (!std::isnan(y))
                outcome.value = Value::of(y);
            return;
        }
        classify(row, outcome, offset);
    }

    Form form = Form::Linear;
    Link link = Link::None;
    double linkParameter = 1;
    bool isClassifier = false;
    bool dependsOnTarget = false;
    std::vector<Cell> cells;
    std::vector<Contrast> contrasts;
    std::vector<Parameter> parameters;
    std::vector<std::vector<Coefficient>> coefficients; // per class, or one
    int referenceClass = -1;
    int offsetSlot = -1;
    double offsetValue = 0;
    int trialsSlot = -1;
    double trialsValue = 1;
    double reference = 0; // eta at the reference point
    CoxBaseline cox;
    int scratch = 0;

private:
    double valueOf(const Parameter &parameter, int target, const Row &row) const
    {
        double product = 1;
        for (int i = parameter.first; i < parameter.first + parameter.count; ++i) {
            const Cell &cell = cells[size_t(i)];
            if (cell.target >= 0 && cell.target != target)
                continue;
            const Value &value = row.values[size_t(cell.slot)];
            if (!value.isPresent())
                return notANumber;
            if (!cell.isFactor) {
                const double x = numberAt(row, cell.slot);
                product *= cell.exponent == 1 ? x : std::pow(x, cell.exponent);
            } else if (cell.contrast < 0) {
                product *= isSame(value, cell.category) ? 1 : 0;
            } else {
                product *= contrastOf(contrasts[size_t(cell.contrast)], value, cell.column);
            }
        }
        return product;
    }

    static double contrastOf(const Contrast &contrast, const Value &value, int column)
    {
        for (size_t i = 0; i < contrast.categories.size(); ++i) {
            if (isSame(contrast.categories[i], value))
                return contrast.rows[i][size_t(column)];
        }
        return notANumber;
    }

    double eta(int category, const Row &row) const
    {
        double sum = 0;
        for (const Coefficient &each : coefficients[size_t(category)])
            sum += each.beta
                * (dependsOnTarget ? valueOf(parameters[size_t(each.parameter)], category, row)
                                   : row.scratch[size_t(scratch + each.parameter)]);
        return sum;
    }

    void classify(Row &row, Outcome &outcome, double offset) const
    {
        const auto count = int(coefficients.size());
        std::span<double> p(outcome.probability.data(), size_t(count));
        for (int i = 0; i < count; ++i) {
            p[size_t(i)] = i == referenceClass ? 0 : eta(i, row) + offset;
            outcome.margin[size_t(i)] = p[size_t(i)];
            if (std::isnan(p[size_t(i)])) {
                std::fill(p.begin(), p.end(), notANumber);
                return;
            }
        }
        if (form == Form::Ordinal) {
            double below = 0;
            for (int i = 0; i < count - 1; ++i) {
                const double upTo = inverse(link, p[size_t(i)], linkParameter);
                if (i == count - 2)
                    p.back() = complement(link, p[size_t(i)]);
                p[size_t(i)] = upTo - below;
                below = upTo;
            }
        } else if (form == Form::Multinomial || count != 2) {
            softmax(p);
        } else {
            const int event = 1 - referenceClass;
            const double x = p[size_t(event)];
            p[size_t(event)] = inverse(link, x, linkParameter);
            p[size_t(referenceClass)] = complement(link, x);
        }
    }
};

// Reads one element from part to part; keeps what the parts need of each other.
class GeneralRegressionReader
{
public:
    explicit GeneralRegressionReader(ModelContext &context)
        : m_context(context)
        , m_reading(context.reading)
        , m_made(std::make_unique<GeneralRegression>())
    {
    }

    std::unique_ptr<Evaluator> read()
    {
        readForm();
        readParameters();
        readPredictors();
        readCells();
        readClasses();
        readCoefficients();
        if (m_made->form == Form::Cox)
            readCox();
        const Node node = m_context.node;
        if (const auto name = node.attribute("offsetVariable"))
            m_made->offsetSlot = m_context.scope.require(node, *name).slot;
        m_made->offsetValue = m_reading.numberOr(node, "offsetValue", 0);
        if (const auto name = node.attribute("trialsVariable"))
            m_made->trialsSlot = m_context.scope.require(node, *name).slot;
        m_made->trialsValue = m_reading.numberOr(node, "trialsValue", 1);
        m_made->scratch = m_reading.newScratch(node, m_made->parameters.size());
        return std::move(m_made);
    }

private:
    void readForm()
    {
        static constexpr std::pair<std::string_view, Form> forms[] = {
            {"regression", Form::Linear},
            {"generalLinear", Form::Linear},
            {"logLinear", Form::LogLinear},
            {"generalizedLinear", Form::Generalized},
            {"multinomialLogistic", Form::Multinomial},
            {"ordinalMultinomial", Form::Ordinal},
            {"CoxRegression", Form::Cox},
        };
        const Node node = m_context.node;
        const std::string_view name = m_reading.required(node, "modelType");
        const auto found =
            std::find_if(std::begin(forms), std::end(forms), [&](const auto &each) { return each.first == name; });
        if (found == std::end(forms)) {
            m_reading.refuse(node, GeneralRegressionText::tr("the model type %1").arg(quoted(name)));
            return;
        }
        m_made->form = found->second;
        m_made->isClassifier = m_context.model.purpose == Purpose::Classification;
        const std::string_view attribute = m_made->form == Form::Ordinal ? "cumulativeLink" : "linkFunction";
        const std::string_view usual = m_made->form == Form::LogLinear  ? "log"
            : m_made->form == Form::Ordinal                             ? "logit"
            : m_made->form == Form::Generalized && m_made->isClassifier ? "logit"
                                                                        : "identity";
        const std::string_view link = node.attributeOr(attribute, usual);
        if (!linkOf(link))
            m_reading.refuse(node, GeneralRegressionText::tr("the link function %1").arg(quoted(link)));
        m_made->link = linkOf(link).value_or(Link::None);
        m_made->linkParameter = m_reading.numberOr(node, "linkParameter", m_reading.numberOr(node, "distParameter", 1));
    }

    void readParameters()
    {
        for (const Node each : m_context.node.child("ParameterList")) {
            if (!each.is("Parameter"))
                continue;
            Parameter parameter;
            parameter.reference = m_reading.numberOr(each, "referencePoint", 0);
            m_names.emplace(std::string(m_reading.required(each, "name")), int(m_made->parameters.size()));
            m_made->parameters.push_back(parameter);
        }
    }

    void readPredictors()
    {
        for (const Node each : m_context.node.child("FactorList")) {
            if (!each.is("Predictor"))
                continue;
            const std::string name(m_reading.required(each, each.attribute("name") ? "name" : "field"));
            m_factors[name] = -1;
            const Node matrix = each.child("Matrix");
            if (!matrix)
                continue;
            Contrast contrast;
            const FieldReference field = m_context.scope.require(each, name);
            for (const Node category : each.child("Categories")) {
                if (category.is("Category"))
                    contrast.categories.push_back(
                        m_reading.constant(m_reading.required(category, "value"), field.type));
            }
            for (const Node row : matrix) {
                if (row.is("Array"))
                    contrast.rows.push_back(m_reading.numbers(row));
            }
            if (contrast.rows.size() != contrast.categories.size())
                m_reading.fail(matrix, GeneralRegressionText::tr("The contrast matrix needs a row for each category."));
            m_factors[name] = int(m_made->contrasts.size());
            m_made->contrasts.push_back(std::move(contrast));
        }
    }

    void readCells()
    {
        std::vector<std::vector<Cell>> byParameter(m_made->parameters.size());
        for (const Node each : m_context.node.child("PPMatrix")) {
            if (!each.is("PPCell"))
                continue;
            const int parameter = parameterOf(each);
            const std::string_view predictor = m_reading.required(each, "predictorName");
            const std::string_view value = m_reading.required(each, "value");
            const FieldReference field = m_context.scope.require(each, predictor);
            Cell cell;
            cell.slot = field.slot;
            const auto factor = m_factors.find(predictor);
            cell.isFactor = factor != m_factors.end();
            if (!cell.isFactor) {
                cell.exponent = m_reading.number(each, "value");
            } else {
                cell.category = m_reading.constant(value, field.type);
                cell.contrast = factor->second;
            }
            if (cell.contrast >= 0)
                readColumn(each, cell);
            if (const auto target = each.attribute("targetCategory")) {
                cell.target = m_context.model.classes.add(m_reading, *target, m_context.model.classType());
                m_made->dependsOnTarget = true;
            }
            if (parameter >= 0)
                byParameter[size_t(parameter)].push_back(cell);
        }
        for (size_t i = 0; i < byParameter.size(); ++i) {
            m_made->parameters[i].first = int(m_made->cells.size());
            m_made->parameters[i].count = int(byParameter[i].size());
            m_made->cells.insert(m_made->cells.end(), byParameter[i].begin(), byParameter[i].end());
        }
    }

    void readColumn(const Node &node, Cell &cell)
    {
        const Contrast &contrast = m_made->contrasts[size_t(cell.contrast)];
        const auto at = std::find_if(contrast.categories.begin(), contrast.categories.end(), [&](const Value &each) {
            return isSame(each, cell.category);
        });
        cell.column = int(at - contrast.categories.begin());
        const bool fits = std::all_of(
            contrast.rows.begin(), contrast.rows.end(), [&](const auto &row) { return cell.column < int(row.size()); });
        if (at == contrast.categories.end() || !fits)
            m_reading.fail(node,
                           GeneralRegressionText::tr("The contrast matrix has no column for %1.")
                               .arg(quoted(node.attributeOr("value", ""))));
    }

    // The classes in the order the target declares them, then those the coefficients name, then the reference.
    void readClasses()
    {
        if (!m_made->isClassifier)
            return;
        ModelElement &model = m_context.model;
        Classes &classes = model.classes;
        if (model.target() && model.target()->declared) {
            for (const std::string &text : model.target()->declared->validTexts)
                classes.add(m_reading, text, model.classType());
        }
        std::vector<bool> hasCells;
        for (const Node each : m_context.node.child("ParamMatrix")) {
            if (const auto target = each.attribute("targetCategory")) {
                const int index = classes.add(m_reading, *target, model.classType());
                hasCells.resize(size_t(std::max(classes.size(), index + 1)), false);
                hasCells[size_t(index)] = true;
            }
        }
        const auto reference = m_context.node.attribute("targetReferenceCategory");
        if (reference)
            m_made->referenceClass = classes.add(m_reading, *reference, model.classType());
        hasCells.resize(size_t(classes.size()), false);
        for (int i = 0; i < classes.size() && m_made->referenceClass < 0; ++i) {
            if (!hasCells[size_t(i)])
                m_made->referenceClass = i;
        }
        if (m_made->form == Form::Ordinal)
            m_made->referenceClass = classes.size() - 1;
        if (classes.size() < 2 || m_made->referenceClass < 0)
            m_reading.fail(
                m_context.node,
                GeneralRegressionText::tr("The classification has one class only, or no reference category."));
    }

    void readCoefficients()
    {
        const int classes = m_made->isClassifier ? m_context.model.classes.size() : 1;
        m_made->coefficients.resize(size_t(std::max(classes, 1)));
        for (const Node each : m_context.node.child("ParamMatrix")) {
            if (!each.is("PCell"))
                continue;
            const int parameter = parameterOf(each);
            const Coefficient coefficient{parameter, m_reading.number(each, "beta")};
            if (parameter < 0)
                return;
            const auto target = each.attribute("targetCategory");
            if (m_made->form == Form::Cox)
                m_made->reference += coefficient.beta * m_made->parameters[size_t(parameter)].reference;
            if (!m_made->isClassifier) {
                m_made->coefficients.front().push_back(coefficient);
                continue;
            }
            const int only = target ? m_context.model.classes.find(*target) : -1;
            for (int i = 0; i < classes; ++i) {
                if (i == only || (only < 0 && i != m_made->referenceClass))
                    m_made->coefficients[size_t(i)].push_back(coefficient);
            }
        }
    }

    void readCox() { m_made->cox.read(m_context); }

    int parameterOf(const Node &node)
    {
        const std::string_view name = m_reading.required(node, "parameterName");
        const auto found = m_names.find(name);
        if (found == m_names.end()) {
            m_reading.fail(
                node, GeneralRegressionText::tr("The parameter %1 is not in the ParameterList.").arg(quoted(name)));
            return -1;
        }
        return found->second;
    }

    ModelContext &m_context;
    Reading &m_reading;
    std::unique_ptr<GeneralRegression> m_made;
    std::map<std::string, int, std::less<>> m_names;
    std::map<std::string, int, std::less<>> m_factors; // to their contrast, or -1
};

} // namespace

std::unique_ptr<Evaluator> readGeneralRegression(ModelContext &context)
{
    return GeneralRegressionReader(context).read();
}

} // namespace scoring::pmml
