#include "engine/notebook/NotebookJob.h"
#include "engine/notebook/ParameterInjection.h"

#include "tests/engine/notebook/NotebookRuns.h"
#include "tests/support/TestMain.h"

using namespace engine;
using namespace tests;

namespace {

const QString python = QStringLiteral("python");

QStringList sourcesOf(const Notebook &notebook)
{
    QStringList sources;
    for (const NotebookCell &cell : notebook.cells)
        sources += cell.source();
    return sources;
}

Notebook notebookOf(const QList<CellText> &cells)
{
    const Result<Notebook> notebook = readNotebook(notebookFile(cells), QStringLiteral("n"));
    return notebook ? *notebook : Notebook();
}

} // namespace

// Parameters: as statements, as a cell in the right place, and read back from the cell that declares them.
class TestParameterInjection : public QObject
{
    Q_OBJECT

private slots:
    void writesValues_data();
    void writesValues();
    void refusesNames_data();
    void refusesNames();
    void refusesOtherLanguages();
    void injectsInTheRightPlace_data();
    void injectsInTheRightPlace();
    void keepsIdsUnique();
    void leavesTheNotebookAloneWithoutParameters();
    void summarisesANotebook();
    void readsDeclaredParameters_data();
    void readsDeclaredParameters();
};

void TestParameterInjection::writesValues_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("language");
    QTest::addColumn<QString>("code");
    const QString r = QStringLiteral("r");
    const QString julia = QStringLiteral("julia");
    const QByteArray nested = R"({"a":[1,{"b":null}]})";
    QTest::newRow("python text") << QByteArray(R"("a\"\\\n$\u0001")") << python
                                 << QStringLiteral("\"a\\\"\\\\\\n$\\x01\"");
    QTest::newRow("python float") << QByteArray("1e300") << python << QStringLiteral("1e+300");
    QTest::newRow("python whole float") << QByteArray("2.0") << python << QStringLiteral("2.0");
    QTest::newRow("python unsigned") << QByteArray("18446744073709551615") << python
                                     << QStringLiteral("18446744073709551615");
    QTest::newRow("python nested") << nested << python << QStringLiteral("{\"a\": [1, {\"b\": None}]}");
    QTest::newRow("r nested") << nested << r << QStringLiteral("list(\"a\" = list(1, list(\"b\" = NULL)))");
    QTest::newRow("r flag") << QByteArray("false") << r << QStringLiteral("FALSE");
    QTest::newRow("julia nested") << nested << julia << QStringLiteral("Dict(\"a\" => [1, Dict(\"b\" => nothing)])");
    QTest::newRow("julia text") << QByteArray(R"("$x")") << julia << QStringLiteral("\"\\$x\"");
}

void TestParameterInjection::writesValues()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, language);
    QFETCH(QString, code);
    const Result<Json> value = parseJson(json, {});
    VERIFY_OK(value);
    const Result<QString> written = parameterCode(Json{{"p", *value}}, language);
    VERIFY_OK(written);
    QCOMPARE(*written, QStringLiteral("# Parameters\np = ") + code);
}

void TestParameterInjection::refusesNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("language");
    QTest::newRow("space") << QStringLiteral("a b") << python;
    QTest::newRow("keyword") << QStringLiteral("class") << python;
    QTest::newRow("digit") << QStringLiteral("1a") << python;
    QTest::newRow("code") << QStringLiteral("x=1;y") << python;
    QTest::newRow("line") << QStringLiteral("x\ny") << python;
    QTest::newRow("r") << QStringLiteral(".1x") << QStringLiteral("r");
}

void TestParameterInjection::refusesNames()
{
    QFETCH(QString, name);
    QFETCH(QString, language);
    const Result<QString> written = parameterCode(Json{{toStdString(name), 1}}, language);
    QVERIFY(!written);
    QVERIFY(written.error().message.contains(name));
    QVERIFY(written.error().where.contains(name));
}

void TestParameterInjection::refusesOtherLanguages()
{
    const Result<QString> written = parameterCode(Json{{"a", 1}}, QStringLiteral("cobol"));
    QVERIFY(!written && written.error().message.contains(u"\"cobol\""));
}

void TestParameterInjection::injectsInTheRightPlace_data()
{
    QTest::addColumn<QStringList>("tags"); // of the cells, one each
    QTest::addColumn<QStringList>("sources"); // afterwards
    QTest::addColumn<bool>("warns");
    const QString p = QStringLiteral("parameters");
    const QString i = QStringLiteral("injected-parameters");
    const QString code = QStringLiteral("# Parameters\na = 1");
    const QString none;
    const auto s = [](int cell) { return QStringLiteral("s%1").arg(cell); };
    QTest::newRow("after the first tagged")
        << QStringList({none, p, p}) << QStringList({s(0), s(1), code, s(2)}) << false;
    QTest::newRow("at the top") << QStringList({none, none}) << QStringList({code, s(0), s(1)}) << true;
    QTest::newRow("in place of an old one") << QStringList({p, none, i}) << QStringList({s(0), s(1), code}) << false;
    QTest::newRow("empty notebook") << QStringList() << QStringList(code) << true;
}

