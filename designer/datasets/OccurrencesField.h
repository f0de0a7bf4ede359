#pragma once

#include "designer/properties/Field.h"

class QPushButton;
class QVBoxLayout;

namespace designer {

// Weekdays of a month, one in each row: [{"day": "Monday", "occurrence": 1}, …], where -1 is the last of the month.
class OccurrencesField final : public Field
{
    Q_OBJECT

public:
    explicit OccurrencesField(QWidget *parent = nullptr);

    void setValue(const engine::Json &value) override;
    engine::Json value() const override;
    QWidget *editor() override;

private:
    void addRow(const engine::Json &occurrence);
    void changed();
    engine::Json shown() const; // what the rows say

    QVBoxLayout *m_rows;
    QPushButton *m_add;
    engine::Json m_value;
    bool m_isEdited = false;
};

} // namespace designer
