#include "engine/notebook/KernelSpecs.h"

#include "tests/support/TestMain.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>

using namespace engine;

namespace {

// Which kernels are installed, without looking at the machine's own.
class SpecFolders
{
public:
    bool add(const QString &folder, const QString &name, const QByteArray &json)
    {
        const QString path = m_folder.path() + u'/' + folder + u'/' + name;
        QFile file(path + QStringLiteral("/kernel.json"));
        return QDir().mkpath(path) && file.open(QIODevice::WriteOnly) && file.write(json) == json.size();
    }
    QString path(const QString &folder) const { return m_folder.path() + u'/' + folder; }

private:
    QTemporaryDir m_folder;
};

QByteArray spec(const char *display, const char *language = "python")
{
    return toCompact(Json{{"argv", {"python3", "-m", "k", "{connection_file}", "{resource_dir}"}},
                          {"display_name", display},
                          {"language", language}});
}

KernelSpec specNamed(const QString &name, const QString &language)
{
    KernelSpec made;
    made.name = name;
    made.displayName = name.toUpper();
    made.language = language;
    return made;
}

} // namespace

// Finding and choosing kernels, and waiting for one.
class TestKernelSpecs : public QObject
{
    Q_OBJECT

private slots:
    void findsTheFirstOfAName();
    void leavesOutWhatIsBroken();
    void choosesAsAsked();
    void choosesByLanguage();
    void resolvesBareNames();
};

void TestKernelSpecs::findsTheFirstOfAName()
{
    SpecFolders folders;
    QVERIFY(folders.add(QStringLiteral("one"), QStringLiteral("Mine"), spec("first")));
    QVERIFY(folders.add(QStringLiteral("two"), QStringLiteral("mine"), spec("second")));
    QVERIFY(folders.add(QStringLiteral("two/kernels"), QStringLiteral("jupyter"), spec("from JUPYTER_PATH")));
    const QByteArray before = qgetenv("JUPYTER_PATH");
    qputenv("JUPYTER_PATH", folders.path(QStringLiteral("two")).toUtf8());
    NotebookEnvironment environment;
    environment.kernelFolders = {folders.path(QStringLiteral("one")), folders.path(QStringLiteral("two"))};
    const QMap<QString, KernelSpec> specs = findKernelSpecs(environment);
    if (before.isNull())
        qunsetenv("JUPYTER_PATH");
    else
        qputenv("JUPYTER_PATH", before);
    QCOMPARE(specs.value(QStringLiteral("mine")).displayName, QStringLiteral("first"));
    QVERIFY(specs.contains(QStringLiteral("jupyter")));
    QCOMPARE(specs.value(QStringLiteral("mine")).interruptMode, QStringLiteral("signal"));
    const QStringList searched = kernelSpecFolders(environment);
    QVERIFY(searched.indexOf(QStringLiteral("/usr/local/share/jupyter/kernels"))
            < searched.indexOf(QStringLiteral("/usr/share/jupyter/kernels")));
}

void TestKernelSpecs::leavesOutWhatIsBroken()
{
    SpecFolders folders;
    QVERIFY(folders.add(QStringLiteral("one"), QStringLiteral("torn"), "{"));
    QVERIFY(folders.add(QStringLiteral("one"), QStringLiteral("empty"), "{\"argv\":[]}"));
    NotebookEnvironment environment;
    environment.kernelFolders = {folders.path(QStringLiteral("one"))};
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("torn")));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("\"argv\"")));
    const QMap<QString, KernelSpec> specs = findKernelSpecs(environment);
    QVERIFY(!specs.contains(QStringLiteral("torn")) && !specs.contains(QStringLiteral("empty")));
}

