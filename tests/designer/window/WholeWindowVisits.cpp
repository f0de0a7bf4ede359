#include "tests/designer/window/WholeWindow.h"

#include "designer/canvas/CanvasActions.h"
#include "designer/canvas/CanvasScene.h"
#include "designer/canvas/PipelineEditor.h"
#include "designer/document/FactoryDocument.h"
#include "designer/properties/PropertyPanel.h"
#include "tests/support/TestMain.h"
#include "tests/support/Watchdog.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QMenu>
#include <QTabBar>
#include <QTableView>
#include <QTreeView>
#include <QUndoStack>

using namespace designer;
using namespace engine;

namespace tests {

void WholeWindow::visitPages(const Visit &visit)
{
    const auto see = [&](const QString &place, const Link &link) {
        go(link);
        visit(place, *window);
    };
    Link link;
    see(QStringLiteral("Home"), link);
    link.kind = Link::Kind::Monitor;
    see(QStringLiteral("Monitor"), link);
    const QString cell = QStringLiteral("TitanicPredictions");
    see(QStringLiteral("Run"), runLink(failedRun));
    go(activityLink(failedRun, cell));
    // Outputs are prepared on other threads.
    if (!QTest::qWaitFor([this] { return window->findChild<QWidget *>(QStringLiteral("outputs2_1Table")) != nullptr; }))
        QTest::qFail("There is no table", __FILE__, __LINE__);
    see(QStringLiteral("Notebook run"), activityLink(failedRun, cell));
    see(QStringLiteral("Activity that did not run"), activityLink(failedRun, QStringLiteral("CopyStorageToSql")));
    see(QStringLiteral("Copy run"), activityLink(copyRun, QStringLiteral("CopySales")));
    see(QStringLiteral("Run that is not there"), runLink(QStringLiteral("00000000-0000-0000-0000-000000000000")));
    link.kind = Link::Kind::Models;
    see(QStringLiteral("Models"), link);
    link.entity = QStringLiteral("titanic");
    link.detail = QStringLiteral("2");
    see(QStringLiteral("Model"), link);
    link.entity.clear();
    link.kind = Link::Kind::Manage;
    for (const char *const section : {"linkedServices", "triggers", "kernels", "engine"}) {
        link.detail = QString::fromLatin1(section);
        see(QStringLiteral("Manage ") + link.detail, link);
    }
    book.workbench.tell({.level = Message::Level::Error,
                         .text = QStringLiteral("Something"),
                         .detail = QStringLiteral("more"),
                         .action = QStringLiteral("Try again"),
                         .act = [] {},
                         .about = QStringLiteral("test")});
    visit(QStringLiteral("A message"), *window);
    book.workbench.withdraw(QStringLiteral("test"));
    settle();
    press(QStringLiteral("openPalette"));
    visit(QStringLiteral("Command palette"), *window);
    QTest::keyClick(QApplication::focusWidget() ? QApplication::focusWidget() : window.get(), Qt::Key_Escape);
    settle();
}

void WholeWindow::visitEditors(const Visit &visit)
{
    Link author;
    author.kind = Link::Kind::Author;
    go(author);
    visit(QStringLiteral("Author, nothing open"), *window);
    open(EntityKind::Pipeline, pipeline().name);
    seePropertyTabs(QStringLiteral("Pipeline"), visit);
    const Json file = book.workbench.document()->json(pipeline());
    for (const Json &activity : memberAt(memberAt(file, "properties"), "activities")) {
        const WatchedApplication::Pause pause;
        showProperties(stringAt(activity, "name"), {});
        seePropertyTabs(stringAt(activity, "name"), visit);
    }
    seeCanvasMenus(visit);
    trigger(QStringLiteral("validate"));
    visit(QStringLiteral("Problems"), *window);
    for (const EntityKind kind :
         {EntityKind::Dataset, EntityKind::LinkedService, EntityKind::Trigger, EntityKind::Notebook}) {
        for (const EntityRef &ref : book.workbench.document()->entities(kind)) {
            open(kind, ref.name);
            visit(ref.toString(), *window);
            seeCellEditors(ref.toString(), visit);
            if (const auto *const preview = find<QAbstractButton>(QStringLiteral("previewData"));
                kind == EntityKind::Dataset && preview && preview->isVisible() && preview->isEnabled()) {
                press(QStringLiteral("previewData"));
                visit(ref.toString() + QStringLiteral(", preview"), *window);
            }
            trigger(QStringLiteral("closeTab"));
        }
    }
    open(EntityKind::Pipeline, pipeline().name);
    trigger(QStringLiteral("json"));
    visit(QStringLiteral("JSON"), *window);
    trigger(QStringLiteral("json"));
    auto *const tree = find<QTreeView>(QStringLiteral("factoryView"));
    QTest::keyClick(tree, Qt::Key_F2);
    settle();
    visit(QStringLiteral("Renaming in the tree"), *window);
    QTest::keyClick(QApplication::focusWidget() ? QApplication::focusWidget() : tree, Qt::Key_Escape);
    settle();
}

void WholeWindow::visitDialogs(const Visit &visit)
{
    open(EntityKind::Pipeline, pipeline().name);
    inDialog(QStringLiteral("Settings"), visit, [this] { trigger(QStringLiteral("settings")); });
    for (const EntityKind kind : {EntityKind::Pipeline,
                                  EntityKind::Dataset,
                                  EntityKind::Notebook,
                                  EntityKind::LinkedService,
                                  EntityKind::Trigger}) {
        inDialog(QStringLiteral("New ") + titleOf(kind), visit, [this, kind] {
            trigger(QStringLiteral("new") + folderOf(kind));
        });
    }
    inDialog(QStringLiteral("Publish"), visit, [this] { trigger(QStringLiteral("publish")); });
    inDialog(QStringLiteral("Trigger now"), visit, [this] { trigger(QStringLiteral("triggerNow")); });
    inDialog(QStringLiteral("Debug"), visit, [this] { trigger(QStringLiteral("debugWith")); });
    inDialog(QStringLiteral("Delete"), visit, [this] {
        QTest::keyClick(find<QTreeView>(QStringLiteral("factoryView")), Qt::Key_Delete);
    });
    open(EntityKind::Dataset, QStringLiteral("FinSqlTable"));
    inDialog(QStringLiteral("Browse tables"), visit, [this] { press(QStringLiteral("browseTables")); });
    Link link;
    link.kind = Link::Kind::Monitor;
    go(link);
    inDialog(QStringLiteral("Time range"), visit, [this] {
        QMenu *const spans = find<QWidget>(QStringLiteral("runSpan"))->findChild<QMenu *>();
        emit spans->aboutToShow();
        spans->actions().last()->trigger();
    });
    link.kind = Link::Kind::Manage;
    link.detail = QStringLiteral("engine");
    go(link);
    inDialog(QStringLiteral("Stop the engine"), visit, [this] { press(QStringLiteral("stopTheEngine")); });
    seeQuestionsAboutChanges(visit);
}

void WholeWindow::showProperties(const QString &activity, const QString &tab)
{
    const WatchedApplication::Pause pause;
    auto *const editor = find<PipelineEditor>(QString());
    editor->canvas().select({activity});
    editor->properties().showActivity(pipeline(), activity);
    if (!tab.isEmpty())
        editor->properties().setCurrentTab(tab);
    settle();
}

void WholeWindow::seePropertyTabs(const QString &of, const Visit &visit)
{
    auto *const tabs = find<QTabBar>(QStringLiteral("propertyTabs"));
    for (int tab = 0; tab < tabs->count(); ++tab) {
        const WatchedApplication::Pause pause;
        tabs->setCurrentIndex(tab);
        settle();
        const QString place = of + QStringLiteral(", ") + tabs->tabText(tab);
        visit(place, *window);
        seeCellEditors(place, visit);
    }
}

// What is typed into the cells of tables.
void WholeWindow::seeCellEditors(const QString &place, const Visit &visit)
{
    const WatchedApplication::Pause pause;
    for (QTableView *const view : window->findChildren<QTableView *>()) {
        if (!view->isVisible() || view->model()->rowCount() == 0)
            continue;
        for (int column = 0; column < view->model()->columnCount(); ++column) {
            const QModelIndex cell = view->model()->index(0, column);
            if (!(cell.flags() & Qt::ItemIsEditable))
                continue;
            view->setCurrentIndex(cell);
            view->edit(cell);
            settle();
            visit(place + QStringLiteral(", a cell of ") + view->objectName(), *window);
            if (QWidget *const editor = QApplication::focusWidget(); editor && view->isAncestorOf(editor))
                QTest::keyClick(editor, Qt::Key_Escape);
            settle();
        }
    }
}

void WholeWindow::seeCanvasMenus(const Visit &visit)
{
    const WatchedApplication::Pause pause;
    auto *const editor = find<PipelineEditor>(QString());
    editor->canvas().select({editor->canvas().scene().graph().nodes.first().id});
    for (const char *const action : {"addActivity", "connectTo"}) {
        editor->canvas().actions().findChild<QAction *>(QString::fromLatin1(action))->trigger();
        settle();
        QWidget *const popup = QApplication::activePopupWidget();
        if (!popup) {
            QTest::qFail(action, __FILE__, __LINE__);
            continue;
        }
        visit(QString::fromLatin1(action), *popup);
        popup->close();
    }
    editor->canvas().actions().findChild<QAction *>(QStringLiteral("rename"))->trigger();
    settle();
    visit(QStringLiteral("Renaming on the canvas"), *window);
    if (QWidget *const field = QApplication::focusWidget())
        QTest::keyClick(field, Qt::Key_Escape);
    settle();
}

void WholeWindow::seeQuestionsAboutChanges(const Visit &visit)
{
    const WatchedApplication::Pause pause;
    const auto describe = [this](const char *text) {
        FactoryDocument &document = *book.workbench.document();
        Json json = document.json(pipeline());
        json["properties"]["description"] = text;
        document.setJson(pipeline(), json, QStringLiteral("Describe"));
    };
    describe("mine");
    inDialog(QStringLiteral("Unsaved changes"), visit, [this] { window->close(); });
    write(EntityKind::Pipeline, pipeline().name, pipelineFile(QStringLiteral("theirs")));
    if (!QTest::qWaitFor([this] { return !book.workbench.document()->conflicts().isEmpty(); }))
        QTest::qFail("The change on disk was not seen", __FILE__, __LINE__);
    settle();
    visit(QStringLiteral("A conflict"), *window);
    inDialog(QStringLiteral("Conflict"), visit, [this] { press(QStringLiteral("messageAction")); });
    book.workbench.document()->takeTheirs(QStringLiteral("pipeline/") + pipeline().name + QStringLiteral(".json"));
    describe("lost");
    QFile journal(m_factory + QStringLiteral("/.slipway/local/journal.jsonl"));
    QByteArray steps;
    const auto isWritten = [&] { // by a thread of its own
        if (journal.open(QIODevice::ReadOnly))
            steps = journal.readAll();
        journal.close();
        return steps.contains("lost") && steps.endsWith('\n');
    };
    if (!QTest::qWaitFor(isWritten))
        QTest::qFail("There is no journal", __FILE__, __LINE__);
    book.workbench.setDocument(nullptr);
    // As if the window had been killed: the journal is there when the factory is opened again.
    if (!journal.open(QIODevice::WriteOnly) || journal.write(steps) != steps.size())
        QTest::qFail("The journal cannot be written", __FILE__, __LINE__);
    journal.close();
    inDialog(QStringLiteral("Recovery"), visit, [this] { window->openFactory(m_factory); });
    while (book.workbench.document()->undoStack().canUndo())
        book.workbench.document()->undoStack().undo();
    settle();
}

} // namespace tests
