#include "app/ctl/ModelTraining.h"

#include "app/ctl/Command.h"
#include "app/ctl/CopyPlaces.h"
#include "app/ctl/ModelPlaces.h"
#include "app/ctl/ModelTable.h"
#include "scoring/metrics/Evaluation.h"
#include "scoring/onnx/OnnxWriter.h"
#include "scoring/pmml/PmmlWriter.h"
#include "scoring/registry/ModelDrift.h"
#include "scoring/registry/ModelRegistry.h"
#include "scoring/training/LinearPipelineModel.h"
#include "scoring/training/Split.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFileInfo>
#include <QSaveFile>

using namespace engine;
using namespace scoring;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct ModelTrainingText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::ModelTraining)
};

Error invalid(const QString &option, const QString &message)
{
    return {ErrorCode::InvalidInput, message, QStringLiteral("--") + option};
}

Result<double> numberFrom(const QCommandLineParser &parser, const QString &option, double unlessSaid)
{
    const QString text = parser.value(option);
    if (text.isEmpty())
        return unlessSaid;
    bool isNumber = false;
    const double number = text.toDouble(&isNumber);
    if (!isNumber || !(number >= 0))
        return invalid(option, ModelTrainingText::tr("“%1” is no number from 0 on.").arg(text));
    return number;
}

QStringList listFrom(const QCommandLineParser &parser, const QString &option)
{
    return parser.value(option).split(u',', Qt::SkipEmptyParts);
}

// "0=1,1=2.5", or "balanced".
Result<void> readClassWeights(const QString &text, TrainingOptions &options)
{
    if (text == u"balanced") {
        options.balanced = true;
        return {};
    }
    for (const QString &part : text.split(u',', Qt::SkipEmptyParts)) {
        const qsizetype equals = part.lastIndexOf(u'=');
        bool isNumber = false;
        const double weight = part.mid(equals + 1).toDouble(&isNumber);
        if (equals < 1 || !isNumber)
            return invalid(QStringLiteral("class-weights"),
                           ModelTrainingText::tr("“%1” is no weight: write balanced, or CLASS=NUMBER.").arg(part));
        options.classWeights.insert(part.left(equals), weight);
    }
    return {};
}

Result<void> readImpute(const QCommandLineParser &parser, Preparation &preparation)
{
    const QString numbers = parser.value(QStringLiteral("impute"));
    const QString levels = parser.value(QStringLiteral("impute-text"));
    bool isNumber = false;
    const double constant = numbers.toDouble(&isNumber);
    if (isNumber) {
        preparation.numbers = NumberImpute::Constant;
        preparation.constantNumber = constant;
    } else if (numbers == u"mean") {
        preparation.numbers = NumberImpute::Mean;
    } else if (numbers == u"most-frequent") {
        preparation.numbers = NumberImpute::MostFrequent;
    } else if (numbers == u"none") {
        preparation.numbers = NumberImpute::None;
    } else if (!numbers.isEmpty() && numbers != u"median") {
        return invalid(
            QStringLiteral("impute"),
            ModelTrainingText::tr("“%1” replaces nothing: write median, mean, most-frequent, none or a number.")
                .arg(numbers));
    }
    if (levels == u"none") {
        preparation.levels = LevelImpute::None;
    } else if (!levels.isEmpty() && levels != u"most-frequent") {
        preparation.levels = LevelImpute::Constant;
        preparation.constantLevel = levels;
    }
    return {};
}

Result<void> readUnseen(const QString &word, Preparation &preparation)
{
    if (word.isEmpty() || word == u"zeros")
        preparation.unseenLevel = BadCell::Zeros;
    else if (word == u"null")
        preparation.unseenLevel = BadCell::NoScore;
    else if (word == u"missing")
        preparation.unseenLevel = BadCell::AsMissing;
    else if (word == u"fail")
        preparation.unseenLevel = preparation.badCell = BadCell::Fail;
    else
        return invalid(QStringLiteral("unseen"),
                       ModelTrainingText::tr("“%1” is no policy: write zeros, null, missing or fail.").arg(word));
    return {};
}

