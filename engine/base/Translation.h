#pragma once

#include <QString>
#include <QStringList>

namespace engine {

// Makes the application speak a language of translations/ ("de"), or that of the system when empty; English, with its
// plurals, where there is none. Call it once the QCoreApplication is there; a later call changes the language.
void installTranslation(const QString &language);
QStringList translatedLanguages(); // codes: "en", …

} // namespace engine
