#pragma once

#include "designer/widgets/StatusPill.h"
#include "engine/base/Clock.h"

#include <optional>

namespace designer {

class Workbench;

// Whether what is shown is still what is: "Live", "Stale since 22:04", "Engine stopped". GUI thread.
class LiveMark final : public QWidget
{
    Q_OBJECT

public:
    explicit LiveMark(Workbench &workbench, QWidget *parent = nullptr);

private:
    void say(const StatusLook &look, const QString &toolTip);
    void showState();

    Workbench &m_workbench;
    StatusPill *m_pill;
    std::optional<engine::Instant> m_staleSince;
};

} // namespace designer
