#include "designer/notebook/RunFacts.h"

#include "designer/drift/DriftModel.h"
#include "designer/notebook/NotebookRun.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/Format.h"
#include "designer/widgets/StatusLook.h"
#include "engine/base/PostTo.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QSaveFile>
#include <QSignalBlocker>
#include <QThreadPool>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

constexpr int rowHeight = 30;

const Json &ownOutput(const ActivityRecord &activity) { return memberAt(activity.output, "slipway"); }

// "notebooks/Shared/x.ipynb", or while nothing has ended the path of the activity: "/Shared/x".
QString notebookOf(const ActivityRecord &activity)
{
    const QString file = stringAt(ownOutput(activity), "notebook");
    if (!file.isEmpty())
        return file;
    const Json &details = activity.error.details;
    const QString failed = stringAt(details, "notebook");
    return failed.isEmpty() ? stringAt(activity.input, "notebookPath") : failed;
}

QString valueText(const Json &value)
{
    const QString text =
        value.is_string() ? toQString(value.get_ref<const std::string &>()) : QString::fromUtf8(toCompact(value));
    return text.size() > 300 ? text.left(299) + u'…' : text;
}

} // namespace

struct RunFacts::Fact
{
    QString name;
    QString value;
    QString tip; // more, or exactly
    Link link = {}; // where a click goes; Home = nowhere
    bool saves = false; // a click saves the executed copy
    bool showsDrift = false; // a click asks for the drift
};

RunFacts::RunFacts(Workbench &workbench, NotebookRun &run, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_run(run)
    , m_rows(new QVBoxLayout)
    , m_attempts(new QComboBox)
    , m_attemptRow(new QWidget)
{
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 12, 12, 12);
    layout->setSpacing(6);
    auto *const title = label(tr("This run"));
    title->setProperty("weight", QStringLiteral("strong"));
    setLook(title, "secondary");
    layout->addWidget(title);
    name(m_attempts, QStringLiteral("attemptPicker"), tr("Attempt"), tr("Which attempt is shown"));
    auto *const attemptLayout = new QHBoxLayout(m_attemptRow);
    attemptLayout->setContentsMargins(0, 0, 0, 0);
    attemptLayout->addWidget(label(tr("Attempt"), "secondary"));
    attemptLayout->addStretch();
    attemptLayout->addWidget(m_attempts);
    layout->addWidget(m_attemptRow);
    m_rows->setSpacing(0);
    layout->addLayout(m_rows);
    connect(m_attempts, &QComboBox::activated, this, [this](int index) {
        m_run.showAttempt(m_attempts->itemData(index).toInt());
    });
    refresh();
}

QList<RunFacts::Fact> RunFacts::facts() const
{
    const ActivityRecord &activity = m_run.activity();
    const Json &own = ownOutput(activity);
    const QString none = QStringLiteral("—");
    QList<Fact> facts;
    const QString kernel = stringAt(own, "kernel");
    const QString sandbox = stringAt(own, "sandbox");
    facts += {
        tr("Kernel"), kernel.isEmpty() ? none : kernel, sandbox.isEmpty() ? QString() : tr("Sandbox: %1").arg(sandbox)};

    const AttemptRecord *const attempt = m_run.attempt();
    if (attempt)
        facts += {tr("Started"),
                  timeText(attempt->start, m_workbench.zone()),
                  exactTimeText(attempt->start, m_workbench.zone())};
    else
        facts += {tr("Started"), none, {}};

    const qint64 memory = intAt(memberAt(own, "resources"), "peakRss");
    facts += {tr("Peak memory"), memory > 0 ? bytesText(memory) : none, {}};

    const Json &parameters = memberAt(activity.input, "baseParameters");
    QStringList lines;
    if (parameters.is_object()) {
        for (auto parameter = parameters.begin(); parameter != parameters.end(); ++parameter)
            lines += toQString(parameter.key()) + QStringLiteral(" = ") + valueText(parameter.value());
    }
    facts += {tr("Parameters"), QString::number(lines.size()), lines.join(u'\n')};

    const QString notebook = notebookOf(activity);
    Fact file{tr("Notebook"), none, notebook, {}};
    if (!notebook.isEmpty()) {
        const QString shown = QFileInfo(notebook).completeBaseName();
        file.value = m_run.run().version > 0 ? tr("%1 @ v%2").arg(shown).arg(m_run.run().version) : shown;
        if (notebook.startsWith(u"notebooks/"))
            file.link = entityLink(QStringLiteral("notebook/") + notebook.left(notebook.lastIndexOf(u'.')));
    }
    facts += file;
    if (!stringAt(own, "executedNotebook").isEmpty())
        facts += {tr("Executed copy"),
                  tr("Save as…"),
                  tr("The notebook with everything it printed, also what is too long to be shown here"),
                  {},
                  true};
    if (const std::optional<DriftLevel> drift = driftOf(activity.output))
        facts += {tr("Drift"),
                  driftLook(*drift).word,
                  tr("How the rows it scored differ from those its models were trained with"),
                  {},
                  false,
                  true};
    if (const Json &exit = memberAt(activity.output, "runOutput"); !exit.is_null())
        facts += {tr("Exit value"), valueText(exit), valueText(exit)};
    if (const Json &warnings = memberAt(own, "warnings"); warnings.is_array() && !warnings.empty()) {
        QStringList words;
        for (const Json &warning : warnings)
            words += valueText(warning);
        facts += {tr("Warnings"), QString::number(words.size()), words.join(QStringLiteral("\n"))};
    }
    return facts;
}

