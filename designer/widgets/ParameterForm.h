#pragma once

#include "engine/base/Json.h"
#include "engine/base/Result.h"

#include <QWidget>

class QFormLayout;

namespace designer {

// A line for each parameter of a pipeline or a dataset, by its type, with the value it begins with.
class ParameterForm final : public QWidget
{
    Q_OBJECT

public:
    explicit ParameterForm(QWidget *parent = nullptr);

    // `declared`: {"name": {"type", "defaultValue"}}; `last`: values of an earlier run, instead of the defaults.
    void setParameters(const engine::Json &declared, const engine::Json &last = {});
    bool isEmpty() const { return m_fields.isEmpty(); }
    void focusFirst();
    // What is given; absent where the default counts. InvalidInput: `where` is the parameter.
    engine::Result<engine::Json> values() const;
    engine::Json valuesToKeep() const; // without secrets, and without what cannot be read

private:
    struct Field
    {
        QString name;
        QString type;
        QWidget *input;
    };

    QWidget *inputFor(const QString &name, const QString &type, const engine::Json &initial);

    QFormLayout *m_form;
    QList<Field> m_fields;
};

} // namespace designer
