#pragma once

#include "engine/base/Json.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace designer {

// The types of linked services and datasets this build works with, and what goes with each.
struct ServiceType
{
    QString type; // "AzureBlobStorage"
    QString title; // translated
    QString icon;
    QStringList bindings; // kinds it can be bound to here: folder | sqlite | postgresql | kernel
    QString location; // of files in it: "AzureBlobStorageLocation"; empty = no files
    QStringList datasets; // types of datasets in it, the usual one first
};

const QList<ServiceType> &serviceTypes();
const ServiceType *serviceType(const QString &type); // in any case; nullptr = another one

struct DatasetType
{
    QString type;
    QString title;
    QString icon;
    bool isFile = false; // else a table
};
const QList<DatasetType> &datasetTypes();
const DatasetType *datasetType(const QString &type);

QString bindingTitle(const QString &kind); // translated: "Folder"

// New entities as they are written; `service` is a name, `serviceKind` its type.
engine::Json newLinkedService(const QString &name, const QString &type);
engine::Json newBinding(const QString &kind, const QString &serviceName);
engine::Json newFormat(const QString &type); // what a new file dataset of this type says beside its location
engine::Json newDataset(const QString &name, const QString &type, const QString &service, const QString &serviceKind);
engine::Json newPipeline(const QString &name);
engine::Json newTrigger(const QString &name, const QString &pipeline, const QString &start, const QString &timeZone);
engine::Json newNotebook(const QString &kernel, const QString &displayName, const QString &language);

} // namespace designer
