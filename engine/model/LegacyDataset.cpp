#include "engine/model/LegacyDataset.h"

#include <algorithm>

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
    for (const char *key : {"fileName", "fileFilter"}) { // a filter is a pattern of names
        if (const Json &name = memberAt(properties, key); !name.is_null() && !location.contains("fileName"))
            location["fileName"] = name;
    }
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
        properties = {{"columnDelimiter", ","},
                      {"quoteChar", ""},
                      {"escapeChar", ""},
                      {"nullValue", "\\N"},
                      {"treatEmptyAsNull", true}};
    for (const char *key : {"columnDelimiter",
                            "rowDelimiter",
                            "quoteChar",
                            "escapeChar",
                            "nullValue",
                            "encodingName",
                            "firstRowAsHeader",
                            "skipLineCount",
                            "treatEmptyAsNull",
                            "filePattern",
                            "jsonNodeReference",
                            "jsonPathDefinition"}) {
        if (const Json &value = memberAt(format, key); !value.is_null())
            properties[key] = value;
    }
    for (const char *key : {"modifiedDatetimeStart", "modifiedDatetimeEnd"}) {
        if (const Json &value = memberAt(dataset.typeProperties, key); !value.is_null())
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

bool isLegacySource(const QString &type)
{
    return isType(type, u"BlobSource") || isType(type, u"FileSystemSource") || isType(type, u"AzureBlobFSSource")
        || isType(type, u"AzureDataLakeStoreSource");
}

Json modernSource(const Json &source, const Dataset &dataset)
{
    const Dataset modern = modernDataset(dataset);
    static const QStringList forms{
        QStringLiteral("DelimitedText"), QStringLiteral("Json"), QStringLiteral("Parquet"), QStringLiteral("Binary")};
    const auto form =
        std::find_if(forms.begin(), forms.end(), [&](const QString &name) { return isType(modern.type, name); });
    if (!isLegacySource(stringAt(source, "type")) || form == forms.end())
        return source;
    Json today = source;
    today["type"] = toStdString(*form + u"Source");
    const auto say = [](Json &settings, const char *key, const Json &value) {
        if (settings.is_null())
            settings = Json::object();
        if (settings.is_object() && !value.is_null() && !settings.contains(key))
            settings[key] = value;
    };
    Json &store = today["storeSettings"];
    say(store, "recursive", memberAt(source, "recursive"));
    for (const char *key : {"modifiedDatetimeStart", "modifiedDatetimeEnd"})
        say(store, key, memberAt(modern.typeProperties, key));
    Json &format = today["formatSettings"];
    say(format, "skipLineCount", memberAt(source, "skipHeaderLineCount"));
    say(format, "skipLineCount", memberAt(modern.typeProperties, "skipLineCount"));
    for (const char *key : {"recursive", "skipHeaderLineCount"})
        today.erase(key);
    for (const char *key : {"storeSettings", "formatSettings"}) {
        if (today[key].is_null())
            today.erase(key);
    }
    return today;
}

CopyActivity modernCopy(const CopyActivity &copy, const Dataset *input, const Dataset *output)
{
    CopyActivity today = copy;
    if (input == nullptr || !isLegacySource(stringAt(copy.source, "type")))
        return today;
    today.source = modernSource(copy.source, *input);
    const bool isBinary = isType(stringAt(today.source, "type"), u"BinarySource") && output != nullptr
        && isLegacyDataset(*output) && isType(modernDataset(*output).type, u"Binary");
    if (!isBinary)
        return today;
    today.sink["type"] = "BinarySink";
    if (const Json &behavior = memberAt(copy.sink, "copyBehavior"); !behavior.is_null())
        today.sink["storeSettings"]["copyBehavior"] = behavior;
    return today;
}

} // namespace engine
