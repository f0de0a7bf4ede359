#pragma once

#include "designer/document/FactoryDocument.h"

#include <QRandomGenerator>

namespace tests {

// One gesture of many kinds; the same seed and factory give the same gestures in every process. Now and then a save,
// whose end is not waited for.
void randomStep(designer::FactoryDocument &document, QRandomGenerator &random);

// All files of the draft, as one text.
QByteArray stateOf(const designer::FactoryDocument &document);

} // namespace tests