Result<void> readObjective(const QCommandLineParser &parser, TrainingOptions &options)
{
    const QString type = parser.value(QStringLiteral("type"));
    if (type == u"linear")
        options.algorithm = Algorithm::LinearRegression;
    else if (!type.isEmpty() && type != u"logistic")
        return invalid(QStringLiteral("type"),
                       ModelTrainingText::tr("“%1” is no type of model: write logistic or linear.").arg(type));
    const bool isLambda = parser.isSet(QStringLiteral("l2"));
    if (isLambda && parser.isSet(QStringLiteral("C")))
        return invalid(QStringLiteral("l2"),
                       ModelTrainingText::tr("Give --C or --l2: each is 1 divided by the other."));
    const Result<double> C = numberFrom(parser, QStringLiteral("C"), 1);
    const Result<double> lambda = numberFrom(parser, QStringLiteral("l2"), 1);
    if (!C || !lambda)
        return !C ? C.error() : lambda.error();
    options.C = isLambda ? 1 / *lambda : *C;
    options.penalty = !(isLambda && *lambda == 0) && parser.value(QStringLiteral("penalty")) != u"none";
    if (parser.isSet(QStringLiteral("liblinear")))
        options.objective = Objective::PenalisedIntercept;
    options.intercept = !parser.isSet(QStringLiteral("no-intercept"));
    return {};
}

Result<TrainingOptions> optionsFrom(const QCommandLineParser &parser)
{
    TrainingOptions options;
    options.name = parser.value(QStringLiteral("name"));
    options.target = parser.value(QStringLiteral("label"));
    options.features = listFrom(parser, QStringLiteral("features"));
    options.categorical = listFrom(parser, QStringLiteral("categorical"));
    options.weight = parser.value(QStringLiteral("weight"));
    options.positive = parser.value(QStringLiteral("positive"));
    options.preparation.standardise = !parser.isSet(QStringLiteral("no-standardise"));
    options.preparation.dropFirstLevel = parser.isSet(QStringLiteral("drop-first"));
    const Result<double> threshold = numberFrom(parser, QStringLiteral("threshold"), 0.5);
    const Result<double> threads = numberFrom(parser, QStringLiteral("threads"), 0);
    if (!threshold || !threads)
        return !threshold ? threshold.error() : threads.error();
    options.threshold = *threshold;
    options.threads = int(*threads);
    for (const Result<void> &read : {readObjective(parser, options),
                                     readClassWeights(parser.value(QStringLiteral("class-weights")), options),
                                     readImpute(parser, options.preparation),
                                     readUnseen(parser.value(QStringLiteral("unseen")), options.preparation)}) {
        if (!read)
            return read.error();
    }
    return options;
}

struct Trained
{
    std::shared_ptr<const LinearPipelineModel> model;
    ModelCard card;
};

Result<Trained> trainWith(const TrainingTable &table,
                          const TrainingOptions &options,
                          const QCommandLineParser &parser,
                          const QString &source)
{
    const Result<double> share = numberFrom(parser, QStringLiteral("split"), 0.25);
    const Result<double> seed = numberFrom(parser, QStringLiteral("seed"), 0);
    if (!share || !seed)
        return !share ? share.error() : seed.error();
    const Result<Split> split = splitRows(table.rows(), *share, uint32_t(*seed));
    if (!split)
        return split.error();
    const Result<TrainedPipeline> trained = trainLinear(table, split->train, options);
    if (!trained)
        return trained.error();
    const auto model = LinearPipelineModel::make(trained->pipeline);
    if (!model)
        return model.error();
    const EvaluationOptions evaluation{.weight = options.weight};
    const Result<Evaluated> train = evaluateModel(**model, table, split->train, evaluation);
    if (!train)
        return train.error();
    std::optional<Evaluated> test;
    if (!split->test.empty()) {
        Result<Evaluated> measured = evaluateModel(**model, table, split->test, evaluation);
        if (!measured)
            return measured.error();
        test = std::move(*measured);
    }
    CardMaterial material{*trained, options, table, split->train, *train, test ? &*test : nullptr};
    material.split = {*share, uint32_t(*seed), int(split->train.size()), int(split->test.size())};
    material.origin.source = source;
    material.origin.author = qEnvironmentVariable("USER");
    material.origin.toolVersion = QStringLiteral("Slipway ") + QCoreApplication::applicationVersion();
    material.origin.createdAt = QDateTime::currentDateTimeUtc().toString(Qt::ISODate);
    return Trained{*model, makeCard(material)};
}

Result<> writeWhole(const QString &path, const QByteArray &bytes)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return Error{
            ErrorCode::Io, ModelTrainingText::tr("%1 cannot be written: %2").arg(path, file.errorString()), path};
    return {};
}

