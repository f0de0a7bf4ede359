#pragma once

#include "engine/base/Json.h"

#include <QProcessEnvironment>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>

namespace tests {

// A home of its own for one engine, and the real programs: what a person at a terminal does, in a temporary folder.
// Destroying it ends the engine.
class EngineHome
{
public:
    EngineHome();
    ~EngineHome();

    struct Answer
    {
        int exitCode = -1;
        QString out;
        QString err;
        QList<engine::Json> json() const; // of `--json`: each line of out
    };

    // slipwayctl with these arguments; --factory is added when a factory was made.
    Answer ctl(const QStringList &arguments, int timeoutMs = 120000) const;
    // The same without waiting; the caller waits and deletes.
    std::unique_ptr<QProcess> startCtl(const QStringList &arguments) const;

    QString path(const QString &relative = {}) const; // below the temporary folder
    QString factory() const { return path(QStringLiteral("factory")); }
    void write(const QString &relative, const QByteArray &content) const; // below the factory

    // A factory with one pipeline `LoadOnly`: Copy of storage/data/in.csv into table `target` of sink.db, with a
    // pre-copy delete. The database is in WAL mode.
    void makeCopyFactory(int oldRows) const;
    // in.csv: `rows` rows of (id, generation, text).
    void writeRows(int rows, int generation) const;
    // generation → number of rows in `target`
    QMap<int, int> generations() const;

    const QProcessEnvironment &environment() const { return m_environment; } // of programs started from now on
    void setEnvironment(const QString &name, const QString &value); // of programs started from now on
    qint64 enginePid() const; // 0 = none is running
    void killEngine() const; // SIGKILL, and waits until it is gone
    void stopEngine() const;

    static QString program(const QString &name); // beside the test

private:
    QTemporaryDir m_folder;
    QProcessEnvironment m_environment;
};

} // namespace tests
