#pragma once

#include "engine/model/Notebook.h"

namespace engine {

// Statements that set every parameter, in the language of the kernel: "x = 1\n". Python, R and Julia.
Result<QString> parameterCode(const Json &parameters, const QString &language);

// Puts a cell tagged "injected-parameters" after the first cell tagged "parameters", in the place of an existing
// injected one, or else at the top (and then `warning` says so). Without parameters the notebook stays as it is.
Result<Notebook> injectParameters(Notebook notebook, const Json &parameters, const QString &language, QString *warning);

// name → default as source text, from the source of a cell tagged "parameters".
QMap<QString, QString> parametersIn(const QString &source, const QString &language);

} // namespace engine
