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

// The model a word on the command line means: a model file. Errors: NotFound, and those of reading it.
engine::Result<ModelAtPlace> modelFrom(const QString &place);

} // namespace ctl
