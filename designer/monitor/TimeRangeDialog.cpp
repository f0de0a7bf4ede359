#include "designer/monitor/TimeRangeDialog.h"

#include "designer/widgets/Build.h"
#include "designer/widgets/Format.h"

#include <QDateTimeEdit>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace designer {

using namespace engine;

namespace {

// The field shows wall time of the zone; the zone itself is named once below, and applied when it is read.
QDateTimeEdit *field(const QString &objectName, const QString &name, Instant at, const QTimeZone &zone)
{
    const QDateTime time = inZone(at, zone);
    auto *const edit =
        new QDateTimeEdit(QDateTime(time.date(), QTime(time.time().hour(), time.time().minute()), Qt::UTC));
    edit->setTimeSpec(Qt::UTC);
    edit->setDisplayFormat(QStringLiteral("yyyy-MM-dd HH:mm"));
    edit->setCalendarPopup(true);
    designer::name(edit, objectName, name, name);
    return edit;
}

Instant read(const QDateTimeEdit *edit, const QTimeZone &zone)
{
    const QDateTime wall(edit->date(), edit->time(), zone);
    return Instant(Millis(wall.toMSecsSinceEpoch()));
}

} // namespace

TimeRangeDialog::TimeRangeDialog(Instant from, Instant to, const QTimeZone &zone, QWidget *parent)
    : Dialog(parent)
    , m_zone(zone)
    , m_from(field(QStringLiteral("rangeFrom"), tr("Started at or after"), from, zone))
    , m_to(field(QStringLiteral("rangeTo"), tr("Started at or before"), to + std::chrono::minutes(1), zone))
    , m_problem(label(tr("The end is before the start."), "bad"))
    , m_accept(primaryButton(QStringLiteral("rangeApply"), tr("Show these runs"), {}, tr("Show the runs of this time")))
{
    setObjectName(QStringLiteral("timeRange"));
    setWindowTitle(tr("Runs from … to …"));
    auto *const cancel = pushButton(QStringLiteral("rangeCancel"), tr("Cancel"), {}, tr("Leave the list as it is"));
    m_accept->setDefault(true);
    auto *const buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(m_accept);
    auto *const form = new QFormLayout(this);
    form->setContentsMargins(16, 16, 16, 12);
    form->addRow(tr("From"), m_from);
    form->addRow(tr("To"), m_to);
    form->addRow(QString(), label(zoneText(zone, to), "hint"));
    form->addRow(QString(), m_problem);
    form->addRow(buttons);
    connect(m_accept, &QPushButton::clicked, this, &QDialog::accept);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    for (QDateTimeEdit *edit : {m_from, m_to})
        connect(edit, &QDateTimeEdit::dateTimeChanged, this, &TimeRangeDialog::check);
    check();
}

Instant TimeRangeDialog::from() const { return read(m_from, m_zone); }

Instant TimeRangeDialog::to() const { return read(m_to, m_zone); }

void TimeRangeDialog::check()
{
    const bool isRange = from() <= to();
    m_problem->setVisible(!isRange);
    m_accept->setEnabled(isRange);
}

} // namespace designer

#include "moc_TimeRangeDialog.cpp"
