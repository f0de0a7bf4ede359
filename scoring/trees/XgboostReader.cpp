#include "scoring/trees/XgboostReader.h"

#include "scoring/trees/UbjDocument.h"
#include "scoring/trees/XgboostTrees.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <array>
#include <cmath>
#include <string_view>

using engine::Error;
using engine::ErrorCode;
using engine::Json;
using engine::memberAt;
using engine::Result;

namespace scoring::trees {

namespace {

struct XgboostText
{
    Q_DECLARE_TR_FUNCTIONS(XgboostText)
};

constexpr qint64 mostOutputs = 1 << 16;
constexpr qint64 mostFeatures = 1 << 18; // a file may say any number without naming them

// How base_score, which the file has in the unit of the prediction, becomes a margin.
enum class BaseLink : uint8_t { None, Logit, Log };

struct Objective
{
    std::string_view name;
    Meaning meaning;
    BaseLink base;
};

constexpr std::array objectives{
    Objective{"reg:squarederror", Meaning::Number, BaseLink::None},
    Objective{"reg:linear", Meaning::Number, BaseLink::None},
    Objective{"reg:squaredlogerror", Meaning::Number, BaseLink::None},
    Objective{"reg:pseudohubererror", Meaning::Number, BaseLink::None},
    Objective{"reg:absoluteerror", Meaning::Number, BaseLink::None},
    Objective{"reg:quantileerror", Meaning::Number, BaseLink::None},
    Objective{"reg:expectileerror", Meaning::Number, BaseLink::None},
    Objective{"reg:logistic", Meaning::Logistic, BaseLink::Logit},
    Objective{"reg:gamma", Meaning::Exp, BaseLink::Log},
    Objective{"reg:tweedie", Meaning::Exp, BaseLink::Log},
    Objective{"count:poisson", Meaning::Exp, BaseLink::Log},
    Objective{"survival:cox", Meaning::Exp, BaseLink::Log},
    Objective{"survival:aft", Meaning::Exp, BaseLink::Log},
    Objective{"binary:logistic", Meaning::TwoClasses, BaseLink::Logit},
    Objective{"binary:logitraw", Meaning::Number, BaseLink::None},
    Objective{"binary:hinge", Meaning::Sign, BaseLink::None},
    Objective{"multi:softprob", Meaning::Softmax, BaseLink::None},
    Objective{"multi:softmax", Meaning::Softmax, BaseLink::None},
    Objective{"rank:pairwise", Meaning::Number, BaseLink::None},
    Objective{"rank:ndcg", Meaning::Number, BaseLink::None},
    Objective{"rank:map", Meaning::Number, BaseLink::None},
};

// XGBoost writes NaN and Infinity as they are, which JSON does not know. Outside of texts they become null and texts.
QByteArray asPlainJson(const QByteArray &bytes)
{
    if (!bytes.contains("NaN") && !bytes.contains("Infinity"))
        return bytes;
    QByteArray plain;
    plain.reserve(bytes.size() + bytes.size() / 8);
    bool isText = false;
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        const QByteArrayView rest = QByteArrayView(bytes).sliced(i);
        if (isText && c == '\\' && i + 1 < bytes.size()) {
            plain.append(c).append(bytes[++i]);
        } else if (!isText && rest.startsWith("NaN")) {
            plain.append("null");
            i += 2;
        } else if (!isText && (rest.startsWith("Infinity") || rest.startsWith("-Infinity"))) {
            plain.append(c == '-' ? "\"-inf\"" : "\"inf\"");
            i += c == '-' ? 8 : 7;
        } else {
            isText = isText != (c == '"');
            plain.append(c);
        }
    }
    return plain;
}

float marginOf(BaseLink link, float score)
{
    switch (link) {
    case BaseLink::Logit:
        return -std::log(1.0F / score - 1.0F);
    case BaseLink::Log:
        return std::log(score);
    case BaseLink::None:
        break;
    }
    return score;
}

// One document being read. Every step says whether it went well; `problem` is set where it did not.
class XgboostDocument
{
public:
    XgboostDocument(const Json &json, QString file)
        : m_learner(memberAt(json, "learner"))
        , m_booster(memberAt(m_learner, "gradient_booster"))
        , m_file(std::move(file))
    {
    }

    Result<ModelPtr> read()
    {
        if (!readObjective() || !readInputs() || !readBase() || !readBooster())
            return m_problem;
        chooseRounds();
        return BoostedModel::make(std::move(m_trees));
    }

private:
    bool damaged(const QString &place)
    {
        m_problem = {ErrorCode::InvalidInput,
                     XgboostText::tr("The XGBoost model %1 is damaged at %2.").arg(QFileInfo(m_file).fileName(), place),
                     m_file + u'/' + place};
        return false;
    }

