#pragma once

#include "designer/canvas/PipelineCanvas.h"
#include "designer/shell/Workbench.h"
#include "tests/designer/canvas/Pipelines.h"
#include "tests/support/FakeEngineClient.h"

#include <QSettings>
#include <QTemporaryDir>

namespace tests {

// A workbench without an engine and with settings of its own.
struct TestBench
{
    TestBench();

    QTemporaryDir folder;
    FakeEngineClient client;
    designer::EngineConnection connection;
    QSettings settings;
    designer::Workbench workbench;
};

// A canvas on the screen, whose changes are taken as an editor takes them, and real keys and mouse.
class CanvasFixture
{
public:
    explicit CanvasFixture(const engine::Json &file, const QHash<QString, QPointF> &layout = {}, bool readOnly = false);

    designer::PipelineCanvas &canvas() { return m_canvas; }
    designer::CanvasView &view() { return m_canvas.view(); }
    designer::CanvasScene &scene() { return m_canvas.scene(); }
    const QList<designer::PipelineChange> &changes() const { return m_changes; }
    const engine::Json &file() const { return m_file; }
    QPointF place(const QString &name) const { return m_layout.value(name); }
    QStringList names() const;
    QStringList conditions(const QString &from, const QString &to) const; // empty: no dependency

    QPoint at(const QString &name, QPointF offset = {100, 32}) const; // in the viewport
    QPoint port(const QString &name, int port) const;
    void press(const QPoint &point, Qt::KeyboardModifiers modifiers = {}, Qt::MouseButton button = Qt::LeftButton);
    void move(const QPoint &point); // in steps, as a hand does, with what is pressed
    void release(const QPoint &point, Qt::KeyboardModifiers modifiers = {});
    void click(const QPoint &point, Qt::KeyboardModifiers modifiers = {});
    void drag(const QPoint &from, const QPoint &to, Qt::KeyboardModifiers modifiers = {});
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {});
    void type(QWidget *widget, const QString &text);
    QWidget *popup() const; // that is open, or nullptr
    void select(const QStringList &names);

private:
    TestBench m_bench;
    engine::Json m_file;
    QHash<QString, QPointF> m_layout;
    QList<designer::PipelineChange> m_changes;
    designer::PipelineCanvas m_canvas;
    QPoint m_last;
    Qt::MouseButton m_button = Qt::NoButton;
    Qt::KeyboardModifiers m_modifiers;
};

} // namespace tests
