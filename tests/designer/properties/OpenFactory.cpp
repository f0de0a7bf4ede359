#include "tests/designer/properties/OpenFactory.h"

#include "tests/support/Watchdog.h"

using namespace designer;

namespace tests {

OpenFactory::OpenFactory()
{
    const WatchedApplication::Pause pause;
    client.on(QStringLiteral("POST /slipway/v1/factories"),
              engine::Json{{"factory", "11111111-2222-3333-4444-555555555555"}, {"publishedVersion", 0}});
    workbench.setDocument(folder.open());
}

engine::Json OpenFactory::properties(const EntityRef &ref) { return document().json(ref)["properties"]; }

engine::Json json(const char *text)
{
    const auto read = engine::parseJson(text, QStringLiteral("test"));
    if (!read)
        qFatal("no JSON: %s", text);
    return *read;
}

} // namespace tests
