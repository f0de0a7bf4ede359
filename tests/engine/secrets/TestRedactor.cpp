#include "engine/secrets/Redactor.h"
#include "tests/support/TestMain.h"

#include <QUrl>

using namespace engine;

class TestRedactor : public QObject
{
    Q_OBJECT

private slots:
    void findsEveryFormOfASecret_data();
    void findsEveryFormOfASecret();
    void leavesOtherTextAlone();
    void looksIntoNamesAndNestedValues();
    void takesTheLongerOfTwoSecrets();
    void leavesShortValuesAlone();
};

namespace {

const QByteArray secret = "p@ss \"wörd\"/7";

} // namespace

void TestRedactor::findsEveryFormOfASecret_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("as it is") << QString::fromUtf8("x" + secret + "y");
    QTest::newRow("twice") << QString::fromUtf8(secret + secret);
    QTest::newRow("percent-encoded") << QString::fromLatin1("?pw=" + secret.toPercentEncoding() + "&a=1");
    QTest::newRow("in a form") << QString::fromLatin1("pw=" + secret.toPercentEncoding().replace("%20", "+"));
    QTest::newRow("in JSON text") << QString::fromUtf8(toCompact(Json{{"pw", secret.toStdString()}}));
    for (int before = 0; before < 6; ++before) {
        for (int after = 0; after < 3; ++after)
            QTest::addRow("in base64 %d %d", before, after) << QString::fromLatin1(
                QByteArray(QByteArray(before, 'u') + secret + QByteArray(after, 'v')).toBase64());
    }
    QTest::newRow("in base64 for addresses")
        << QString::fromLatin1(QByteArray("user:" + secret).toBase64(QByteArray::Base64UrlEncoding));
}

void TestRedactor::findsEveryFormOfASecret()
{
    QFETCH(QString, text);
    const QString shown = Redactor({secret}).redacted(text);
    QVERIFY2(shown.contains(QLatin1String(Redactor::replacement)), qPrintable(shown));
    QVERIFY2(!shown.contains(QString::fromUtf8(secret)), qPrintable(shown));
    // What is left of base64 says nothing: at most the two characters that the value shares with its neighbours.
    QVERIFY2(shown.size() <= text.size() - secret.size() + 12, qPrintable(shown));
}

void TestRedactor::leavesOtherTextAlone()
{
    const Redactor redactor({secret});
    for (const QString &text : {QString(), QStringLiteral("p@ss"), QStringLiteral("ünïcode \U0001F6A2")})
        QCOMPARE(redactor.redacted(text), text);
    QVERIFY(Redactor().isEmpty());
    QCOMPARE(Redactor().redacted(QStringLiteral("anything")), QStringLiteral("anything"));
}

void TestRedactor::looksIntoNamesAndNestedValues()
{
    const Json json = {{"a", {1, nullptr, {{"b", "opensesame!"}, {"opensesame", true}}}}, {"c", 1.5}};
    QCOMPARE(QString::fromUtf8(toCompact(Redactor({"opensesame"}).redacted(json))),
             QStringLiteral(R"({"a":[1,null,{"b":"[REDACTED]!","[REDACTED]":true}],"c":1.5})"));
}

void TestRedactor::takesTheLongerOfTwoSecrets()
{
    QCOMPARE(Redactor({"opensesame", "opensesame2"}).redacted(QStringLiteral("<opensesame2>")),
             QStringLiteral("<[REDACTED]>"));
}

void TestRedactor::leavesShortValuesAlone()
{
    const Redactor redactor({"abc"});
    QVERIFY(redactor.isEmpty());
    QCOMPARE(redactor.redacted(QStringLiteral("abcabc")), QStringLiteral("abcabc"));
}

SLIPWAY_TEST(TestRedactor)
#include "TestRedactor.moc"
