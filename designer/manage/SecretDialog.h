#pragma once

#include "designer/widgets/ReadingOrder.h"

class QLabel;
class QLineEdit;
class QPushButton;

namespace designer {

class Workbench;

// Asks for a secret and gives it to the engine; accepted when the engine keeps it. What is typed is nowhere else.
class SecretDialog final : public Dialog
{
    Q_OBJECT

public:
    // With a scope and a name only the value is asked for.
    SecretDialog(Workbench &workbench, const QString &scope, const QString &name, QWidget *parent = nullptr);

private:
    void check();
    void save();

    Workbench &m_workbench;
    QLineEdit *m_scope;
    QLineEdit *m_name;
    QLineEdit *m_value;
    QLabel *m_error;
    QPushButton *m_save;
};

} // namespace designer
