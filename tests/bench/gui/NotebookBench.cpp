#include "designer/notebook/CellList.h"
#include "designer/notebook/NotebookRun.h"
#include "designer/notebook/NotebookRunPage.h"
#include "designer/notebook/NotebookView.h"
#include "designer/shell/EngineConnection.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "tests/designer/notebook/Cells.h"
#include "tests/support/FakeEngineClient.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QScrollBar>
#include <QSettings>
#include <QTemporaryDir>

#include <cstdio>

using namespace designer;
using namespace engine;
using namespace tests;

namespace {

constexpr int cellCount = 300;

void print(const char *what, qint64 nanoseconds) { std::printf("%-46s %8.1f ms\n", what, double(nanoseconds) / 1e6); }

QString source(int cell)
{
    QString text = QStringLiteral("# Cell %1\n").arg(cell);
    for (int line = 0; line < 12; ++line)
        text += QStringLiteral("value_%1 = compute(\"name\", %2) + other[%1]  # and a comment\n").arg(line).arg(cell);
    return text;
}

Json answer()
{
    QList<CellRecord> cells;
    QList<QList<Json>> outputs;
    for (int index = 0; index < cellCount; ++index) {
        CellRecord cell = cellRecord(index, QStringLiteral("Cell %1").arg(index), source(index), CellStatus::Succeeded);
        cell.start = Instant(Millis(1'700'000'000'000 + index * 100));
        cell.end = *cell.start + Millis(90);
        cells += cell;
        outputs += QList<Json>{streamOutput(QStringLiteral("line\n").repeated(8)),
                               bundleOutput("text/html", "<table><tr><th>a</th></tr><tr><td>1</td></tr></table>")};
    }
    cells[200].status = CellStatus::Failed;
    cells[200].ename = QStringLiteral("ValueError");
    cells[200].errorLine = 5;
    return cellsAnswer(cells, outputs);
}

// Scrolls through all of it, a page at a time; the longest step counts.
void scroll(CellList &list)
{
    QScrollBar *const bar = list.verticalScrollBar();
    qint64 longest = 0;
    QElapsedTimer all;
    all.start();
    bar->setValue(0);
    while (bar->value() < bar->maximum()) {
        QElapsedTimer step;
        step.start();
        bar->setValue(bar->value() + list.viewport()->height() / 2);
        QCoreApplication::processEvents();
        longest = qMax(longest, step.nsecsElapsed());
    }
    print("  scrolled to the end, all", all.nsecsElapsed());
    print("  scrolled to the end, longest step", longest);
}

void openRun()
{
    QTemporaryDir folder;
    QSettings settings(folder.filePath(QStringLiteral("s.ini")), QSettings::IniFormat);
    FakeEngineClient client;
    const QString route = QStringLiteral("GET /slipway/v1/runs/%1").arg(notebookRunRecord().id.text());
    client.on(route + QStringLiteral("/record"), toJson(notebookRunRecord()));
    client.on(route + QStringLiteral("/activityrecords"), Json{{"value", {toJson(notebookActivity())}}});
    client.on(route + QStringLiteral("/attempts"),
              Json{{"value", {toJson(notebookAttempt(1, AttemptStatus::Failed))}}});
    client.on(route + QStringLiteral("/cells"), answer());
    EngineConnection connection(client, {}, "test");
    Workbench workbench(connection, settings);
    NotebookRunPage page(workbench);
    page.resize(1536, 900);
    page.show();
    QCoreApplication::processEvents();
    QElapsedTimer clock;
    clock.start();
    page.show(notebookRunRecord(), notebookActivity(), 0);
    while (!page.run().isLoaded())
        QCoreApplication::processEvents();
    print("a run, 300 cells: open at the failing cell", clock.nsecsElapsed());
    page.grab();
    print("  painted", clock.nsecsElapsed());
    clock.restart();
    page.goToCell(20);
    QCoreApplication::processEvents();
    print("  go to another cell", clock.nsecsElapsed());
    scroll(*page.findChild<CellList *>());
}

void openFile()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.py"));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return;
    for (int cell = 0; cell < cellCount; ++cell)
        file.write(source(cell).toUtf8() + "# COMMAND ----------\n");
    file.close();
    NotebookView view;
    view.resize(1300, 900);
    view.show();
    QCoreApplication::processEvents();
    QElapsedTimer clock;
    clock.start();
    view.open(path);
    while (view.cellCount() == 0)
        QCoreApplication::processEvents();
    print("a file, 300 cells: open", clock.nsecsElapsed());
    scroll(*view.findChild<CellList *>());
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    applyTheme(Theme::light());
    openRun();
    openFile();
    return 0;
}
