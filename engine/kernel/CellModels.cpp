#include "engine/connectors/NearNames.h"
#include "engine/kernel/BoundTables.h"
#include "engine/kernel/CellRun.h"
#include "engine/kernel/ComputedTable.h"
#include "engine/kernel/ModelOptions.h"
#include "engine/kernel/ModelRows.h"
#include "engine/kernel/ModelTables.h"

#include "scoring/training/LinearPipelineModel.h"
#include "scoring/training/Split.h"
#include "scoring/training/Trainer.h"

#include <QCoreApplication>
#include <QDateTime>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace engine {

namespace {

struct CellModelsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::CellModels)
};

// BigQuery's AUTO_SPLIT: none below 500 rows, a fifth up to 50,000, else 10,000 rows.
double automaticShare(int rows)
{
    constexpr int fewest = 500;
    constexpr int many = 50'000;
    constexpr double mostEvaluated = 10'000;
    return rows < fewest ? 0 : rows <= many ? 0.2 : mostEvaluated / rows;
}

Result<scoring::Split> splitOf(const scoring::TrainingTable &table, const ModelOptions &options)
{
    const int rows = table.rows();
    scoring::Split split;
    switch (options.split) {
    case ModelOptions::SplitMethod::Auto:
        return scoring::splitRows(rows, automaticShare(rows), options.seed);
    case ModelOptions::SplitMethod::Random:
        return scoring::splitRows(rows, options.evaluationShare, options.seed);
    case ModelOptions::SplitMethod::None:
        return scoring::splitRows(rows, 0, options.seed);
    case ModelOptions::SplitMethod::Sequential: {
        const int train = rows - int(std::ceil(rows * options.evaluationShare));
        for (int row = 0; row < rows; ++row)
            (row < train ? split.train : split.test).push_back(row);
        return split;
    }
    case ModelOptions::SplitMethod::Custom:
        break;
    }
    const Result<int> column = table.require(options.splitColumn);
    if (!column)
        return column.error();
    const scoring::TrainingColumn &isTest = table.columns()[size_t(*column)];
    if (isTest.type != scoring::FieldType::Boolean)
        return Error{ErrorCode::InvalidInput,
                     CellModelsText::tr("The column %1 should be BOOLEAN: true for rows to measure the model with.")
                         .arg(options.splitColumn),
                     {}};
    for (int row = 0; row < rows; ++row)
        (isTest.numbers[size_t(row)] == 0 ? split.train : split.test).push_back(row);
    return split;
}

// One row of ML.FEATURE_INFO.
QStringList featureCells(const scoring::TrainingColumn &column, const std::vector<int> &rows)
{
    const QString null = QStringLiteral("NULL");
    QStringList cells{ComputedTable::text(column.name), null, null, null, null, null};
    qint64 missing = 0;
    if (column.type == scoring::FieldType::Text) {
        std::vector<int32_t> codes;
        for (const int row : rows) {
            const int32_t code = column.codes[size_t(row)];
            code < 0 ? void(++missing) : codes.push_back(code);
        }
        std::sort(codes.begin(), codes.end());
        const auto distinct = std::unique(codes.begin(), codes.end()) - codes.begin();
        return cells << ComputedTable::whole(distinct) << ComputedTable::whole(missing);
    }
    std::vector<double> numbers;
    for (const int row : rows) {
        const double number = column.numbers[size_t(row)];
        std::isnan(number) ? void(++missing) : numbers.push_back(number);
    }
    std::sort(numbers.begin(), numbers.end());
    if (!numbers.empty()) {
        const size_t count = numbers.size();
        const double mean = std::accumulate(numbers.begin(), numbers.end(), 0.0) / double(count);
        double squares = 0;
        for (const double number : numbers)
            squares += (number - mean) * (number - mean);
        cells[1] = ComputedTable::number(numbers.front());
        cells[2] = ComputedTable::number(numbers.back());
        cells[3] = ComputedTable::number(mean);
        cells[4] = ComputedTable::number((numbers[(count - 1) / 2] + numbers[count / 2]) / 2);
        cells[5] = ComputedTable::number(count > 1 ? std::sqrt(squares / double(count - 1)) : 0);
    }
    return cells << null << ComputedTable::whole(missing);
}

QString featureTable(const scoring::TrainingTable &table, const QStringList &features, const std::vector<int> &rows)
{
    ComputedTable computed(ModelTables::featureColumns());
    for (const QString &feature : features)
        computed.addRow(featureCells(table.columns()[size_t(table.find(feature))], rows));
    return computed.subquery();
}

// The query as it stands in the cell is where the rows come from.
scoring::ModelOrigin originOf(const CellSource &cell, const CreateModel &create, const KernelContext &context)
{
    constexpr qsizetype longest = 4000;
    const qsizetype start = cell.startOf(create.query.first);
    scoring::ModelOrigin origin;
    origin.source = QString::fromUtf8(cell.sql.mid(start, cell.endOf(create.query) - start)).left(longest);
    origin.author = qEnvironmentVariable("USER");
    origin.toolVersion = QStringLiteral("Slipway ") + QCoreApplication::applicationVersion();
    origin.createdAt = QDateTime::currentDateTimeUtc().toString(Qt::ISODate);
    origin.pipeline = context.lineage.pipeline;
    origin.runId = context.lineage.run;
    origin.notebook = context.lineage.notebook;
    return origin;
}

// A name that can be kept, before anything is trained.
Result<> checkName(const CreateModel &create, const KernelModels &models)
{
    const QString &name = create.model.name;
    if (create.isTemporary || !models.keeps())
        return {};
    const Result<scoring::ModelReference> reference = scoring::modelReference(name);
    if (!reference)
        return errorAt(create.model.position, reference.error().message);
    if (reference->name != name)
        return errorAt(
            create.model.position,
            CellModelsText::tr("A new model is called %1 alone: it gets the next version.").arg(reference->name));
    return {};
}

} // namespace

