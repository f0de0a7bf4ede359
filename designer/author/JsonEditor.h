#pragma once

#include "designer/shell/EntityEditor.h"
#include "designer/shell/Workbench.h"

#include <QTimer>

#include <optional>

class QLabel;

namespace designer {

class CodeView;

// The file of an entity as text. What is typed is one undo step of the document as soon as it is JSON again; until then
// the line below says where it is not, and the document keeps what it had.
class JsonEditor final : public EntityEditor
{
    Q_OBJECT

public:
    JsonEditor(Workbench &workbench, const EntityRef &entity, QWidget *parent = nullptr);

    void setEntity(const EntityRef &entity) override;
    bool reveal(const QString &property) override; // the line of the property, or of what it would stand in
    bool hasError() const { return m_hasError; } // what is shown is not in the document

private:
    void showContent();
    void take();
    bool isJson(const QByteArray &text); // says where it is not
    void showState(const std::optional<engine::Error> &error);

    Workbench &m_workbench;
    CodeView *m_code;
    QLabel *m_state;
    QTimer m_pause;
    bool m_hasError = false;
    bool m_isTaking = false;
};

} // namespace designer
