#pragma once

#include "designer/document/Entity.h"
#include "engine/base/Json.h"
#include "engine/base/Result.h"

#include <QHash>
#include <QPointF>
#include <QStringList>

namespace designer {

class FactoryDocument;

// What the activities of a pipeline are called, and how one is called otherwise, everywhere it is named. All but the
// last are pure.

// One for each entry of "activities", without repetitions: the name; for a second activity with the same name, or one
// without, another text.
QStringList activityIds(const engine::Json &pipelineFile, const QString &list = QStringLiteral("activities"));

// Data Factory's rules for names, and names that are taken. `id`: the activity that is to be called so. Errors:
// InvalidInput, Conflict; the message says what to do.
// `list`: where it stands; see ActivityTree.h. Names are unique in a pipeline, at any depth.
engine::Result<> checkActivityName(const engine::Json &pipelineFile,
                                   const QString &id,
                                   const QString &name,
                                   const QString &list = QStringLiteral("activities"));

// The activity, the dependencies on it and activity('…') in expressions, everywhere in the file.
engine::Json renamedActivity(engine::Json pipelineFile,
                             const QString &id,
                             const QString &name,
                             const QString &list = QStringLiteral("activities"));
// What one activity says of others; keys are old names.
void renameReferences(engine::Json &activity, const QHash<QString, QString> &names);
// One expression or text of a property: activity('old') becomes activity('new').
QString renamedInExpression(const QString &text, const QHash<QString, QString> &names);
// The pipeline's file of options, which are kept by activity.
engine::Json renamedOptions(const engine::Json &options, const QHash<QString, QString> &names);
// Places on the canvas, which are kept by the same paths.
QHash<QString, QPointF> renamedLayout(const QHash<QString, QPointF> &layout, const QHash<QString, QString> &names);

// In the draft, with its place on the canvas and its options: one undo step. Errors as checkActivityName().
engine::Result<> renameActivity(FactoryDocument &document,
                                const EntityRef &pipeline,
                                const QString &from,
                                const QString &to,
                                const QString &mergeKey = {});

} // namespace designer
