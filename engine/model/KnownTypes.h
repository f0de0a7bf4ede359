#pragma once

#include <QString>
#include <QStringList>

namespace engine {

// The types that Data Factory, Synapse and Fabric have, run here or not: a type that is not among them is read, kept
// and shown all the same. Pure; any thread.

const QStringList &knownLinkedServiceTypes(); // "AzureBlobStorage", "Salesforce" …
const QStringList &knownDatasetTypes(); // "DelimitedText", "SnowflakeTable" …
// What an activity of this type needs that is not on this machine, translated: "a Spark cluster". Empty: not known.
QString needOfActivity(const QString &type);

} // namespace engine
