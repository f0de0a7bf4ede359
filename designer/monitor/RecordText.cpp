#include "designer/monitor/RecordText.h"

#include "designer/notebook/CodeView.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/Format.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

RecordText::RecordText(const QString &objectName, const QString &title, QWidget *parent)
    : QWidget(parent)
    , m_view(new CodeView)
    , m_empty(label({}, "secondary"))
    , m_notice(label({}, "hint"))
    , m_copy(toolButton(objectName + QStringLiteral("Copy"),
                        tr("Copy"),
                        QStringLiteral("copy"),
                        tr("Copy the whole text: %1").arg(title)))
    , m_stack(new QStackedWidget)
{
    setObjectName(objectName);
    m_view->setReadOnly(true);
    m_view->setAccessibleName(title);
    m_view->setObjectName(objectName + QStringLiteral("Text"));
    m_empty->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_empty->setContentsMargins(12, 12, 12, 12);
    m_empty->setWordWrap(true);
    m_empty->setTextFormat(Qt::PlainText);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_view);
    auto *const row = new QHBoxLayout;
    row->setContentsMargins(12, 4, 8, 4);
    row->addWidget(m_notice);
    row->addStretch();
    row->addWidget(m_copy);
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(m_stack, 1);
    connect(m_copy, &QToolButton::clicked, this, [this] { QApplication::clipboard()->setText(m_text); });
    take({}, {}, {});
}

void RecordText::setJson(const Json &json, const QString &whenEmpty)
{
    const bool isEmpty = json.is_null() || (json.is_structured() && json.empty());
    take(isEmpty ? QString() : QString::fromUtf8(toPretty(json)), QStringLiteral("json"), whenEmpty);
}

void RecordText::setText(const QString &text, const QString &whenEmpty)
{
    take(text, QStringLiteral("plain"), whenEmpty);
}

void RecordText::take(const QString &text, const QString &language, const QString &whenEmpty)
{
    m_empty->setText(whenEmpty);
    m_copy->setVisible(!text.isEmpty());
    m_notice->setVisible(text.size() > longestShown);
    m_stack->setCurrentWidget(text.isEmpty() ? static_cast<QWidget *>(m_empty) : m_view);
    if (text == m_text)
        return;
    m_text = text;
    m_view->setLanguage(language);
    m_view->setText(text.left(longestShown));
    m_notice->setText(tr("The first %1 of %2; Copy takes all.").arg(bytesText(longestShown), bytesText(text.size())));
}

} // namespace designer

#include "moc_RecordText.cpp"
