#include "tests/designer/window/Controls.h"
#include "tests/designer/window/WholeWindow.h"
#include "tests/support/TestMain.h"
#include "tests/support/Watchdog.h"

#include <QMap>
#include <QSet>

using namespace tests;

namespace {

// What every place was found to lack: each thing once, under the place where it was seen first.
class Findings
{
public:
    void add(const QString &place, const QStringList &lines)
    {
        for (const QString &line : lines) {
            if (!m_seen.contains(line))
                m_text += u"\n  " + place + QStringLiteral(": ") + line;
            m_seen.insert(line);
        }
    }
    std::string text() const { return QString(QString::number(m_seen.size()) + m_text).toStdString(); }
    bool isEmpty() const { return m_seen.isEmpty(); }

private:
    QSet<QString> m_seen;
    QString m_text;
};

} // namespace

class TestNames : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { m_whole = std::make_unique<WholeWindow>(); }
    void cleanupTestCase() { m_whole.reset(); }

    void everyControlOfThePagesHasItsWords();
    void everyControlOfTheEditorsHasItsWords();
    void everyControlOfTheDialogsHasItsWords();

private:
    void check(void (WholeWindow::*visitAll)(const WholeWindow::Visit &));

    std::unique_ptr<WholeWindow> m_whole;
};

void TestNames::check(void (WholeWindow::*visitAll)(const WholeWindow::Visit &))
{
    Findings nameless;
    Findings ambiguous;
    int places = 0;
    ((*m_whole).*visitAll)([&](const QString &place, QWidget &shown) {
        const WatchedApplication::Pause pause;
        nameless.add(place, namelessControls(shown));
        ambiguous.add(place, ambiguousControls(shown));
        ++places;
    });
    QVERIFY(places > 5);
    if (!nameless.isEmpty())
        QTest::qFail(("Controls lack words: " + nameless.text()).c_str(), __FILE__, __LINE__);
    if (!ambiguous.isEmpty())
        QTest::qFail(("Names stand for several controls: " + ambiguous.text()).c_str(), __FILE__, __LINE__);
}

void TestNames::everyControlOfThePagesHasItsWords() { check(&WholeWindow::visitPages); }

void TestNames::everyControlOfTheEditorsHasItsWords() { check(&WholeWindow::visitEditors); }

void TestNames::everyControlOfTheDialogsHasItsWords() { check(&WholeWindow::visitDialogs); }

SLIPWAY_TEST(TestNames)

#include "TestNames.moc"
