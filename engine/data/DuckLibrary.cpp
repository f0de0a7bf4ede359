#include "engine/data/DuckLibrary.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

#include <dlfcn.h>

namespace engine {
namespace {

struct DuckLibraryText
{
    Q_DECLARE_TR_FUNCTIONS(engine::DuckLibrary)
};

struct Library
{
    void *handle = nullptr;
    QString problem; // why there is no handle
};

const Library &library()
{
    static const Library loaded = [] {
        const QString program = QFileInfo(QStringLiteral("/proc/self/exe")).symLinkTarget();
        const QString file = QDir::cleanPath(QFileInfo(program).path() + QStringLiteral("/../lib/libduckdb.so"));
        Library library;
        library.handle = ::dlopen(QFile::encodeName(file).constData(), RTLD_LAZY | RTLD_LOCAL);
        if (library.handle == nullptr)
            library.problem = QString::fromLocal8Bit(::dlerror());
        return library;
    }();
    return loaded;
}

} // namespace

Result<> loadDuckLibrary()
{
    if (library().handle == nullptr)
        return Error{
            ErrorCode::Io,
            DuckLibraryText::tr("DuckDB cannot be loaded (%1). Run ./setup and build again.").arg(library().problem),
            {}};
    return {};
}

void *duckFunction(const char *name)
{
    void *const function = library().handle != nullptr ? ::dlsym(library().handle, name) : nullptr;
    if (function == nullptr)
        qFatal("DuckDB has no function %s", name);
    return function;
}

} // namespace engine