// Writes the PMML or ONNX file, the version in the registry, or both. → sentences that say where
Result<QStringList> keep(const Trained &trained, const QCommandLineParser &parser, Session &session, Json &card)
{
    QStringList said;
    const QString name = trained.model->pipeline().name;
    const QString out = parser.value(QStringLiteral("out"));
    const Result<QByteArray> pmml = writePmml(*trained.model, out.isEmpty() ? name : out);
    if (!pmml)
        return pmml.error();
    if (!out.isEmpty()) {
        const bool isOnnx = out.endsWith(QLatin1String(".onnx"), Qt::CaseInsensitive);
        const Result<QByteArray> bytes = isOnnx ? onnx::writeOnnx(trained.model->pipeline()) : pmml;
        if (!bytes)
            return bytes.error();
        if (const Result<> written = writeWhole(out, *bytes); !written)
            return written.error();
        // With the card beside it, drift is counted when rows are scored.
        if (const Result<> written = writeWhole(cardPathFor(out), toPretty(trained.card.json)); !written)
            return written.error();
        said.append(ModelTrainingText::tr("Written to %1, its card beside it.").arg(out));
    }
    if (name.isEmpty())
        return said;
    QString folder = parser.value(QStringLiteral("registry"));
    if (folder.isEmpty())
        folder = session.places().data + QStringLiteral("/models");
    const auto scorer = trained.model->scorer({});
    const Result<QByteArray> onnx = onnx::writeOnnx(trained.model->pipeline()); // not every model can be said in it
    const Result<ModelVersion> added = ModelRegistry(folder).add({.name = name,
                                                                  .card = trained.card,
                                                                  .model = *pmml,
                                                                  .onnx = onnx ? *onnx : QByteArray(),
                                                                  .inputs = trained.model->inputs(),
                                                                  .outputs = (*scorer)->outputs()});
    if (!added)
        return added.error();
    card["name"] = toStdString(name);
    card["version"] = added->version;
    card["folder"] = toStdString(added->folder);
    said.append(ModelTrainingText::tr("Kept as version %1 of %2 in %3.").arg(added->version).arg(name, added->folder));
    return said;
}

} // namespace

void addTrainingOptions(QCommandLineParser &parser)
{
    const auto add = [&parser](const char *name, const QString &help, const QString &value = {}) {
        parser.addOption({QString::fromLatin1(name), help, value});
    };
    using T = ModelTrainingText;
    const QString column = T::tr("COLUMN");
    const QString columns = T::tr("COLUMNS");
    const QString number = T::tr("N");
    add("label", T::tr("The column to predict."), column);
    add("features", T::tr("The columns to predict from, parted by commas; without it all others."), columns);
    add("categorical", T::tr("Columns of numbers that are categories."), columns);
    add("weight", T::tr("A column of row weights."), column);
    add("type", T::tr("logistic (two or more classes) or linear (a number)."), T::tr("TYPE"));
    add("split", T::tr("The share of rows kept out to measure with, as scikit-learn splits (0.25); 0 = none."), number);
    add("seed", T::tr("Of the split (0)."), number);
    add("C", T::tr("Strength of the data against the penalty, 1/λ (1)."), number);
    add("l2", T::tr("λ, instead of -C; 0 = no penalty."), number);
    add("penalty", T::tr("l2 or none."), T::tr("PENALTY"));
    add("liblinear", T::tr("Penalise the intercept as well, as liblinear does; classes one versus rest."));
    add("no-intercept", T::tr("Without an intercept."));
    add("class-weights", T::tr("balanced, or CLASS=NUMBER parted by commas."), T::tr("WEIGHTS"));
    add("impute",
        T::tr("What replaces missing numbers: median, mean, most-frequent, none, or a number."),
        T::tr("HOW"));
    add("impute-text", T::tr("What replaces missing texts: most-frequent, none, or a text."), T::tr("HOW"));
    add("unseen", T::tr("A category that training has not seen: zeros, null, missing or fail."), T::tr("POLICY"));
    add("no-standardise", T::tr("Take numbers as they are."));
    add("drop-first", T::tr("Without a column for the first level of each category."));
    add("positive", T::tr("The class of two that metrics and threshold speak of."), T::tr("CLASS"));
    add("threshold", T::tr("Above which the positive class is predicted (0.5)."), number);
    add("missing", T::tr("Words that mean “missing”, besides the usual ones, parted by commas."), T::tr("WORDS"));
    add("name", T::tr("Keep the model in the registry under this name."), T::tr("NAME"));
    add("registry", T::tr("The folder of the registry."), T::tr("FOLDER"));
    add("out", T::tr("Write the model to this PMML file."), T::tr("FILE"));
    add("threads", T::tr("To compute with; changes no result."), number);
    addSourceOptions(parser);
}

