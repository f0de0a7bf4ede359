#include "engine/records/OutputPreview.h"

#include "tests/support/TestMain.h"

using namespace engine;

// What is shown of an output that is too large to be sent unasked.
class TestOutputPreview : public QObject
{
    Q_OBJECT

private slots:
    void countsNearlyWhatIsWritten();
    void keepsBeginningAndEndOfText_data();
    void keepsBeginningAndEndOfText();
    void cutsNoCharacterInTwo();
    void leavesOutWhatCannotBeCut();
    void keepsTheEndsOfATraceback();
    void staysSmallWhateverItIs();
};

SLIPWAY_TEST(TestOutputPreview)

void TestOutputPreview::countsNearlyWhatIsWritten()
{
    const Json output = {{"output_type", "display_data"},
                         {"data", {{"text/html", std::string(5000, 'h')}, {"text/plain", {"a\n", "b"}}}},
                         {"metadata", Json::object()}};
    const qint64 written = toCompact(output).size();
    QVERIFY(std::abs(outputBytes(output) - written) < 20);
}

void TestOutputPreview::keepsBeginningAndEndOfText_data()
{
    QTest::addColumn<bool>("asLines");
    QTest::newRow("one text") << false;
    QTest::newRow("a list of lines") << true;
}

void TestOutputPreview::keepsBeginningAndEndOfText()
{
    QFETCH(const bool, asLines);
    std::string text = "first\n";
    for (int i = 0; i < 20'000; ++i)
        text += "line " + std::to_string(i) + '\n';
    text += "last";
    Json output = {{"output_type", "stream"}, {"name", "stdout"}, {"text", text}};
    if (asLines)
        output["text"] = {text.substr(0, 1000), text.substr(1000)};
    const Json preview = outputPreview(output, 123'456);
    const QString shown = stringAt(preview, "text");
    QVERIFY(shown.startsWith(u"first\nline 0\n") && shown.endsWith(u"line 19999\nlast"));
    QVERIFY(shown.contains(u"\n…\n"));
    QVERIFY(shown.size() < largestOutput);
    QCOMPARE(stringAt(preview, "name"), QStringLiteral("stdout"));
    QVERIFY(boolAt(preview, "truncated"));
    QCOMPARE(intAt(preview, "size"), 123'456);
}

void TestOutputPreview::cutsNoCharacterInTwo()
{
    for (int shift = 0; shift < 4; ++shift) {
        std::string text(size_t(shift), 'x');
        for (int i = 0; i < 50'000; ++i)
            text += "😀";
        const QString shown = stringAt(outputPreview({{"text", text}}, 1), "text");
        QVERIFY(!shown.contains(QChar::ReplacementCharacter));
        QVERIFY(shown.endsWith(u"😀"));
    }
}

void TestOutputPreview::leavesOutWhatCannotBeCut()
{
    const Json output = {{"output_type", "execute_result"},
                         {"execution_count", 7},
                         {"data",
                          {{"image/png", std::string(100'000, 'A')},
                           {"text/html", std::string(100'000, 'h')},
                           {"text/plain", std::string(100'000, 'p')},
                           {"image/svg+xml", "<svg/>"}}},
                         {"metadata", Json::object()}};
    const Json preview = outputPreview(output, 300'000);
    QCOMPARE(toCompact(memberAt(preview, "omitted")), QByteArray(R"(["image/png","text/html"])"));
    const Json &data = memberAt(preview, "data");
    QCOMPARE(stringAt(data, "image/svg+xml"), QStringLiteral("<svg/>"));
    QVERIFY(stringAt(data, "text/plain").startsWith(u"ppp"));
    QCOMPARE(intAt(preview, "execution_count"), 7);
}

void TestOutputPreview::keepsTheEndsOfATraceback()
{
    Json frames = Json::array();
    for (int i = 0; i < 1000; ++i)
        frames.push_back("frame " + std::to_string(i) + std::string(500, '.'));
    const Json preview =
        outputPreview({{"output_type", "error"}, {"ename", "KeyError"}, {"evalue", "'x'"}, {"traceback", frames}}, 1);
    const Json &shown = memberAt(preview, "traceback");
    QVERIFY(shown.size() < 50);
    QVERIFY(shown.front() == frames.front());
    QVERIFY(shown.back() == frames.back());
    QCOMPARE(stringAt(preview, "ename"), QStringLiteral("KeyError"));
}

void TestOutputPreview::staysSmallWhateverItIs()
{
    const std::string much(500'000, 'z');
    Json bundle = Json::object();
    for (int i = 0; i < 100; ++i)
        bundle["application/x-" + std::to_string(i)] = std::string(5000, 'z');
    for (const Json &output : {Json{{"output_type", much}, {"name", much}, {"text", much}},
                               Json{{"ename", much}, {"evalue", much}, {"traceback", {much, much}}},
                               Json{{"data", bundle}, {"metadata", bundle}},
                               Json{{"data", much}, {"metadata", much}, {"text", 7}}})
        QVERIFY(toCompact(outputPreview(output, 1)).size() < largestOutput + 8192);
}

#include "TestOutputPreview.moc"
