#include "engine/connectors/postgres/PostgresSink.h"

#include "engine/connectors/SqlScript.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QtEndian>

#include <thread>

namespace engine {
namespace {

struct PostgresSinkText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PostgresSink)
};

constexpr std::chrono::milliseconds lockPoll(50);

// The advisory lock that a load holds from before its ledger row until its transaction is over.
QString lockKeyOf(const LoadId &load)
{
    const QByteArray name = "slipway load " + load.text().toUtf8();
    const QByteArray hash = QCryptographicHash::hash(name, QCryptographicHash::Sha256);
    return QString::number(qFromBigEndian<qint64>(hash.constData()));
}

} // namespace

QString PostgresSink::ledgerTable() const
{
    return qualifiedName(m_table.schema, QStringLiteral("_slipway_load_ledger"));
}

Result<> PostgresSink::ensureLedger()
{
    const QString what = PostgresSinkText::tr("The load cannot be entered in the load ledger");
    const auto isThere = [&]() -> Result<bool> {
        const auto found = m_connection->query("SELECT to_regclass($1) IS NOT NULL", {ledgerTable()});
        if (!found)
            return failure(found.error(), what);
        return found->isTrue(0, 0);
    };
    auto there = isThere();
    if (!there || *there)
        return there ? Result<>() : Result<>(there.error());
    const QByteArray create = "CREATE TABLE " + ledgerTable().toUtf8()
        + " (load_id text PRIMARY KEY, run_id text NOT NULL, activity text NOT NULL, attempt integer NOT NULL, "
          "rows_written bigint NOT NULL, checksum text NOT NULL, committed_at timestamptz NOT NULL DEFAULT now())";
    if (auto point = m_connection->query("SAVEPOINT slipway_ledger"); !point)
        return failure(point.error(), what);
    const auto created = m_connection->query(create);
    if (created)
        return {};
    const QByteArray state = m_connection->serverError().state;
    const Error refused = created.error();
    if (auto back = m_connection->query("ROLLBACK TO SAVEPOINT slipway_ledger"); !back)
        return failure(back.error(), what);
    there = isThere(); // another load may have made it meanwhile
    if (!there)
        return there.error();
    if (*there)
        return {};
    if (state == "42501")
        return fail(ErrorCode::Io,
                    QStringLiteral("SqlOperationFailed"),
                    PostgresSinkText::tr("%1: the user may not create it. Let an administrator run: %2")
                        .arg(what, QString::fromUtf8(create)));
    return failure(refused, what);
}

// Others may write meanwhile: only the rows of this transaction count.
Result<std::optional<qint64>> PostgresSink::countRows()
{
    if (m_target.options.behavior != LoadOptions::Behavior::Insert)
        return std::optional<qint64>(); // rows that are replaced do not add up
    const auto counted = m_connection->query("SELECT count(*) FROM " + m_table.qualified().toUtf8()
                                             + " WHERE xmin::text::bigint = txid_current() % 4294967296");
    if (!counted)
        return failure(counted.error(), PostgresSinkText::tr("The rows of “%1” cannot be counted").arg(m_table.name));
    return std::optional<qint64>(counted->integer(0, 0));
}

Result<> PostgresSink::writeLedger(const LedgerRow &row)
{
    const QString what = PostgresSinkText::tr("The load cannot be entered in the load ledger");
    // Held until the transaction is over: whoever looks the load up waits for it (findLoad).
    if (auto locked = m_connection->query("SELECT pg_advisory_xact_lock($1::bigint)", {lockKeyOf(row.load)}); !locked)
        return failure(locked.error(), what);
    if (auto ledger = ensureLedger(); !ledger)
        return ledger;
    const QByteArray table = ledgerTable().toUtf8();
    const auto pruned =
        m_connection->query("DELETE FROM " + table + " WHERE committed_at < now() - interval '30 days'");
    if (!pruned)
        return failure(pruned.error(), what);
    const auto written =
        m_connection->query("INSERT INTO " + table
                                + " (load_id, run_id, activity, attempt, rows_written, checksum, "
                                  "committed_at) VALUES ($1, $2, $3, $4::integer, $5::bigint, $6, now())",
                            {row.load.text(),
                             row.run,
                             row.activity,
                             QString::number(row.attempt),
                             QString::number(row.rowsWritten),
                             row.checksum});
    if (!written)
        return failure(written.error(), what);
    m_load = row.load;
    return {};
}

Result<std::optional<LedgerRow>> PostgresSink::readLedger(const LoadId &load)
{
    const QString what = PostgresSinkText::tr("The load ledger cannot be read");
    const auto there = m_connection->query("SELECT to_regclass($1) IS NOT NULL", {ledgerTable()});
    if (!there)
        return failure(there.error(), what);
    if (!there->isTrue(0, 0))
        return std::optional<LedgerRow>();
    const auto found = m_connection->query("SELECT run_id, activity, attempt, rows_written, checksum FROM "
                                               + ledgerTable().toUtf8() + " WHERE load_id = $1",
                                           {load.text()});
    if (!found)
        return failure(found.error(), what);
    if (found->count() == 0)
        return std::optional<LedgerRow>();
    return std::optional(LedgerRow{load,
                                   found->text(0, 0),
                                   found->text(0, 1),
                                   int(found->integer(0, 2)),
                                   found->integer(0, 3),
                                   found->text(0, 4)});
}

Result<std::optional<LedgerRow>> PostgresSink::findLoad(const LoadId &load)
{
    const QString what = PostgresSinkText::tr("The load ledger cannot be read");
    if (!m_connection || m_connection->isLost()) {
        if (auto connected = connect(m_cancel); !connected)
            return connected.error();
    }
    if (m_table.name.isEmpty()) { // not opened: where the table is, the ledger is
        auto table = findTarget();
        if (!table)
            return failure(table.error(), what);
        m_table = std::move(*table);
    }
    const bool ownTransaction = !m_connection->isInTransaction();
    if (ownTransaction) {
        if (auto begun = m_connection->query("BEGIN"); !begun)
            return failure(begun.error(), what);
    }
    const auto deadline = std::chrono::steady_clock::now() + m_target.outcomeLimit;
    while (true) {
        const auto locked = m_connection->query("SELECT pg_try_advisory_xact_lock($1::bigint)", {lockKeyOf(load)});
        if (!locked)
            return failure(locked.error(), what);
        if (locked->isTrue(0, 0))
            break;
        if (m_cancel.isCancelled() || std::chrono::steady_clock::now() > deadline) {
            if (ownTransaction)
                rollBack();
            Error error = failure(
                {ErrorCode::Io, PostgresSinkText::tr("another session is still working on the same load"), {}}, what);
            m_isTransient = true;
            return error;
        }
        std::this_thread::sleep_for(lockPoll);
    }
    auto found = readLedger(load);
    if (ownTransaction)
        rollBack();
    return found;
}

} // namespace engine
