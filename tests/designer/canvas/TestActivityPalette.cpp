#include "designer/canvas/ActivityPalette.h"
#include "designer/canvas/CanvasView.h"
#include "engine/model/ActivityDescriptor.h"
#include "tests/support/TestMain.h"

#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QMimeData>
#include <QSignalSpy>
#include <QTreeView>

using namespace designer;

namespace {

QString q(const char *text) { return QString::fromUtf8(text); }

QModelIndex find(const QAbstractItemModel &model, const QString &text)
{
    for (int group = 0; group < model.rowCount(); ++group) {
        const QModelIndex parent = model.index(group, 0);
        for (int row = 0; row < model.rowCount(parent); ++row) {
            if (model.index(row, 0, parent).data().toString() == text)
                return model.index(row, 0, parent);
        }
    }
    return {};
}

} // namespace

class TestActivityPalette : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void offersWhatThisBuildRuns();
    void enterAndDoubleClickChoose();
    void searchesByAnyPartOfTheName();
    void aSlashGoesToTheSearch();
    void carriesTheTypeWhenDragged();
    void readOnlyOffersNothing();
    void cleanup();

private:
    std::unique_ptr<ActivityPalette> m_palette;
    QTreeView *m_tree = nullptr;
    QLineEdit *m_search = nullptr;
};

void TestActivityPalette::init()
{
    m_palette = std::make_unique<ActivityPalette>();
    m_palette->resize(175, 500);
    m_palette->show();
    m_tree = m_palette->findChild<QTreeView *>();
    m_search = m_palette->findChild<QLineEdit *>();
    new QAbstractItemModelTester(m_tree->model(), QAbstractItemModelTester::FailureReportingMode::QtTest, m_tree);
}

void TestActivityPalette::offersWhatThisBuildRuns()
{
    for (const engine::ActivityDescriptor &descriptor : engine::activityDescriptors())
        QVERIFY(find(*m_tree->model(), descriptor.title).isValid());
    QVERIFY(m_tree->isExpanded(m_tree->model()->index(0, 0)));
}

void TestActivityPalette::enterAndDoubleClickChoose()
{
    const QSignalSpy chosen(m_palette.get(), &ActivityPalette::chosen);
    const QModelIndex copy = find(*m_tree->model(), engine::activityDescriptor(q("Copy"))->title);
    m_tree->setCurrentIndex(copy);
    QTest::keyClick(m_tree, Qt::Key_Return);
    const QPoint place = m_tree->visualRect(copy).center();
    QTest::mouseClick(m_tree->viewport(), Qt::LeftButton, {}, place);
    QTest::mouseDClick(m_tree->viewport(), Qt::LeftButton, {}, place);
    QCOMPARE(chosen.size(), 2);
    QCOMPARE(chosen.first().first().toString(), q("Copy"));
    m_tree->setCurrentIndex(copy.parent()); // a group is nothing to add
    QTest::keyClick(m_tree, Qt::Key_Return);
    QCOMPARE(chosen.size(), 2);
}

void TestActivityPalette::searchesByAnyPartOfTheName()
{
    const QSignalSpy chosen(m_palette.get(), &ActivityPalette::chosen);
    QTest::keyClicks(m_search, q("TEBOO"));
    QCOMPARE(m_tree->model()->rowCount(), 1);
    QTest::keyClick(m_search, Qt::Key_Return);
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen.first().first().toString(), q("DatabricksNotebook"));
    QTest::keyClicks(m_search, q("zzz"));
    QCOMPARE(m_tree->model()->rowCount(), 0);
    QTest::keyClick(m_search, Qt::Key_Return);
    QCOMPARE(chosen.size(), 1);
    QTest::keyClick(m_search, Qt::Key_Escape);
    QVERIFY(m_search->text().isEmpty());
    QCOMPARE(m_tree->model()->rowCount() > 1, true);
}

void TestActivityPalette::aSlashGoesToTheSearch()
{
    m_palette->activateWindow();
    m_tree->setFocus();
    QTest::keyClick(m_tree, Qt::Key_Slash);
    QCOMPARE(m_palette->focusWidget(), m_search);
    QVERIFY(m_search->text().isEmpty());
    QTest::keyClick(m_search, Qt::Key_Down);
    QCOMPARE(m_palette->focusWidget(), m_tree);
}

void TestActivityPalette::carriesTheTypeWhenDragged()
{
    const QModelIndex copy = find(*m_tree->model(), engine::activityDescriptor(q("Copy"))->title);
    const std::unique_ptr<QMimeData> mime(m_tree->model()->mimeData({copy}));
    QVERIFY(mime);
    QCOMPARE(mime->data(activityTypeMime()), QByteArray("Copy"));
    QVERIFY(!(copy.parent().flags() & Qt::ItemIsDragEnabled));
}

void TestActivityPalette::readOnlyOffersNothing()
{
    const QSignalSpy chosen(m_palette.get(), &ActivityPalette::chosen);
    m_palette->setReadOnly(true);
    QTest::keyClicks(m_search, q("copy"));
    QTest::keyClick(m_search, Qt::Key_Return);
    QVERIFY(chosen.isEmpty());
    QVERIFY(!m_tree->dragEnabled());
}

void TestActivityPalette::cleanup() { m_palette.reset(); }

SLIPWAY_TEST(TestActivityPalette)
#include "TestActivityPalette.moc"
