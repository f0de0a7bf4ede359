// bench_canvas [activities]: how much processor time the canvas takes to open, pan, drag and fit. Draws with the raster
// engine into memory (QT_QPA_PLATFORM=offscreen), so no screen is waited for. Medians of frames, in milliseconds.

#include "designer/canvas/PipelineCanvas.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/StatusLook.h"
#include "tests/designer/canvas/Pipelines.h"

#include <QApplication>
#include <QMouseEvent>
#include <QSettings>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <ctime>

using namespace designer;

namespace {

constexpr int frames = 60;
constexpr QSize screen(1600, 900);

// No engine is asked: the canvas needs a workbench for its settings only.
class NoEngine final : public engine::EngineClient
{
public:
    void call(const QByteArray &, const QString &, const engine::Json &, QObject *, Answer) override { }
    void watch(qint64, QObject *, std::function<void()>, std::function<void(const engine::RunEvent &)>) override { }
    void ensureEngine(const QString &, QObject *, Answer) override { }
};

double threadMs()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return double(time.tv_sec) * 1000 + double(time.tv_nsec) / 1e6;
}

template <typename Work> double measured(Work work)
{
    const double before = threadMs();
    work();
    return threadMs() - before;
}

template <typename Frame> void report(const char *what, Frame frame)
{
    std::vector<double> times;
    for (int i = 0; i < frames; ++i) {
        times.push_back(measured([&] {
            frame(i);
            QCoreApplication::processEvents(); // paints
        }));
    }
    std::sort(times.begin(), times.end());
    std::printf("%-34s median %7.2f   95 %% %7.2f\n", what, times[times.size() / 2], times[times.size() * 95 / 100]);
}

void sendMouse(CanvasView &view, QEvent::Type type, const QPoint &place)
{
    QMouseEvent event(type,
                      place,
                      view.viewport()->mapToGlobal(QPointF(place)),
                      type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton,
                      type == QEvent::MouseButtonRelease ? Qt::NoButton : Qt::LeftButton,
                      {});
    QCoreApplication::sendEvent(view.viewport(), &event);
}

// One drag over all frames; the wait for what lies under the pointer is part of it.
void reportDrag(const char *what, PipelineCanvas &canvas, const QStringList &ids)
{
    CanvasView &view = canvas.view();
    canvas.select(ids);
    const int node = canvas.scene().selectedNodes().first();
    const QPoint start = view.mapFromScene(canvas.scene().node(node)->body().center());
    sendMouse(view, QEvent::MouseButtonPress, start);
    report(what, [&](int frame) {
        sendMouse(view, QEvent::MouseMove, start + QPoint(16 + frame * 4 % 200, frame % 2 == 0 ? 12 : 24));
    });
    view.cancelGesture();
    sendMouse(view, QEvent::MouseButtonRelease, start);
}

QHash<QString, NodeState> states(int count, int round)
{
    QHash<QString, NodeState> made;
    for (int i = 0; i < count; ++i) {
        const bool isOver = i % 7 < round % 7;
        made.insert(QStringLiteral("Activity %1").arg(i),
                    {statusLook(isOver ? engine::ActivityStatus::Succeeded : engine::ActivityStatus::InProgress),
                     QStringLiteral("12.4 s"),
                     isOver ? std::optional<qint64>(1309) : std::nullopt});
    }
    return made;
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    QFont font(QStringLiteral("Inter"));
    font.setPixelSize(13);
    QApplication::setFont(font);
    applyTheme(Theme::light());
    const int count = argc > 1 ? std::max(2, atoi(argv[1])) : 1000;
    const engine::Json file = tests::largePipeline(count);

    const QTemporaryDir folder;
    NoEngine client;
    EngineConnection connection(client, {}, {});
    QSettings settings(folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
    Workbench workbench(connection, settings);
    PipelineCanvas canvas(workbench);
    canvas.resize(screen);
    canvas.setReadOnly(false);
    canvas.show();
    QCoreApplication::processEvents();
    const double opening = measured([&] {
        canvas.setPipeline(file, {});
        QCoreApplication::processEvents();
    });
    const PipelineGraph &graph = canvas.scene().graph();
    std::printf("%lld activities, %lld links, milliseconds of processor time\n",
                static_cast<long long>(graph.nodes.size()),
                static_cast<long long>(graph.links.size()));
    std::printf("%-34s        %7.2f\n", "open: read, lay out, draw", opening);

    CanvasView &view = canvas.view();
    report("fit: everything drawn again", [&](int) {
        canvas.fit();
        view.viewport()->update();
    });
    view.setZoom(1);
    report("pan at 100 %", [&](int frame) { view.scrollBy({frame % 20 < 10 ? 9 : -9, 5}); });
    reportDrag("drag 1 at 100 %", canvas, {graph.ids().at(count / 2)});
    reportDrag("drag 20 at 100 %", canvas, graph.ids().mid(count / 2, 20));
    reportDrag("drag all at 100 %", canvas, graph.ids());
    canvas.fit();
    reportDrag("drag all, everything in view", canvas, graph.ids());
    report("zoom by a step", [&](int frame) { frame % 12 < 6 ? view.zoomIn() : view.zoomOut(); });
    canvas.fit();
    report("states of all, everything in view", [&](int frame) {
        canvas.scene().setStates(states(count, frame)); // without the wait that gathers them
    });
    report("edit: one activity more", [&](int frame) {
        engine::Json changed = file;
        changed["properties"]["activities"].push_back(
            {{"name", "New " + std::to_string(frame)}, {"type", "DatabricksNotebook"}});
        canvas.setPipeline(changed, canvas.scene().positions());
    });
    return 0;
}
