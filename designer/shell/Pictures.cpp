#include "designer/shell/Pictures.h"

#include "designer/document/FactoryDocument.h"
#include "designer/models/ModelListModel.h"
#include "designer/monitor/RunTableModel.h"
#include "designer/shell/MainWindow.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/StatusLook.h"

#include <QCoreApplication>
#include <QDir>
#include <QKeyEvent>
#include <QPixmap>
#include <QTableView>
#include <QTimer>

namespace designer {

using namespace engine;

namespace {

constexpr int settleMs = 1500; // data come from the engine, code is coloured

} // namespace

Pictures::Pictures(MainWindow &window, Workbench &workbench, QString folder, QObject *parent)
    : QObject(parent)
    , m_window(window)
    , m_workbench(workbench)
    , m_folder(std::move(folder))
{
}

void Pictures::start()
{
    if (!m_workbench.document() || m_workbench.publishedVersion() == 0 || !m_workbench.engine().isRunning()) {
        QTimer::singleShot(200, this, &Pictures::start);
        return;
    }
    QDir().mkpath(m_folder);
    m_shots.append({QStringLiteral("home"), {}});
    for (const Pipeline &pipeline : m_workbench.document()->factory().pipelines) {
        for (qsizetype at = 0; at < pipeline.activities.size(); ++at) {
            if (std::holds_alternative<CopyActivity>(pipeline.activities.at(at).typeProperties)) {
                const QString where = QStringLiteral("activities[%1].typeProperties.translator").arg(at);
                m_shots.append(
                    {QStringLiteral("author"), entityLink(QStringLiteral("pipeline/") + pipeline.name, where)});
                findRuns();
                return;
            }
        }
    }
    findRuns();
}

void Pictures::findModel()
{
    ++m_asked;
    m_workbench.engine().get(QStringLiteral("/slipway/v1/models"), this, [this](const Result<Json> &answer) {
        const QList<ModelRow> models = answer ? modelRows(*answer) : QList<ModelRow>();
        if (!models.isEmpty()) {
            Link link;
            link.kind = Link::Kind::Models;
            link.entity = models.first().key;
            link.detail = QString::number(models.first().version);
            m_shots.append({QStringLiteral("model"), link});
        }
        answered();
    });
}

void Pictures::answered()
{
    if (--m_asked == 0)
        next();
}

void Pictures::findRuns()
{
    Link monitor;
    monitor.kind = Link::Kind::Monitor;
    m_shots.append({QStringLiteral("runs"), monitor});
    ++m_asked;
    m_workbench.engine().post(
        QStringLiteral("/slipway/v1/runs/query"), Json{{"limit", 50}}, this, [this](const Result<Json> &answer) {
            bool hasFailed = false;
            bool hasSucceeded = false;
            if (answer) {
                for (const Json &run : memberAt(*answer, "value")) {
                    const RunRecord record = runRecordFromJson(run);
                    if (record.status == RunStatus::Failed && !std::exchange(hasFailed, true))
                        findActivity(record.id.text(), QStringLiteral("Notebook"), QStringLiteral("notebook-run"));
                    if (record.status == RunStatus::Succeeded && record.pipeline.contains(u"Publish")
                        && !std::exchange(hasSucceeded, true)) {
                        m_shots.append({QStringLiteral("run"), runLink(record.id.text())});
                        findActivity(record.id.text(), QStringLiteral("Copy"), QStringLiteral("copy-run"));
                    }
                }
            }
            answered();
        });
    findModel();
}

void Pictures::findActivity(const QString &run, const QString &type, const QString &name)
{
    ++m_asked;
    m_workbench.engine().get(QStringLiteral("/slipway/v1/runs/%1/activityrecords").arg(run),
                             this,
                             [this, run, type, name](const Result<Json> &answer) {
                                 if (answer) {
                                     for (const Json &activity : memberAt(*answer, "value")) {
                                         if (stringAt(activity, "type").contains(type)) {
                                             m_shots.append({name, activityLink(run, stringAt(activity, "path"))});
                                             break;
                                         }
                                     }
                                 }
                                 answered();
                             });
}

void Pictures::next()
{
    if (++m_at >= m_shots.size()) {
        if (std::exchange(m_isDark, true)) {
            emit finished(m_allMade && m_shots.size() >= 7);
            return;
        }
        applyTheme(Theme::dark());
        m_at = 0;
    }
    m_workbench.go(m_shots.at(m_at).link);
    QTimer::singleShot(settleMs, this, &Pictures::prepare);
}

// The list of runs is shown with one selected, as it is when somebody looks for what failed.
void Pictures::prepare()
{
    auto *const table = m_window.findChild<QTableView *>(QStringLiteral("runTable"));
    if (m_shots.at(m_at).name != u"runs" || m_isDark || !table) {
        grab();
        return;
    }
    const QString failed = statusLook(RunStatus::Failed).word;
    for (int row = 0; row < table->model()->rowCount(); ++row) {
        if (table->model()->index(row, RunTableModel::Status).data() != failed)
            continue;
        table->setCurrentIndex(table->model()->index(row, RunTableModel::Pipeline));
        QKeyEvent check(QEvent::KeyPress, Qt::Key_Space, Qt::NoModifier);
        QCoreApplication::sendEvent(table, &check);
        break;
    }
    QTimer::singleShot(settleMs, this, &Pictures::grab);
}

void Pictures::grab()
{
    if (QWidget *const focused = m_window.focusWidget())
        focused->clearFocus(); // nobody types here
    const QString path = m_folder + u'/' + m_shots.at(m_at).name
        + (m_isDark ? QStringLiteral("-dark.png") : QStringLiteral("-light.png"));
    m_allMade = m_window.grab().save(path) && m_allMade;
    next();
}

} // namespace designer

#include "moc_Pictures.cpp"
