#include "engine/notebook/NotebookWriter.h"
#include "engine/notebook/ParameterInjection.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace engine;

// A notebook that can be read is written as a file that reads as the same notebook; parameters can be put into it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    const QByteArray content(reinterpret_cast<const char *>(bytes), qsizetype(size));
    const QString path = QStringLiteral("fuzz.ipynb");
    const Result<Notebook> notebook = readNotebook(content, path);
    if (!notebook) {
        if (notebook.error().message.isEmpty())
            std::abort();
        return 0;
    }
    const QByteArray written = writeNotebook(*notebook);
    const Result<Notebook> again = readNotebook(written, path);
    if (!again || writeNotebook(*again) != written)
        std::abort();

    QString warning;
    const Json parameters = {{"day", "2026-01-31"}, {"rows", 10}};
    const Result<Notebook> injected = injectParameters(*notebook, parameters, QStringLiteral("python"), &warning);
    if (!injected || !readNotebook(writeNotebook(*injected), path))
        std::abort();
    return 0;
}
