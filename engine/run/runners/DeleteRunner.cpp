#include "engine/run/runners/DeleteRunner.h"

#include <QCoreApplication>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct DeleteRunnerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::DeleteRunner)
};

const QString failed = QStringLiteral("UserErrorDeleteFailed");
constexpr int shownFailures = 20;

// A field of the log, which no spreadsheet takes for a formula.
QByteArray logField(QString text)
{
    if (!text.isEmpty() && QStringLiteral("=+-@\t\r").contains(text.front()))
        text.prepend(u'\'');
    if (text.contains(u'"') || text.contains(u',') || text.contains(u'\n') || text.contains(u'\r'))
        text = u'"' + text.replace(u'"', QStringLiteral("\"\"")) + u'"';
    return text.toUtf8();
}

class Deletion
{
public:
    Deletion(const DeletePlan &plan, const BoundFolder &folder, const CancelToken &cancel)
        : m_plan(plan)
        , m_folder(folder)
        , m_cancel(cancel)
    {
    }

    Result<> run(bool mayBeGone);
    ActivityOutcome outcome(const QString &logName) const;

private:
    Result<> removeTree(const QString &path, bool keepsItself);
    void remove(const QString &path, bool isFolder);
    Result<QString> writeLog(const QString &name) const;

    const DeletePlan &m_plan;
    const BoundFolder &m_folder;
    const CancelToken &m_cancel;
    QByteArray m_log = "Name,Category,Status,Error\n";
    QStringList m_failures;
    qint64 m_failed = 0;
    qint64 m_files = 0;
    qint64 m_folders = 0;
};

void Deletion::remove(const QString &path, bool isFolder)
{
    const Result<> removed = isFolder ? m_folder.removeFolder(path) : m_folder.removeFile(path);
    const bool isGone = !removed && removed.error().code == ErrorCode::NotFound; // somebody else was faster
    const bool isDeleted = removed || isGone;
    m_log += logField(path) + (isFolder ? ",Folder," : ",File,") + (isDeleted ? "Deleted," : "Failed,")
        + (isDeleted ? QByteArray() : logField(removed.error().message)) + '\n';
    if (!isDeleted) {
        ++m_failed;
        if (m_failures.size() < shownFailures)
            m_failures.append(removed.error().message);
    } else {
        ++(isFolder ? m_folders : m_files);
    }
}

// Files first, then the folders from the bottom up.
Result<> Deletion::removeTree(const QString &path, bool keepsItself)
{
    const auto entries = m_folder.list(path, m_cancel, BoundFolder::Links::All);
    if (!entries)
        return entries.error();
    const qint64 failedBefore = m_failed;
    for (const BoundFolder::Entry &entry : *entries) {
        if (m_cancel.isCancelled())
            return Error{ErrorCode::Cancelled, {}, {}};
        if (!entry.isFolder || entry.isLink) {
            remove(entry.path, false);
        } else if (const Result<> below = removeTree(entry.path, false); !below) {
            return below;
        }
    }
    if (!keepsItself && m_failed == failedBefore)
        remove(path, true);
    return {};
}

Result<> Deletion::run(bool mayBeGone)
{
    if (!m_plan.choice.isFiltered()) {
        // A link is deleted itself: what it leads to belongs to somebody else.
        const bool isWholeStore = m_plan.place.path == m_plan.place.container;
        const Result<bool> link = isWholeStore ? Result<bool>(false) : m_folder.isLink(m_plan.place.path);
        if (!link)
            return link.error();
        if (*link) {
            remove(m_plan.place.path, false);
            return {};
        }
        const auto found = m_folder.find(m_plan.place.path);
        if (!found)
            return found.error();
        const bool isThere = *found && (m_plan.place.fileName.isEmpty() || !(*found)->isFolder);
        if (!isThere && mayBeGone)
            return {};
        if (!isThere)
            return Error{ErrorCode::NotFound,
                         DeleteRunnerText::tr("There is no “%1” in the folder %2, so nothing was deleted. Ask with a "
                                              "Get Metadata activity whether it exists when it may be missing.")
                             .arg(m_plan.place.path, m_plan.place.root),
                         m_plan.place.path};
        if (!(*found)->isFolder) {
            remove(m_plan.place.path, false);
            return {};
        }
        if (m_plan.choice.recursive)
            return removeTree(m_plan.place.path, isWholeStore);
    }
    FileChoice choice = m_plan.choice;
    choice.missing = mayBeGone ? FileChoice::Missing::LeftOut : FileChoice::Missing::Refused;
    const auto files = findFiles(m_folder, choice, m_cancel);
    if (!files && files.error().code == ErrorCode::NotFound && mayBeGone)
        return {};
    if (!files)
        return files.error();
    for (const BoundFolder::Entry &file : *files) {
        if (m_cancel.isCancelled())
            return Error{ErrorCode::Cancelled, {}, {}};
        remove(file.path, false);
    }
    return {};
}

