#pragma once

#include "engine/copy/CopyJob.h"
#include "engine/sqlite/Database.h"

#include <QByteArray>
#include <QTemporaryDir>

namespace tests {

// A folder with a CSV file and a SQLite database, and a plan that replaces the table's rows with the file's.
class CopyFixture
{
public:
    CopyFixture();

    QString path(const char *name) const { return m_folder.filePath(QString::fromLatin1(name)); }
    void write(const char *name, const QByteArray &text) const;
    // "a,b" and rows 1 … count: number, "row <number>".
    void writeRows(const char *name, qint64 count) const;
    engine::CopyPlan plan(const char *file, const char *table = "t") const;
    engine::Database database() const; // another connection
    void execute(const QByteArray &sql) const;
    QString text(const QByteArray &sql) const; // the first field
    QString rows() const; // of t, in order

    static engine::LoadIdentity identity();

private:
    QTemporaryDir m_folder;
};

engine::CopyOutcome copyNow(const engine::CopyPlan &plan,
                            const engine::LoadIdentity &identity = CopyFixture::identity(),
                            const engine::CopyHooks &hooks = {},
                            const engine::CancelToken &cancel = {});
QByteArray described(const engine::CopyOutcome &outcome); // for the message of a failed check

} // namespace tests
