#include "designer/shell/MessageBar.h"

#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace designer {

namespace {

constexpr int mostLines = 3;

struct Look
{
    const char16_t *icon;
    IconRole role;
    const char *name;
};

Look lookOf(Message::Level level)
{
    switch (level) {
    case Message::Level::Hint:
        return {u"info", IconRole::Run, "messageHint"};
    case Message::Level::Done:
        return {u"circle-check", IconRole::Ok, "messageDone"};
    case Message::Level::Warning:
        return {u"triangle-alert", IconRole::Warn, "messageWarning"};
    case Message::Level::Error:
        break;
    }
    return {u"circle-x", IconRole::Bad, "messageError"};
}

} // namespace

MessageBar::MessageBar(Workbench &workbench, QWidget *parent) : QFrame(parent), m_layout(new QVBoxLayout(this))
{
    setObjectName(QStringLiteral("messageBar"));
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    setVisible(false);
    connect(&workbench, &Workbench::told, this, &MessageBar::add);
    connect(&workbench, &Workbench::withdrawn, this, &MessageBar::withdraw);
}

void MessageBar::add(const Message &message)
{
    if (!message.about.isEmpty())
        withdraw(message.about);
    while (m_lines.size() >= mostLines)
        removeAt(0);
    QWidget *const line = makeLine(message);
    m_layout->addWidget(line);
    m_lines.append({message.about, line});
    setVisible(true);
}

void MessageBar::withdraw(const QString &about)
{
    for (qsizetype index = m_lines.size() - 1; index >= 0; --index) {
        if (m_lines.at(index).about == about)
            removeAt(index);
    }
}

void MessageBar::removeAt(qsizetype index)
{
    QWidget *const line = m_lines.takeAt(index).widget;
    m_layout->removeWidget(line);
    line->hide();
    line->deleteLater();
    setVisible(!m_lines.isEmpty());
}

QWidget *MessageBar::makeLine(const Message &message)
{
    const Look look = lookOf(message.level);
    auto *const line = new QFrame;
    setLook(line, look.name);
    auto *const row = new QHBoxLayout(line);
    row->setContentsMargins(12, 4, 8, 4);
    auto *const sign = new QLabel;
    sign->setPixmap(icon(QString::fromUtf16(look.icon), look.role).pixmap(16));
    auto *const text = new QLabel(message.text);
    text->setObjectName(QStringLiteral("messageText"));
    text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    text->setFocusPolicy(Qt::NoFocus);
    text->setTextFormat(Qt::PlainText);
    text->setWordWrap(true);
    text->setToolTip(message.detail);
    // In the middle of the first line of the text, beside the buttons.
    sign->setFixedHeight(qMax(scaled(28), 28));
    text->setMinimumHeight(qMax(scaled(28), 28));
    row->addWidget(sign, 0, Qt::AlignTop);
    row->addWidget(text, 1);
    if (!message.action.isEmpty()) {
        QPushButton *const button =
            pushButton(QStringLiteral("messageAction"), message.action, {}, tr("Does what the message proposes"));
        connect(button, &QPushButton::clicked, this, [act = message.act] { act(); });
        row->addWidget(button);
    }
    if (message.level >= Message::Level::Warning) {
        QToolButton *const copy =
            iconButton(QStringLiteral("messageCopy"), QStringLiteral("copy"), tr("Copy this message"));
        const QString whole = message.detail.isEmpty() ? message.text : message.text + u"\n\n" + message.detail;
        connect(copy, &QToolButton::clicked, this, [whole] { QApplication::clipboard()->setText(whole); });
        row->addWidget(copy);
    }
    QToolButton *const close =
        iconButton(QStringLiteral("messageClose"), QStringLiteral("x"), tr("Close this message"));
    connect(close, &QToolButton::clicked, this, [this, line] {
        for (qsizetype index = 0; index < m_lines.size(); ++index) {
            if (m_lines.at(index).widget == line)
                return removeAt(index);
        }
    });
    row->addWidget(close, 0, Qt::AlignTop);
    return line;
}

} // namespace designer

#include "moc_MessageBar.cpp"
