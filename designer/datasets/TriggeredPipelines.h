#pragma once

#include "designer/properties/Field.h"
#include "designer/properties/RecordTable.h"

class QLabel;

namespace designer {

class EditScope;

// The pipelines a trigger starts, and the parameters it gives to the chosen one. Edits "pipelines".
class TriggeredPipelinesField final : public Field
{
    Q_OBJECT

public:
    explicit TriggeredPipelinesField(EditScope &scope, QWidget *parent = nullptr);

    void setValue(const engine::Json &value) override;
    engine::Json value() const override;
    QWidget *editor() override;
    bool isWide() const override { return true; }

private:
    void showParameters();
    void parametersEdited();
    int current() const;
    QStringList pipelineNames() const;

    EditScope &m_scope;
    RecordTable *m_pipelines;
    RecordTable *m_parameters;
    QLabel *m_heading;
    engine::Json m_value;
    bool m_isEdited = false;
};

} // namespace designer
