#pragma once

#include "scoring/Model.h"
#include "scoring/ModelFile.h"

#include <QString>

namespace ctl {

struct ModelAtPlace
{
    scoring::ModelPtr model;
    scoring::ModelFormat format;
    QString file;
};

// The model a word on the command line means: a model file, a folder of MLflow, or one of the registry in the data
// folder ("models:titanic", "models:titanic/3", "models:titanic@champion"). Errors: NotFound, and those of reading it.
engine::Result<ModelAtPlace> modelFrom(const QString &place);

} // namespace ctl
