#pragma once

#include "engine/base/Json.h"
#include "engine/model/Problem.h"

#include <QList>
#include <QStringList>

#include <functional>

namespace engine {

// A factory made of an ARM template: a full export (ARMTemplateForFactory.json), one of the gallery, linked templates.
struct ArmImport
{
    struct File
    {
        QString path; // "pipeline/Load.json"
        QByteArray text; // as Studio writes it
    };
    QString factoryName; // empty when the template does not say
    QList<File> files; // by path
    // What has no value here stays as written and is named: nothing is left out without a word.
    QList<Problem> problems;
};

// Gives the text of a template that is named by another one ("ArmTemplate_0.json").
using LinkedTemplates = std::function<Result<QByteArray>(const QString &name)>;

struct ArmSource
{
    QByteArray text; // the template
    QString name; // of its file, for messages
    QByteArray parameters; // ARMTemplateParametersForFactory.json; empty = only defaults
    QByteArray manifest; // of a template of the gallery; empty = none
    LinkedTemplates linked; // may be empty
};

// Pure but for `linked`; for any thread. InvalidInput: no JSON, or no template.
Result<ArmImport> importArmTemplate(const ArmSource &source);

// Reads the template at `path` and what belongs to it: `path` may be the manifest.json of the gallery, or a folder with
// the template in it. `parametersPath` may be empty. Blocks while it reads.
Result<ArmImport> readArmTemplate(const QString &path, const QString &parametersPath);

enum class Existing { Refuse, Replace };

// Writes all files below `folder`, which is made when it is not there. With Refuse, Conflict when one of them is there
// already, and nothing is written. Returns the paths. Blocks.
Result<QStringList> writeArmImport(const ArmImport &import, const QString &folder, Existing existing);

} // namespace engine
