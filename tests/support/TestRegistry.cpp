#include "tests/support/TestMain.h"

#include <map>
#include <memory>

namespace {

std::map<QString, std::function<QObject *()>> &registry()
{
    static std::map<QString, std::function<QObject *()>> tests;
    return tests;
}

} // namespace

bool tests::registerTest(const char *name, std::function<QObject *()> make)
{
    return registry().emplace(QString::fromLatin1(name), std::move(make)).second;
}

#ifdef __SANITIZE_THREAD__
// Qt Test's own watchdog, in Debian's Qt, which is not instrumented: its end looks like a race.
extern "C" const char *__tsan_default_suppressions()
{
    return "called_from_lib:libQt6Test.so.6\nrace:QWaitCondition::~QWaitCondition\nrace:libQt6Test.so.6\n";
}
#endif

QString tests::sourceDir() { return qEnvironmentVariable("SLIPWAY_SOURCE_DIR"); }

int tests::runTests(QStringList arguments)
{
    QString only;
    if (const qsizetype at = arguments.indexOf(QStringLiteral("--class")); at > 0 && at + 1 < arguments.size()) {
        only = arguments.at(at + 1);
        arguments.remove(at, 2);
    }
    int failures = 0;
    int run = 0;
    for (const auto &[name, make] : registry()) {
        if (!only.isEmpty() && name != only)
            continue;
        ++run;
        const std::unique_ptr<QObject> test(make());
        failures += QTest::qExec(test.get(), arguments);
    }
    if (run == 0) {
        qCritical("No test class is called %s", qPrintable(only));
        return 2;
    }
    return failures;
}
