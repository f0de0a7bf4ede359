#pragma once

#include "engine/base/Json.h"
#include "engine/model/Factory.h"
#include "engine/model/PipelineTest.h"

namespace engine {

// The files of a factory in a folder of its own, where a test may do as it likes: without storage, databases and
// .slipway/local, so that nothing of its owner's is in reach. A value; every call blocks on files or databases.
class ScratchFactory
{
public:
    // Copies the factory in `from` into `to`, which is made, and makes the folders its bindings name. Without Network
    // no web activity calls anything and no notebook reaches further than the copy. Io.
    enum class Reach { CopyOnly, Network };
    static Result<ScratchFactory> make(const QString &from, const QString &to, Reach reach);

    QString folder() const { return m_folder; }

    // A file, or a SQLite file made by scripts; files it names are looked for below `beside`, the folder of the test,
    // and must be in the factory in `from` or below `beside`. Errors: InvalidInput, NotFound, Io.
    Result<> add(const TestFixture &fixture, const QString &beside) const;
    // The file beside a test, by the same rule.
    Result<QByteArray> read(const QString &file, const QString &beside) const;

    // The linked services that lead out of the scratch copy: those bound to PostgreSQL, by name or pattern.
    QStringList outsideBindings() const;

    // The rows of a query on the SQLite file or PostgreSQL database that the service is bound to here; at most 10,000.
    Result<Json> rows(const TableExpectation &table) const;

private:
    ScratchFactory(QString from, QString folder, Bindings bindings);

    QString m_from;
    QString m_folder;
    Bindings m_bindings;
};

} // namespace engine
