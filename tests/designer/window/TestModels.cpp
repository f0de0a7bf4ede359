#include "tests/designer/window/WholeWindow.h"

#include "designer/document/FactoryDocument.h"
#include "tests/support/TestMain.h"
#include "tests/support/Watchdog.h"

#include <QAbstractItemModelTester>
#include <QAbstractItemView>
#include <QAbstractProxyModel>
#include <QHeaderView>
#include <QLineEdit>
#include <QPointer>
#include <QSet>
#include <QTableView>
#include <QUndoStack>

using namespace designer;
using namespace engine;
using namespace tests;

// Every item model of the window under QAbstractItemModelTester from the moment it is first seen, while the window is
// used: pages come and go, tables are sorted and filtered, runs happen, entities are made, renamed and deleted.
class TestModels : public QObject
{
    Q_OBJECT

private slots:
    void everyModelKeepsItsPromises();

private:
    void watchModels(const QWidget &shown);
    void sortTables(const QWidget &shown);
    void filterTables(const QWidget &shown);

    QSet<QByteArray> m_kinds; // of models that were seen with rows in them
    int m_watched = 0;
};

void TestModels::watchModels(const QWidget &shown)
{
    for (const QAbstractItemView *const view : shown.findChildren<QAbstractItemView *>()) {
        if (view->inherits("QComboBoxListView") || view->inherits("QListWidget"))
            continue; // Qt's own models
        for (QAbstractItemModel *model = view->model(); model;) {
            if (model->rowCount() > 0)
                m_kinds.insert(model->metaObject()->className());
            if (!model->findChild<QAbstractItemModelTester *>()) {
                new QAbstractItemModelTester(model, QAbstractItemModelTester::FailureReportingMode::QtTest, model);
                ++m_watched;
            }
            const auto *const proxy = qobject_cast<const QAbstractProxyModel *>(model);
            model = proxy ? proxy->sourceModel() : nullptr;
        }
    }
}

void TestModels::sortTables(const QWidget &shown)
{
    for (const QTableView *const view : shown.findChildren<QTableView *>()) {
        if (!view->isVisible() || !view->isSortingEnabled())
            continue;
        for (int column = 0; column < view->model()->columnCount(); ++column)
            view->horizontalHeader()->setSortIndicator(column, Qt::DescendingOrder);
    }
}

void TestModels::filterTables(const QWidget &shown)
{
    QList<QPointer<QLineEdit>> fields;
    for (QLineEdit *const field : shown.findChildren<QLineEdit *>())
        fields += field;
    for (const QPointer<QLineEdit> &field : std::as_const(fields)) {
        const bool isSearch = field
            && (field->objectName().contains(u"search", Qt::CaseInsensitive)
                || field->objectName().contains(u"filter", Qt::CaseInsensitive));
        if (!isSearch || !field->isVisible() || !field->isClearButtonEnabled() || field->isReadOnly())
            continue;
        for (const char *const text : {"a", "titanic", "nothing like it", ""}) {
            if (!field)
                break; // it went with what it filtered
            field->setText(QString::fromLatin1(text));
            emit field->textEdited(field->text());
            WholeWindow::settle();
        }
    }
}

void TestModels::everyModelKeepsItsPromises()
{
    const WatchedApplication::Pause pause;
    WholeWindow whole;
    const auto use = [&](const QString &, QWidget &shown) {
        watchModels(shown);
        sortTables(shown);
        filterTables(shown);
    };
    watchModels(*whole.window);
    whole.visitPages(use);
    whole.go(activityLink(whole.copyRun, QStringLiteral("CopySales")));
    QTRY_VERIFY(whole.find<QTableView>(QStringLiteral("copyMapping"))->model()->rowCount() > 0);
    watchModels(*whole.window);
    RunRecord run = whole.book.make(QStringLiteral("PublishPythonSql"), RunStatus::Queued);
    for (const RunStatus status : {RunStatus::Queued, RunStatus::InProgress, RunStatus::Failed}) {
        run.status = status;
        whole.book.happen(run);
        WholeWindow::settle();
    }
    whole.visitEditors(use);
    // What comes a moment later.
    const auto rowsOf = [&whole](const char *table) {
        const auto *const view = whole.find<QTableView>(QString::fromLatin1(table));
        return view ? view->model()->rowCount() : 0;
    };
    whole.open(EntityKind::Pipeline, WholeWindow::pipeline().name);
    whole.showProperties(QStringLiteral("Copy1"), QStringLiteral("Mapping"));
    QTRY_VERIFY(rowsOf("mappingTable") > 0);
    watchModels(*whole.window);
    whole.open(EntityKind::Dataset, QStringLiteral("FinBlobOutput"));
    watchModels(*whole.window);
    whole.press(QStringLiteral("previewData"));
    QTRY_VERIFY(rowsOf("previewTable") > 0);
    watchModels(*whole.window);
    FactoryDocument &document = *whole.book.workbench.document();
    QUndoStack &steps = document.undoStack();
    VERIFY_OK(document.clone(WholeWindow::pipeline()));
    VERIFY_OK(document.rename({EntityKind::Dataset, QStringLiteral("FinSqlTable")}, QStringLiteral("Other")));
    document.remove({{EntityKind::Pipeline, QStringLiteral("PublishPythonSql")}});
    while (steps.canUndo())
        steps.undo();
    while (steps.canRedo())
        steps.redo();
    while (steps.canUndo())
        steps.undo();
    WholeWindow::settle();
    whole.visitDialogs(use);
    whole.book.workbench.setDocument(nullptr);
    WholeWindow::settle();
    QVERIFY(m_watched > 20);
    for (const char *const kind : {"designer::ActivityNesting",
                                   "designer::CellOutlineModel",
                                   "designer::CopyMappingModel",
                                   "designer::FactoryTreeModel",
                                   "designer::HtmlTableModel",
                                   "designer::KernelModel",
                                   "designer::LinkedServiceModel",
                                   "designer::LongTextModel",
                                   "designer::MappingModel",
                                   "designer::PaletteModel",
                                   "designer::ParameterModel",
                                   "designer::PreviewModel",
                                   "designer::ProblemModel",
                                   "designer::RecordModel",
                                   "designer::RunTableModel",
                                   "designer::TriggerModel",
                                   "QStandardItemModel", // of the activities to choose from
                                   "QSortFilterProxyModel"})
        QVERIFY2(m_kinds.contains(kind),
                 qPrintable(QString::fromLatin1(kind) + QStringLiteral(" is none of ")
                            + QString::fromLatin1(m_kinds.values().join(' '))));
}

SLIPWAY_TEST(TestModels)

#include "TestModels.moc"
