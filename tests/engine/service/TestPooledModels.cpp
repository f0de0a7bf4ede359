#include "engine/service/PooledModels.h"
#include "scoring/registry/ModelRegistry.h"
#include "tests/support/TestMain.h"

#include <QFile>
#include <QTemporaryDir>

using namespace engine;

// The registry as the API shows it.
class TestPooledModels : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void listsTheNewestVersionFirst();
    void anEmptyRegistryHasNoModels();
    void aBrokenCardHidesNothingElse();
    void givesACardWithItsPlace();
    void movesAndTakesAnAlias();
    void copiesTheModelsFile();
    void saysWhatIsNotThere();

private:
    Result<Json> answer(const std::function<void(ModelShelf &, ModelShelf::Answer)> &ask);
    Result<Json> list();
    Result<Json> card(const QString &name, int version);
    scoring::ModelRegistry registry() const { return scoring::ModelRegistry(m_folder->path()); }
    void add(double accuracy);

    std::unique_ptr<QTemporaryDir> m_folder;
    SystemClock m_clock;
    std::unique_ptr<PooledModels> m_models;
};

void TestPooledModels::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_models = std::make_unique<PooledModels>(m_folder->path(), m_clock);
}

Result<Json> TestPooledModels::answer(const std::function<void(ModelShelf &, ModelShelf::Answer)> &ask)
{
    std::optional<Result<Json>> answered;
    ask(*m_models, [&answered](const Result<Json> &said) { answered = said; });
    return QTest::qWaitFor([&answered] { return answered.has_value(); }, 20000)
        ? *answered
        : Error{ErrorCode::Internal, QStringLiteral("no answer"), {}};
}

Result<Json> TestPooledModels::list()
{
    return answer([](ModelShelf &models, const ModelShelf::Answer &then) { models.list({}, then); });
}

Result<Json> TestPooledModels::card(const QString &name, int version)
{
    return answer([&](ModelShelf &models, const ModelShelf::Answer &then) { models.card({name, version}, {}, then); });
}

void TestPooledModels::add(double accuracy)
{
    scoring::ModelRegistry::NewVersion version;
    version.name = QStringLiteral("titanic");
    version.card.json = {
        {"createdAt", "2026-11-20T22:00:01Z"},
        {"algorithm", "logistic_reg"},
        {"target", {{"name", "survived"}}},
        {"metrics", {{"train", {{"accuracy", 1.0}}}, {"test", {{"accuracy", accuracy}, {"brier", 0.2}}}}}};
    version.model = "<PMML/>";
    VERIFY_OK(registry().add(version));
}

void TestPooledModels::listsTheNewestVersionFirst()
{
    add(0.7);
    add(0.8);
    VERIFY_OK(registry().setAlias(QStringLiteral("titanic"), QStringLiteral("champion"), 1, {}, {}));
    const Result<Json> answered = list();
    VERIFY_OK(answered);
    const Json &models = memberAt(*answered, "models");
    QCOMPARE(models.size(), size_t(1));
    QCOMPARE(stringAt(models[0], "name"), QStringLiteral("titanic"));
    const Json &versions = memberAt(models[0], "versions");
    QCOMPARE(versions.size(), size_t(2));
    QCOMPARE(intAt(versions[0], "version"), 2);
    QVERIFY(memberAt(versions[0], "metrics") == Json({{"accuracy", 0.8}})); // of the test part, what a list shows
    QCOMPARE(stringAt(versions[0], "target"), QStringLiteral("survived"));
    QVERIFY(memberAt(versions[1], "aliases") == Json({"champion"}));
}

void TestPooledModels::anEmptyRegistryHasNoModels()
{
    m_models = std::make_unique<PooledModels>(m_folder->filePath(QStringLiteral("nowhere")), m_clock);
    const Result<Json> answered = list();
    VERIFY_OK(answered);
    QVERIFY(memberAt(*answered, "models").empty());
}

void TestPooledModels::aBrokenCardHidesNothingElse()
{
    add(0.7);
    add(0.8);
    QFile file(m_folder->filePath(QStringLiteral("titanic/1/card.json")));
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("{") == 1);
    file.close();
    const Result<Json> answered = list();
    VERIFY_OK(answered);
    const Json &versions = memberAt(memberAt(*answered, "models")[0], "versions");
    QVERIFY(!stringAt(versions[1], "problem").isEmpty());
    QCOMPARE(stringAt(versions[0], "problem"), QString());
    QVERIFY(!card(QStringLiteral("titanic"), 1));
}

void TestPooledModels::givesACardWithItsPlace()
{
    add(0.7);
    const Result<Json> answered = card(QStringLiteral("titanic"), 0);
    VERIFY_OK(answered);
    QCOMPARE(intAt(*answered, "version"), 1);
    QCOMPARE(stringAt(*answered, "file"), QStringLiteral("model.pmml"));
    QVERIFY(memberAt(memberAt(*answered, "metrics"), "test").is_object());
}

void TestPooledModels::movesAndTakesAnAlias()
{
    add(0.7);
    const auto move = [&](int version) {
        return answer([&](ModelShelf &models, const ModelShelf::Answer &then) {
            models.setAlias({QStringLiteral("titanic"), version}, QStringLiteral("champion"), {}, then);
        });
    };
    const auto found = [&] { return registry().find({QStringLiteral("titanic"), 0, QStringLiteral("champion")}).ok(); };
    VERIFY_OK(move(1));
    QVERIFY(found());
    VERIFY_OK(move(0));
    QVERIFY(!found());
    QVERIFY(!move(7));
}

void TestPooledModels::copiesTheModelsFile()
{
    add(0.7);
    const QString target = m_folder->filePath(QStringLiteral("out.pmml"));
    const auto to = [&](const QString &file) {
        return answer([&](ModelShelf &models, const ModelShelf::Answer &then) {
            models.exportTo({QStringLiteral("titanic"), 1}, file, {}, then);
        });
    };
    VERIFY_OK(to(target));
    QFile file(target);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("<PMML/>"));
    const Result<Json> nowhere = to(m_folder->filePath(QStringLiteral("no/folder/out.pmml")));
    QVERIFY(!nowhere);
    QVERIFY(nowhere.error().code == ErrorCode::Io);
}

void TestPooledModels::saysWhatIsNotThere()
{
    const Result<Json> answered = card(QStringLiteral("titanic"), 0);
    QVERIFY(!answered);
    QVERIFY(answered.error().code == ErrorCode::NotFound);
}

SLIPWAY_TEST(TestPooledModels)
#include "TestPooledModels.moc"
