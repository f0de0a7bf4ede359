#include "tests/engine/api/ApiFixture.h"
#include "tests/support/TestMain.h"

using namespace engine;

// What the window asks of the models kept here, over a real socket.
class TestModelRoutes : public QObject
{
    Q_OBJECT

private slots:
    void init() { m = std::make_unique<tests::ApiFixture>(); }
    void cleanup() { m.reset(); }

    void listsModels();
    void givesTheNewestCardUnlessSaid();
    void movesAnAlias();
    void writesTheModelsFile();
    void refusesWhatIsWrong_data();
    void refusesWhatIsWrong();
    void tellsWhyThereIsNone();

private:
    const QString base = QStringLiteral("/slipway/v1/models");
    std::unique_ptr<tests::ApiFixture> m;
};

SLIPWAY_TEST(TestModelRoutes)

void TestModelRoutes::listsModels()
{
    m->models.answer = Json{{"models", Json::array({{{"name", "survival"}}})}};
    const auto answer = m->get(base);
    QCOMPARE(answer.status, 200);
    QCOMPARE(stringAt(answer.json.at("models").at(0), "name"), QStringLiteral("survival"));
}

void TestModelRoutes::givesTheNewestCardUnlessSaid()
{
    QCOMPARE(m->get(base + QStringLiteral("/card?name=a%20b")).status, 200);
    QCOMPARE(m->models.place->name, QStringLiteral("a b"));
    QCOMPARE(m->models.place->version, 0);
    QCOMPARE(m->get(base + QStringLiteral("/card?name=a&version=3")).status, 200);
    QCOMPARE(m->models.place->version, 3);
}

void TestModelRoutes::movesAnAlias()
{
    QCOMPARE(m->post(base + QStringLiteral("/alias"), {{"name", "a"}, {"version", 2}, {"alias", "champion"}}).status,
             200);
    QCOMPARE(m->models.place->version, 2);
    QCOMPARE(m->models.alias, QStringLiteral("champion"));
}

void TestModelRoutes::writesTheModelsFile()
{
    QCOMPARE(m->post(base + QStringLiteral("/export"), {{"name", "a"}, {"version", 1}, {"file", "/out/m.pmml"}}).status,
             200);
    QCOMPARE(m->models.file, QStringLiteral("/out/m.pmml"));
}

void TestModelRoutes::refusesWhatIsWrong_data()
{
    QTest::addColumn<QByteArray>("body"); // empty: it is a GET of `path`
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("where");
    const auto row = [](const char *name, const QByteArray &body, const char *path, const char *where) {
        QTest::newRow(name) << body << QString::fromLatin1(path) << QString::fromLatin1(where);
    };
    row("no name", {}, "/card", "name");
    row("below one", {}, "/card?name=a&version=-1", "version");
    row("no number", {}, "/card?name=a&version=new", "version");
    row("too large", {}, "/card?name=a&version=4294967297", "version");
    row("alias of nothing", R"({"alias": "champion"})", "/alias", "name");
    row("no file", R"({"name": "a"})", "/export", "file");
    row("relative file", R"({"name": "a", "file": "m.pmml"})", "/export", "file");
}

void TestModelRoutes::refusesWhatIsWrong()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, path);
    QFETCH(QString, where);
    const auto answer = body.isEmpty() ? m->get(base + path) : m->post(base + path, *parseJson(body, QString()));
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.where(), where);
    QVERIFY(!m->models.place);
}

void TestModelRoutes::tellsWhyThereIsNone()
{
    m->models.answer = Error{ErrorCode::NotFound, QStringLiteral("There is no model a."), QStringLiteral("name")};
    const auto answer = m->get(base + QStringLiteral("/card?name=a"));
    QCOMPARE(answer.status, 404);
    QCOMPARE(answer.where(), QStringLiteral("name"));
}

#include "TestModelRoutes.moc"
