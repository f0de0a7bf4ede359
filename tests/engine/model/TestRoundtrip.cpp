#include "engine/model/EntityText.h"
#include "engine/model/Roundtrip.h"
#include "tests/support/TestMain.h"

#include <QDirIterator>
#include <QFile>
#include <QStringConverter>

using namespace engine;

namespace {

// Every encoding a file of a factory is written in.
QList<QByteArray> inEveryEncoding(const QString &text)
{
    QList<QByteArray> all{text.toUtf8(), "\xEF\xBB\xBF" + text.toUtf8()};
    for (const auto encoding : {QStringConverter::Utf16LE, QStringConverter::Utf16BE}) {
        for (const auto flag : {QStringConverter::Flag::Default, QStringConverter::Flag::WriteBom}) {
            QStringEncoder encoder(encoding, flag);
            all.append(encoder(text));
        }
    }
    return all;
}

} // namespace

class TestRoundtrip : public QObject
{
    Q_OBJECT

private slots:
    void givesEveryShapeBack_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("path");
        const QString root = tests::sourceDir() + QStringLiteral("/tests/data/factories");
        QDirIterator each(root, {QStringLiteral("*.json")}, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        int count = 0;
        while (each.hasNext()) {
            QFile file(each.next());
            const QString path = file.fileName().mid(root.size() + 1);
            if (path.startsWith(u"invalid/") || path.startsWith(u"arm/"))
                continue;
            QVERIFY(file.open(QIODevice::ReadOnly));
            QTest::newRow(qPrintable(path)) << file.readAll() << path;
            ++count;
        }
        QVERIFY(count > 20);
    }

    void givesEveryShapeBack()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, path);
        const Roundtrip result = roundtripEdit(text, path);
        QCOMPARE(result.where + result.message, QString());
        QVERIFY(result.outcome == Roundtrip::Outcome::Identical);
        for (const char *lineEnd : {"\n", "\r\n", "\r"}) {
            QByteArray plain = toUtf8(text);
            if (plain.startsWith("\xEF\xBB\xBF"))
                plain.remove(0, 3);
            plain.replace("\r\n", "\n").replace('\r', '\n').replace("\n", lineEnd);
            for (const QByteArray &encoded : inEveryEncoding(QString::fromUtf8(plain))) {
                const Roundtrip again = roundtripEdit(encoded, path);
                QCOMPARE(again.where + again.message, QString());
            }
        }
    }

    void refusesWhatIsInvalidWithItsPlace()
    {
        QDirIterator each(tests::sourceDir() + QStringLiteral("/tests/data/factories/invalid"), QDir::Files);
        int count = 0;
        while (each.hasNext()) {
            QFile file(each.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            const Roundtrip result = roundtrip(file.readAll(), QStringLiteral("pipeline/X.json"));
            QVERIFY2(result.outcome == Roundtrip::Outcome::Invalid, qPrintable(file.fileName()));
            QVERIFY(result.where.startsWith(u"pipeline/X.json:"));
            QVERIFY(!result.message.isEmpty());
            ++count;
        }
        QVERIFY(count >= 6);
    }

    void editsPipelinesOnly()
    {
        const QByteArray text = "{\"name\": \"X\", \"properties\": {\"activities\": []}}";
        QVERIFY(roundtripEdit(text, QStringLiteral("a/pipeline/X.json")).isEdited);
        QVERIFY(roundtripEdit(text, QStringLiteral("X.DataPipeline/pipeline-content.json")).isEdited);
        QVERIFY(!roundtripEdit(text, QStringLiteral("dataset/X.json")).isEdited);
        QVERIFY(!roundtrip(text, QStringLiteral("pipeline/X.json")).isEdited);
    }
};

SLIPWAY_TEST(TestRoundtrip)

#include "TestRoundtrip.moc"
