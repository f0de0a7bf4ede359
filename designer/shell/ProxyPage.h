#pragma once

#include "designer/shell/ProxySettings.h"
#include "designer/shell/SettingsForm.h"

class QComboBox;
class QLineEdit;

namespace designer {

class Workbench;

// Settings of the proxies: for this window at once, for notebooks through the engine.
class ProxyPage final : public SettingsForm
{
    Q_OBJECT

public:
    explicit ProxyPage(Workbench &workbench);

private:
    void changed();
    void hand(); // to the engine
    void showFields();
    QLineEdit *field(const QString &objectName, const QString &title, const QString &hint, const QString &toolTip);

    Workbench &m_workbench;
    ProxySettings m_settings;
    QComboBox *m_mode;
    QLineEdit *m_http;
    QLineEdit *m_https;
    QLineEdit *m_except;
    QLabel *m_problem = nullptr;
    QLabel *m_note = nullptr;
    bool m_isHanded = true;
};

} // namespace designer