    bool unknown(const QString &what)
    {
        m_problem = {ErrorCode::Unsupported,
                     XgboostText::tr("%1 uses %2, which is not known here.").arg(QFileInfo(m_file).fileName(), what),
                     m_file};
        return false;
    }

    bool readObjective()
    {
        if (!m_learner.is_object() || !m_booster.is_object())
            return damaged(QStringLiteral("learner"));
        const QString name = engine::stringAt(memberAt(m_learner, "objective"), "name");
        const auto known = std::ranges::find(objectives, std::string_view(name.toStdString()), &Objective::name);
        if (known == objectives.end())
            return unknown(XgboostText::tr("the objective \"%1\"").arg(name));
        m_objective = *known;

        const Json &parameters = memberAt(m_learner, "learner_model_param");
        const qint64 classes = engine::intAt(parameters, "num_class");
        const qint64 targets = std::max<qint64>(1, engine::intAt(parameters, "num_target", 1));
        const qint64 outputs = classes > 1 ? classes : targets;
        if (classes < 0 || outputs > mostOutputs)
            return damaged(QStringLiteral("learner/learner_model_param"));
        m_shape.outputs = int(outputs);
        m_shape.precision = Precision::Float;
        // Several labels at once: each has a probability of its own and none excludes another one.
        m_trees.meaning =
            m_objective.meaning == Meaning::TwoClasses && outputs > 1 ? Meaning::Logistic : m_objective.meaning;
        if (m_trees.meaning == Meaning::Sign && outputs > 1)
            return unknown(XgboostText::tr("the objective \"%1\" with several targets").arg(name));
        return true;
    }

    bool readInputs()
    {
        const qint64 count = engine::intAt(memberAt(m_learner, "learner_model_param"), "num_feature", -1);
        if (count < 0 || count > mostFeatures)
            return damaged(QStringLiteral("learner/learner_model_param/num_feature"));
        const Json &names = memberAt(m_learner, "feature_names");
        const Json &types = memberAt(m_learner, "feature_types");
        const auto fits = [count](const Json &list) {
            return !list.is_array() || list.empty() || list.size() == size_t(count);
        };
        if (!fits(names) || !fits(types))
            return damaged(QStringLiteral("learner/feature_names"));
        for (qint64 i = 0; i < count; ++i) {
            Field field;
            field.type = FieldType::Float;
            field.name = names.is_array() && !names.empty() && names[size_t(i)].is_string()
                ? engine::toQString(names[size_t(i)].get<std::string>())
                : QStringLiteral("f%1").arg(i);
            if (types.is_array() && !types.empty() && types[size_t(i)].is_string()) {
                const auto type = types[size_t(i)].get<std::string>();
                if (type == "i")
                    field.type = FieldType::Boolean;
                if (type == "c") {
                    field.type = FieldType::Integer;
                    field.use = FieldUse::Categorical;
                }
            }
            m_trees.inputs << field;
        }
        m_trees.codes.resize(size_t(count));
        m_shape.features = int(count);
        return true;
    }

    // base_score is "5E-1", and since 3.1 "[5E-1,…]" with a number for each output or one for all.
    bool readBase()
    {
        QString text = engine::stringAt(memberAt(m_learner, "learner_model_param"), "base_score");
        text.remove(u'[').remove(u']');
        std::vector<double> scores;
        for (const QString &part : text.split(u',')) {
            bool isNumber = false;
            const float score = part.trimmed().toFloat(&isNumber);
            const float margin = marginOf(m_objective.base, score);
            if (!isNumber || !std::isfinite(margin))
                return damaged(QStringLiteral("learner/learner_model_param/base_score"));
            scores.push_back(double(margin));
        }
        if (scores.size() == 1)
            scores.resize(size_t(m_shape.outputs), scores.front());
        if (scores.size() != size_t(m_shape.outputs))
            return damaged(QStringLiteral("learner/learner_model_param/base_score"));
        m_trees.base = std::move(scores);
        m_trees.refusesInfinity = true;
        return true;
    }

    bool readBooster()
    {
        const QString name = engine::stringAt(m_booster, "name");
        if (name == QLatin1String("gblinear"))
            return readLinear();
        const bool isDart = name == QLatin1String("dart");
        if (!isDart && name != QLatin1String("gbtree"))
            return unknown(XgboostText::tr("the booster \"%1\"").arg(name));
        m_trees.algorithm = XgboostText::tr("Boosted trees (XGBoost)");
        const Json &booster = isDart ? memberAt(m_booster, "gbtree") : m_booster;
        const Json &model = memberAt(booster, "model");
        // What dropping out has left of each tree: beside the trees' model, and from 3.4 on in it.
        const Json &drops = isDart ? memberAt(m_booster, "weight_drop") : memberAt(model, "weight_drop");
        const auto weights = numbersIn(drops);
        if (!weights && (isDart || !drops.is_null()))
            return damaged(QStringLiteral("learner/gradient_booster/weight_drop"));
        return readTrees(model, weights && !weights->empty() ? weights : std::nullopt);
    }

