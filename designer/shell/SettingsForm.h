#pragma once

#include <QFormLayout>
#include <QLabel>
#include <QWidget>

namespace designer {

// A page of the settings: a title, rows of fields with their labels, and sentences between them. GUI thread.
class SettingsForm : public QWidget
{
    Q_OBJECT

public:
    explicit SettingsForm(const QString &title);

protected:
    void addField(const QString &title, QWidget *field); // the label is the field's buddy
    QLabel *addText(const QString &text, const char *look = "secondary"); // across both columns
    void addWidget(QWidget *widget);
    static QWidget *leftAligned(QWidget *widget); // in a row of its own, as wide as it wants to be

private:
    QFormLayout *m_form;
};

} // namespace designer
