#include "designer/shell/SettingsForm.h"

#include "designer/widgets/Build.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace designer {

SettingsForm::SettingsForm(const QString &title) : m_form(new QFormLayout)
{
    setAttribute(Qt::WA_StyledBackground);
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(24, 18, 24, 18);
    column->setSpacing(14);
    column->addWidget(titleLabel(title));
    m_form->setHorizontalSpacing(20);
    m_form->setVerticalSpacing(10);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    column->addLayout(m_form);
    column->addStretch(1);
}

void SettingsForm::addField(const QString &title, QWidget *field)
{
    auto *const words = label(title, "secondary");
    words->setBuddy(field);
    m_form->addRow(words, field);
}

QLabel *SettingsForm::addText(const QString &text, const char *look)
{
    auto *const words = label(text, look);
    words->setWordWrap(true);
    words->setTextFormat(Qt::PlainText);
    m_form->addRow(words);
    return words;
}

void SettingsForm::addWidget(QWidget *widget) { m_form->addRow(widget); }

QWidget *SettingsForm::leftAligned(QWidget *widget)
{
    auto *const row = new QWidget;
    auto *const line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(widget);
    line->addStretch(1);
    return row;
}

} // namespace designer

#include "moc_SettingsForm.cpp"
