#include "engine/model/ArmTemplate.h"
#include "engine/model/EntityText.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace engine;

// A template of any bytes becomes files that can be read, inside of the folder, or an error; what is left out is named.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(bytes), qsizetype(size));
    const Result<ArmImport> import = importArmTemplate({text, QStringLiteral("fuzz.json"), {}, text, {}});
    if (!import) {
        if (import.error().message.isEmpty())
            std::abort();
        return 0;
    }
    for (const ArmImport::File &file : import->files) {
        const bool isInside = !file.path.startsWith(u'/') && !file.path.split(u'/').contains(QStringLiteral(".."));
        if (!isInside || !parseEntity(file.text, file.path))
            std::abort();
    }
    for (const Problem &problem : import->problems) {
        if (problem.code.isEmpty() || problem.message.isEmpty() || problem.where.isEmpty())
            std::abort();
    }
    return 0;
}
