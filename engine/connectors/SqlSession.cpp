#include "engine/connectors/SqlSession.h"

#include "engine/connectors/SqlScript.h"
#include "engine/data/TemporalText.h"

#include <QCoreApplication>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace engine {

namespace {

struct SqlSessionText
{
    Q_DECLARE_TR_FUNCTIONS(engine::SqlSession)
};

} // namespace

SqlSession::~SqlSession() = default;

Result<> SqlRowKeeper::beginSet(const QStringList &columns)
{
    for (qsizetype i = 0; i < columns.size(); ++i) {
        if (columns.indexOf(columns.at(i), i + 1) >= 0)
            return Error{ErrorCode::InvalidInput,
                         SqlSessionText::tr("Two columns of the result are called “%1”: give one of them another name "
                                            "with AS.")
                             .arg(columns.at(i)),
                         {}};
    }
    m_sets.append(SqlRows{.columns = columns});
    return {};
}

bool SqlRowKeeper::wantsRow() const { return !m_isTooLarge && qint64(m_sets.last().rows.size()) < m_limits.rows; }

void SqlRowKeeper::addRow(Json row)
{
    m_bytes += toCompact(row).size() + 1;
    if (m_bytes > m_limits.bytes) {
        m_isTooLarge = true;
        return;
    }
    m_sets.last().rows.push_back(std::move(row));
}

void SqlRowKeeper::leaveOut() { m_sets.last().more = true; }

Json outputParametersOf(const QList<SqlParameter> &parameters, const QList<SqlRows> &sets)
{
    Json values = Json::object();
    for (const SqlParameter &parameter : parameters) {
        if (parameter.direction == SqlParameter::Direction::Input)
            continue;
        Json &value = values[toStdString(parameter.name)];
        for (auto set = sets.crbegin(); set != sets.crend(); ++set) {
            const qsizetype column = set->columns.indexOf(parameter.name, 0);
            const auto sameName = [&parameter](const QString &name) {
                return name.compare(parameter.name, Qt::CaseInsensitive) == 0;
            };
            const auto found = column >= 0 ? set->columns.cbegin() + column
                                           : std::find_if(set->columns.cbegin(), set->columns.cend(), sameName);
            if (found == set->columns.cend() || set->rows.empty())
                continue;
            value = memberAt(set->rows.front(), found->toUtf8().constData());
            break;
        }
    }
    return values;
}

QStringList partsOfSqlName(const QString &name)
{
    QStringList parts;
    QString part;
    const auto inside = [](QStringView text, QChar close) {
        return text.mid(1, text.size() - 2).toString().replace(QString(2, close), QString(close));
    };
    const QList<SqlToken> tokens = tokenizeSql(name, SqlDialect::Sqlite);
    for (const SqlToken &token : tokens) {
        if (token.text == u".") {
            parts += part;
            part.clear();
        } else if (token.kind == SqlToken::Kind::Bracketed) {
            part += inside(token.text, u']');
        } else if (token.kind == SqlToken::Kind::Quoted) {
            part += inside(token.text, u'"');
        } else if (token.kind != SqlToken::Kind::Blank || !part.isEmpty()) {
            part += token.text;
        }
    }
    return parts << part.trimmed();
}

QList<SqlParameter> readProcedureParameters(const Json &object)
{
    QList<SqlParameter> parameters;
    if (!object.is_object())
        return parameters;
    for (const auto &[key, given] : object.items()) {
        const bool isWrapped = given.is_object() && given.contains("value");
        SqlParameter parameter{toQString(key), isWrapped ? memberAt(given, "value") : given, stringAt(given, "type")};
        if (parameter.name.startsWith(u'@'))
            parameter.name.remove(0, 1);
        parameters.append(parameter);
    }
    return parameters;
}

Json decimalToJson(const QByteArray &text)
{
    const char *const end = text.constData() + text.size();
    qint64 whole = 0;
    if (const auto read = std::from_chars(text.constData(), end, whole); read.ec == std::errc() && read.ptr == end)
        return whole;
    double real = 0;
    const auto read = std::from_chars(text.constData(), end, real);
    const qsizetype digits = std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    constexpr qsizetype exactDigits = 15; // that every double gives back
    if (read.ec == std::errc() && read.ptr == end && digits <= exactDigits && std::isfinite(real))
        return real;
    return text.toStdString();
}

std::optional<QString> isoFromSqlTime(const QString &text)
{
    std::string utf8 = text.toStdString();
    OffsetTime time;
    if (!parseDateTimeOffset(utf8, time))
        return std::nullopt;
    std::string iso;
    appendDateTime(iso, time.ticks);
    return QString::fromStdString(iso) + u'Z';
}

} // namespace engine