void RunFacts::refresh()
{
    fillAttempts();
    QString shownNow;
    for (const Fact &fact : facts())
        shownNow += fact.name + u'\n' + fact.value + u'\n' + fact.tip + u'\n';
    if (shownNow == m_shown)
        return; // a row somebody points at stays as it is
    m_shown = shownNow;
    while (QLayoutItem *const item = m_rows->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const Fact &fact : facts()) {
        auto *const row = new QWidget;
        row->setFixedHeight(rowHeight);
        auto *const layout = new QHBoxLayout(row);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->addWidget(label(fact.name, "secondary"));
        layout->addStretch();
        layout->addWidget(makeValue(fact));
        m_rows->addWidget(row);
        m_rows->addWidget(lineAcross());
    }
}

QWidget *RunFacts::makeValue(const Fact &fact)
{
    const QString shown = QFontMetrics(font()).elidedText(fact.value, Qt::ElideMiddle, 200);
    QWidget *value = nullptr;
    if (fact.saves || fact.showsDrift || fact.link.kind != Link::Kind::Home) {
        QPushButton *const button = pushButton({}, shown, {}, tr("Show this notebook"));
        setLook(button, "link");
        connect(
            button, &QPushButton::clicked, this, [this, link = fact.link, saves = fact.saves, drift = fact.showsDrift] {
                if (saves)
                    saveExecuted();
                else if (drift)
                    emit driftRequested();
                else
                    m_workbench.go(link);
            });
        value = button;
    } else {
        QLabel *const text = label(shown);
        text->setTextFormat(Qt::PlainText);
        text->setTextInteractionFlags(Qt::TextSelectableByMouse);
        value = text;
    }
    value->setObjectName(QStringLiteral("fact/") + fact.name);
    value->setAccessibleName(fact.name + QStringLiteral(": ") + fact.value);
    if (!fact.tip.isEmpty() || shown != fact.value)
        value->setToolTip(
            (fact.tip.isEmpty() ? fact.value : fact.tip).toHtmlEscaped().replace(u'\n', QStringLiteral("<br>")));
    value->setAccessibleDescription(fact.tip);
    return value;
}

void RunFacts::saveExecuted()
{
    const QString name = QFileInfo(notebookOf(m_run.activity())).completeBaseName();
    auto *const dialog = new QFileDialog(this, tr("Save the executed copy"), QDir::homePath());
    dialog->setObjectName(QStringLiteral("saveExecuted"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("Notebooks (*.ipynb)"));
    dialog->setDefaultSuffix(QStringLiteral("ipynb"));
    dialog->selectFile(tr("%1 executed").arg(name) + QStringLiteral(".ipynb"));
    connect(dialog, &QFileDialog::fileSelected, this, &RunFacts::fetchExecuted);
    dialog->open();
}

// May be large: fetched and written while the page goes on.
void RunFacts::fetchExecuted(const QString &path)
{
    const auto tell = [this, path](const QString &error) {
        if (error.isEmpty())
            m_workbench.tell({.level = Message::Level::Done,
                              .text = tr("The executed copy is in %1.").arg(path),
                              .about = QStringLiteral("executed")});
        else
            m_workbench.tell({.level = Message::Level::Error,
                              .text = tr("The executed copy was not saved: %1").arg(error),
                              .action = tr("Save as…"),
                              .act =
                                  [self = QPointer(this)] {
                                      if (self)
                                          self->saveExecuted();
                                  },
                              .about = QStringLiteral("executed")});
    };
    const QString hash = stringAt(ownOutput(m_run.activity()), "executedNotebook");
    m_workbench.tell({.text = tr("Saving the executed copy…"), .about = QStringLiteral("executed")});
    const auto received = [this, path, tell](Result<Json> answer) {
        if (!answer) {
            tell(answer.error().message);
            return;
        }
        const auto got = std::make_shared<const Json>(*std::move(answer));
        QThreadPool::globalInstance()->start([self = QPointer(this), path, got, tell] {
            // An artifact comes as text; one that says it is JSON has been read already.
            const Json &text = memberAt(*got, "text");
            const std::string content = text.is_string() ? text.get<std::string>() : toCompact(*got).toStdString();
            QSaveFile file(path);
            const bool isWritten = file.open(QIODevice::WriteOnly)
                && file.write(content.data(), qint64(content.size())) == qint64(content.size()) && file.flush()
                && file.commit();
            postTo(QCoreApplication::instance(), [self, tell, error = isWritten ? QString() : file.errorString()] {
                if (self)
                    tell(error);
            });
        });
    };
    m_workbench.engine().get(QStringLiteral("/slipway/v1/artifacts/") + encodedPath(hash), this, received);
}

void RunFacts::fillAttempts()
{
    const QSignalBlocker quiet(m_attempts);
    const QList<AttemptRecord> &attempts = m_run.attempts();
    for (int index = 0; index < attempts.size(); ++index) {
        const AttemptRecord &attempt = attempts.at(index);
        const StatusLook look = statusLook(attempt.status);
        const QString text = tr("%1 of %2 · %3").arg(attempt.number).arg(attempts.size()).arg(look.word);
        if (index >= m_attempts->count())
            m_attempts->addItem({});
        m_attempts->setItemText(index, text);
        m_attempts->setItemIcon(index, icon(look.icon, look.role));
        m_attempts->setItemData(index, attempt.number);
    }
    while (m_attempts->count() > attempts.size())
        m_attempts->removeItem(m_attempts->count() - 1);
    m_attempts->setCurrentIndex(m_attempts->findData(m_run.shownAttempt()));
    m_attemptRow->setVisible(attempts.size() > 1);
}

} // namespace designer

#include "moc_RunFacts.cpp"
