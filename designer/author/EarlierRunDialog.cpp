#include "designer/author/EarlierRunDialog.h"

#include "designer/author/MockedActivities.h"
#include "designer/monitor/MonitorTable.h"
#include "designer/monitor/Now.h"
#include "designer/monitor/RunListFilter.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/Format.h"
#include "designer/widgets/StatusLook.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QStandardItemModel>
#include <QTableView>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

constexpr int lookRole = Qt::UserRole + 1;
constexpr int mostRuns = 100;

QStandardItem *cell(const QString &text)
{
    auto *const item = new QStandardItem(text);
    item->setEditable(false);
    return item;
}

} // namespace

EarlierRunDialog::EarlierRunDialog(Workbench &workbench, const QString &pipeline, QString activity, QWidget *parent)
    : Dialog(parent)
    , m_workbench(workbench)
    , m_activity(std::move(activity))
    , m_model(new QStandardItemModel(this))
    , m_view(new QTableView)
    , m_which(new QComboBox)
    , m_note(label({}, "secondary"))
    , m_take(primaryButton(QStringLiteral("earlierTake"),
                           tr("Fill in"),
                           QStringLiteral("check"),
                           tr("Take how the activities ended in the chosen run")))
{
    setObjectName(QStringLiteral("earlierRunDialog"));
    setWindowTitle(tr("From an earlier run"));
    resize(scaled(640), scaled(460));
    m_model->setHorizontalHeaderLabels({tr("Started"), tr("Status"), tr("Duration"), tr("Kind"), tr("Run")});
    name(m_view, QStringLiteral("earlierRuns"), tr("Earlier runs"), tr("Enter fills in from the chosen run"));
    m_view->setModel(m_model);
    dressTable(m_view, lookRole, {});
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    const QList<int> widths{150, 124, 100, 90};
    for (int column = 0; column < widths.size(); ++column)
        m_view->setColumnWidth(column, scaled(widths.at(column)));
    name(m_which, QStringLiteral("earlierWhich"), tr("Activities"), tr("Which activities are filled in"));
    m_which->addItem(tr("All activities that ended in that run"), QString());
    if (!m_activity.isEmpty())
        m_which->addItem(fontMetrics().elidedText(tr("Only %1").arg(m_activity), Qt::ElideMiddle, scaled(420)),
                         m_activity);
    m_note->setObjectName(QStringLiteral("earlierNote"));
    m_note->setWordWrap(true);
    QPushButton *const cancel =
        pushButton(QStringLiteral("earlierCancel"), tr("Cancel"), {}, tr("Close and fill in nothing"));
    auto *const buttons = new QHBoxLayout;
    buttons->addWidget(m_which);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_take);
    m_take->setDefault(true);
    m_take->setEnabled(false);
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(20, 20, 20, 16);
    column->setSpacing(10);
    QLabel *const heading = titleLabel(tr("Earlier runs of %1").arg(pipeline));
    heading->setWordWrap(true);
    column->addWidget(heading);
    column->addWidget(m_view, 1);
    column->addWidget(m_note);
    column->addLayout(buttons);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_take, &QPushButton::clicked, this, &EarlierRunDialog::takeChosen);
    connect(m_view, &QTableView::activated, this, &EarlierRunDialog::takeChosen);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        m_take->setEnabled(m_view->currentIndex().isValid());
    });
    askForRuns(pipeline);
}

QString EarlierRunDialog::only() const { return m_which->currentData().toString(); }

QString EarlierRunDialog::when() const
{
    const int row = m_view->currentIndex().row();
    return row >= 0 ? m_model->index(row, 0).data().toString() : QString();
}

void EarlierRunDialog::say(const QString &text)
{
    m_note->setText(text);
    m_note->setVisible(!text.isEmpty());
}

void EarlierRunDialog::askForRuns(const QString &pipeline)
{
    say(tr("Looking for runs…"));
    const Json wish{{"factory", toStdString(m_workbench.factory().text())},
                    {"pipelines", Json::array({toStdString(pipeline)})},
                    {"debug", "all"},
                    {"orderBy", "start"},
                    {"order", "desc"},
                    {"limit", mostRuns}};
    m_workbench.engine().post(QStringLiteral("/slipway/v1/runs/query"), wish, this, [this](const Result<Json> &answer) {
        if (answer)
            show(*answer);
        else
            say(tr("The runs could not be read: %1").arg(answer.error().message));
    });
}

void EarlierRunDialog::show(const Json &answer)
{
    const Json &runs = memberAt(answer, "value");
    for (const Json &json : runs.is_array() ? runs : Json::array()) {
        const RunRecord run = runRecordFromJson(json);
        m_runs.append(run);
        QStandardItem *const status = cell(statusLook(run.status).word);
        status->setData(QVariant::fromValue(statusLook(run.status)), lookRole);
        m_model->appendRow({cell(timeText(run.start.value_or(run.queuedAt), m_workbench.zone())),
                            status,
                            cell(run.start ? durationText(durationOf(run, now())) : QStringLiteral("—")),
                            cell(run.version < 0 ? tr("Debug") : tr("Version %1").arg(run.version)),
                            cell(run.id.text())});
    }
    say(m_runs.isEmpty() ? tr("This pipeline did not run yet. Debug it once, or fill in from a file.") : QString());
    if (!m_runs.isEmpty())
        m_view->setCurrentIndex(m_model->index(0, 0));
    m_view->setFocus();
}

void EarlierRunDialog::takeChosen()
{
    const int row = m_view->currentIndex().row();
    if (row < 0 || row >= m_runs.size())
        return;
    say(tr("Reading the run…"));
    const QString route = QStringLiteral("/slipway/v1/runs/%1/activityrecords").arg(m_runs.at(row).id.text());
    m_workbench.engine().get(route, this, [this, request = ++m_request](const Result<Json> &answer) {
        if (request != m_request)
            return; // another one was chosen meanwhile
        if (!answer)
            return say(tr("The run could not be read: %1").arg(answer.error().message));
        m_outcomes = outcomesOf(*answer);
        if (m_outcomes.empty())
            return say(tr("No activity of this run has ended; choose another one."));
        accept();
    });
}

} // namespace designer

#include "moc_EarlierRunDialog.cpp"
