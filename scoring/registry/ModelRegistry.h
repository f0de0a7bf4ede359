#pragma once

#include "engine/base/Result.h"
#include "scoring/Model.h"
#include "scoring/registry/ModelCard.h"

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QString>

namespace scoring {

// Which version of a model: "titanic" (the newest), "titanic/3", "titanic@champion".
struct ModelReference
{
    QString name;
    int version = 0; // 0 = not said
    QString alias;
};
// Errors: InvalidInput. A name has letters, digits, ".", "_" and "-", at most 100 of them, a letter or digit first.
engine::Result<ModelReference> modelReference(const QString &text);

struct ModelVersion
{
    QString name;
    int version = 0;
    QString folder; // absolute
    QStringList aliases;
};

// Models on disk: <folder>/<name>/<version>/ with the model file, card.json, MLmodel and input_example.json, perhaps
// model.onnx. A version never changes once it is there: it is written beside and renamed. Aliases ("champion") are in
// <name>/aliases.json, with a log of who moved them. Safe between processes: a name is locked while it is changed. Any
// thread; all calls block.
class ModelRegistry
{
public:
    explicit ModelRegistry(QString folder) : m_folder(std::move(folder)) { }

    const QString &folder() const { return m_folder; }

    struct NewVersion
    {
        QString name;
        ModelCard card;
        QString flavor = QStringLiteral("pmml"); // or "onnx"
        QString fileName = QStringLiteral("model.pmml");
        QByteArray model; // the file's content
        QByteArray onnx = {}; // model.onnx beside it, for MLflow's own Python; empty = it cannot be said in ONNX
        QList<Field> inputs; // the model's signature
        QList<OutputField> outputs;
    };
    // The next version. The card gets "name" and "version". Errors: InvalidInput (a name), Io.
    engine::Result<ModelVersion> add(NewVersion version) const;

    engine::Result<QStringList> names() const; // sorted
    engine::Result<QList<ModelVersion>> versions(const QString &name) const; // oldest first; NotFound
    engine::Result<ModelVersion> find(const ModelReference &reference) const; // NotFound
    engine::Result<ModelCard> card(const ModelVersion &version) const; // NotFound, Io, InvalidInput
    engine::Result<ModelPtr> model(const ModelVersion &version) const;

    // Moves an alias, or takes it away with version 0. `who` and `at` (ISO 8601, UTC) go into the log. Errors:
    // InvalidInput (an alias is spelled as a name), NotFound, Io.
    engine::Result<void>
    setAlias(const QString &name, const QString &alias, int version, const QString &who, const QString &at) const;

private:
    QString pathOf(const QString &name) const { return m_folder + u'/' + name; }
    QMap<QString, int> aliasesOf(const QString &name) const;

    QString m_folder;
};

} // namespace scoring
