#pragma once

#include "designer/widgets/ReadingOrder.h"
#include "engine/base/Clock.h"

#include <QTimeZone>

class QDateTimeEdit;
class QLabel;
class QPushButton;

namespace designer {

// Asks for a span of time, in the zone that times are shown in. GUI thread.
class TimeRangeDialog final : public Dialog
{
    Q_OBJECT

public:
    TimeRangeDialog(engine::Instant from, engine::Instant to, const QTimeZone &zone, QWidget *parent = nullptr);

    engine::Instant from() const;
    engine::Instant to() const;

private:
    void check();

    const QTimeZone m_zone;
    QDateTimeEdit *m_from;
    QDateTimeEdit *m_to;
    QLabel *m_problem;
    QPushButton *m_accept;
};

} // namespace designer
