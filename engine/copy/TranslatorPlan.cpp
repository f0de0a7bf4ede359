#include "engine/copy/TranslatorPlan.h"

#include "engine/data/Culture.h"

#include <QCoreApplication>
#include <QStringList>

namespace engine {
namespace {

constexpr int mostColumns = 1'000'000; // an ordinal beyond is a mistake
constexpr int mostDigits = 38;

bool looksLikePath(const QString &text) { return text.startsWith(u'$') || text.startsWith(u'['); }

class TranslatorPlanner
{
    Q_DECLARE_TR_FUNCTIONS(engine::TranslatorPlan)

public:
    explicit TranslatorPlanner(const QString &place) : m_place(place) { }

    using Step = std::optional<Error>;
    Step plan(const Json &translator);

    Translation translation;

private:
    Step planSettings(const Json &translator);
    Step planColumnMappings(const Json &mappings);
    Step planSchemaMapping(const Json &mappings);
    Step planMapping(const Json &mapping, const QString &where);
    Step planSourceSide(const Json &source, const QString &where, ColumnMapping &row);
    Step planSinkSide(const Json &sink, const QString &where, ColumnMapping &row);
    Step readOrdinal(const Json &side, const QString &where, int &ordinal);
    Step readPath(const QString &path, const QString &where, QString &normal);
    Step readCulture(const QString &name, const QString &where, QString &culture);

    Error invalid(const QString &where, const QString &message) const
    {
        return {ErrorCode::InvalidInput, message, where};
    }

