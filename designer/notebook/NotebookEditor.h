#pragma once

#include "designer/shell/EntityEditor.h"

namespace designer {

class NotebookView;
class Workbench;

// A notebook in a tab of Author: shown, not edited; other programs do that better. GUI thread.
class NotebookEditor final : public EntityEditor
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NotebookEditor)

public:
    NotebookEditor(Workbench &workbench, const EntityRef &entity, QWidget *parent = nullptr);

    void setEntity(const EntityRef &entity) override;
    bool reveal(const QString &property) override; // "cells[3]"
    QList<QAction *> toolActions() override;

private:
    void openFile();

    Workbench &m_workbench;
    NotebookView *m_view;
};

} // namespace designer