int trainModel(const QStringList &words, const QCommandLineParser &parser, Session &session)
{
    if (words.size() != 2 || parser.value(QStringLiteral("label")).isEmpty()
        || (parser.value(QStringLiteral("name")).isEmpty() && parser.value(QStringLiteral("out")).isEmpty()))
        return session.failUsage(ModelTrainingText::tr(
            "Usage: slipwayctl model train DATA --label COLUMN --name NAME | --out FILE.pmml [options]"));
    const Result<TrainingOptions> options = optionsFrom(parser);
    if (!options)
        return session.fail(options.error());
    if (!options->name.isEmpty()) {
        const Result<ModelReference> reference = modelReference(options->name);
        if (!reference || reference->name != options->name)
            return session.fail(
                !reference ? reference.error()
                           : invalid(QStringLiteral("name"),
                                     ModelTrainingText::tr("“%1” has a version or an alias in it; give a name alone.")
                                         .arg(options->name)));
    }
    const Result<TrainingTable> table = tableFrom(words.at(1), parser, QStringLiteral("DATA"), {});
    if (!table)
        return session.fail(table.error());
    const Result<Trained> trained = trainWith(*table, *options, parser, words.at(1));
    if (!trained) {
        session.fail(trained.error());
        return trained.error().where.startsWith(u"--") ? WrongUsage : CheckFailed;
    }
    Json card = trained->card.json;
    const Result<QStringList> kept = keep(*trained, parser, session, card);
    if (!kept)
        return session.fail(kept.error());
    session.print(card);
    const Json &training = memberAt(card, "training");
    session.say(ModelTrainingText::tr("%1 trained on %n row(s) in %2 steps.", nullptr, int(intAt(training, "rows")))
                    .arg(trained->model->description().algorithm)
                    .arg(intAt(training, "iterations")));
    for (const Json &warning : memberAt(card, "warnings"))
        session.say(printable(toQString(warning.get<std::string>())));
    const Json &metrics = memberAt(card, "metrics");
    const bool isTested = memberAt(metrics, "test").is_object();
    sayMetrics(isTested ? ModelTrainingText::tr("On the rows kept out") : ModelTrainingText::tr("On the training rows"),
               memberAt(metrics, isTested ? "test" : "train"),
               session);
    for (const QString &sentence : *kept)
        session.say(sentence);
    return Done;
}

int evaluateModelFile(const QStringList &words, const QCommandLineParser &parser, Session &session)
{
    if (words.size() != 3)
        return session.failUsage(
            ModelTrainingText::tr("Usage: slipwayctl model evaluate MODEL DATA [--label COLUMN] [--threshold N]"));
    const Result<ModelAtPlace> model = modelFrom(words.at(1));
    if (!model)
        return session.fail(model.error());
    const Result<TrainingTable> table = tableFrom(words.at(2), parser, QStringLiteral("DATA"), {});
    if (!table)
        return session.fail(table.error());
    EvaluationOptions options;
    options.target = parser.value(QStringLiteral("label"));
    options.weight = parser.value(QStringLiteral("weight"));
    options.positive = parser.value(QStringLiteral("positive"));
    if (!parser.value(QStringLiteral("threshold")).isEmpty()) {
        const Result<double> threshold = numberFrom(parser, QStringLiteral("threshold"), 0.5);
        if (!threshold)
            return session.fail(threshold.error());
        options.threshold = *threshold;
    }
    const Result<Split> all = splitRows(table->rows(), 0, 0);
    const Result<Evaluated> evaluated = evaluateModel(*model->model, *table, all->train, options);
    if (!evaluated) {
        session.fail(evaluated.error());
        return CheckFailed;
    }
    const Json metrics = metricsJson(*evaluated);
    Json answer = {{"metrics", metrics},
                   {"rowsWithoutTarget", evaluated->rowsWithoutTarget},
                   {"rowsWithoutScore", evaluated->rowsWithoutScore}};
    if (!evaluated->classes.isEmpty())
        answer["curves"] = curvesJson(*evaluated);
    session.print(answer);
    if (evaluated->rowsWithoutTarget > 0)
        session.say(ModelTrainingText::tr("%n row(s) have no label.", nullptr, evaluated->rowsWithoutTarget));
    if (evaluated->rowsWithoutScore > 0)
        session.say(ModelTrainingText::tr("%n row(s) could not be scored. %1", nullptr, evaluated->rowsWithoutScore)
                        .arg(printable(evaluated->firstProblem)));
    sayMetrics(words.at(1), metrics, session);
    return Done;
}

} // namespace ctl