    QString m_place;
};

TranslatorPlanner::Step TranslatorPlanner::plan(const Json &translator)
{
    if (translator.is_null())
        return {};
    if (translator.is_string()) { // a parameter that holds the JSON
        const auto parsed = parseJson(QByteArray::fromStdString(translator.get<std::string>()), m_place);
        if (!parsed || !parsed->is_object())
            return invalid(m_place,
                           tr("The translator is a text that is no JSON object: write it as @json(…) of one."));
        return plan(*parsed);
    }
    if (stringAt(translator, "type").compare(u"TabularTranslator", Qt::CaseInsensitive) != 0)
        return Error{ErrorCode::Unsupported,
                     tr("Columns can only be mapped by a TabularTranslator."),
                     m_place + QStringLiteral(".type")};
    if (auto error = planSettings(translator))
        return error;
    if (const Json &legacy = memberAt(translator, "columnMappings"); !legacy.is_null())
        return planColumnMappings(legacy);
    if (const Json &legacy = memberAt(translator, "schemaMapping"); !legacy.is_null() && !legacy.empty())
        return planSchemaMapping(legacy);
    const Json &mappings = memberAt(translator, "mappings");
    if (!mappings.is_null() && !mappings.is_array())
        return invalid(m_place + QStringLiteral(".mappings"), tr("The mappings must be a list."));
    for (size_t i = 0; i < mappings.size(); ++i) {
        if (auto error = planMapping(mappings[i], m_place + QStringLiteral(".mappings[%1]").arg(i)))
            return error;
    }
    return {};
}

TranslatorPlanner::Step TranslatorPlanner::planSettings(const Json &translator)
{
    if (const QString collection = stringAt(translator, "collectionReference"); !collection.isEmpty()) {
        if (auto error =
                readPath(collection, m_place + QStringLiteral(".collectionReference"), translation.collectionReference))
            return error;
    }
    translation.mapComplexValuesToString = boolAt(translator, "mapComplexValuesToString");
    if (!boolAt(translator, "typeConversion"))
        return {};
    const Json &settings = memberAt(translator, "typeConversionSettings");
    translation.treatBooleanAsNumber = boolAt(settings, "treatBooleanAsNumber");
    translation.formats = {stringAt(settings, "dateTimeFormat"),
                           stringAt(settings, "dateTimeOffsetFormat"),
                           stringAt(settings, "timeSpanFormat")};
    return readCulture(stringAt(settings, "culture"),
                       m_place + QStringLiteral(".typeConversionSettings.culture"),
                       translation.culture);
}

// {"source": "sink", …} or "source: sink, …"
TranslatorPlanner::Step TranslatorPlanner::planColumnMappings(const Json &mappings)
{
    const QString where = m_place + QStringLiteral(".columnMappings");
    const auto add = [this](const QString &source, const QString &sink) {
        ColumnMapping mapping;
        mapping.sourceName = source.trimmed();
        mapping.sinkName = sink.trimmed();
        translation.mappings += mapping;
        return !mapping.sourceName.isEmpty() && !mapping.sinkName.isEmpty();
    };
    bool isValid = mappings.is_object() || mappings.is_string();
    if (mappings.is_object()) {
        for (const auto &[source, sink] : mappings.items())
            isValid = isValid && sink.is_string() && add(toQString(source), toQString(sink.get<std::string>()));
    } else if (mappings.is_string()) {
        const QStringList pairs = toQString(mappings.get<std::string>()).split(u',');
        for (const QString &pair : pairs) {
            const QStringList sides = pair.split(u':');
            isValid = isValid && sides.size() == 2 && add(sides.at(0), sides.at(1));
        }
    }
    if (!isValid)
        return invalid(where,
                       tr("The mapping must be written as \"source: sink, source: sink\" or as an object of names."));
    return {};
}

// {"source": "sink", …}, where a path stands for a name on a side of JSON documents: {"$.id": "id", "product": "item"}
// from documents, {"id": "$.id"} into them. Factories older than that rule write {"id": "$.id"} from documents too,
// with a collection reference to tell.
TranslatorPlanner::Step TranslatorPlanner::planSchemaMapping(const Json &mappings)
{
    const QString where = m_place + QStringLiteral(".schemaMapping");
    if (!mappings.is_object())
        return invalid(where, tr("The mapping must be an object of names and paths."));
    const bool isFromDocuments = !translation.collectionReference.isEmpty();
    for (const auto &[written, target] : mappings.items()) {
        QString source = toQString(written).trimmed();
        QString sink = target.is_string() ? toQString(target.get<std::string>()).trimmed() : QString();
        const QString row = where + u'.' + source;
        if (source.isEmpty() || sink.isEmpty())
            return invalid(row, tr("This row of the mapping names no column on one of its sides."));
        if (isFromDocuments && !looksLikePath(source) && looksLikePath(sink))
            std::swap(source, sink);
        ColumnMapping mapping;
        if (looksLikePath(source) || isFromDocuments) {
            if (auto error = readPath(source, row, mapping.sourcePath))
                return error;
        } else {
            mapping.sourceName = source;
        }
        if (looksLikePath(sink)) {
            if (auto error = readPath(sink, row, mapping.sinkPath))
                return error;
        } else {
            mapping.sinkName = sink;
        }
        translation.mappings += mapping;
    }
    return {};
}

TranslatorPlanner::Step TranslatorPlanner::planMapping(const Json &mapping, const QString &where)
{
    ColumnMapping row;
    if (auto error = planSourceSide(memberAt(mapping, "source"), where + QStringLiteral(".source"), row))
        return error;
    if (auto error = planSinkSide(memberAt(mapping, "sink"), where + QStringLiteral(".sink"), row))
        return error;
    translation.mappings += row;
    return {};
}

TranslatorPlanner::Step TranslatorPlanner::planSourceSide(const Json &source, const QString &where, ColumnMapping &row)
{
    row.sourceName = stringAt(source, "name");
    row.sourceFormat = stringAt(source, "format");
    if (auto error = readCulture(stringAt(source, "culture"), where + QStringLiteral(".culture"), row.culture))
        return error;
    if (auto error = readOrdinal(source, where, row.sourceOrdinal))
        return error;
    const QString path = stringAt(source, "path");
    if (row.sourceName.isEmpty() && row.sourceOrdinal == 0 && !path.isEmpty())
        return readPath(path, where + QStringLiteral(".path"), row.sourcePath);
    if (row.sourceName.isEmpty() && row.sourceOrdinal == 0)
        return invalid(where, tr("This row of the mapping names no source column, by name, ordinal or path."));
    return {};
}

TranslatorPlanner::Step TranslatorPlanner::planSinkSide(const Json &sink, const QString &where, ColumnMapping &row)
{
    row.sinkName = stringAt(sink, "name");
    row.sinkFormat = stringAt(sink, "format");
    if (auto error = readCulture(stringAt(sink, "culture"), where + QStringLiteral(".culture"), row.sinkCulture))
        return error;
    if (auto error = readOrdinal(sink, where, row.sinkOrdinal))
        return error;
    if (const QString path = stringAt(sink, "path"); row.sinkName.isEmpty() && !path.isEmpty()) {
        if (auto error = readPath(path, where + QStringLiteral(".path"), row.sinkPath))
            return error;
    }
    if (row.sinkName.isEmpty() && row.sinkPath.isEmpty() && row.sinkOrdinal > 0)
        row.sinkName = QStringLiteral("Prop_%1").arg(row.sinkOrdinal - 1); // as a column without a name is called
    if (row.sinkName.isEmpty() && row.sinkPath.isEmpty())
        return invalid(where, tr("This row of the mapping names no sink column."));
    if (const QString type = stringAt(sink, "type"); !type.isEmpty()) {
        row.sinkType = interimTypeFromString(type);
        if (!row.sinkType)
            return invalid(where + QStringLiteral(".type"), tr("“%1” is no type of a column.").arg(type));
    }
    const qint64 precision = intAt(sink, "precision");
    const qint64 scale = intAt(sink, "scale", -1);
    if (precision < 0 || precision > mostDigits || scale < -1 || (precision > 0 && scale > precision))
        return invalid(where + QStringLiteral(".precision"),
                       tr("A Decimal has at most %1 digits, and not more of them behind the point.").arg(mostDigits));
    row.sinkPrecision = int(precision);
    row.sinkScale = int(scale);
    return {};
}

TranslatorPlanner::Step TranslatorPlanner::readOrdinal(const Json &side, const QString &where, int &ordinal)
{
    const Json &written = memberAt(side, "ordinal");
    if (written.is_null())
        return {};
    const qint64 number = intAt(side, "ordinal");
    if (number < 1 || number > mostColumns)
        return invalid(where + QStringLiteral(".ordinal"),
                       tr("“%1” is no ordinal of a column: the first one is 1.").arg(toQString(written.dump())));
    ordinal = int(number);
    return {};
}

TranslatorPlanner::Step TranslatorPlanner::readPath(const QString &path, const QString &where, QString &normal)
{
    normal = normalPath(path);
    if (normal.isEmpty())
        return invalid(where, tr("“%1” is no path: write it like $['orders'][0]['id'] or $.orders[0].id.").arg(path));
    return {};
}

TranslatorPlanner::Step TranslatorPlanner::readCulture(const QString &name, const QString &where, QString &culture)
{
    const auto known = Culture::find(name);
    if (!known)
        return known.error().at(where);
    culture = *known ? (*known)->name() : QString();
    return {};
}

// One step of a path, "['name']" or "[0]" or "[*]" in its normal spelling; advances `at`. Empty for a mistake.
QString takeStep(const QString &path, qsizetype &at, bool isFirst)
{
    const auto named = [](QString name) {
        name.replace(u'\\', QStringLiteral("\\\\")).replace(u'\'', QStringLiteral("\\'"));
        return QStringLiteral("['%1']").arg(name);
    };
    if (path.at(at) != u'[') {
        const bool hasPoint = path.at(at) == u'.';
        if (!hasPoint && !isFirst)
            return {};
        const qsizetype start = at + (hasPoint ? 1 : 0);
        qsizetype end = start;
        while (end < path.size() && path.at(end) != u'.' && path.at(end) != u'[')
            ++end;
        at = end;
        return end == start ? QString() : named(path.mid(start, end - start));
    }
    ++at;
    if (at >= path.size())
        return {};
    const QChar quote = path.at(at);
    QString name;
    if (quote == u'\'' || quote == u'"') {
        for (++at; at < path.size() && path.at(at) != quote; ++at) {
            if (path.at(at) == u'\\' && at + 1 < path.size())
                ++at;
            name += path.at(at);
        }
        at += 2; // the quote and the bracket
        return at <= path.size() && path.at(at - 2) == quote && path.at(at - 1) == u']' ? named(name) : QString();
    }
    while (at < path.size() && path.at(at) != u']')
        name += path.at(at++);
    if (at++ >= path.size())
        return {};
    bool isNumber = false;
    (void)name.toUInt(&isNumber);
    return isNumber || name == u"*" ? QStringLiteral("[%1]").arg(name) : QString();
}

} // namespace

QString normalPath(const QString &path)
{
    const QString text = path.trimmed();
    const bool isAbsolute = text.startsWith(u'$');
    QString normal = isAbsolute ? QStringLiteral("$") : QString();
    for (qsizetype at = isAbsolute ? 1 : 0; at < text.size();) {
        const QString step = takeStep(text, at, !isAbsolute && normal.isEmpty());
        if (step.isEmpty())
            return {};
        normal += step;
    }
    return normal;
}

Result<Translation> planTranslator(const Json &translator, const QString &place)
{
    TranslatorPlanner planner(place);
    if (auto error = planner.plan(translator))
        return *error;
    return planner.translation;
}

} // namespace engine
