#include "engine/base/CancelToken.h"
#include "engine/base/PostTo.h"
#include "engine/base/Result.h"
#include "tests/support/TestMain.h"

#include <QSet>
#include <QThread>

#include <array>

using namespace engine;

class TestResult : public QObject
{
    Q_OBJECT

private slots:
    void isAValueOrAnError()
    {
        Result<QString> good = QStringLiteral("value");
        QVERIFY(good.ok());
        QVERIFY(bool(good));
        QCOMPARE(*good, QStringLiteral("value"));
        QCOMPARE(good->size(), 5);
        *good += u'!';
        QCOMPARE(std::move(good).value(), QStringLiteral("value!"));

        const Result<QString> bad = Error{ErrorCode::NotFound, QStringLiteral("There is none."), QStringLiteral("x")};
        QVERIFY(!bad.ok());
        QCOMPARE(bad.error().message, QStringLiteral("There is none."));
        const Result<> nothing;
        QVERIFY(nothing.ok());
        const Result<> failed = Error{};
        QVERIFY(!failed);
        QVERIFY(failed.error().code == ErrorCode::Internal);
    }

    void anErrorIsSeenFromFurtherOut()
    {
        const Error inner{ErrorCode::Io, QStringLiteral("Cannot read."), QStringLiteral("mapping[3]")};
        const Error outer = inner.at(QStringLiteral("pipeline/Load"));
        QCOMPARE(outer.where, QStringLiteral("pipeline/Load/mapping[3]"));
        QCOMPARE(outer.message, inner.message);
        QVERIFY(outer.code == inner.code);
        const Error nowhere{ErrorCode::Io, QStringLiteral("Cannot read."), {}};
        QCOMPARE(nowhere.at(QStringLiteral("file.csv")).where, QStringLiteral("file.csv"));
    }

    void everyCodeHasItsName()
    {
        const std::array codes{ErrorCode::InvalidInput,
                               ErrorCode::NotFound,
                               ErrorCode::Io,
                               ErrorCode::Timeout,
                               ErrorCode::Cancelled,
                               ErrorCode::Conflict,
                               ErrorCode::Unsupported,
                               ErrorCode::Internal};
        QSet<QString> names;
        for (const ErrorCode code : codes)
            names.insert(toString(code));
        QCOMPARE(names.size(), qsizetype(codes.size()));
        QCOMPARE(toString(ErrorCode::Unsupported), QStringLiteral("Unsupported"));
    }

    void copiesOfATokenShareTheirState()
    {
        const CancelToken token;
        const CancelToken copy = token;
        QVERIFY(!copy.isCancelled());
        token.cancel();
        QVERIFY(copy.isCancelled());
        QVERIFY(!CancelToken().isCancelled());
    }

    void postedCallsArriveLaterAndInTheThreadOfTheContext()
    {
        QThread *const home = QThread::currentThread();
        QThread *ranIn = nullptr;
        QObject context;
        const std::unique_ptr<QThread> worker(
            QThread::create([&] { postTo(&context, [&ranIn] { ranIn = QThread::currentThread(); }); }));
        worker->start();
        QVERIFY(worker->wait());
        QCOMPARE(ranIn, nullptr);
        QTRY_COMPARE(ranIn, home);
    }

    void postedCallsDieWithTheirContext()
    {
        bool ran = false;
        bool later = false;
        {
            QObject context;
            postTo(&context, [&ran] { ran = true; });
        }
        postTo(this, [&later] { later = true; });
        QTRY_VERIFY(later);
        QVERIFY(!ran);
    }
};

SLIPWAY_TEST(TestResult)

#include "TestResult.moc"