    bool readLinear()
    {
        m_trees.algorithm = XgboostText::tr("Boosted linear model (XGBoost)");
        const auto weights = numbersIn(memberAt(memberAt(m_booster, "model"), "weights"));
        if (!weights || weights->size() != size_t(m_shape.features + 1) * size_t(m_shape.outputs))
            return damaged(QStringLiteral("learner/gradient_booster/model/weights"));
        m_trees.linear.assign(weights->begin(), weights->end());
        Result<TreeEnsemble> none = TreeEnsemble::make(m_shape, {});
        if (!none)
            return damaged(QStringLiteral("learner/learner_model_param"));
        m_trees.ensemble = std::move(*none);
        return true;
    }

    bool readTrees(const Json &model, const std::optional<std::vector<double>> &weights)
    {
        const QString place = QStringLiteral("learner/gradient_booster/model/");
        const Json &list = memberAt(model, "trees");
        const auto groups = numbersIn(memberAt(model, "tree_info"));
        if (!list.is_array() || !groups || groups->size() != list.size() || (weights && weights->size() != list.size()))
            return damaged(place + u"trees");
        if (!readCategories(memberAt(model, "cats"), m_trees.inputs, m_trees.codes))
            return damaged(place + u"cats");
        std::vector<Tree> trees;
        trees.reserve(list.size());
        for (size_t i = 0; i < list.size(); ++i) {
            std::optional<Tree> tree = xgboostTree(list[i], m_shape.outputs, weights ? float((*weights)[i]) : 1.0F);
            if (!tree)
                return damaged(place + QStringLiteral("trees/%1").arg(i));
            const double group = (*groups)[i];
            tree->output = group >= 0 && group < m_shape.outputs ? int(group) : -1;
            const bool hasVectors =
                engine::intAt(memberAt(list[i], "tree_param"), "size_leaf_vector", 1) > 1 && m_shape.outputs > 1;
            if (i > 0 && hasVectors != (m_shape.leafWidth > 1))
                return damaged(place + QStringLiteral("trees/%1").arg(i));
            m_shape.leafWidth = hasVectors ? m_shape.outputs : 1;
            trees.push_back(std::move(*tree));
        }
        Result<TreeEnsemble> ensemble = TreeEnsemble::make(m_shape, trees);
        if (!ensemble) {
            m_problem = ensemble.error().at(m_file);
            return false;
        }
        m_trees.ensemble = std::move(*ensemble);
        return readRounds(model, qint64(list.size()));
    }

    // Where each round ends: said outright since 1.8, before that all rounds have as many trees.
    bool readRounds(const Json &model, qint64 trees)
    {
        if (model.contains("iteration_indptr")) {
            const auto ends = numbersIn(memberAt(model, "iteration_indptr"));
            if (!ends || ends->empty())
                return damaged(QStringLiteral("learner/gradient_booster/model/iteration_indptr"));
            for (size_t i = 1; i < ends->size(); ++i) {
                if (!((*ends)[i] >= (*ends)[i - 1]) || (*ends)[i] > double(trees) || (*ends)[i - 1] < 0)
                    return damaged(QStringLiteral("learner/gradient_booster/model/iteration_indptr"));
                m_trees.roundEnds.push_back(int((*ends)[i]));
            }
            return true;
        }
        const qint64 parallel =
            std::max<qint64>(1, engine::intAt(memberAt(model, "gbtree_model_param"), "num_parallel_tree", 1));
        const qint64 size = m_shape.leafWidth > 1 ? parallel : parallel * m_shape.outputs;
        for (qint64 end = size; size > 0 && end <= trees; end += size)
            m_trees.roundEnds.push_back(int(end));
        return true;
    }

    void chooseRounds()
    {
        m_trees.usedRounds = int(m_trees.roundEnds.size());
        const qint64 best = engine::intAt(memberAt(m_learner, "attributes"), "best_iteration", -1);
        if (best >= 0 && best + 1 <= m_trees.usedRounds)
            m_trees.usedRounds = int(best + 1);
    }

    const Json &m_learner;
    const Json &m_booster;
    QString m_file;
    Error m_problem;
    Objective m_objective{};
    TreeEnsemble::Shape m_shape;
    BoostedTrees m_trees;
};

} // namespace

Result<ModelPtr> readXgboostJson(const QByteArray &bytes, const QString &file)
{
    const Result<Json> json = engine::parseJson(asPlainJson(bytes), file);
    return json ? XgboostDocument(*json, file).read() : Result<ModelPtr>(json.error());
}

Result<ModelPtr> readXgboostUbj(const QByteArray &bytes, const QString &file)
{
    const Result<Json> json = parseUbj(bytes, file);
    return json ? XgboostDocument(*json, file).read() : Result<ModelPtr>(json.error());
}

} // namespace scoring::trees
