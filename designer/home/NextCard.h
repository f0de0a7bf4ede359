#pragma once

#include "designer/home/HomeText.h"
#include "designer/home/SectionCard.h"

class QPushButton;
class QTimer;

namespace designer {

class Workbench;

// "Next": what the started triggers of all factories fire next, soonest first.
class NextCard final : public SectionCard
{
    Q_OBJECT

public:
    explicit NextCard(Workbench &workbench);

    void refresh(); // asks the engine

signals:
    void stuckFound(const QList<designer::StuckTrigger> &stuck); // whenever the engine has answered

private:
    void show();

    Workbench &m_workbench;
    QPushButton *m_goToTriggers;
    QTimer *m_soon;
    QTimer *m_whenFired;
    QList<NextFire> m_fires;
};

} // namespace designer
