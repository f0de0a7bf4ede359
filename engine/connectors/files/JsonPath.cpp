#include "engine/connectors/files/JsonPath.h"

#include <QCoreApplication>

#include <algorithm>

namespace engine {
namespace {

struct JsonPathText
{
    Q_DECLARE_TR_FUNCTIONS(engine::JsonPath)
};

constexpr int mostIndexDigits = 9;

class PathReader
{
public:
    explicit PathReader(std::string_view text) : m_rest(text) { }

    // Why it is no path; the error's `code` tells what is only not possible.
    Result<JsonPath> read()
    {
        JsonPath path;
        if (m_rest.starts_with('$')) {
            path.isFromRoot = true;
            m_rest.remove_prefix(1);
        } else if (!m_rest.empty() && m_rest.front() != '[' && m_rest.front() != '.') {
            if (const Result<> name = bareName(path); !name)
                return name.error();
        }
        while (!m_rest.empty()) {
            const char c = m_rest.front();
            m_rest.remove_prefix(1);
            const Result<> step = c == '.' ? bareName(path)
                : c == '['
                ? bracketed(path)
                : Result<>(wrong(JsonPathText::tr("“%1” stands where “.” or “[” must be").arg(QChar::fromLatin1(c))));
            if (!step)
                return step.error();
        }
        return path;
    }

private:
    static Error wrong(const QString &why) { return {ErrorCode::InvalidInput, why, {}}; }
    static Error several() { return {ErrorCode::Unsupported, JsonPathText::tr("it may lead to several values"), {}}; }

    Result<> bareName(JsonPath &path)
    {
        const std::string_view name = m_rest.substr(0, m_rest.find_first_of(".["));
        m_rest.remove_prefix(name.size());
        if (name == "*" || (name.empty() && m_rest.starts_with('.')))
            return several();
        if (name.empty())
            return wrong(JsonPathText::tr("a name is missing"));
        path.steps.push_back({std::string(name), -1});
        return {};
    }

    Result<> bracketed(JsonPath &path)
    {
        if (m_rest.starts_with('\'') || m_rest.starts_with('"'))
            return quoted(path);
        const size_t end = m_rest.find(']');
        if (end == std::string_view::npos)
            return wrong(JsonPathText::tr("“]” is missing"));
        const std::string_view inside = m_rest.substr(0, end);
        m_rest.remove_prefix(end + 1);
        if (inside == "*" || inside.find_first_of(":,?(") != std::string_view::npos)
            return several();
        if (inside.empty())
            return wrong(JsonPathText::tr("“[]” names nothing"));
        const bool isIndex = std::all_of(inside.begin(), inside.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (isIndex && inside.size() > mostIndexDigits)
            return wrong(JsonPathText::tr("an index has too many digits"));
        if (isIndex)
            path.steps.push_back({{}, std::stoi(std::string(inside))});
        else
            path.steps.push_back({std::string(inside), -1});
        return {};
    }

    Result<> quoted(JsonPath &path)
    {
        const char quote = m_rest.front();
        m_rest.remove_prefix(1);
        std::string name;
        while (!m_rest.empty() && m_rest.front() != quote) {
            if (m_rest.front() == '\\' && m_rest.size() > 1)
                m_rest.remove_prefix(1);
            name += m_rest.front();
            m_rest.remove_prefix(1);
        }
        if (!m_rest.starts_with(quote) || !m_rest.substr(1).starts_with(']'))
            return wrong(JsonPathText::tr("a quote or “]” is missing"));
        m_rest.remove_prefix(2);
        path.steps.push_back({std::move(name), -1});
        return {};
    }

    std::string_view m_rest;
};

} // namespace

Result<JsonPath> JsonPath::parse(const QString &text)
{
    const std::string bytes = text.trimmed().toStdString();
    Result<JsonPath> path = PathReader(bytes).read();
    if (path)
        return path;
    return Error{
        path.error().code,
        JsonPathText::tr("“%1” is no path of a value: %2. Write it like $['a']['b'].").arg(text, path.error().message),
        {}};
}

} // namespace engine
