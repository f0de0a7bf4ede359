#include "engine/api/MachineLooks.h"

namespace engine {

MachineLooks::~MachineLooks() = default;

Json toJson(const FoundKernel &kernel)
{
    Json json = {{"name", toStdString(kernel.name)},
                 {"displayName", toStdString(kernel.displayName)},
                 {"language", toStdString(kernel.language)},
                 {"folder", toStdString(kernel.folder)}};
    for (const auto &[key, value] :
         {std::pair{"interpreter", &kernel.interpreter}, {"version", &kernel.version}, {"problem", &kernel.problem}}) {
        if (!value->isEmpty())
            json[key] = toStdString(*value);
    }
    return json;
}

QString toString(SetupCheck::State state)
{
    switch (state) {
    case SetupCheck::State::Ok:
        return QStringLiteral("ok");
    case SetupCheck::State::Warning:
        return QStringLiteral("warning");
    case SetupCheck::State::Error:
        break;
    }
    return QStringLiteral("error");
}

Json toJson(const SetupCheck &check)
{
    return {{"id", toStdString(check.id)},
            {"state", toStdString(toString(check.state))},
            {"title", toStdString(check.title)},
            {"message", toStdString(check.message)},
            {"fix", toStdString(check.fix)}};
}

} // namespace engine
