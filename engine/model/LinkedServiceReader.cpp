#include "engine/model/LinkedServiceReader.h"

#include "engine/model/ActivityReader.h"

namespace engine {

LinkedService readLinkedService(const Json &json, const QString &name, const QString &file)
{
    static const QStringList types = {QStringLiteral("AzureBlobStorage"),
                                      QStringLiteral("AzureBlobFS"),
                                      QStringLiteral("FileServer"),
                                      QStringLiteral("AzureSqlDatabase"),
                                      QStringLiteral("SqlServer"),
                                      QStringLiteral("AzurePostgreSql"),
                                      QStringLiteral("PostgreSqlV2"),
                                      QStringLiteral("AzureDatabricks"),
                                      QStringLiteral("AzureKeyVault")};
    const Json &properties = memberAt(json, "properties");
    LinkedService service;
    service.name = name;
    service.file = file;
    service.type = spelledAs(types, stringAt(properties, "type"));
    service.typeProperties = memberAt(properties, "typeProperties");
    service.parameters = readParameters(memberAt(properties, "parameters"));
    service.json = json;
    return service;
}

} // namespace engine
