#pragma once

#include "engine/base/Result.h"

#include <QString>

namespace engine {

// Where the engine keeps things (architecture.md §9). SLIPWAY_HOME moves data and settings, for tests and several
// engines.
struct Places
{
    QString data; // store.db, telemetry.db, artifacts/, backups/
    QString settings;
    QString runtime; // sockets: short, 0700, gone after a logout
    QString socket; // <runtime>/<8 hex of sha256(data)>.sock: two data folders never share an engine
    QString kernels; // below runtime: sockets and folders of this engine's notebook runs
    QString log; // of an engine started on demand: <data>/engine.log

    static Places standard(); // from the environment; makes nothing
    Result<> make() const; // the folders, 0700; refuses a runtime folder that belongs to somebody else
};

// The files that come with the program: samples/, python/, help/. Beside the build or below the installation's share/.
QString resourcesFolder();
// Where the kernelspecs of our own kernels are: beside the program.
QString ownKernelsFolder();

} // namespace engine
