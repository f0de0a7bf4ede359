#include "tests/engine/copy/CopyFixture.h"

#include <QFile>

using namespace engine;

namespace tests {

CopyFixture::CopyFixture()
{
    execute(
        "PRAGMA journal_mode=wal; CREATE TABLE t(a INTEGER, b TEXT); INSERT INTO t VALUES (-1, 'old'), (-2, 'older')");
}

void CopyFixture::write(const char *name, const QByteArray &text) const
{
    QFile file(path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        qFatal("%s cannot be written", name);
}

void CopyFixture::writeRows(const char *name, qint64 count) const
{
    QByteArray text = "a,b\n";
    for (qint64 i = 1; i <= count; ++i)
        text += QByteArray::number(i) + ",row " + QByteArray::number(i) + '\n';
    write(name, text);
}

CopyPlan CopyFixture::plan(const char *file, const char *table) const
{
    CopyPlan plan;
    CsvFileSource source;
    source.path = path(file);
    source.displayPath = QStringLiteral("data/") + QString::fromLatin1(file);
    source.format.firstRowAsHeader = true;
    source.format.escape = '"';
    plan.source = source;
    plan.sink = SqliteTableSink{
        path("sink.db"), QStringLiteral("dbo"), QString::fromLatin1(table), std::chrono::milliseconds(500)};
    plan.preCopyScript = QStringLiteral("delete from [dbo].[%1]").arg(QString::fromLatin1(table));
    return plan;
}

Database CopyFixture::database() const
{
    auto opened = Database::open(path("sink.db"));
    if (!opened)
        qFatal("%s", qPrintable(opened.error().message));
    return std::move(*opened);
}

void CopyFixture::execute(const QByteArray &sql) const
{
    const auto done = database().exec(sql);
    if (!done)
        qFatal("%s: %s", sql.constData(), qPrintable(done.error().message));
}

QString CopyFixture::text(const QByteArray &sql) const
{
    const auto found = database().text(sql);
    return found ? found->value_or(QString()) : found.error().message;
}

QString CopyFixture::rows() const
{
    return text("SELECT group_concat(a || ':' || coalesce(b, 'NULL'), ' ') FROM (SELECT * FROM t ORDER BY rowid)");
}

LoadIdentity CopyFixture::identity()
{
    return {LoadId::create(), RunId::create(), QStringLiteral("CopyStorageToSql"), 1};
}

CopyOutcome
copyNow(const CopyPlan &plan, const LoadIdentity &identity, const CopyHooks &hooks, const CancelToken &cancel)
{
    return runCopy(plan, identity, hooks, cancel);
}

QByteArray described(const CopyOutcome &outcome) { return toPretty(outcome.output); }

} // namespace tests
