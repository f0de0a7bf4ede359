#include "engine/kernel/KernelModels.h"

#include "engine/connectors/NearNames.h"

#include <QCoreApplication>

namespace engine {

namespace {

struct KernelModelsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::KernelModels)
};

} // namespace

Result<> KernelModels::add(const NamedModel &name, KernelModel model, bool replaces)
{
    if (!replaces && contains(name.name))
        return errorAt(name.position,
                       KernelModelsText::tr("There is a model %1 already: CREATE OR REPLACE MODEL takes its place.")
                           .arg(name.name),
                       ErrorCode::Conflict);
    m_models.insert(name.name.toLower(), std::move(model));
    return {};
}

Result<KernelModel> KernelModels::find(const NamedModel &name) const
{
    if (const auto found = m_models.constFind(name.name.toLower()); found != m_models.cend())
        return *found;
    QStringList names;
    for (const KernelModel &model : m_models)
        names += model.name;
    QString message = KernelModelsText::tr("There is no model %1.").arg(name.name) + u' ';
    message += names.isEmpty()
        ? KernelModelsText::tr("Make one by CREATE MODEL, or read one by IMPORT MODEL %1 FROM 'file'.").arg(name.name)
        : suggestName(name.name, names);
    return errorAt(name.position, message, ErrorCode::NotFound);
}

} // namespace engine
