#include "designer/notebook/NoticeCard.h"

#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace designer {

namespace {

class Sign final : public QWidget
{
public:
    explicit Sign(StatusLook look) : m_look(std::move(look)) { setFixedSize(22, 22); }

protected:
    void paintEvent(QPaintEvent * /*event*/) override
    {
        QPainter painter(this);
        paintIcon(painter, m_look.icon, m_look.colour(), QRectF(1, 1, 20, 20));
    }

private:
    StatusLook m_look;
};

QLabel *wrapping(QLabel *label)
{
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

NoticeCard::NoticeCard(const StatusLook &look, const QString &title, const QString &text, QWidget *parent)
    : QFrame(parent)
    , m_buttons(new QHBoxLayout)
{
    setObjectName(QStringLiteral("noticeCard"));
    setAccessibleName(title);
    setLook(this, "card");
    auto *const words = new QVBoxLayout;
    words->setSpacing(6);
    QLabel *const head = wrapping(titleLabel(title));
    head->setObjectName(QStringLiteral("noticeTitle"));
    words->addWidget(head);
    if (!text.isEmpty())
        words->addWidget(wrapping(label(text, "secondary")));
    words->addLayout(m_buttons);
    m_buttons->addStretch();
    auto *const row = new QHBoxLayout(this);
    row->setContentsMargins(18, 14, 16, 14);
    row->setSpacing(10);
    row->addWidget(new Sign(look), 0, Qt::AlignTop);
    row->addLayout(words, 1);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
}

QPushButton *
NoticeCard::addButton(const QString &objectName, const QString &text, const QString &icon, const QString &tip)
{
    QPushButton *const button = pushButton(objectName, text, icon, tip);
    m_buttons->insertWidget(m_buttons->count() - 1, button);
    return button;
}

} // namespace designer

#include "moc_NoticeCard.cpp"
