#include "designer/widgets/EmptyState.h"

#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/IconLabel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace designer {

namespace {

constexpr int iconSize = 32;
constexpr int widest = 460;

} // namespace

EmptyState::EmptyState(QWidget *parent)
    : QWidget(parent)
    , m_icon(new IconLabel({}, IconRole::Hint, iconSize))
    , m_title(titleLabel({}))
    , m_text(label({}, "secondary"))
    , m_action(pushButton(QStringLiteral("emptyAction"), tr("Go on"), {}, tr("Does what is proposed here")))
{
    setObjectName(QStringLiteral("emptyState"));
    m_title->setObjectName(QStringLiteral("emptyTitle"));
    m_text->setObjectName(QStringLiteral("emptyText"));
    for (QLabel *text : {m_title, m_text}) {
        text->setWordWrap(true);
        text->setTextFormat(Qt::PlainText);
        text->setAlignment(Qt::AlignHCenter);
        text->setMaximumWidth(scaled(widest));
        text->setMinimumWidth(scaled(qMin(widest, 260)));
    }
    auto *const column = new QVBoxLayout(this);
    column->setSpacing(8);
    column->addStretch(2);
    column->addWidget(m_icon, 0, Qt::AlignHCenter);
    for (QLabel *const text : {m_title, m_text}) {
        auto *const row = new QHBoxLayout; // an alignment would ask for the height of a wider text
        row->addStretch(1);
        row->addWidget(text, 1000);
        row->addStretch(1);
        column->addLayout(row);
    }
    column->addSpacing(4);
    column->addWidget(m_action, 0, Qt::AlignHCenter);
    column->addStretch(3);
    connect(m_action, &QPushButton::clicked, this, &EmptyState::acted);
}

void EmptyState::say(const QString &iconName, const QString &title, const QString &text, const QString &action)
{
    m_icon->setIcon(iconName, IconRole::Hint);
    m_title->setText(title);
    m_text->setText(text);
    m_text->setVisible(!text.isEmpty());
    m_action->setVisible(!action.isEmpty());
    if (action.isEmpty())
        return; // what is not shown keeps its words
    m_action->setText(action);
    m_action->setAccessibleName(action);
    m_action->setToolTip(action);
}

} // namespace designer

#include "moc_EmptyState.cpp"
