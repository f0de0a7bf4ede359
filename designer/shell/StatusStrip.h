#pragma once

#include "designer/shell/Workbench.h"

#include <QFrame>

class QLabel;
class QToolButton;

namespace designer {

class UnpublishedChanges;

// The line at the bottom of the window: engine, problems, next fire, published version, changes, time zone. Each part
// that can be acted on is a button.
class StatusStrip final : public QFrame
{
    Q_OBJECT

public:
    StatusStrip(Workbench &workbench, UnpublishedChanges &changes, QWidget *parent = nullptr);

signals:
    void problemsRequested();
    void publishRequested();

private:
    void showEngine();
    void showFactory();
    void showZone();
    void chooseZone();

    Workbench &m_workbench;
    UnpublishedChanges &m_changes;
    QToolButton *m_engine;
    QToolButton *m_problems;
    QToolButton *m_published;
    QToolButton *m_zone;
};

} // namespace designer
