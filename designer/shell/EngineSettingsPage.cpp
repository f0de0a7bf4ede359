#include "designer/shell/EngineSettingsPage.h"

#include "designer/shell/Theme.h"
#include "designer/shell/WindowSettings.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QTimer>

namespace designer {

using namespace engine;

namespace {

const QString route = QStringLiteral("/slipway/v1/settings");
constexpr int soonMs = 500;
constexpr int slotsMost = 64;

QSpinBox *countBox(const QString &objectName, const QString &title, const QString &toolTip)
{
    auto *const box = new QSpinBox;
    name(box, objectName, title, toolTip);
    box->setRange(1, slotsMost);
    box->setMaximumWidth(scaled(90));
    box->setKeyboardTracking(false);
    return box;
}

} // namespace

EngineSettingsPage::EngineSettingsPage(Workbench &workbench)
    : SettingsForm(tr("Engine and notebooks"))
    , m_workbench(workbench)
    , m_starts(new QCheckBox(tr("Start the engine with the window")))
    , m_keeps(new QCheckBox(tr("Keep it running when the window closes")))
    , m_python(new QLineEdit)
    , m_browse(pushButton(QStringLiteral("browsePython"), tr("Browse…"), {}, tr("Chooses a Python on this machine")))
    , m_kernels(countBox(QStringLiteral("kernelsAtOnce"),
                         tr("Notebooks at once"),
                         tr("How many notebook kernels run at the same time; others wait")))
    , m_copies(countBox(QStringLiteral("copiesAtOnce"),
                        tr("Copies at once"),
                        tr("How many copies run at the same time; others wait")))
    , m_act(pushButton(QStringLiteral("settingsEngine"), tr("Restart"), {}, tr("Restarts the engine")))
    , m_soon(new QTimer(this))
{
    build();
    QSettings &settings = workbench.settings();
    m_starts->setChecked(choice::startsEngine(settings));
    m_keeps->setChecked(choice::keepsEngine(settings));
    connect(m_starts, &QCheckBox::toggled, this, [&settings](bool on) { choice::setStartsEngine(settings, on); });
    connect(m_keeps, &QCheckBox::toggled, this, [&settings](bool on) { choice::setKeepsEngine(settings, on); });
    m_soon->setSingleShot(true);
    m_soon->setInterval(soonMs);
    connect(m_soon, &QTimer::timeout, this, &EngineSettingsPage::save);
    connect(m_python, &QLineEdit::editingFinished, this, &EngineSettingsPage::save);
    for (QSpinBox *const box : {m_kernels, m_copies})
        connect(box, &QSpinBox::valueChanged, m_soon, qOverload<>(&QTimer::start));
    connect(m_browse, &QPushButton::clicked, this, &EngineSettingsPage::browse);
    connect(m_act, &QPushButton::clicked, this, [this] {
        if (m_workbench.engine().isRunning())
            m_workbench.engine().restart();
        else
            m_workbench.engine().start();
    });
    connect(&workbench.engine(), &EngineConnection::refused, this, &EngineSettingsPage::complain);
    connect(&workbench.engine(), &EngineConnection::stateChanged, this, &EngineSettingsPage::showState);
    connect(&workbench.engine(), &EngineConnection::caughtUp, this, &EngineSettingsPage::load);
    showState();
    load();
}

void EngineSettingsPage::build()
{
    name(m_starts,
         QStringLiteral("startEngineWithWindow"),
         m_starts->text(),
         tr("Without it, triggers do not fire and runs are not shown until you start it in Manage"));
    name(m_keeps,
         QStringLiteral("keepEngineRunning"),
         m_keeps->text(),
         tr("So that triggers fire while the window is closed; without a started trigger it ends by itself. Off: an "
            "engine "
            "that this window started ends with it and no trigger fires; runs under way keep it going"));
    addWidget(m_starts);
    addWidget(m_keeps);
    name(m_python,
         QStringLiteral("pythonOfNotebooks"),
         tr("Python of notebooks"),
         tr("The program that Python notebooks run in; it needs ipykernel"));
    auto *const row = new QWidget;
    auto *const line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(m_python, 1);
    line->addWidget(m_browse);
    addField(tr("Python of notebooks"), row);
    addField(tr("Notebooks at once"), m_kernels);
    addField(tr("Copies at once"), m_copies);
    m_problem = addText({}, "bad");
    m_problem->setObjectName(QStringLiteral("engineSettingsProblem"));
    m_problem->hide();
    m_note = addText({});
    m_note->setObjectName(QStringLiteral("engineSettingsNote"));
    addWidget(leftAligned(m_act));
}

void EngineSettingsPage::load()
{
    if (!m_workbench.engine().isRunning())
        return;
    m_workbench.engine().get(route, this, [this](const Result<Json> &answer) {
        if (!answer)
            complain(answer.error());
        else
            show(*answer);
    });
}

void EngineSettingsPage::show(const Json &settings)
{
    m_known = settings;
    const QSignalBlocker noKernels(m_kernels);
    const QSignalBlocker noCopies(m_copies);
    m_kernels->setValue(int(intAt(settings, "kernels", m_kernels->value())));
    m_copies->setValue(int(intAt(settings, "copies", m_copies->value())));
    if (!m_python->hasFocus() || !m_python->isModified())
        m_python->setText(stringAt(settings, "python"));
    m_problem->hide();
    setLook(m_python, "");
    showState();
}

void EngineSettingsPage::save()
{
    if (!m_workbench.engine().isRunning() || m_known.empty())
        return;
    Json changes = Json::object();
    if (m_kernels->value() != intAt(m_known, "kernels"))
        changes["kernels"] = m_kernels->value();
    if (m_copies->value() != intAt(m_known, "copies"))
        changes["copies"] = m_copies->value();
    if (m_python->text().trimmed() != stringAt(m_known, "python"))
        changes["python"] = toStdString(m_python->text().trimmed());
    if (changes == m_pending)
        return; // asked for already
    if (changes.empty()) {
        show(m_known); // what was wrong is as before again
        return;
    }
    m_pending = changes;
    m_workbench.engine().call("PUT", route, changes, this, [this](const Result<Json> &answer) {
        m_pending = nullptr;
        if (!answer) {
            complain(answer.error());
            return;
        }
        m_python->setModified(false);
        show(*answer);
    });
}

void EngineSettingsPage::complain(const Error &error)
{
    m_problem->setText(error.message);
    m_problem->show();
    setLook(m_python, error.where == u"python" ? "wrong" : "");
}

void EngineSettingsPage::showState()
{
    const bool isRunning = m_workbench.engine().isRunning();
    for (QWidget *const field : std::initializer_list<QWidget *>{m_python, m_browse, m_kernels, m_copies})
        field->setEnabled(isRunning && !m_known.empty());
    m_act->setText(isRunning ? tr("Restart the engine") : tr("Start the engine"));
    m_act->setAccessibleName(m_act->text());
    m_act->setToolTip(isRunning ? tr("Ends the engine and starts it with these settings") : tr("Starts the engine"));
    const bool needsRestart = isRunning && boolAt(m_known, "restartNeeded");
    m_act->setVisible(!isRunning || needsRestart);
    if (!isRunning)
        m_note->setText(tr("The engine keeps these settings, and it is not running."));
    else if (needsRestart)
        m_note->setText(tr("The engine that runs was started with others: these count from its next start on."));
    else
        m_note->setText(tr("A change counts from the engine's next start on."));
}

void EngineSettingsPage::browse()
{
    auto *const dialog =
        new QFileDialog(this, tr("Python of notebooks"), QFileInfo(m_python->text()).path(), tr("Programs (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &file) {
        m_python->setText(file);
        save();
    });
    dialog->open();
}

} // namespace designer

#include "moc_EngineSettingsPage.cpp"
