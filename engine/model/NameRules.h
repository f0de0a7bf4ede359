#pragma once

#include <QList>
#include <QString>

namespace engine {

enum class NamedThing { Pipeline, Activity, Dataset, LinkedService, Trigger };

// What Data Factory has against a name (format.md §2.2).
struct NameFault
{
    QString code; // of a Problem
    QString message;
    QString fix;
    bool isTolerated = false; // works here, but Azure refuses it
};

QList<NameFault> faultsOfName(const QString &name, NamedThing thing);

} // namespace engine
