#include "engine/model/LegacyDataset.h"

namespace engine {

namespace {

bool isType(const QString &type, QStringView name) { return type.compare(name, Qt::CaseInsensitive) == 0; }

QString typeOf(const QString &format)
{
    if (isType(format, u"TextFormat"))
        return QStringLiteral("DelimitedText");
    if (isType(format, u"JsonFormat"))
        return QStringLiteral("Json");
    if (isType(format, u"ParquetFormat"))
        return QStringLiteral("Parquet");
    return format.isEmpty() ? QStringLiteral("Binary") : format; // Avro, ORC: nobody writes them here
}

// "container/folder" is the container and a folder in it.
Json locationOf(const Dataset &dataset)
{
    const Json &properties = dataset.typeProperties;
    const bool isBlob = isType(dataset.type, u"AzureBlob");
    Json location = {{"type", isBlob ? "AzureBlobStorageLocation" : "FileServerLocation"}};
    const Json &folder = memberAt(properties, "folderPath");
    if (isBlob && folder.is_string() && !stringAt(properties, "folderPath").startsWith(u'@')) {
        QString path = stringAt(properties, "folderPath");
        while (path.startsWith(u'/'))
            path.remove(0, 1);
        location["container"] = toStdString(path.section(u'/', 0, 0));
        if (const QString rest = path.section(u'/', 1); !rest.isEmpty())
            location["folderPath"] = toStdString(rest);
    } else if (!folder.is_null()) {
        location["folderPath"] = folder;
    }
    if (const Json &name = memberAt(properties, "fileName"); !name.is_null())
        location["fileName"] = name;
    return location;
}

} // namespace

bool isLegacyDataset(const Dataset &dataset)
{
    return isType(dataset.type, u"AzureBlob") || isType(dataset.type, u"FileShare");
}

Dataset modernDataset(const Dataset &dataset)
{
    if (!isLegacyDataset(dataset))
        return dataset;
    const Json &format = memberAt(dataset.typeProperties, "format");
    Dataset modern = dataset;
    modern.type = typeOf(stringAt(format, "type"));
    Json properties = Json::object();
    if (modern.type == u"DelimitedText")
        properties = {{"columnDelimiter", ","}, {"quoteChar", ""}, {"escapeChar", ""}, {"nullValue", "\\N"}};
    for (const char *key : {"columnDelimiter",
                            "rowDelimiter",
                            "quoteChar",
                            "escapeChar",
                            "nullValue",
                            "encodingName",
                            "firstRowAsHeader",
                            "filePattern"}) {
        if (const Json &value = memberAt(format, key); !value.is_null())
            properties[key] = value;
    }
    const Json &compression = memberAt(dataset.typeProperties, "compression");
    if (const Json &codec = memberAt(compression, "type"); !codec.is_null())
        properties["compressionCodec"] = codec;
    if (const Json &level = memberAt(compression, "level"); !level.is_null())
        properties["compressionLevel"] = level;
    properties["location"] = locationOf(dataset);
    modern.typeProperties = std::move(properties);
    return modern;
}

} // namespace engine
