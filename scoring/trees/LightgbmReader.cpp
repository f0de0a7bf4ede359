#include "scoring/trees/LightgbmReader.h"

#include "engine/base/Json.h"
#include "scoring/trees/BoostedModel.h"
#include "scoring/trees/LightgbmText.h"
#include "scoring/trees/LightgbmTree.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QLocale>

#include <algorithm>

using engine::Error;
using engine::ErrorCode;
using engine::Json;
using engine::Result;

namespace scoring::trees {

namespace {

struct LightgbmMessages
{
    Q_DECLARE_TR_FUNCTIONS(LightgbmMessages)
};

constexpr int mostOutputs = 1 << 16; // a file without trees may say any number

QString toText(std::string_view text) { return QString::fromUtf8(text.data(), qsizetype(text.size())); }

// "1:2:0" in feature_infos: the categories a feature had; a numeric one has "[low:high]", a constant one "none".
bool isCategorical(std::string_view info) { return !info.starts_with('[') && info != "none"; }

class LightgbmFile
{
public:
    LightgbmFile(const QByteArray &bytes, QString file)
        : m_text(LightgbmText::cut({bytes.data(), size_t(bytes.size())}))
        , m_file(std::move(file))
    {
    }

    Result<ModelPtr> read()
    {
        m_trees.algorithm = LightgbmMessages::tr("Boosted trees (LightGBM)");
        if (!readHeader() || !readObjective() || !readInputs() || !readPandas() || !readTrees())
            return m_problem;
        return BoostedModel::make(std::move(m_trees));
    }

private:
    bool damaged(int line, const QString &what)
    {
        m_problem = {
            ErrorCode::InvalidInput,
            LightgbmMessages::tr("The LightGBM model %1 is damaged: %2").arg(QFileInfo(m_file).fileName(), what),
            QStringLiteral("%1:%2").arg(m_file).arg(line)};
        return false;
    }

    bool unknown(const QString &what)
    {
        m_problem = {
            ErrorCode::Unsupported,
            LightgbmMessages::tr("%1 uses %2, which is not known here.").arg(QFileInfo(m_file).fileName(), what),
            m_file};
        return false;
    }

    std::string_view headerValue(std::string_view key) const
    {
        const LightgbmText::Line *line = LightgbmText::find(m_text.header, key);
        return line == nullptr ? std::string_view() : line->value;
    }

    int headerCount(std::string_view key) const
    {
        const auto numbers = numbersOf(headerValue(key));
        const bool fits = numbers && numbers->size() == 1 && numbers->front() >= 0 && numbers->front() < (1 << 24);
        return fits ? int(numbers->front()) : -1;
    }

    bool readHeader()
    {
        const std::string_view version = headerValue("version");
        if (version != "v2" && version != "v3" && version != "v4")
            return unknown(LightgbmMessages::tr("the version \"%1\" of the format").arg(toText(version)));
        // The last word of the trees came with v3; before, the number of sizes tells whether all are there.
        if (!m_text.isWhole && m_text.trees.size() != wordsOf(headerValue("tree_sizes")).size())
            return damaged(int(m_text.header.size()),
                           LightgbmMessages::tr("it is cut off before the end of its trees."));
        const int outputs = headerCount("num_tree_per_iteration");
        const int lastFeature = headerCount("max_feature_idx");
        if (outputs < 1 || outputs > mostOutputs || lastFeature < 0)
            return damaged(1, LightgbmMessages::tr("its header does not say how many trees and features there are."));
        m_shape.outputs = outputs;
        m_shape.features = lastFeature + 1;
        m_trees.base.assign(size_t(outputs), 0);
        m_trees.averages = LightgbmText::find(m_text.header, "average_output") != nullptr;
        return true;
    }

    bool readObjective()
    {
        const std::vector<std::string_view> words = wordsOf(headerValue("objective"));
        const std::string_view name = words.empty() ? std::string_view("none") : words.front();
        bool isRoot = false;
        for (const std::string_view word : words) {
            if (word == "sqrt")
                isRoot = true;
            if (!word.starts_with("sigmoid:"))
                continue;
            const auto slope = numbersOf(word.substr(8));
            if (!slope || slope->size() != 1 || !(slope->front() > 0))
                return damaged(1, LightgbmMessages::tr("the slope of its objective is no number above 0."));
            m_trees.slope = slope->front();
        }
        const auto isOneOf = [name](std::initializer_list<std::string_view> names) {
            return std::ranges::find(names, name) != names.end();
        };
        if (isOneOf({"regression",
                     "regression_l2",
                     "regression_l1",
                     "huber",
                     "fair",
                     "quantile",
                     "mape",
                     "lambdarank",
                     "rank_xendcg",
                     "none",
                     "custom"}))
            m_trees.meaning = isRoot ? Meaning::SignedSquare : Meaning::Number;
        else if (isOneOf({"poisson", "gamma", "tweedie"}))
            m_trees.meaning = Meaning::Exp;
        else if (isOneOf({"cross_entropy", "xentropy"}))
            m_trees.meaning = Meaning::Logistic;
        else if (isOneOf({"cross_entropy_lambda", "xentlambda"}))
            m_trees.meaning = Meaning::LogOnePlusExp;
        else if (name == "binary")
            m_trees.meaning = Meaning::TwoClasses;
        else if (isOneOf({"multiclass", "softmax"}))
            m_trees.meaning = Meaning::Softmax;
        else if (isOneOf({"multiclassova", "multiclass_ova", "ova", "ovr"}))
            m_trees.meaning = Meaning::OneVsAll;
        else
            return unknown(LightgbmMessages::tr("the objective \"%1\"").arg(toText(name)));
        const bool hasManyClasses = m_trees.meaning == Meaning::Softmax || m_trees.meaning == Meaning::OneVsAll;
        if (m_trees.meaning == Meaning::TwoClasses ? m_shape.outputs != 1 : hasManyClasses && m_shape.outputs < 2)
            return damaged(1, LightgbmMessages::tr("its objective and the number of its classes do not fit."));
        // Random forests of v2 averaged what their leaves say, in the unit of the prediction.
        if (m_trees.averages && headerValue("version") == "v2")
            m_trees.leavesAreShares = true;
        return true;
    }

