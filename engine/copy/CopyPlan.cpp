#include "engine/copy/CopyPlan.h"

#include "engine/copy/FileSourcePlan.h"
#include "engine/copy/QueryPlan.h"
#include "engine/copy/SinkPlan.h"
#include "engine/model/DatasetReader.h"
#include "engine/model/LegacyDataset.h"
#include "engine/model/ResolvedEntities.h"

#include <QCoreApplication>
#include <QDir>

#include <algorithm>

namespace engine {
namespace {

class CopyPlanner
{
    Q_DECLARE_TR_FUNCTIONS(engine::CopyPlan)

public:
    CopyPlanner(
        const Factory &factory, const Pipeline &pipeline, const Activity &activity, const QString &folder, Instant now)
        : m_factory(factory)
        , m_pipeline(pipeline)
        , m_activity(activity)
        , m_folder(folder)
        , m_now(now)
    {
    }

    Result<CopyPlan> plan();

private:
    using Step = std::optional<Error>;

    Step planSource(const CopyActivity &copy);
    Step planQuerySource(const CopyActivity &copy);
    Step planAround(const CopyActivity &copy);
    Step planBinary(const CopyActivity &copy);
    Step planRows(const CopyActivity &copy);
    Step planSink(const CopyActivity &copy);
    Step planSkipping(const CopyActivity &copy);
    Step planLogPlace(const Json &settings, const QString &property);

    Result<Dataset> findDataset(const QString &name, const Json &parameters, const char *list) const;

    Error invalid(const QString &where, const QString &message) const
    {
        return {ErrorCode::InvalidInput, message, where};
    }
    Error unsupported(const QString &where, const QString &message) const
    {
        return {ErrorCode::Unsupported, message, where};
    }
    CopyActivity modern(const CopyActivity &written) const;
    QString place(const QString &property) const;