Result<> CellRun::run(const CreateModel &create)
{
    if (const Result<> valid = checkName(create, m_world.models); !valid)
        return valid.error();
    const bool isThere = m_world.models.contains(create.model.name);
    if (isThere && create.mayExist)
        return {};
    if (isThere && !create.replaces)
        return m_world.models.add(create.model, {}, false); // says that it is there
    const Result<QMap<QString, Json>> given = values(create.options, ModelOptions::names());
    if (!given)
        return given.error();
    Result<ModelOptions> options = ModelOptions::read(*given, create.options);
    if (!options)
        return options.error();
    QueryRewriter rewriter(m_cell, m_world);
    const Result<QueryRewriter::Described> query = rewriter.describe(create.query);
    if (!query)
        return query.error();
    const auto failed = [&create](const Error &error) {
        return positionOf(error) || error.code == ErrorCode::Cancelled
            ? error
            : errorAt(create.model.position, error.message, error.code);
    };

    scoring::TrainingOptions &training = options->training;
    training.name = create.model.name;
    QStringList names;
    for (const DuckColumn &column : query->columns)
        names += column.name;
    if (!names.contains(training.target, Qt::CaseInsensitive))
        return failed({ErrorCode::InvalidInput,
                       CellModelsText::tr("The query has no column %1 to learn: name it by input_label_cols.")
                               .arg(training.target)
                           + u' ' + suggestName(training.target, names),
                       {}});
    QStringList wanted{training.target};
    for (const QString &name : std::as_const(names)) {
        const bool isFeature = name.compare(training.target, Qt::CaseInsensitive) != 0
            && name.compare(options->splitColumn, Qt::CaseInsensitive) != 0;
        if (isFeature)
            training.features += name;
    }
    wanted += training.features;
    QString rows = QString::fromUtf8(query->text.text());
    if (options->split == ModelOptions::SplitMethod::Custom)
        wanted += options->splitColumn;
    else if (options->split == ModelOptions::SplitMethod::Sequential)
        rows = QStringLiteral("SELECT * FROM (%1\n) ORDER BY %2").arg(rows, duckName(options->splitColumn));
    const Result<scoring::TrainingTable> table = tableOf(m_world.session, rows, query->columns, wanted, m_cancel);
    if (!table)
        return failed(table.error());
    return train(create, *options, *table);
}

Result<> CellRun::train(const CreateModel &create, const ModelOptions &options, const scoring::TrainingTable &table)
{
    const auto failed = [&create](const Error &error) {
        return positionOf(error) || error.code == ErrorCode::Cancelled
            ? error
            : errorAt(create.model.position, error.message, error.code);
    };
    const Result<scoring::Split> split = splitOf(table, options);
    if (!split)
        return failed(split.error());
    Result<scoring::TrainedPipeline> trained = scoring::trainLinear(table, split->train, options.training, m_cancel);
    if (!trained)
        return failed(trained.error());
    const auto model = scoring::LinearPipelineModel::make(trained->pipeline);
    if (!model)
        return failed(model.error());
    const Result<scoring::Evaluated> train = scoring::evaluateModel(**model, table, split->train);
    if (!train)
        return failed(train.error());
    std::optional<scoring::Evaluated> test;
    if (!split->test.empty()) {
        Result<scoring::Evaluated> measured = scoring::evaluateModel(**model, table, split->test);
        if (!measured)
            return failed(measured.error());
        test = *std::move(measured);
    }
    KernelModel made{create.model.name, *model, CellModelsText::tr("trained here")};
    made.featureInfo = featureTable(table, options.training.features, split->train);
    made.evaluated = std::make_shared<const scoring::Evaluated>(test ? *test : *train);
    for (const QString &warning : std::as_const(trained->report.warnings))
        m_outputs.warning(warning + u'\n');
    const Result<QString> measured = ModelTables(made).measured(QStringLiteral("EVALUATE"), {}, m_world.session);
    if (!measured)
        return failed(measured.error());
    const QString sql = QStringLiteral("SELECT %1 AS training_rows, %2 AS evaluation_rows, %3 AS iterations, * FROM ")
                            .arg(split->train.size())
                            .arg(split->test.size())
                            .arg(trained->report.iterations)
        + *measured;
    const Result<QList<DuckColumn>> columns = m_world.session.describe(sql);
    if (!columns)
        return failed(columns.error());
    const Result<ShownTable> shown = show(sql, *columns, false);
    if (!shown)
        return failed(shown.error());
    m_outputs.table(*shown);

    scoring::CardMaterial material{*trained, options.training, table, split->train, *train, test ? &*test : nullptr};
    const int rows = table.rows();
    material.split = {.testShare = rows > 0 ? double(split->test.size()) / rows : 0,
                      .seed = options.seed,
                      .trainRows = int(split->train.size()),
                      .testRows = int(split->test.size())};
    material.origin = originOf(m_cell, create, m_world.context);
    return take(create, std::move(made), makeCard(material));
}

Result<> CellRun::take(const CreateModel &create, KernelModel made, scoring::ModelCard card)
{
    if (create.isTemporary || !m_world.models.keeps())
        return m_world.models.add(create.model, std::move(made), true);
    const Result<KernelModel> kept = m_world.models.keep(create.model, std::move(made), std::move(card));
    if (!kept)
        return kept.error();
    m_outputs.text(CellModelsText::tr("Kept as version %1 of %2.").arg(kept->kept->version).arg(kept->name) + u'\n');
    return {};
}

} // namespace engine