    bool readInputs()
    {
        const auto names = wordsOf(headerValue("feature_names"));
        const auto infos = wordsOf(headerValue("feature_infos"));
        if (names.size() != size_t(m_shape.features) || (!infos.empty() && infos.size() != names.size()))
            return damaged(1, LightgbmMessages::tr("the names of its features are not as many as the features."));
        for (size_t i = 0; i < names.size(); ++i) {
            Field field;
            field.name = toText(names[i]);
            if (!infos.empty()) {
                field.required = infos[i] != "none"; // constant in training: no tree can ask for it
                if (isCategorical(infos[i])) {
                    field.type = FieldType::Integer;
                    field.use = FieldUse::Categorical;
                }
            }
            m_trees.inputs << field;
        }
        m_trees.codes.resize(names.size());
        return true;
    }

    // The categories of pandas' columns come without names, in the order of the columns; which columns they are is in
    // the parameters, or else they are those with categories in feature_infos.
    std::optional<std::vector<size_t>> pandasColumns(size_t wanted) const
    {
        std::vector<size_t> columns;
        if (const LightgbmText::Line *line = LightgbmText::find(m_text.parameters, "categorical_feature")) {
            std::string list(line->value);
            std::ranges::replace(list, ',', ' ');
            for (const double number : numbersOf(list).value_or(std::vector<double>()))
                if (number >= 0 && number < m_shape.features)
                    columns.push_back(size_t(number));
            if (columns.size() == wanted)
                return columns;
            columns.clear();
        }
        for (size_t i = 0; i < size_t(m_trees.inputs.size()); ++i)
            if (m_trees.inputs[qsizetype(i)].use == FieldUse::Categorical)
                columns.push_back(i);
        return columns.size() == wanted ? std::optional(columns) : std::nullopt;
    }

    bool readPandas()
    {
        if (m_text.pandasCategories.empty() || m_text.pandasCategories == "null")
            return true;
        const QByteArray text(m_text.pandasCategories.data(), qsizetype(m_text.pandasCategories.size()));
        const Result<Json> lists = engine::parseJson(text, m_file);
        if (!lists || !lists->is_array())
            return damaged(0, LightgbmMessages::tr("its pandas_categorical is no list."));
        if (lists->empty())
            return true;
        const auto columns = pandasColumns(lists->size());
        if (!columns)
            return unknown(LightgbmMessages::tr("categories of pandas without saying of which columns"));
        for (size_t i = 0; i < columns->size(); ++i)
            if (!takeCategories((*lists)[i], (*columns)[i]))
                return damaged(0, LightgbmMessages::tr("its pandas_categorical holds something that is no category."));
        return true;
    }

    bool takeCategories(const Json &categories, size_t input)
    {
        if (!categories.is_array())
            return false;
        Field &field = m_trees.inputs[qsizetype(input)];
        const bool isText = std::ranges::any_of(categories, [](const Json &item) { return item.is_string(); });
        CategoryCodes codes;
        field.use = FieldUse::Categorical;
        field.type = isText ? FieldType::Text : FieldType::Double;
        for (size_t k = 0; k < categories.size(); ++k) {
            const Json &category = categories[k];
            if (category.is_string()) {
                codes.texts.emplace(category.get<std::string>(), int(k));
                field.levels << engine::toQString(category.get<std::string>());
            } else if (category.is_number() || category.is_boolean()) {
                const double number = category.is_boolean() ? double(category.get<bool>()) : category.get<double>();
                const QString name = QString::number(number, 'g', QLocale::FloatingPointShortest);
                codes.numbers.emplace(number, int(k));
                if (isText)
                    codes.texts.emplace(name.toStdString(), int(k));
                field.levels << name;
            } else {
                return false;
            }
        }
        m_trees.codes[input] = std::move(codes);
        return true;
    }

    bool readTrees()
    {
        if (m_text.trees.size() % size_t(m_shape.outputs) != 0)
            return damaged(1, LightgbmMessages::tr("the last of its rounds is not whole."));
        std::vector<Tree> trees;
        trees.reserve(m_text.trees.size());
        for (const LightgbmText::Block &block : m_text.trees) {
            LightgbmTree read = lightgbmTree(block);
            if (!read.tree)
                return damaged(read.line, LightgbmMessages::tr("tree %1 is not whole.").arg(trees.size()));
            read.tree->output = int(trees.size() % size_t(m_shape.outputs));
            trees.push_back(std::move(*read.tree));
        }
        Result<TreeEnsemble> ensemble = TreeEnsemble::make(m_shape, trees);
        if (!ensemble) {
            m_problem = ensemble.error().at(m_file);
            return false;
        }
        m_trees.ensemble = std::move(*ensemble);
        for (size_t end = size_t(m_shape.outputs); end <= trees.size(); end += size_t(m_shape.outputs))
            m_trees.roundEnds.push_back(int(end));
        m_trees.usedRounds = int(m_trees.roundEnds.size());
        return true;
    }

    LightgbmText m_text;
    QString m_file;
    Error m_problem;
    TreeEnsemble::Shape m_shape;
    BoostedTrees m_trees;
};

} // namespace

Result<ModelPtr> readLightgbm(const QByteArray &bytes, const QString &file) { return LightgbmFile(bytes, file).read(); }

} // namespace scoring::trees
