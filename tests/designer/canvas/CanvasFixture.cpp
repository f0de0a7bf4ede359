#include "tests/designer/canvas/CanvasFixture.h"

#include "designer/document/FactoryDocument.h"
#include "engine/model/ActivityReader.h"
#include "tests/support/TestMain.h"
#include "tests/support/Watchdog.h"

#include <QApplication>

using namespace designer;

namespace tests {

TestBench::TestBench()
    : connection(client, {}, {})
    , settings(folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat)
    , workbench(connection, settings)
{
}

CanvasFixture::CanvasFixture(const engine::Json &file, const QHash<QString, QPointF> &layout, bool readOnly)
    : m_file(file)
    , m_layout(layout)
    , m_canvas(m_bench.workbench)
{
    const WatchedApplication::Pause pause;
    QObject::connect(&m_canvas, &PipelineCanvas::changeRequested, &m_canvas, [this](const PipelineChange &change) {
        m_changes.append(change);
        if (change.pipeline)
            m_file = *change.pipeline;
        if (change.layout)
            m_layout = *change.layout;
        m_canvas.setPipeline(m_file, m_layout);
    });
    m_canvas.resize(1100, 600);
    m_canvas.setPipeline(file, layout);
    m_canvas.setReadOnly(readOnly);
    m_canvas.show();
    m_canvas.activateWindow();
    m_canvas.view().setFocus();
    (void)QTest::qWaitForWindowActive(&m_canvas);
    m_layout = m_canvas.scene().positions();
}

QStringList CanvasFixture::names() const { return PipelineGraph::fromJson(m_file).ids(); }

QStringList CanvasFixture::conditions(const QString &from, const QString &to) const
{
    const engine::Json &activities = engine::memberAt(engine::memberAt(m_file, "properties"), "activities");
    for (const engine::Json &activity : activities) {
        if (engine::stringAt(activity, "name") != to || !activity.contains("dependsOn"))
            continue;
        for (const engine::Json &entry : activity["dependsOn"]) {
            if (engine::stringAt(entry, "activity") == from)
                return engine::readStrings(engine::memberAt(entry, "dependencyConditions"));
        }
    }
    return {};
}

QPoint CanvasFixture::at(const QString &name, QPointF offset) const
{
    PipelineCanvas &canvas = const_cast<PipelineCanvas &>(m_canvas);
    const int node = canvas.scene().graph().indexOf(name);
    return canvas.view().mapFromScene(canvas.scene().node(node)->pos() + offset);
}

QPoint CanvasFixture::port(const QString &name, int port) const
{
    return at(name, {nodes::width, CanvasLook::portY(port)});
}

void CanvasFixture::press(const QPoint &point, Qt::KeyboardModifiers modifiers, Qt::MouseButton button)
{
    m_button = button;
    m_modifiers = modifiers;
    m_last = point;
    QTest::mousePress(view().viewport(), button, modifiers, point);
}

// QTest::mouseMove says nothing of buttons to a widget: the events are made here.
void CanvasFixture::move(const QPoint &point)
{
    constexpr int steps = 8;
    const QPoint from = m_last;
    for (int step = 1; step <= steps; ++step) {
        m_last = from + (point - from) * step / steps;
        QMouseEvent event(QEvent::MouseMove,
                          m_last,
                          view().viewport()->mapToGlobal(QPointF(m_last)),
                          Qt::NoButton,
                          m_button,
                          m_modifiers);
        QApplication::sendEvent(view().viewport(), &event);
    }
}

void CanvasFixture::release(const QPoint &point, Qt::KeyboardModifiers modifiers)
{
    QTest::mouseRelease(view().viewport(), m_button, modifiers, point);
    m_button = Qt::NoButton;
}

void CanvasFixture::click(const QPoint &point, Qt::KeyboardModifiers modifiers)
{
    press(point, modifiers);
    release(point, modifiers);
}

void CanvasFixture::drag(const QPoint &from, const QPoint &to, Qt::KeyboardModifiers modifiers)
{
    press(from, modifiers);
    move(to);
    release(to, modifiers);
}

void CanvasFixture::key(Qt::Key key, Qt::KeyboardModifiers modifiers) { QTest::keyClick(&view(), key, modifiers); }

void CanvasFixture::type(QWidget *widget, const QString &text)
{
    for (const char32_t character : text.toUcs4()) { // a key gives a whole emoji, not its halves
        QKeyEvent press(QEvent::KeyPress, 0, Qt::NoModifier, QString::fromUcs4(&character, 1));
        QApplication::sendEvent(widget, &press);
    }
}

QWidget *CanvasFixture::popup() const { return QApplication::activePopupWidget(); }

void CanvasFixture::select(const QStringList &names) { m_canvas.select(names); }

} // namespace tests
