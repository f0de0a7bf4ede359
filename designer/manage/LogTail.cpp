#include "designer/manage/LogTail.h"

#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/ElidedLabel.h"
#include "designer/widgets/Moment.h"
#include "engine/base/PostTo.h"

#include <QCheckBox>
#include <QClipboard>
#include <QCoreApplication>
#include <QDesktopServices>
#include <QEvent>
#include <QFile>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPointer>
#include <QScrollBar>
#include <QThreadPool>
#include <QTimer>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

constexpr int againMs = 2000;
constexpr int linesMost = 5000;
constexpr qsizetype overlap = 400; // letters that tell where the text before ends

QString tailOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    file.seek(qMax<qint64>(0, file.size() - LogTail::most));
    return QString::fromUtf8(file.read(LogTail::most));
}

} // namespace

std::optional<QString> addedText(const QString &before, const QString &now)
{
    if (before.isEmpty())
        return std::nullopt;
    const QString end = before.right(overlap);
    const qsizetype at = now.lastIndexOf(end);
    if (at < 0)
        return std::nullopt;
    return now.mid(at + end.size());
}

LogTail::LogTail(Workbench &workbench)
    : m_workbench(workbench)
    , m_view(new QPlainTextEdit)
    , m_path(new ElidedLabel({}, "secondary"))
    , m_follow(new QCheckBox(tr("Follow")))
    , m_copy(toolButton(QStringLiteral("copyLog"), tr("Copy"), QStringLiteral("copy"), tr("Copies what is shown")))
    , m_open(toolButton(QStringLiteral("openLog"),
                        tr("Open file"),
                        QStringLiteral("external-link"),
                        tr("Opens the whole log in another program")))
    , m_again(new QTimer(this))
{
    name(m_view,
         QStringLiteral("engineLog"),
         tr("Log of the engine"),
         tr("The end of the engine's log; text can be selected and copied"));
    name(m_follow, QStringLiteral("followLog"), tr("Follow the log"), tr("Shows new lines as they are written"));
    m_follow->setChecked(true);
    m_view->setReadOnly(true);
    m_view->setUndoRedoEnabled(false);
    m_view->setMaximumBlockCount(linesMost);
    m_view->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_view->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_view->setTabChangesFocus(true);
    m_view->setFont(codeFont());
    m_view->setPlaceholderText(tr("The log is empty."));
    setLook(m_view, "code");

    auto *const head = new QHBoxLayout;
    head->setSpacing(4);
    head->addWidget(label(tr("Log"), "strong"));
    head->addSpacing(8);
    head->addWidget(m_path, 1);
    head->addWidget(m_follow);
    head->addWidget(m_copy);
    head->addWidget(m_open);
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addLayout(head);
    column->addWidget(m_view, 1);

    m_again->setInterval(againMs);
    connect(m_again, &QTimer::timeout, this, &LogTail::refresh);
    connect(m_follow, &QCheckBox::toggled, this, [this](bool follows) {
        if (follows)
            refresh();
    });
    connect(
        m_copy, &QToolButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_view->toPlainText()); });
    connect(m_open, &QToolButton::clicked, this, [this] {
        if (!QDesktopServices::openUrl(QUrl::fromLocalFile(file())))
            m_workbench.tell({.level = Message::Level::Error,
                              .text = tr("No program opens %1: look at it with an editor.").arg(file()),
                              .about = QStringLiteral("openLog")});
    });
    connect(&workbench.engine(), &EngineConnection::stateChanged, this, &LogTail::refresh);
}

QString LogTail::file() const { return stringAt(m_workbench.engine().hello(), "log"); }

void LogTail::refresh()
{
    m_path->setText(shortPath(file()));
    m_open->setEnabled(!file().isEmpty());
    if (m_isAsking || !isVisible() || (!m_follow->isChecked() && !m_text.isEmpty()))
        return;
    if (!m_workbench.engine().isRunning()) {
        readFile();
        return;
    }
    m_isAsking = true;
    m_workbench.engine().get(
        QStringLiteral("/slipway/v1/engine/log?bytes=%1").arg(most), this, [this](const Result<Json> &answer) {
            m_isAsking = false;
            if (answer)
                show(stringAt(*answer, "text"));
            else
                readFile();
        });
}

void LogTail::readFile()
{
    const QString path = file();
    if (path.isEmpty() || m_isAsking)
        return;
    m_isAsking = true;
    const QPointer<LogTail> self(this);
    QThreadPool::globalInstance()->start([self, path] {
        postTo(QCoreApplication::instance(), [self, text = tailOf(path)] {
            if (!self)
                return;
            self->m_isAsking = false;
            self->show(text);
        });
    });
}

void LogTail::show(const QString &text)
{
    if (text == m_text)
        return;
    QScrollBar *const bar = m_view->verticalScrollBar();
    const bool wasAtEnd = m_text.isEmpty() || bar->value() >= bar->maximum() - 2;
    const std::optional<QString> added = addedText(m_text, text);
    m_text = text;
    if (added) {
        // Only what is new, so that a selection and the place one reads at stay.
        QTextCursor end(m_view->document());
        end.movePosition(QTextCursor::End);
        end.insertText(*added);
    } else {
        m_view->setPlainText(text);
    }
    if (wasAtEnd && m_follow->isChecked())
        bar->setValue(bar->maximum());
}

void LogTail::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_again->start();
    refresh();
}

void LogTail::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_again->stop();
}

void LogTail::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::ApplicationFontChange)
        m_view->setFont(codeFont());
}

} // namespace designer

#include "moc_LogTail.cpp"
