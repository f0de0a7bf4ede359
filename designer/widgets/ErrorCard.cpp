#include "designer/widgets/ErrorCard.h"

#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPainterPath>
#include <QPushButton>
#include <QVBoxLayout>

namespace designer {

namespace {

constexpr int stripe = 4;

QLabel *wrapping(QLabel *label)
{
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText); // an error may hold anything
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setFocusPolicy(Qt::ClickFocus); // not a stop of the Tab key: the buttons are
    return label;
}

class Sign final : public QWidget
{
public:
    Sign() { setFixedSize(scaled(22), scaled(22)); }

protected:
    void paintEvent(QPaintEvent * /*event*/) override
    {
        QPainter painter(this);
        paintIcon(painter, QStringLiteral("octagon-x"), Theme::current().bad, QRectF(rect()).adjusted(1, 1, -1, -1));
    }
};

} // namespace

ErrorCard::ErrorCard(QWidget *parent)
    : QFrame(parent)
    , m_title(wrapping(titleLabel({})))
    , m_text(wrapping(label({}, "secondary")))
    , m_badge(label({}, "badBadge"))
    , m_buttons(new QHBoxLayout)
    , m_copy(pushButton(QStringLiteral("copyError"),
                        tr("Copy error"),
                        QStringLiteral("copy"),
                        tr("Copy everything that is known about this error as text")))
{
    setObjectName(QStringLiteral("errorCard"));
    m_title->setObjectName(QStringLiteral("errorTitle"));
    m_text->setObjectName(QStringLiteral("errorText"));
    m_text->hide();
    m_badge->hide();
    m_copy->hide();
    m_buttons->setSpacing(8);
    m_buttons->addWidget(m_copy);
    m_buttons->addStretch();
    auto *const words = new QVBoxLayout;
    words->setSpacing(8);
    words->addWidget(m_title);
    words->addWidget(m_text);
    words->addSpacing(5);
    words->addLayout(m_buttons);
    auto *const row = new QHBoxLayout(this);
    row->setContentsMargins(stripe + 14, 14, 16, 14);
    row->setSpacing(10);
    row->addWidget(new Sign, 0, Qt::AlignTop);
    row->addLayout(words, 1);
    row->addWidget(m_badge, 0, Qt::AlignTop);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    connect(m_copy, &QPushButton::clicked, this, [this] { QApplication::clipboard()->setText(m_report()); });
}

void ErrorCard::setTitle(const QString &title)
{
    m_title->setText(title);
    setAccessibleName(title);
}

void ErrorCard::setText(const QString &text)
{
    m_text->setText(text);
    m_text->setVisible(!text.isEmpty());
}

void ErrorCard::setBadge(const QString &text)
{
    m_badge->setText(text);
    m_badge->setVisible(!text.isEmpty());
}

void ErrorCard::setReport(std::function<QString()> report)
{
    m_report = std::move(report);
    m_copy->setVisible(bool(m_report));
}

QPushButton *ErrorCard::add(QPushButton *button)
{
    const int copy = m_buttons->indexOf(m_copy);
    m_buttons->insertWidget(copy, button);
    QWidget::setTabOrder(button, m_copy);
    return button;
}

QPushButton *
ErrorCard::addPrimaryButton(const QString &objectName, const QString &text, const QString &icon, const QString &tip)
{
    return add(primaryButton(objectName, text, icon, tip));
}

QPushButton *
ErrorCard::addButton(const QString &objectName, const QString &text, const QString &icon, const QString &tip)
{
    return add(pushButton(objectName, text, icon, tip));
}

void ErrorCard::paintEvent(QPaintEvent * /*event*/)
{
    const Theme &theme = Theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath card;
    card.addRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), measure::cardRadius, measure::cardRadius);
    painter.fillPath(card, theme.surface);
    painter.save();
    painter.setClipPath(card);
    painter.fillRect(QRectF(0, 0, stripe, height()), theme.bad);
    painter.restore();
    painter.setPen(QPen(theme.line, 1));
    painter.drawPath(card);
}

} // namespace designer

#include "moc_ErrorCard.cpp"
