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

Result<KernelModel> KernelModels::keep(const NamedModel &name, KernelModel model, scoring::ModelCard card)
{
    Result<KernelModel> kept = m_kept.keep(std::move(model), std::move(card));
    if (!kept)
        return errorAt(name.position, kept.error().message, kept.error().code);
    m_models.remove(name.name.toLower());
    return kept;
}

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

bool KernelModels::contains(const QString &name) const
{
    if (m_models.contains(name.toLower()))
        return true;
    const auto kept = m_kept.find(name);
    return kept && *kept;
}

Result<KernelModel> KernelModels::find(const NamedModel &name)
{
    if (const auto found = m_models.constFind(name.name.toLower()); found != m_models.cend())
        return *found;
    const Result<std::optional<scoring::ModelVersion>> kept = m_kept.find(name.name);
    if (!kept)
        return errorAt(name.position, kept.error().message, kept.error().code);
    if (*kept) {
        Result<KernelModel> read = m_kept.read(**kept);
        if (!read)
            return errorAt(name.position, read.error().message, read.error().code);
        return read;
    }
    const QStringList known = names();
    QString message = KernelModelsText::tr("There is no model %1.").arg(name.name) + u' ';
    message += known.isEmpty()
        ? KernelModelsText::tr("Make one by CREATE MODEL, or read one by IMPORT MODEL %1 FROM 'file'.").arg(name.name)
        : suggestName(name.name, known);
    return errorAt(name.position, message, ErrorCode::NotFound);
}

Result<> KernelModels::remove(const NamedModel &name)
{
    if (m_models.remove(name.name.toLower()) > 0)
        return {};
    const Result<KernelModel> kept = find(name);
    if (!kept)
        return kept.error();
    return errorAt(name.position,
                   KernelModelsText::tr("%1 is kept, and what is kept stays: CREATE OR REPLACE MODEL adds a version. "
                                        "DROP MODEL takes away models of this notebook: TEMP ones and those of IMPORT.")
                       .arg(kept->name),
                   ErrorCode::Unsupported);
}

QStringList KernelModels::names() const
{
    QStringList names;
    for (const KernelModel &model : m_models)
        names += model.name;
    for (const QString &name : m_kept.names()) {
        if (!m_models.contains(name.toLower()))
            names += name;
    }
    names.sort(Qt::CaseInsensitive);
    return names;
}

QList<KernelModel> KernelModels::all()
{
    QList<KernelModel> models;
    for (const QString &name : names()) {
        if (const Result<KernelModel> model = find({name, 0}))
            models += *model;
    }
    return models;
}

} // namespace engine
