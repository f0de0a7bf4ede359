#include "designer/datasets/OccurrencesField.h"

#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLocale>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

const QString whichName = QStringLiteral("occurrenceWhich");
const QString dayName = QStringLiteral("occurrenceDay");

const QStringList &weekDays()
{
    static const QStringList names =
        QStringLiteral("Monday Tuesday Wednesday Thursday Friday Saturday Sunday").split(u' ');
    return names;
}

QString whichText(int occurrence)
{
    switch (occurrence) {
    case 1:
        return OccurrencesField::tr("first");
    case 2:
        return OccurrencesField::tr("second");
    case 3:
        return OccurrencesField::tr("third");
    case 4:
        return OccurrencesField::tr("fourth");
    case 5:
        return OccurrencesField::tr("fifth");
    case -1:
        return OccurrencesField::tr("last");
    default:
        return occurrence < 0 ? OccurrencesField::tr("%1 from the end").arg(-occurrence) : QString::number(occurrence);
    }
}

// What the list does not have is added to it, so that it is not lost.
void choose(QComboBox *box, const QVariant &value, const QString &text)
{
    if (box->findData(value) < 0)
        box->addItem(text, value);
    box->setCurrentIndex(box->findData(value));
}

} // namespace

OccurrencesField::OccurrencesField(QWidget *parent)
    : Field(parent)
    , m_rows(new QVBoxLayout)
    , m_add(pushButton(QStringLiteral("addOccurrence"),
                       tr("Add weekday"),
                       QStringLiteral("plus"),
                       tr("Add a weekday of the month, like the first Monday")))
{
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(measure::grid);
    m_rows->setSpacing(measure::grid);
    column->addLayout(m_rows);
    column->addWidget(m_add, 0, Qt::AlignLeft);
    watch(m_add);
    connect(m_add, &QPushButton::clicked, this, [this] {
        addRow({{"day", "Monday"}, {"occurrence", 1}});
        changed();
    });
}

void OccurrencesField::addRow(const Json &occurrence)
{
    auto *const row = new QWidget;
    auto *const line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(measure::grid);
    auto *const which = new QComboBox;
    name(which, whichName, tr("Which of the month"), tr("The first to the fifth, or from the end of the month"));
    for (const int each : {1, 2, 3, 4, 5, -1})
        which->addItem(whichText(each), each);
    auto *const day = new QComboBox;
    name(day, dayName, tr("Weekday"), tr("Months without this weekday are left out"));
    for (int each = 0; each < 7; ++each)
        day->addItem(QLocale().standaloneDayName(each + 1), weekDays().at(each));
    const int number = int(intAt(occurrence, "occurrence", 1));
    choose(which, number, whichText(number));
    QString weekDay = stringAt(occurrence, "day");
    for (const QString &known : weekDays())
        weekDay = known.compare(weekDay, Qt::CaseInsensitive) == 0 ? known : weekDay;
    choose(day, weekDay, weekDay);
    QToolButton *const remove =
        iconButton(QStringLiteral("removeOccurrence"), QStringLiteral("x"), tr("Remove this weekday"));
    line->addWidget(which, 1);
    line->addWidget(day, 1);
    line->addWidget(remove);
    for (QComboBox *const box : {which, day}) {
        watch(box);
        connect(box, &QComboBox::activated, this, &OccurrencesField::changed);
    }
    connect(remove, &QToolButton::clicked, this, [this, row] {
        m_rows->removeWidget(row);
        row->hide();
        row->deleteLater();
        changed();
    });
    m_rows->addWidget(row);
    row->show();
}

void OccurrencesField::changed()
{
    m_isEdited = true;
    emit committed();
}

void OccurrencesField::setValue(const Json &value)
{
    m_value = value;
    m_isEdited = false;
    if (shown() == value)
        return; // its own change comes back
    while (QLayoutItem *const item = m_rows->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    for (const Json &each : value.is_array() ? value : Json::array())
        addRow(each);
}

Json OccurrencesField::value() const { return m_isEdited ? shown() : m_value; }

Json OccurrencesField::shown() const
{
    Json all = Json::array();
    for (int i = 0; i < m_rows->count(); ++i) {
        const QWidget *const row = m_rows->itemAt(i)->widget();
        const auto chosen = [row](const QString &box) { return row->findChild<QComboBox *>(box)->currentData(); };
        all.push_back({{"day", toStdString(chosen(dayName).toString())}, {"occurrence", chosen(whichName).toInt()}});
    }
    return all.empty() ? Json() : all;
}

QWidget *OccurrencesField::editor() { return m_add; }

} // namespace designer

#include "moc_OccurrencesField.cpp"