Result<QString> Deletion::writeLog(const QString &name) const
{
    const auto folder = BoundFolder::open(m_plan.log->root);
    if (!folder)
        return folder.error();
    const QString path = m_plan.log->path.isEmpty() ? name : QString(m_plan.log->path + u'/' + name);
    if (const Result<> made = folder->makeFolder(path.section(u'/', 0, -2)); !made)
        return made.error();
    if (const Result<> written = folder->writeFile(path, m_log); !written)
        return written.error();
    return path;
}

ActivityOutcome Deletion::outcome(const QString &logName) const
{
    Json output = {{"datasetName", toStdString(m_plan.dataset)},
                   {"type", toStdString(m_plan.type)},
                   {"path", toStdString(m_plan.place.path)},
                   {"recursive", m_plan.choice.recursive},
                   {"isWildcardUsed", m_plan.choice.isFiltered()},
                   {"filesDeleted", m_files},
                   {"foldersDeleted", m_folders}};
    std::optional<Error> unlogged;
    if (m_plan.log) {
        const Result<QString> written = writeLog(logName);
        if (written)
            output["logPath"] = toStdString(*written);
        else
            unlogged = written.error();
    }
    if (m_failed == 0 && !unlogged)
        return succeededWith(std::move(output));
    ActivityOutcome outcome = unlogged && m_failed == 0
        ? failedWith(QStringLiteral("UserErrorDeleteLogFailed"), *unlogged)
        : failedWith(failed,
                     {ErrorCode::Io,
                      DeleteRunnerText::tr("%1 items could not be deleted, %2 files were. The first: %3")
                          .arg(m_failed)
                          .arg(m_files)
                          .arg(m_failures.value(0)),
                      m_plan.place.path});
    Json failures = Json::array();
    for (const QString &failure : m_failures)
        failures.push_back(toStdString(failure));
    outcome.error.details["failures"] = failures;
    outcome.output = succeededWith(std::move(output)).output;
    return outcome;
}

} // namespace

Result<DeletePlan> planDelete(const ActivityTask &task)
{
    const Json &properties = typePropertiesOf(*task.activity);
    const auto dataset = planDatasetPlace(task, memberAt(properties, "dataset"));
    if (!dataset)
        return dataset.error();
    const auto *place = std::get_if<FilePlace>(&dataset->place);
    if (!place)
        return unsupportedProperty(task,
                                   QStringLiteral("typeProperties.dataset"),
                                   DeleteRunnerText::tr("The dataset “%1” is a table: Delete removes files. Use a "
                                                        "Script activity for rows.")
                                       .arg(dataset->dataset.name));
    // Older files say "recursive" of the activity itself.
    Json settings = memberAt(properties, "storeSettings");
    if (!settings.is_object())
        settings = Json::object();
    if (!settings.contains("recursive") && properties.contains("recursive"))
        settings["recursive"] = memberAt(properties, "recursive");
    const auto choice = planFileChoice(task, *place, settings);
    if (!choice)
        return choice.error();
    DeletePlan plan{*place, *choice, dataset->dataset.name, dataset->dataset.type, {}};
    if (!boolAt(properties, "enableLogging"))
        return plan;
    const QString property = QStringLiteral("typeProperties.logStorageSettings");
    const auto log = planFolderSetting(task, memberAt(properties, "logStorageSettings"), property);
    if (!log)
        return log.error();
    plan.log = *log;
    return plan;
}

Result<PooledRunner::Work> DeleteRunner::plan(const ActivityTask &task) const
{
    const Result<DeletePlan> planned = planDelete(task);
    if (!planned)
        return planned.error();
    const QString logName =
        QStringLiteral("%1/%2-%3.csv").arg(task.run.text(), task.activityRun.text()).arg(task.attempt);
    return Work([plan = *planned, logName, mayBeGone = task.attempt > 1](const CancelToken &cancel) {
        const auto folder = BoundFolder::open(plan.place.root);
        if (!folder)
            return failedWith(failed, folder.error());
        Deletion deletion(plan, *folder, cancel);
        if (const Result<> ran = deletion.run(mayBeGone); !ran)
            return failedWith(ran.error().code == ErrorCode::NotFound ? QStringLiteral("UserErrorFileNotFound")
                                                                      : failed,
                              ran.error());
        return deletion.outcome(logName);
    });
}

} // namespace engine
