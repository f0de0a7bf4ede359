#include "scoring/registry/MlflowFolder.h"

#include <QDir>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace engine;
using namespace scoring;

// What is read names a file in the folder and a flavor we know, and what is written of it reads back the same.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(data), qsizetype(size));
    const Result<MlflowModel> model = parseMlmodel(text, QStringLiteral("MLmodel"));
    if (!model)
        return 0;
    const QString file = QDir::cleanPath(model->flavor.file);
    if (model->flavor.name.isEmpty() || QDir::isAbsolutePath(file) || file == u".." || file.startsWith(u"../"))
        std::abort();
    MlmodelText again;
    again.flavors = {model->flavor};
    again.runId = model->runId;
    for (const QString &name : model->inputs) {
        Field field;
        field.name = name;
        again.inputs.append(field);
    }
    const Result<MlflowModel> back = parseMlmodel(mlmodelText(again), QStringLiteral("again"));
    if (!back || back->flavor.file != model->flavor.file || back->inputs != model->inputs)
        std::abort();
    return 0;
}
