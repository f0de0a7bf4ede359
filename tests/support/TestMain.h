#pragma once

#include "engine/base/Result.h"

#include <QObject>
#include <QStringList>
#include <QTest>

#include <functional>

// Every test class registers itself; the executable of a module runs them all, or one with `--class TestX`.
// Write `SLIPWAY_TEST(TestX)` after the class, and `#include "TestX.moc"` last.
namespace tests {

bool registerTest(const char *name, std::function<QObject *()> make);
int runTests(QStringList arguments); // of main(): how many failed

// A folder of this run that is removed at exit is QTemporaryDir; this is the source tree, for tests/data and samples.
QString sourceDir();

} // namespace tests

#define SLIPWAY_TEST(Class)                                                                                            \
    static const bool registered##Class = tests::registerTest(#Class, []() -> QObject * { return new Class; });

// Like QVERIFY, but prints the error of a Result.
#define VERIFY_OK(result)                                                                                              \
    do {                                                                                                               \
        const auto &verified = (result);                                                                               \
        if (!verified.ok())                                                                                            \
            QFAIL(qPrintable(                                                                                          \
                QStringLiteral("%1 [%2] at %3")                                                                        \
                    .arg(verified.error().message, engine::toString(verified.error().code), verified.error().where))); \
    } while (false)

// QCOMPARE for our enums: their toString() returns a QString, which QCOMPARE would take for its own printer.
#define COMPARE_NAMED(actual, expected) QCOMPARE(toString(actual), toString(expected))