void TestParameterInjection::injectsInTheRightPlace()
{
    QFETCH(QStringList, tags);
    QFETCH(QStringList, sources);
    QFETCH(bool, warns);
    QList<CellText> cells;
    for (const QString &tag : tags)
        cells += {QStringLiteral("s%1").arg(cells.size()), tag.isEmpty() ? QStringList() : QStringList(tag)};
    QString warning;
    const Result<Notebook> injected = injectParameters(notebookOf(cells), Json{{"a", 1}}, python, &warning);
    VERIFY_OK(injected);
    QCOMPARE(sourcesOf(*injected), sources);
    QCOMPARE(!warning.isEmpty(), warns);
    const qsizetype at = sources.indexOf(QStringLiteral("# Parameters\na = 1"));
    QCOMPARE(injected->cells.at(at).tags(), QStringList(QStringLiteral("injected-parameters")));
}

void TestParameterInjection::keepsIdsUnique()
{
    Notebook notebook;
    notebook.cells = {NotebookCell::code(QStringLiteral("injected-parameters"), QStringLiteral("x"))};
    QString warning;
    const Result<Notebook> injected = injectParameters(notebook, Json{{"a", 1}}, python, &warning);
    VERIFY_OK(injected);
    QVERIFY(injected->cells.at(0).id() != injected->cells.at(1).id());
}

void TestParameterInjection::leavesTheNotebookAloneWithoutParameters()
{
    const Notebook notebook = notebookOf({{QStringLiteral("x"), {QStringLiteral("parameters")}}});
    QString warning;
    const Result<Notebook> injected = injectParameters(notebook, Json::object(), QStringLiteral("cobol"), &warning);
    VERIFY_OK(injected);
    QVERIFY(*injected == notebook && warning.isEmpty());
}

void TestParameterInjection::summarisesANotebook()
{
    const QByteArray content =
        notebookFile({{QStringLiteral("# T"), {}, QStringLiteral("markdown")},
                      {QStringLiteral("rate = 0.5\nname: str = 'x'  # the name"), {QStringLiteral("parameters")}}});
    const Result<NotebookSummary> summary = summariseNotebook(content, QStringLiteral("n.ipynb"));
    VERIFY_OK(summary);
    QCOMPARE(summary->kernel, QStringLiteral("python3"));
    QCOMPARE(summary->language, QStringLiteral("python"));
    QCOMPARE(summary->cells, 2);
    QCOMPARE(summary->parameters.value(QStringLiteral("rate")), QStringLiteral("0.5"));
    QCOMPARE(summary->parameters.value(QStringLiteral("name")), QStringLiteral("'x'"));
    const Result<NotebookSummary> bad = summariseNotebook("[]", QStringLiteral("n.ipynb"));
    QVERIFY(!bad && bad.error().where.startsWith(u"n.ipynb"));
}

void TestParameterInjection::readsDeclaredParameters_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("language");
    QTest::addColumn<QString>("parameters"); // name|value, one a line; line ends in values as ¶
    const QString r = QStringLiteral("r");
    QTest::newRow("comment") << QStringLiteral("a = 1 # one\n# b = 2\nc='#'") << python << QStringLiteral("a|1\nc|'#'");
    QTest::newRow("typed") << QStringLiteral("a: int = 1\nb : list[str]= []") << python << QStringLiteral("a|1\nb|[]");
    QTest::newRow("several lines") << QStringLiteral("a = [\n  1, # x\n  2]\nb = '''\nc = 3\n'''\nd = 4") << python
                                   << QStringLiteral("a|[¶  1, ¶  2]\nb|'''¶c = 3¶'''\nd|4");
    QTest::newRow("no assignments") << QStringLiteral("a == 1\nif x:\n    b = 2\nf(c=1)") << python << QString();
    QTest::newRow("r") << QStringLiteral("a <- 1\nb.c = list(x = 1) # y\nd == 3") << r
                       << QStringLiteral("a|1\nb.c|list(x = 1)");
}

void TestParameterInjection::readsDeclaredParameters()
{
    QFETCH(QString, source);
    QFETCH(QString, language);
    QFETCH(QString, parameters);
    QStringList found;
    const QMap<QString, QString> values = parametersIn(source, language);
    for (auto value = values.begin(); value != values.end(); ++value)
        found += value.key() + u'|' + QString(value.value()).replace(u'\n', u'¶');
    QCOMPARE(found.join(u'\n'), parameters);
}

SLIPWAY_TEST(TestParameterInjection)

#include "TestParameterInjection.moc"
