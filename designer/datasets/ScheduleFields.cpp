#include "designer/datasets/ScheduleFields.h"

#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"

#include <QCheckBox>
#include <QDateTimeEdit>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QRegularExpression>

namespace designer {

using namespace engine;

namespace {

const QString isoForm = QStringLiteral("yyyy-MM-ddTHH:mm:ss");

const QStringList &dayNames()
{
    static const QStringList names =
        QStringLiteral("Sunday Monday Tuesday Wednesday Thursday Friday Saturday").split(u' ');
    return names;
}

// The clock's reading in the text, whatever zone it names.
QDateTime readingOf(const Json &value) { return QDateTime::fromString(shownText(value).left(19), isoForm); }

// What the text says after the clock's reading: "Z", "+02:00", or nothing.
QString zoneOf(const Json &value)
{
    static const QRegularExpression zone(QStringLiteral("(?:[Zz]|[+-][0-9]{2}:?[0-9]{2})\\z"));
    const QString text = shownText(value);
    return text.contains(u'T') ? zone.match(text).captured() : QString();
}

} // namespace

DateTimeField::DateTimeField(Presence presence, QWidget *parent) : Field(parent), m_edit(new QDateTimeEdit)
{
    auto *const layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    if (presence == Presence::Optional) {
        m_isSet = new QCheckBox(tr("on"));
        name(m_isSet, QStringLiteral("hasEnd"), tr("Has an end"), tr("It ends on a date; else it goes on for ever"));
        layout->addWidget(m_isSet);
        connect(m_isSet, &QCheckBox::clicked, this, [this](bool isOn) {
            m_edit->setEnabled(isOn);
            m_isEdited = true;
            emit committed();
        });
    }
    m_edit->setDisplayFormat(QStringLiteral("yyyy-MM-dd  HH:mm:ss"));
    m_edit->setTimeSpec(Qt::UTC); // a reading of the clock, of no zone
    layout->addWidget(m_edit, 1);
    m_zone = label({}, "secondary");
    layout->addWidget(m_zone);
    watch(m_edit);
    connect(m_edit, &QDateTimeEdit::dateTimeChanged, this, [this] {
        m_isEdited = true;
        emit edited();
    });
}

void DateTimeField::setValue(const Json &value)
{
    m_value = value;
    m_isEdited = false;
    const QSignalBlocker quiet(m_edit);
    QDateTime reading = readingOf(value);
    reading.setTimeSpec(Qt::UTC);
    if (m_isSet != nullptr) {
        m_isSet->setChecked(!value.is_null());
        m_edit->setEnabled(!value.is_null());
    }
    const QString zone = zoneOf(value);
    m_zone->setText(zone == u"Z" ? QStringLiteral("UTC") : zone);
    m_zone->setVisible(!zone.isEmpty());
    if (reading.isValid())
        m_edit->setDateTime(reading);
    else if (value.is_null())
        m_edit->setDateTime(QDateTime(QDate::currentDate().addYears(1), QTime(0, 0), Qt::UTC));
}

Json DateTimeField::value() const
{
    if (!m_isEdited)
        return m_value;
    if (m_isSet != nullptr && !m_isSet->isChecked())
        return {};
    return toStdString(m_edit->dateTime().toString(isoForm) + zoneOf(m_value));
}

QWidget *DateTimeField::editor() { return m_edit; }

WeekDaysField::WeekDaysField(QWidget *parent) : Field(parent)
{
    auto *const layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(measure::grid);
    const QLocale locale;
    for (int day = 0; day < 7; ++day) {
        const int qtDay = day == 0 ? 7 : day;
        auto *const button = pushButton(QStringLiteral("weekDay%1").arg(day),
                                        locale.standaloneDayName(qtDay, QLocale::ShortFormat),
                                        {},
                                        locale.standaloneDayName(qtDay));
        button->setCheckable(true);
        watch(button);
        connect(button, &QPushButton::clicked, this, [this] {
            m_isEdited = true;
            emit committed();
        });
        m_days.append(button);
    }
    // Shown from the day on which the week begins here.
    const int first = locale.firstDayOfWeek() % 7;
    for (int i = 0; i < 7; ++i)
        layout->addWidget(m_days[(first + i) % 7]);
    layout->addStretch();
}

void WeekDaysField::setValue(const Json &value)
{
    m_value = value;
    m_isEdited = false;
    for (int day = 0; day < 7; ++day) {
        bool isOn = false;
        for (const Json &one : value.is_array() ? value : Json::array())
            isOn = isOn || shownText(one).compare(dayNames()[day], Qt::CaseInsensitive) == 0;
        m_days[day]->setChecked(isOn);
    }
}

Json WeekDaysField::value() const
{
    if (!m_isEdited)
        return m_value;
    Json days = Json::array();
    for (int day = 0; day < 7; ++day) {
        if (m_days[day]->isChecked())
            days.push_back(toStdString(dayNames()[day]));
    }
    return days.empty() ? Json() : days;
}

QWidget *WeekDaysField::editor() { return m_days.first(); }

NumbersField::NumbersField(int minimum, int maximum, QWidget *parent)
    : TextField(parent)
    , m_minimum(minimum)
    , m_maximum(maximum)
{
    setTakesExpressions(false);
}

std::optional<QList<int>> NumbersField::numbersOf(const QString &text) const
{
    QList<int> numbers;
    for (const QString &part : text.split(u',', Qt::SkipEmptyParts)) {
        bool ok = false;
        const int number = part.trimmed().toInt(&ok);
        if (!ok || number < m_minimum || number > m_maximum || (m_minimum < 0 && number == 0))
            return std::nullopt;
        numbers.append(number);
    }
    return numbers;
}

QString NumbersField::mistake() const
{
    if (numbersOf(text()))
        return {};
    return tr("Write whole numbers from %1 to %2 with commas between them.").arg(m_minimum).arg(m_maximum);
}

Json NumbersField::valueOf(const QString &text) const
{
    const auto numbers = numbersOf(text);
    if (!numbers)
        return before();
    Json json = Json::array();
    for (const int number : *numbers)
        json.push_back(number);
    return json.empty() ? Json() : json;
}

QString NumbersField::textOf(const Json &value) const
{
    QStringList parts;
    for (const Json &one : value.is_array() ? value : Json::array())
        parts.append(shownText(one));
    return parts.join(QStringLiteral(", "));
}

} // namespace designer

#include "moc_ScheduleFields.cpp"
