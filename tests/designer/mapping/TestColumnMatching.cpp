#include "designer/mapping/ColumnMatching.h"
#include "tests/support/CaseFile.h"
#include "tests/support/TestMain.h"

using namespace designer;

namespace {

QStringList namesOf(const QString &line)
{
    QStringList names;
    for (const QString &name : line.split(u'|')) {
        if (!name.trimmed().isEmpty())
            names.append(name.trimmed());
    }
    return names;
}

QString kindText(const ColumnPair &pair)
{
    switch (pair.kind) {
    case MatchKind::Exact:
        return QStringLiteral("exact");
    case MatchKind::Folded:
        return QStringLiteral("folded");
    case MatchKind::Similar:
        break;
    }
    return QStringLiteral("similar %1").arg(pair.confidence, 0, 'f', 2);
}

} // namespace

class TestColumnMatching : public QObject
{
    Q_OBJECT

private slots:
    void pairsColumnsByTheirNames_data()
    {
        QTest::addColumn<QString>("input");
        QTest::addColumn<QString>("expected");
        for (const tests::Case &one : tests::readCases(QStringLiteral("tests/cases/mapping/names.case")))
            QTest::newRow(one.name.toUtf8().constData())
                << QString::fromUtf8(one.input) << QString::fromUtf8(one.expected).trimmed();
    }

    void pairsColumnsByTheirNames()
    {
        QFETCH(QString, input);
        QFETCH(QString, expected);
        const QStringList lines = input.split(u'\n');
        QVERIFY(lines.size() >= 2);
        const QStringList source = namesOf(lines[0]);
        const QStringList sink = namesOf(lines[1]);
        double least = 0.75;
        if (lines.size() > 2 && lines[2].startsWith(u"least "))
            least = lines[2].mid(6).toDouble();
        QStringList pairs;
        for (const ColumnPair &pair : matchNames(source, sink, least))
            pairs.append(QStringLiteral("%1 → %2 %3").arg(source[pair.source], sink[pair.sink], kindText(pair)));
        QCOMPARE(pairs.join(u'\n'), expected);
    }

    void noColumnIsInTwoPairs()
    {
        QStringList source;
        QStringList sink;
        for (int i = 0; i < 60; ++i) {
            source.append(QStringLiteral("column_%1").arg(i));
            sink.append(QStringLiteral("Columns %1").arg(i / 2));
        }
        QSet<int> sources;
        QSet<int> sinks;
        for (const ColumnPair &pair : matchNames(source, sink, 0.5)) {
            QVERIFY(!sources.contains(pair.source) && !sinks.contains(pair.sink));
            sources.insert(pair.source);
            sinks.insert(pair.sink);
        }
        QVERIFY(!sources.isEmpty());
    }

    void likenessIsTheSameBothWaysAndBetweenNoughtAndOne()
    {
        const QStringList names{QStringLiteral("sibsp"),
                                QStringLiteral("siblings_spouses"),
                                QStringLiteral("x"),
                                QString(),
                                QStringLiteral("Fare"),
                                QStringLiteral("fare_paid"),
                                QString(10000, u'a')};
        for (const QString &a : names) {
            for (const QString &b : names) {
                const double likeness = nameLikeness(a, b);
                QVERIFY(likeness >= 0 && likeness <= 1);
                QCOMPARE(likeness, nameLikeness(b, a));
            }
        }
    }
};

SLIPWAY_TEST(TestColumnMatching)
#include "TestColumnMatching.moc"
