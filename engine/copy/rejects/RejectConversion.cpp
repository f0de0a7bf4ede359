#include "engine/copy/rejects/RejectConversion.h"

#include <QCoreApplication>

#include <algorithm>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct RejectConversionText
{
    Q_DECLARE_TR_FUNCTIONS(engine::RejectConversion)
};

constexpr qsizetype longestShown = 200;
constexpr QStringView redactedMark = u"[REDACTED]";

QString shown(const std::optional<QString> &text)
{
    if (!text)
        return QStringLiteral("NULL");
    return text->size() <= longestShown ? *text : text->left(longestShown - 1) + QChar(0x2026);
}

Column oneValue(InterimType type)
{
    Column column;
    column.type = type;
    column.resize(1);
    return column;
}

} // namespace

Result<RejectConversion> RejectConversion::make(const RejectHead &head)
{
    RejectConversion conversion(head);
    for (const RejectHead::Target &target : head.targets) {
        const ValueConverter::Options options{.to = target.type,
                                              .format = target.format,
                                              .treatBooleanAsNumber = target.treatBooleanAsNumber,
                                              .culture = target.culture};
        const InterimType from = head.columns.at(target.column).type;
        auto plain = ValueConverter::make(InterimType::String, {.to = target.type, .format = {}});
        auto read = ValueConverter::make(InterimType::String, options);
        if (!plain || !read)
            return plain ? read.error() : plain.error();
        Way way{*std::move(plain), *std::move(read), {}, {}};
        if (from != InterimType::String) {
            auto type = ValueConverter::make(InterimType::String, {.to = from, .format = {}});
            auto typed = ValueConverter::make(from, options);
            if (type && typed) {
                way.type = *std::move(type);
                way.typed = *std::move(typed);
            }
        }
        conversion.m_ways.push_back(std::move(way));
    }
    return conversion;
}

bool RejectConversion::hasColumn(const QString &name) const
{
    return std::any_of(
        m_head.columns.begin(), m_head.columns.end(), [&](const auto &column) { return column.name == name; });
}

std::optional<RejectConversion::Given> RejectConversion::given(const RejectedRow &row, int column) const
{
    const auto corrected = row.values.constFind(m_head.columns.at(column).name);
    if (corrected != row.values.constEnd())
        return Given{*corrected, true};
    if (!row.fields || row.fields->size() != m_head.columns.size())
        return {};
    return Given{row.fields->at(column), false};
}

bool RejectConversion::convertText(
    const Way &way, std::string_view text, bool isPlain, Column &column, int slot, Arena &arena) const
{
    Column value = oneValue(InterimType::String);
    value.valid[0] = 1;
    value.bytes[0] = arena.copy(text);
    if (isPlain)
        return way.plain.convert(value, 0, column, slot, arena);
    if (way.type && way.typed) {
        Column typed = oneValue(InterimType::String);
        // The type of the source's column is that of the converter's answer.
        typed.type = way.typed->from();
        typed.resize(1);
        if (way.type->convert(value, 0, typed, 0, arena) && way.typed->convert(typed, 0, column, slot, arena))
            return true;
    }
    return way.read.convert(value, 0, column, slot, arena);
}

std::optional<RejectProblem>
RejectConversion::convertOne(const RejectedRow &row, int index, Column &column, int slot, Arena &arena) const
{
    const RejectHead::Target &target = m_head.targets.at(index);
    const QString &name = m_head.columns.at(target.column).name;
    const std::optional<Given> value = given(row, target.column);
    if (!value)
        return RejectProblem{
            name,
            {},
            RejectConversionText::tr("Which value of the row belongs to \"%1\" cannot be told: give one.").arg(name)};
    if (row.isRedacted && !value->isCorrected && value->text && value->text->contains(redactedMark))
        return RejectProblem{
            name,
            shown(value->text),
            RejectConversionText::tr("The value of \"%1\" held a secret, which is not kept: give it again.").arg(name)};
    const bool isNull =
        !value->text || (m_head.emptyIsNull && value->text->isEmpty() && target.type != InterimType::String);
    if (isNull) {
        column.setNull(slot);
        if (target.nullable)
            return {};
        return RejectProblem{
            name,
            shown(value->text),
            RejectConversionText::tr("The column \"%1\" of the sink must have a value (NOT NULL).").arg(target.sink)};
    }
    const QByteArray text = value->text->toUtf8();
    const std::string_view view(text.constData(), size_t(text.size()));
    const Way &way = m_ways[size_t(index)];
    if (convertText(way, view, row.isConverted && !value->isCorrected, column, slot, arena))
        return {};
    Column asked = oneValue(InterimType::String);
    asked.valid[0] = 1;
    asked.bytes[0] = view;
    return RejectProblem{name,
                         shown(value->text),
                         RejectConversionText::tr("Column '%1' contains an invalid value '%2'. Cannot convert '%2' to "
                                                  "type '%3': %4.")
                             .arg(name, shown(value->text), toString(target.type), way.read.reason(asked, 0))};
}

std::optional<RejectProblem>
RejectConversion::convert(const RejectedRow &row, std::vector<Column> &columns, int slot, Arena &arena) const
{
    for (int i = 0; i < m_head.targets.size(); ++i) {
        if (auto problem = convertOne(row, i, columns[size_t(i)], slot, arena))
            return problem;
    }
    return {};
}

std::optional<RejectProblem> RejectConversion::check(const RejectedRow &row) const
{
    std::vector<Column> columns;
    for (const RejectHead::Target &target : m_head.targets)
        columns.push_back(oneValue(target.type));
    Arena arena;
    return convert(row, columns, 0, arena);
}

} // namespace engine
