#include "engine/copy/ColumnMatch.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace engine;

namespace {

// What stands before the next NUL.
std::string_view takePart(std::string_view &rest)
{
    const size_t end = rest.find('\0');
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return part;
}

QStringList namesIn(std::string_view lines)
{
    constexpr qsizetype mostColumns = 200;
    return QString::fromUtf8(lines.data(), qsizetype(lines.size())).split(u'\n').mid(0, mostColumns);
}

} // namespace

// The JSON of a translator, the names of the source's columns and of the sink's, each behind a NUL; the types go round.
// What is planned says one thing for each column, what is refused says where.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    std::string_view rest(reinterpret_cast<const char *>(bytes), size);
    const std::string_view text = takePart(rest);
    const auto json = parseJson(QByteArray(text.data(), qsizetype(text.size())), QStringLiteral("translator"));
    if (!json)
        return 0;
    const auto translation = planTranslator(*json, QStringLiteral("translator"));
    if (!translation) {
        if (translation.error().message.isEmpty() || !translation.error().where.startsWith(u"translator"))
            std::abort();
        return 0;
    }
    if (!translation->collectionReference.isEmpty()
        && normalPath(translation->collectionReference) != translation->collectionReference)
        std::abort();
    CopyPlan plan;
    static_cast<Translation &>(plan) = *translation;
    const auto typeOf = [](qsizetype i) { return InterimType(i % (int(InterimType::Guid) + 1)); };
    QList<SourceColumn> source;
    for (const QString &name : namesIn(takePart(rest)))
        source.append({name, typeOf(source.size() + qsizetype(InterimType::String))});
    QList<SinkColumn> sink;
    for (const QString &name : namesIn(takePart(rest))) {
        SinkColumn column;
        column.name = name;
        column.type = typeOf(sink.size());
        sink.append(column);
    }
    for (const QList<SinkColumn> &target :
         {sink, proposeColumns(plan, source).ok() ? *proposeColumns(plan, source) : sink}) {
        const auto match = matchColumns(plan, source, target);
        if (!match) {
            if (match.error().message.isEmpty())
                std::abort();
            continue;
        }
        if (match->projection.size() != match->sinkColumns.size())
            std::abort();
        for (qsizetype i = 0; i < match->projection.size(); ++i) {
            const bool isThere = match->projection.at(i).source >= 0 && match->projection.at(i).source < source.size()
                && match->sinkColumns.at(i) >= 0 && match->sinkColumns.at(i) < target.size();
            if (!isThere || match->sinkColumns.count(match->sinkColumns.at(i)) != 1)
                std::abort();
        }
    }
    return 0;
}
