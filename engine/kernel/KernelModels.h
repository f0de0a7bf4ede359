#pragma once

#include "engine/base/Result.h"
#include "engine/kernel/KernelStatement.h"
#include "scoring/metrics/Evaluation.h"
#include "scoring/Model.h"

#include <QMap>
#include <QString>

#include <memory>

namespace engine {

// A model as the cells of one kernel know it: read from a file, or trained here. A value; the model itself is shared.
struct KernelModel
{
    QString name; // as it was first written
    scoring::ModelPtr model;
    QString origin; // "trained here", or the file
    // Of one trained here: a subquery that gives ML.FEATURE_INFO, and the rows it was not trained with.
    QString featureInfo = {};
    std::shared_ptr<const scoring::Evaluated> evaluated = {};
};

// The models of one kernel, by name; upper and lower case do not count. Gone with the kernel: EXPORT MODEL keeps one.
class KernelModels
{
public:
    // Conflict: one of that name is there.
    Result<> add(const NamedModel &name, KernelModel model, bool replaces);
    Result<KernelModel> find(const NamedModel &name) const; // NotFound: the message names those that are there
    bool contains(const QString &name) const { return m_models.contains(name.toLower()); }
    void remove(const QString &name) { m_models.remove(name.toLower()); }
    QList<KernelModel> all() const { return m_models.values(); }

private:
    QMap<QString, KernelModel> m_models; // by lower-case name
};

} // namespace engine
