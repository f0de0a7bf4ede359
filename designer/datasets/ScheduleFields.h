#pragma once

#include "designer/properties/Fields.h"

class QAbstractButton;
class QCheckBox;
class QDateTimeEdit;
class QLabel;

namespace designer {

// A date and time of a recurrence, in the trigger's zone; "Z" or an offset at its end is kept and shown. Optional ones
// have a check box.
class DateTimeField final : public Field
{
    Q_OBJECT

public:
    enum class Presence { Required, Optional };
    explicit DateTimeField(Presence presence, QWidget *parent = nullptr);

    void setValue(const engine::Json &value) override;
    engine::Json value() const override;
    QWidget *editor() override;

private:
    QCheckBox *m_isSet = nullptr;
    QDateTimeEdit *m_edit;
    QLabel *m_zone; // "UTC" when the text names it
    engine::Json m_value;
    bool m_isEdited = false;
};

// Days of the week to toggle: ["Monday", …].
class WeekDaysField final : public Field
{
    Q_OBJECT

public:
    explicit WeekDaysField(QWidget *parent = nullptr);

    void setValue(const engine::Json &value) override;
    engine::Json value() const override;
    QWidget *editor() override;

private:
    QList<QAbstractButton *> m_days; // as Data Factory counts: from Sunday
    engine::Json m_value;
    bool m_isEdited = false;
};

// A list of whole numbers as text: "0, 15, 30". Empty = absent.
class NumbersField final : public TextField
{
    Q_OBJECT

public:
    NumbersField(int minimum, int maximum, QWidget *parent = nullptr); // nought is none when `minimum` is negative
    QString mistake() const override;

protected:
    engine::Json valueOf(const QString &text) const override;
    QString textOf(const engine::Json &value) const override;

private:
    std::optional<QList<int>> numbersOf(const QString &text) const;

    int m_minimum;
    int m_maximum;
};

} // namespace designer
