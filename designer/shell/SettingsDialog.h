#pragma once

#include "designer/widgets/ReadingOrder.h"

class QListWidget;
class QStackedWidget;

namespace designer {

class Workbench;

// The settings. What can be applied at once is; what counts later says so. GUI thread.
class SettingsDialog final : public Dialog
{
    Q_OBJECT

public:
    explicit SettingsDialog(Workbench &workbench, QWidget *parent = nullptr);

    void showPage(const QString &id); // "appearance", "region", "engine", "proxies", "window"

signals:
    void layoutReset(); // sizes and columns are forgotten: the window takes its first ones

private:
    void addPage(const QString &id, const QString &title, const QString &iconName, QWidget *page);

    QListWidget *m_list;
    QStackedWidget *m_stack;
};

} // namespace designer
