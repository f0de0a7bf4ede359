#include "designer/home/SectionCard.h"

#include "designer/widgets/Build.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace designer {

namespace {

constexpr int side = 16;

} // namespace

SectionCard::SectionCard(const QString &objectName, const QString &title, Lines lines)
    : m_lines(lines)
    , m_title(new QHBoxLayout)
    , m_column(new QVBoxLayout(this))
    , m_list(new QVBoxLayout)
    , m_empty(new QWidget)
    , m_emptyText(label({}, "secondary"))
{
    setObjectName(objectName);
    setAccessibleName(title);
    setLook(this, "card");
    auto *const head = new QWidget;
    head->setMinimumHeight(43);
    head->setLayout(m_title);
    m_title->setContentsMargins(side, 0, side - 6, 0);
    m_title->setSpacing(4);
    m_title->addWidget(label(title, "strong"));
    m_title->addStretch(1);

    auto *const line = new QHBoxLayout(m_empty);
    line->setContentsMargins(side, 12, side, 12);
    line->setSpacing(12);
    m_emptyText->setWordWrap(true);
    line->addWidget(m_emptyText, 1);

    m_list->setContentsMargins(0, 0, 0, 0);
    m_list->setSpacing(0);
    m_column->setContentsMargins(1, 1, 1, 1);
    m_column->setSpacing(0);
    m_column->addWidget(head);
    if (lines == Lines::Between)
        m_column->addWidget(lineAcross());
    m_column->addWidget(m_empty);
    m_column->addLayout(m_list);
    if (lines == Lines::None) {
        line->setContentsMargins(side, 0, side, 12);
        m_list->setContentsMargins(0, 0, 0, 8);
    }
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred); // Maximum would cut wrapped lines
}

void SectionCard::addToTitle(QWidget *widget) { m_title->addWidget(widget); }

void SectionCard::setRows(const QStringList &keys, const std::function<QWidget *(const QString &key)> &make)
{
    for (const QString &key : std::as_const(m_keys)) {
        if (keys.contains(key))
            continue;
        m_rows.remove(key);
        QWidget *const frame = m_frames.take(key);
        m_list->removeWidget(frame);
        frame->hide();
        frame->deleteLater(); // it may be what is asking
    }
    for (int i = 0; i < int(keys.size()); ++i) {
        const QString &key = keys.at(i);
        QWidget *frame = m_frames.value(key);
        if (!frame) {
            frame = new QWidget;
            auto *const column = new QVBoxLayout(frame);
            column->setContentsMargins(0, 0, 0, 0);
            column->setSpacing(0);
            column->addWidget(lineAcross());
            QWidget *const made = make(key);
            column->addWidget(made);
            m_rows.insert(key, made);
            m_frames.insert(key, frame);
            m_list->insertWidget(i, frame);
        } else if (m_list->indexOf(frame) != i) {
            m_list->removeWidget(frame);
            m_list->insertWidget(i, frame);
        }
        frame->layout()->itemAt(0)->widget()->setVisible(i > 0 && m_lines == Lines::Between); // the title has its own
    }
    m_keys = keys;
    showEmpty();
}

void SectionCard::setEmpty(const QString &text, QWidget *offer)
{
    m_emptyText->setText(text);
    if (m_offer && m_offer != offer)
        m_offer->hide();
    m_offer = offer;
    if (offer) {
        m_empty->layout()->addWidget(offer); // it stays where it is when it is there
        offer->show();
    }
    showEmpty();
}

void SectionCard::setFooter(QWidget *footer)
{
    m_column->addWidget(footer);
    footer->hide();
}

void SectionCard::showEmpty() { m_empty->setVisible(m_keys.isEmpty()); }

} // namespace designer

#include "moc_SectionCard.cpp"
