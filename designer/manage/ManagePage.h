#pragma once

#include "designer/shell/Link.h"

#include <QWidget>

class QListWidget;
class QStackedWidget;

namespace designer {

class Workbench;

// Manage: linked services, triggers, kernels, secrets and the engine, chosen in a list on the left. GUI thread.
class ManagePage final : public QWidget
{
    Q_OBJECT

public:
    explicit ManagePage(Workbench &workbench, QWidget *parent = nullptr);

    // Shows the section of link.detail ("linkedServices", "triggers", "kernels", "secrets", "engine"); else stays where
    // it is.
    void go(const Link &link);
    QString section() const; // as in a link's detail

private:
    void addSection(const QString &id, const QString &title, const QString &iconName, QWidget *section);

    Workbench &m_workbench;
    QListWidget *m_list;
    QStackedWidget *m_stack;
};

} // namespace designer
