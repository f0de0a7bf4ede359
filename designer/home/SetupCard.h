#pragma once

#include "designer/home/HomeText.h"
#include "designer/home/SectionCard.h"

class QToolButton;

namespace designer {

class Workbench;

// "Check my setup": what the engine finds about this machine, and what to do about it.
class SetupCard final : public SectionCard
{
    Q_OBJECT

public:
    explicit SetupCard(Workbench &workbench);

    void refresh(); // checks again

signals:
    void checked(const QList<designer::SetupCheck> &checks);

private:
    void show();
    void copy();

    Workbench &m_workbench;
    QToolButton *m_again;
    QToolButton *m_copy;
    QList<SetupCheck> m_checks;
    bool m_isChecking = false;
};

} // namespace designer