    const Factory &m_factory;
    const Pipeline &m_pipeline;
    const Activity &m_activity;
    QString m_folder;
    Instant m_now;
    CopyPlan m_plan;
};

bool isBinary(const CopyActivity &copy)
{
    return stringAt(copy.source, "type").compare(u"BinarySource", Qt::CaseInsensitive) == 0
        || stringAt(copy.sink, "type").compare(u"BinarySink", Qt::CaseInsensitive) == 0;
}

QString CopyPlanner::place(const QString &property) const
{
    QString path = m_activity.name;
    visitActivities(m_pipeline, [&](const Activity &activity, const QString &at) {
        if (activity.name == m_activity.name)
            path = at;
    });
    return QStringLiteral("%1: %2.%3").arg(m_pipeline.file, path, property);
}

Result<Dataset> CopyPlanner::findDataset(const QString &name, const Json &parameters, const char *list) const
{
    if (name.isEmpty())
        return invalid(place(QString::fromLatin1(list)),
                       tr("The copy “%1” names no dataset in “%2”.").arg(m_activity.name, QString::fromLatin1(list)));
    Result<Dataset> dataset = resolveDataset(m_factory, name, parameters, m_now);
    if (!dataset && dataset.error().code == ErrorCode::NotFound)
        return invalid(place(QString::fromLatin1(list)), dataset.error().message);
    return dataset ? Result<Dataset>(modernDataset(*dataset)) : dataset;
}

// As it is written today. What names no dataset is said later.
CopyActivity CopyPlanner::modern(const CopyActivity &written) const
{
    const auto input = resolveDataset(m_factory, written.input, written.inputParameters, m_now);
    const auto output = resolveDataset(m_factory, written.output, written.outputParameters, m_now);
    return modernCopy(written, input ? &*input : nullptr, output ? &*output : nullptr);
}

Result<CopyPlan> CopyPlanner::plan()
{
    const auto *written = std::get_if<CopyActivity>(&m_activity.typeProperties);
    if (!written)
        return invalid(place(QStringLiteral("type")), tr("“%1” is no Copy activity.").arg(m_activity.name));
    const CopyActivity today = modern(*written);
    const CopyActivity *const copy = &today;
    if (auto error = planSkipping(*copy))
        return *error;
    if (auto error = isBinary(*copy) ? planBinary(*copy) : planRows(*copy))
        return *error;
    const auto translation = planTranslator(copy->translator, place(QStringLiteral("typeProperties.translator")));
    if (!translation)
        return translation.error();
    static_cast<Translation &>(m_plan) = *translation;
    if (auto *json = std::get_if<JsonFileSource>(&m_plan.source))
        describeRows(*json, *translation);
    const Json allowEmpty = m_factory.option(m_pipeline.name, m_activity.name, "allowEmptySource");
    m_plan.allowEmptySource = allowEmpty.is_boolean() && allowEmpty.get<bool>();
    return m_plan;
}

CopyPlanner::Step CopyPlanner::planRows(const CopyActivity &copy)
{
    if (auto error = planSource(copy))
        return error;
    if (auto error = planAround(copy))
        return error;
    return planSink(copy);
}

// Files as they are: the two sides are planned together.
CopyPlanner::Step CopyPlanner::planBinary(const CopyActivity &copy)
{
    const auto input = findDataset(copy.input, copy.inputParameters, "inputs");
    if (!input)
        return input.error();
    const auto output = findDataset(copy.output, copy.outputParameters, "outputs");
    if (!output)
        return output.error();
    const auto from = findBinding(m_factory, *input);
    if (!from)
        return from.error();
    const auto to = findBinding(m_factory, *output);
    if (!to)
        return to.error();
    const auto planned = planBinaryCopy({copy.source, place(QStringLiteral("typeProperties.source")), *input, *from},
                                        {copy.sink, place(QStringLiteral("typeProperties.sink")), *output, *to},
                                        copy.settings,
                                        m_folder);
    if (!planned)
        return planned.error();
    m_plan.source = planned->source;
    m_plan.sink = planned->sink;
    m_plan.sourceService = entityNamed(m_factory.linkedServices, input->linkedService)->type;
    m_plan.sinkService = entityNamed(m_factory.linkedServices, output->linkedService)->type;
    if (auto error = planAround(copy))
        return error;
    if (!m_plan.additional.columns.isEmpty())
        return unsupported(place(QStringLiteral("typeProperties.source.additionalColumns")),
                           tr("Files that are copied as they are have no columns to add to."));
    m_plan.additional.partitionRoot.reset();
    return {};
}

CopyPlanner::Step CopyPlanner::planSource(const CopyActivity &copy)
{
    const QString where = place(QStringLiteral("typeProperties.source"));
    const QString type = stringAt(copy.source, "type");
    const bool isQuery = tableSourceTypes().contains(type, Qt::CaseInsensitive);
    if (!isQuery && !fileSourceTypes().contains(type, Qt::CaseInsensitive))
        return unsupported(where + QStringLiteral(".type"),
                           tr("A copy from a “%1” is not possible; it can be one of: %2.")
                               .arg(type, (fileSourceTypes() + tableSourceTypes()).join(QStringLiteral(", "))));
    if (isQuery)
        return planQuerySource(copy);
    const auto dataset = findDataset(copy.input, copy.inputParameters, "inputs");
    if (!dataset)
        return dataset.error();
    const auto binding = findBinding(m_factory, *dataset);
    if (!binding)
        return binding.error();
    auto source = planFileSource(copy.source, where, *dataset, *binding, m_folder);
    if (!source)
        return source.error();
    std::visit([this](auto &described) { m_plan.source = std::move(described); }, *source);
    m_plan.sourceService = entityNamed(m_factory.linkedServices, dataset->linkedService)->type;
    return {};
}

// What a copy does around the rows of any source.
CopyPlanner::Step CopyPlanner::planAround(const CopyActivity &copy)
{
    const std::optional<FileSet> files = filesOf(m_plan.source);
    const auto additional = planAdditionalColumns(copy.source, place(QStringLiteral("typeProperties.source")), files);
    if (!additional)
        return additional.error();
    m_plan.additional = *additional;
    const Json &store = memberAt(copy.source, "storeSettings");
    m_plan.deleteSourceFiles = files && boolAt(store, "deleteFilesAfterCompletion");
    m_plan.validateConsistency = boolAt(copy.settings, "validateDataConsistency");
    return {};
}

CopyPlanner::Step CopyPlanner::planQuerySource(const CopyActivity &copy)
{
    const auto dataset = findDataset(copy.input, copy.inputParameters, "inputs");
    if (!dataset)
        return dataset.error();
    const auto binding = findBinding(m_factory, *dataset);
    if (!binding)
        return binding.error();
    auto source = planQuery(copy.source, place(QStringLiteral("typeProperties.source")), *dataset, *binding, m_folder);
    if (!source)
        return source.error();
    m_plan.sourceService = entityNamed(m_factory.linkedServices, dataset->linkedService)->type;
    if (auto *const postgres = std::get_if<PostgresQuerySource>(&*source); postgres != nullptr && postgres->parts) {
        const qint64 wanted = intAt(copy.settings, "parallelCopies", PostgresParts::usualReaders);
        postgres->parts->readers = int(std::clamp<qint64>(wanted, 1, PostgresParts::mostReaders));
    }
    m_plan.source = *std::move(source);
    return {};
}

CopyPlanner::Step CopyPlanner::planSink(const CopyActivity &copy)
{
    const auto found = findDataset(copy.output, copy.outputParameters, "outputs");
    if (!found)
        return found.error();
    const Dataset &dataset = *found;
    const auto binding = findBinding(m_factory, dataset);
    if (!binding)
        return binding.error();
    const QString where = place(QStringLiteral("typeProperties.sink"));
    m_plan.sinkService = entityNamed(m_factory.linkedServices, dataset.linkedService)->type;
    if (fileSinkTypes().contains(stringAt(copy.sink, "type"), Qt::CaseInsensitive)) {
        const auto files = planRowFileSink({copy.sink, where, dataset, *binding, m_folder, filesOf(m_plan.source)});
        if (!files)
            return files.error();
        std::visit([this](const auto &sink) { m_plan.sink = sink; }, *files);
        return {};
    }
    auto planned = planTableSink(copy.sink, where, dataset, *binding, m_folder);
    if (!planned)
        return planned.error();
    m_plan.sink = std::move(planned->sink);
    m_plan.preCopyScript = planned->preCopyScript;
    m_plan.retry = planned->retry;
    return {};
}

// enableSkipIncompatibleRow, and where Data Factory writes the rows down: logSettings, the older logStorageSettings, or
// the oldest redirectIncompatibleRowSettings.
CopyPlanner::Step CopyPlanner::planSkipping(const CopyActivity &copy)
{
    SkipRules &skip = m_plan.skip;
    skip.isOn = boolAt(copy.settings, "enableSkipIncompatibleRow");
    if (!skip.isOn)
        return {};
    const Json most = m_factory.option(m_pipeline.name, m_activity.name, "maxErrors");
    if (most.is_number_integer())
        skip.maxErrors = most.get<qint64>();
    const Json percent = m_factory.option(m_pipeline.name, m_activity.name, "maxErrorPercent");
    if (percent.is_number())
        skip.maxErrorPercent = percent.get<double>();
    const Json &log = memberAt(copy.settings, "logSettings");
    const bool isLogged = !log.is_object() || boolAt(log, "enableCopyActivityLog", true);
    if (const Json &place = memberAt(log, "logLocationSettings"); place.is_object() && isLogged) {
        skip.log = SkipRules::Log::Activity;
        return planLogPlace(place, QStringLiteral("logSettings.logLocationSettings"));
    }
    if (const Json &place = memberAt(copy.settings, "logStorageSettings"); place.is_object()) {
        skip.log = SkipRules::Log::Activity;
        return planLogPlace(place, QStringLiteral("logStorageSettings"));
    }
    if (const Json &place = memberAt(copy.settings, "redirectIncompatibleRowSettings"); place.is_object()) {
        skip.log = SkipRules::Log::Redirect;
        return planLogPlace(place, QStringLiteral("redirectIncompatibleRowSettings"));
    }
    return {};
}

// {"linkedServiceName": {"referenceName": …} or "…", "path": "container/folder"}
CopyPlanner::Step CopyPlanner::planLogPlace(const Json &settings, const QString &property)
{
    const QString where = place(QStringLiteral("typeProperties.") + property);
    const Json &reference = memberAt(settings, "linkedServiceName");
    const QString service =
        reference.is_string() ? toQString(reference.get<std::string>()) : stringAt(reference, "referenceName");
    const std::optional<Binding> binding = m_factory.bindings.find(service);
    const auto *folder = binding ? std::get_if<FolderBinding>(&*binding) : nullptr;
    if (!folder)
        return invalid(
            where + QStringLiteral(".linkedServiceName"),
            tr("The log of rows left out needs a linked service that is bound to a folder; “%1” is not.").arg(service));
    m_plan.skip.root = QDir::cleanPath(QDir(m_folder).absoluteFilePath(folder->root));
    m_plan.skip.path = textAt(settings, "path");
    const QStringList parts = m_plan.skip.path.split(u'/', Qt::SkipEmptyParts);
    if (parts.contains(QStringLiteral("..")))
        return invalid(where + QStringLiteral(".path"),
                       tr("“%1” leads out of the folder of its store.").arg(m_plan.skip.path));
    m_plan.skip.path = parts.join(u'/');
    return {};
}

} // namespace

std::optional<FileSet> filesOf(const CopySource &source)
{
    return std::visit(
        [](const auto &described) -> std::optional<FileSet> {
            if constexpr (requires { described.files; })
                return described.files;
            else
                return std::nullopt;
        },
        source);
}

Result<CopyPlan>
planCopy(const Factory &factory, const Pipeline &pipeline, const Activity &activity, const QString &folder, Instant now)
{
    return CopyPlanner(factory, pipeline, activity, folder, now).plan();
}

} // namespace engine
