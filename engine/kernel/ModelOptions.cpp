#include "engine/kernel/ModelOptions.h"

#include <QCoreApplication>

namespace engine {

namespace {

struct ModelOptionsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ModelOptions)
};

QString textOf(const Json &value)
{
    if (value.is_string())
        return toQString(value.get_ref<const std::string &>());
    return value.is_null() ? QString() : QString::fromUtf8(toCompact(value)); // a label that is a number
}

// Reads the options one by one; the first that cannot be is the error.
class Reading
{
public:
    Reading(const QMap<QString, Json> &values, const QList<StatementOption> &options)
        : m_values(values)
        , m_options(options)
    {
    }

    const std::optional<Error> &error() const { return m_error; }

    void refuse(const QString &name, const QString &expected)
    {
        for (const StatementOption &option : m_options) {
            if (option.name == name && !m_error)
                m_error = errorAt(option.position, ModelOptionsText::tr("%1 should be %2.").arg(name, expected));
        }
    }

    void number(const char *name, double &to, double least, double most)
    {
        const auto found = m_values.constFind(QLatin1String(name));
        if (found == m_values.cend())
            return;
        const bool fits = found->is_number() && found->get<double>() >= least && found->get<double>() <= most;
        if (fits)
            to = found->get<double>();
        else
            refuse(QLatin1String(name), ModelOptionsText::tr("a number from %1 to %2").arg(least).arg(most));
    }
    void truth(const char *name, bool &to)
    {
        const auto found = m_values.constFind(QLatin1String(name));
        if (found == m_values.cend())
            return;
        if (found->is_boolean())
            to = found->get<bool>();
        else
            refuse(QLatin1String(name), ModelOptionsText::tr("true or false"));
    }
    QString word(const char *name, const QStringList &words)
    {
        const auto found = m_values.constFind(QLatin1String(name));
        const QString text = found == m_values.cend() ? words.first() : textOf(*found).toUpper();
        if (!words.contains(text))
            refuse(QLatin1String(name), words.join(ModelOptionsText::tr(" or ")));
        return text;
    }
    QStringList texts(const char *name)
    {
        const auto found = m_values.constFind(QLatin1String(name));
        QStringList texts;
        if (found == m_values.cend())
            return texts;
        if (!found->is_array())
            refuse(QLatin1String(name), ModelOptionsText::tr("a list: ['a']"));
        for (const Json &item : *found)
            texts += textOf(item);
        return texts;
    }
    // [STRUCT('a', 0.2), …] as BigQuery writes it: label, then weight; or MAP {'a': 0.2, …}.
    void classWeights(QMap<QString, double> &to)
    {
        const QString name = QStringLiteral("class_weights");
        const auto found = m_values.constFind(name);
        if (found == m_values.cend())
            return;
        const QString expected = ModelOptionsText::tr("[STRUCT('label', weight), …]");
        if (found->is_object()) {
            for (auto item = found->begin(); item != found->end(); ++item)
                item.value().is_number() ? void(to.insert(toQString(item.key()), item.value().get<double>()))
                                         : refuse(name, expected);
        } else if (found->is_array()) {
            for (const Json &item : *found) {
                if (item.is_object() && item.size() == 2 && item.back().is_number())
                    to.insert(textOf(item.front()), item.back().get<double>());
                else
                    refuse(name, expected);
            }
        } else {
            refuse(name, expected);
        }
    }
    QString text(const char *name)
    {
        const auto found = m_values.constFind(QLatin1String(name));
        return found == m_values.cend() ? QString() : textOf(*found);
    }
    bool has(const char *name) const { return m_values.contains(QLatin1String(name)); }

private:
    const QMap<QString, Json> &m_values;
    const QList<StatementOption> &m_options;
    std::optional<Error> m_error;
};

} // namespace

const QStringList &ModelOptions::names()
{
    static const QStringList names =
        QStringLiteral("model_type input_label_cols l2_reg max_iterations data_split_method data_split_eval_fraction "
                       "data_split_col class_weights auto_class_weights category_encoding_method fit_intercept "
                       "standardize_features penalize_intercept random_seed")
            .split(u' ');
    return names;
}

Result<ModelOptions> ModelOptions::read(const QMap<QString, Json> &values, const QList<StatementOption> &options)
{
    constexpr double largest = 1e12;
    ModelOptions read;
    Reading reading(values, options);
    scoring::TrainingOptions &training = read.training;
    const QString type = reading.word("model_type", {QStringLiteral("LOGISTIC_REG"), QStringLiteral("LINEAR_REG")});
    training.algorithm =
        type == u"LINEAR_REG" ? scoring::Algorithm::LinearRegression : scoring::Algorithm::LogisticRegression;
    const QStringList labels = reading.texts("input_label_cols");
    if (labels.size() > 1)
        reading.refuse(QStringLiteral("input_label_cols"), ModelOptionsText::tr("a list with one column"));
    training.target = labels.value(0, QStringLiteral("label"));
    double l2 = 0;
    reading.number("l2_reg", l2, 0, largest);
    training.penalty = l2 > 0;
    training.C = l2 > 0 ? 1 / l2 : 1;
    double iterations = 0;
    reading.number("max_iterations", iterations, 1, 1'000'000);
    training.mostIterations = int(iterations);
    reading.truth("fit_intercept", training.intercept);
    reading.truth("auto_class_weights", training.balanced);
    reading.classWeights(training.classWeights);
    if (training.balanced && !training.classWeights.isEmpty())
        reading.refuse(QStringLiteral("class_weights"), ModelOptionsText::tr("left out with auto_class_weights"));
    // As BigQuery prepares columns: missing numbers are the mean, missing texts the most frequent one.
    training.preparation.numbers = scoring::NumberImpute::Mean;
    training.preparation.levels = scoring::LevelImpute::MostFrequent;
    reading.truth("standardize_features", training.preparation.standardise);
    training.preparation.dropFirstLevel =
        reading.word("category_encoding_method", {QStringLiteral("ONE_HOT_ENCODING"), QStringLiteral("DUMMY_ENCODING")})
        == u"DUMMY_ENCODING";
    bool penalisesIntercept = false;
    reading.truth("penalize_intercept", penalisesIntercept);
    if (penalisesIntercept)
        training.objective = scoring::Objective::PenalisedIntercept;

    const QStringList methods{QStringLiteral("AUTO_SPLIT"),
                              QStringLiteral("RANDOM"),
                              QStringLiteral("CUSTOM"),
                              QStringLiteral("SEQ"),
                              QStringLiteral("NO_SPLIT")};
    read.split = SplitMethod(methods.indexOf(reading.word("data_split_method", methods)));
    reading.number("data_split_eval_fraction", read.evaluationShare, 0, 0.99);
    read.splitColumn = reading.text("data_split_col");
    const bool needsColumn = read.split == SplitMethod::Custom || read.split == SplitMethod::Sequential;
    if (needsColumn && read.splitColumn.isEmpty())
        reading.refuse(QStringLiteral("data_split_method"), ModelOptionsText::tr("there with data_split_col"));
    if (!needsColumn && !read.splitColumn.isEmpty())
        reading.refuse(QStringLiteral("data_split_col"),
                       ModelOptionsText::tr("there with data_split_method CUSTOM or SEQ only"));
    double seed = 0;
    reading.number("random_seed", seed, 0, 4294967295.0);
    read.seed = uint32_t(seed);
    if (reading.error())
        return *reading.error();
    return read;
}

} // namespace engine