void TestKernelSpecs::choosesAsAsked()
{
    const QMap<QString, KernelSpec> installed = {
        {QStringLiteral("ir"), specNamed(QStringLiteral("ir"), QStringLiteral("r"))},
        {QStringLiteral("python3"), specNamed(QStringLiteral("python3"), QStringLiteral("python"))}};
    const QString language = QStringLiteral("python");
    const Result<KernelChoice> asked =
        chooseKernel(installed, QStringLiteral("IR"), QStringLiteral("python3"), language);
    VERIFY_OK(asked);
    QCOMPARE(asked->spec.name, QStringLiteral("ir"));
    QVERIFY(asked->warning.isEmpty());
    const Result<KernelChoice> named = chooseKernel(installed, {}, QStringLiteral("python3"), language);
    VERIFY_OK(named);
    QVERIFY(named->warning.isEmpty());
    const Result<KernelChoice> missing = chooseKernel(installed, QStringLiteral("spark"), {}, language);
    QVERIFY(!missing);
    QVERIFY(missing.error().message.contains(u"ir (IR), python3 (PYTHON3)"));
}

void TestKernelSpecs::choosesByLanguage()
{
    const QString language = QStringLiteral("python");
    const QMap<QString, KernelSpec> installed = {
        {QStringLiteral("anaconda"), specNamed(QStringLiteral("anaconda"), language)},
        {QStringLiteral("python3"), specNamed(QStringLiteral("python3"), language)}};
    const Result<KernelChoice> other = chooseKernel(installed, {}, QStringLiteral("env"), language);
    VERIFY_OK(other);
    QCOMPARE(other->spec.name, QStringLiteral("python3"));
    QVERIFY(other->warning.contains(u"\"env\"") && other->warning.contains(u"\"python3\""));
    const Result<KernelChoice> unnamed = chooseKernel(installed, {}, {}, language);
    VERIFY_OK(unnamed);
    QVERIFY(unnamed->warning.isEmpty());
    const Result<KernelChoice> none = chooseKernel(installed, {}, QStringLiteral("ir"), QStringLiteral("r"));
    QVERIFY(!none && none.error().message.contains(u"r-cran-irkernel"));
    const Result<KernelChoice> nothing = chooseKernel({}, {}, {}, language);
    QVERIFY(!nothing && nothing.error().message.contains(u"None is installed")
            && nothing.error().message.contains(u"python3-ipykernel"));
}

void TestKernelSpecs::resolvesBareNames()
{
    NotebookEnvironment environment;
    environment.python = QStringLiteral("/bin/sh"); // something that exists
    const QString path = QStringLiteral("/usr/bin:/bin");
    KernelSpec kernel = specNamed(QStringLiteral("k"), QStringLiteral("python"));
    kernel.folder = QStringLiteral("/specs/k");
    kernel.argv = {QStringLiteral("python3"),
                   QStringLiteral("-f"),
                   QStringLiteral("{connection_file}"),
                   QStringLiteral("{resource_dir}/x")};
    const Result<QStringList> command = kernelCommand(kernel, environment, QStringLiteral("/c.json"), path);
    VERIFY_OK(command);
    QCOMPARE(*command,
             QStringList({QStringLiteral("/bin/sh"),
                          QStringLiteral("-f"),
                          QStringLiteral("/c.json"),
                          QStringLiteral("/specs/k/x")}));
    kernel.argv = {QStringLiteral("env")};
    QCOMPARE(kernelCommand(kernel, environment, {}, path).value().first(), QStringLiteral("/usr/bin/env"));
    kernel.argv = {QStringLiteral("no-such-kernel")};
    const Result<QStringList> missing = kernelCommand(kernel, environment, {}, path);
    QVERIFY(!missing && missing.error().message.contains(u"\"no-such-kernel\""));
    kernel.argv = {QStringLiteral("/nowhere/python")};
    QVERIFY(!kernelCommand(kernel, environment, {}, path));
    kernel.argv = {QStringLiteral("/bin/sh"), QStringLiteral("-m"), QStringLiteral("ipykernel_launcher")};
    QVERIFY(kernelCommand(kernel, environment, {}, path)
                .value()
                .contains(QStringLiteral("--HistoryManager.hist_file=:memory:")));
}

SLIPWAY_TEST(TestKernelSpecs)

#include "TestKernelSpecs.moc"
