#pragma once

#include "engine/copy/rejects/RejectKeeper.h"
#include "engine/sqlite/Database.h"

#include <functional>
#include <optional>

namespace engine {

// Writes the reject store of one copy: a SQLite file that appears whole under its name, with finish() at the latest
// before the copy commits, or when a copy has failed. Until then it is <file>.part. Memory stays flat: rows go to the
// disk in groups. Makes nothing before the first row; what an earlier attempt left is replaced.
class RejectWriter final : public RejectKeeper
{
public:
    struct Options
    {
        QString file; // absolute; its folder is made
        qint64 mostRows = 100'000; // those after them are only counted
        qint64 mostBytes = qint64(256) * 1024 * 1024; // of text
        std::function<QString(const QString &)> redact = {}; // takes secrets out
    };

    explicit RejectWriter(Options options);
    ~RejectWriter() override; // without end(): nothing stays

    void begin(const RejectHead &head) override; // also of another try of the same copy
    Result<> add(const RowProblem &problem) override;
    Result<> finish(qint64 counted) override;
    void end(End how) override;
    qint64 kept() const override { return m_kept; }

private:
    Result<> create();
    Result<> insert(const RowProblem &problem);
    Result<> flush(); // commits the group
    Result<> putInPlace(qint64 counted);
    void discard();
    Error failure(const Error &error) const;

    Options m_options;
    RejectHead m_head;
    std::optional<Database> m_database;
    std::optional<Statement> m_insert;
    bool m_isInPlace = false;
    qint64 m_kept = 0;
    qint64 m_seen = 0;
    qint64 m_bytes = 0;
    int m_pending = 0; // rows since the last flush
};

} // namespace engine
