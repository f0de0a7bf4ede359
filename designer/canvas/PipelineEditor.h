#pragma once

#include "designer/canvas/PipelineCanvas.h"
#include "designer/shell/EntityEditor.h"

#include <QTimer>

class QSplitter;

namespace designer {

class ActivityPalette;
class DebugRun;
class FactoryDocument;
class PropertyPanel;

// A pipeline in Author: palette, canvas and the properties of what is selected. Everything it changes is a step of the
// document's undo stack; what it shows follows the document.
class PipelineEditor final : public EntityEditor
{
    Q_OBJECT

signals:
    void debugRequested(); // from the tab "Output"

public:
    // A factory is open, and stays open as long as the editor lives.
    PipelineEditor(Workbench &workbench, EntityRef pipeline, QWidget *parent = nullptr);

    void setEntity(const EntityRef &entity) override;
    bool reveal(const QString &property) override; // "activities[1].typeProperties.sink", or of the pipeline
    QList<QAction *> toolActions() override;

    // Runs the draft, up to the activity that is marked; what it does is shown on the canvas and in "Output".
    void debug(const engine::Json &parameters, const engine::Json &mocks = engine::Json::object());
    DebugRun &debugRun() { return *m_debug; }

    PipelineCanvas &canvas() { return *m_canvas; }
    PropertyPanel &properties() { return *m_properties; }

private:
    void makeLayout();
    void resetLayout();
    void followDocument();
    void refresh(); // the file or its layout is another one
    void showProblems();
    void showSelection(); // in the properties
    void showDebugStates();
    void goToProperties(); // the keyboard does
    void apply(const PipelineChange &change);

    Workbench &m_workbench;
    FactoryDocument &m_document;
    ActivityPalette *m_palette;
    PipelineCanvas *m_canvas;
    PropertyPanel *m_properties;
    QList<engine::Problem> m_problems; // of this pipeline
    QTimer m_selectionTimer; // a rubber band selects a lot on its way
    bool m_isChosenInOutput = false; // what is selected next
    QSplitter *m_columns;
    QSplitter *m_rows;
    DebugRun *m_debug;
    QTimer m_statesTimer; // of a debug run: durations tick
};

} // namespace designer
