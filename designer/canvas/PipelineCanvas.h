#pragma once

#include "designer/canvas/CanvasView.h"
#include "designer/canvas/NodeState.h"
#include "designer/document/ActivityTree.h"
#include "engine/base/Json.h"
#include "engine/model/Problem.h"

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

class QLabel;

namespace designer {

class Breadcrumb;
class CanvasActions;
class CanvasHint;
class Minimap;
class Workbench;
class ZoomBox;

// A change of the pipeline shown, as the user asked for it: one step of undo. What is absent stays as it is.
struct PipelineChange
{
    QString title = {}; // of the step, translated: "Add Notebook1"
    std::optional<engine::Json> pipeline = {}; // the whole file
    std::optional<QHash<QString, QPointF>> layout = {}; // of all activities, by path: "Loop/Load"
    QHash<QString, QString> renamed = {}; // activities: new names by old ones; what is kept under a name goes along
    bool isWhole = false; // `pipeline` is the whole file although a container is open
    QString mergeKey = {}; // steps that follow each other with the same are one; see FactoryDocument::edit()
};

// A pipeline as a picture: activities, their links, the states of a run; with zoom, map and keyboard. Containers open
// in its place, with a way back. Editable, it asks
// for changes by changeRequested() and shows them when it is given the new file; read-only, it shows and selects.
// GUI thread. Activities are known by their names.
class PipelineCanvas final : public QWidget
{
    Q_OBJECT

public:
    explicit PipelineCanvas(Workbench &workbench, QWidget *parent = nullptr); // read-only until told otherwise
    ~PipelineCanvas() override;

    // Shows the file. Another version of the one that is shown changes only what differs: selection, zoom and the
    // places of activities without a written one stay. `layout`: places by path; what is absent is laid out.
    void setPipeline(const engine::Json &pipelineFile, const QHash<QString, QPointF> &layout);
    const engine::Json &pipeline() const { return m_file; } // what is shown: of an open container, its activities
    const engine::Json &wholePipeline() const { return m_whole; }

    // The open container: empty shows the pipeline's own activities. A way that is not there opens as far as it goes.
    void open(const BranchPath &path);
    const BranchPath &openPath() const { return m_path; }
    QString list() const; // the place of what is shown: "activities[1].typeProperties.activities"
    void enter(const QString &container, int way = -1); // one that is shown; -1: the first way that has something
    void leave(); // one level up, where the container is selected
    QStringList namesElsewhere() const; // of the pipeline, in lists that are not shown

    // Paths of records, of what is shown: "Loop[3]/Load" for "Load". Loops are at the iteration that is chosen.
    QString recordPath(const QString &name) const;
    QString loopPath() const; // of the innermost open loop, without its iteration; empty = none is open
    void setIterations(int count, const QList<int> &failed); // of that loop
    void reveal(const QString &recordPath); // opens what it is in, chooses the iteration, selects it
    void setReadOnly(bool readOnly);
    bool isReadOnly() const { return !m_scene.isEditable(); }
    // The problems of this pipeline: those whose place names an activity are shown at it.
    void setProblems(const QList<engine::Problem> &problems);

    // By activity name, of what is shown; what is absent has no state. Shown at most every 33 ms, and only what changed
    // is drawn again.
    void setStates(const QHash<QString, NodeState> &states);

    void select(const QStringList &names); // and shows the first; the canvas does not take the focus
    QStringList selection() const { return m_scene.selectedIds(); }
    void fit();
    bool isMapShown() const;
    void setMapShown(bool shown); // on every canvas, kept in the settings

    CanvasView &view() { return *m_view; }
    CanvasScene &scene() { return m_scene; }
    CanvasActions &actions() { return *m_actions; }
    void request(const PipelineChange &change, const QStringList &selectAfterwards);
    void notice(const QString &text); // a word on the canvas, for a few seconds: why something was refused

    // The activity a debug run goes up to, of the pipeline's own: a circle on its edge; empty = none.
    void offerUntil(); // makes it possible to choose one
    const QString &until() const { return m_until; }
    void setUntil(const QString &activity);

signals:
    void untilChanged();
    void activityActivated(const QString &name); // Enter or double-click
    void shownChanged(); // another container is open, or another iteration chosen
    void selectionChanged(const QStringList &names);
    void changeRequested(const designer::PipelineChange &change); // answered by setPipeline() before it returns

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void showPart();
    void showPath();
    void resolvePath();
    PipelineChange wholeChange(PipelineChange change) const;
    QString pathPrefix() const; // of layouts: "Loop/"
    void placeOverlays();
    void placeHint();
    void showHint();
    void showStates();
    void describeCurrent();
    QString toolTip(const CanvasHit &hit) const;

    Workbench &m_workbench;
    engine::Json m_whole;
    QHash<QString, QPointF> m_wholeLayout;
    BranchPath m_path;
    QList<int> m_indexes; // of the containers in their lists: a renamed one is found again
    bool m_offersUntil = false;
    QString m_until;
    QHash<QString, int> m_iterations; // by loop
    engine::Json m_file;
    CanvasScene m_scene;
    CanvasView *m_view;
    CanvasActions *m_actions;
    Breadcrumb *m_breadcrumb;
    Minimap *m_minimap;
    ZoomBox *m_zoomBox;
    CanvasHint *m_hint;
    QLabel *m_notice;
    QTimer m_noticeTimer;
    QHash<QString, NodeState> m_states;
    QTimer m_stateTimer;
    QElapsedTimer m_sinceStates;
    QHash<QString, QStringList> m_problemTexts; // by id
};

} // namespace designer
