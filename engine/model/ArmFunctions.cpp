#include "engine/model/ArmFunctions.h"

#include <QCoreApplication>
#include <QHash>
#include <QUrl>

#include <algorithm>
#include <functional>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct ArmFunctionsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ArmFunctions)
};

using Arguments = QList<Json>;
using Function = Result<Json> (*)(const Arguments &);

struct Row
{
    int fewest;
    int most; // -1: any
    Function call;
};

Error misfit(const QString &what) { return {ErrorCode::InvalidInput, what, {}}; }

bool isText(const Json &json) { return json.is_string(); }
QString textOf(const Json &json)
{
    return json.is_string() ? toQString(json.get_ref<const std::string &>()) : QString::fromUtf8(toCompact(json));
}
Json jsonOf(const QString &text) { return toStdString(text); }

qint64 wholeOf(const Json &json)
{
    const Json holder = {{"n", json}};
    return intAt(holder, "n");
}

bool boolOf(const Json &json)
{
    const Json holder = {{"b", json}};
    return json.is_number() ? wholeOf(json) != 0 : boolAt(holder, "b");
}

bool equal(const Json &a, const Json &b) { return a == b; }

Result<Json> concat(const Arguments &arguments)
{
    if (arguments.first().is_array()) {
        Json all = Json::array();
        for (const Json &list : arguments) {
            if (!list.is_array())
                return misfit(ArmFunctionsText::tr("concat() takes texts or lists, not both."));
            all.insert(all.end(), list.begin(), list.end());
        }
        return all;
    }
    QString text;
    for (const Json &part : arguments)
        text += textOf(part);
    return jsonOf(text);
}

Result<Json> format(const Arguments &arguments)
{
    QString text = textOf(arguments.first());
    for (qsizetype i = 1; i < arguments.size(); ++i)
        text.replace(QStringLiteral("{%1}").arg(i - 1), textOf(arguments[i]));
    return jsonOf(text);
}

Result<Json> substring(const Arguments &arguments)
{
    const QString text = textOf(arguments[0]);
    const qint64 start = wholeOf(arguments[1]);
    const qint64 length = arguments.size() > 2 ? wholeOf(arguments[2]) : text.size() - start;
    if (start < 0 || length < 0 || start > text.size() || length > text.size() - start)
        return misfit(ArmFunctionsText::tr("substring() reaches beyond the text."));
    return jsonOf(text.mid(start, length));
}

Result<Json> split(const Arguments &arguments)
{
    QStringList delimiters;
    if (arguments[1].is_array()) {
        for (const Json &delimiter : arguments[1])
            delimiters.append(textOf(delimiter));
    } else {
        delimiters.append(textOf(arguments[1]));
    }
    QStringList parts{textOf(arguments[0])};
    for (const QString &delimiter : std::as_const(delimiters)) {
        QStringList finer;
        for (const QString &part : std::as_const(parts))
            finer += delimiter.isEmpty() ? QStringList{part} : part.split(delimiter);
        parts = finer;
    }
    Json list = Json::array();
    for (const QString &part : std::as_const(parts))
        list.push_back(toStdString(part));
    return list;
}

Result<Json> join(const Arguments &arguments)
{
    QStringList parts;
    for (const Json &part : arguments[0])
        parts.append(textOf(part));
    return jsonOf(parts.join(textOf(arguments[1])));
}

Result<Json> length(const Arguments &arguments)
{
    return isText(arguments[0]) ? Json(textOf(arguments[0]).size()) : Json(arguments[0].size());
}

Result<Json> contains(const Arguments &arguments)
{
    const Json &in = arguments[0];
    if (in.is_object())
        return Json(in.contains(textOf(arguments[1]).toStdString()));
    if (in.is_array())
        return Json(std::any_of(in.begin(), in.end(), [&](const Json &item) { return equal(item, arguments[1]); }));
    return Json(textOf(in).contains(textOf(arguments[1])));
}

Result<Json> createObject(const Arguments &arguments)
{
    if (arguments.size() % 2 != 0)
        return misfit(ArmFunctionsText::tr("createObject() takes keys and values in turn."));
    Json object = Json::object();
    for (qsizetype i = 0; i + 1 < arguments.size(); i += 2)
        object[textOf(arguments[i]).toStdString()] = arguments[i + 1];
    return object;
}

Result<Json> unite(const Arguments &arguments)
{
    Json all = arguments.first();
    for (qsizetype i = 1; i < arguments.size(); ++i) {
        const Json &next = arguments[i];
        if (all.is_object() && next.is_object()) {
            for (const auto &[key, value] : next.items())
                all[key] = value;
        } else if (all.is_array() && next.is_array()) {
            for (const Json &item : next) {
                if (std::find(all.begin(), all.end(), item) == all.end())
                    all.push_back(item);
            }
        } else {
            return misfit(ArmFunctionsText::tr("union() takes lists or objects, not both."));
        }
    }
    return all;
}

Result<Json> end(const Json &of, bool isFirst)
{
    if (isText(of)) {
        const QString text = textOf(of);
        return jsonOf(text.isEmpty() ? QString() : QString(isFirst ? text.front() : text.back()));
    }
    if (!of.is_array() || of.empty())
        return Json();
    return isFirst ? of.front() : of.back();
}

Result<Json> parse(const Arguments &arguments)
{
    Result<Json> json = parseJson(textOf(arguments[0]).toUtf8(), QStringLiteral("json()"));
    return json;
}

template <typename Compute> Result<Json> whole(const Arguments &arguments, Compute compute)
{
    qint64 result = 0;
    const bool isOverflow = compute(wholeOf(arguments[0]), wholeOf(arguments[1]), &result);
    return isOverflow ? Result<Json>(misfit(ArmFunctionsText::tr("The number is too large, or divided by zero.")))
                      : Result<Json>(Json(result));
}

int compare(const Json &a, const Json &b)
{
    if (a.is_number() && b.is_number())
        return a < b ? -1 : b < a ? 1 : 0;
    return QString::compare(textOf(a), textOf(b));
}

Result<Json> extreme(const Arguments &arguments, int sign)
{
    Arguments numbers = arguments;
    if (arguments.first().is_array())
        numbers = Arguments(arguments.first().begin(), arguments.first().end());
    if (numbers.isEmpty())
        return misfit(ArmFunctionsText::tr("There is no largest or smallest of nothing."));
    return *std::max_element(
        numbers.cbegin(), numbers.cend(), [sign](const Json &a, const Json &b) { return compare(a, b) * sign < 0; });
}

QString joinedUri(const QString &base, const QString &relative)
{
    const bool isSlashed = base.endsWith(u'/');
    const QString plain = relative.startsWith(u'/') ? relative.mid(1) : relative;
    return isSlashed ? base + plain : base.left(base.lastIndexOf(u'/') + 1) + plain;
}

void addTextFunctions(QHash<QString, Row> &rows)
{
    using A = Arguments;
    rows[QStringLiteral("concat")] = {1, -1, concat};
    rows[QStringLiteral("format")] = {1, -1, format};
    rows[QStringLiteral("substring")] = {2, 3, substring};
    rows[QStringLiteral("split")] = {2, 2, split};
    rows[QStringLiteral("join")] = {2, 2, join};
    rows[QStringLiteral("string")] = {1, 1, [](const A &a) -> Result<Json> { return jsonOf(textOf(a[0])); }};
    rows[QStringLiteral("tolower")] = {1, 1, [](const A &a) -> Result<Json> { return jsonOf(textOf(a[0]).toLower()); }};
    rows[QStringLiteral("toupper")] = {1, 1, [](const A &a) -> Result<Json> { return jsonOf(textOf(a[0]).toUpper()); }};
    rows[QStringLiteral("trim")] = {1, 1, [](const A &a) -> Result<Json> { return jsonOf(textOf(a[0]).trimmed()); }};
    rows[QStringLiteral("replace")] = {
        3, 3, [](const A &a) -> Result<Json> { return jsonOf(textOf(a[0]).replace(textOf(a[1]), textOf(a[2]))); }};
    rows[QStringLiteral("startswith")] = {2, 2, [](const A &a) -> Result<Json> {
                                              return Json(textOf(a[0]).startsWith(textOf(a[1]), Qt::CaseInsensitive));
                                          }};
    rows[QStringLiteral("endswith")] = {2, 2, [](const A &a) -> Result<Json> {
                                            return Json(textOf(a[0]).endsWith(textOf(a[1]), Qt::CaseInsensitive));
                                        }};
    rows[QStringLiteral("indexof")] = {2, 2, [](const A &a) -> Result<Json> {
                                           return Json(textOf(a[0]).indexOf(textOf(a[1]), 0, Qt::CaseInsensitive));
                                       }};
    rows[QStringLiteral("lastindexof")] = {2, 2, [](const A &a) -> Result<Json> {
                                               return Json(
                                                   textOf(a[0]).lastIndexOf(textOf(a[1]), -1, Qt::CaseInsensitive));
                                           }};
    rows[QStringLiteral("padleft")] = {
        2, 3, [](const A &a) -> Result<Json> {
            const QString fill = a.size() > 2 ? textOf(a[2]) : QStringLiteral(" ");
            const qint64 width = std::clamp<qint64>(wholeOf(a[1]), 0, 16);
            return jsonOf(textOf(a[0]).rightJustified(width, fill.isEmpty() ? u' ' : fill.front()));
        }};
    rows[QStringLiteral("base64")] = {
        1, 1, [](const A &a) -> Result<Json> { return Json(textOf(a[0]).toUtf8().toBase64().toStdString()); }};
    rows[QStringLiteral("base64tostring")] = {1, 1, [](const A &a) -> Result<Json> {
                                                  const QByteArray bytes =
                                                      QByteArray::fromBase64(textOf(a[0]).toUtf8());
                                                  return jsonOf(QString::fromUtf8(bytes));
                                              }};
    rows[QStringLiteral("uri")] = {
        2, 2, [](const A &a) -> Result<Json> { return jsonOf(joinedUri(textOf(a[0]), textOf(a[1]))); }};
    rows[QStringLiteral("uricomponent")] = {
        1, 1, [](const A &a) -> Result<Json> { return Json(QUrl::toPercentEncoding(textOf(a[0])).toStdString()); }};
    rows[QStringLiteral("uricomponenttostring")] = {
        1, 1, [](const A &a) -> Result<Json> { return jsonOf(QUrl::fromPercentEncoding(textOf(a[0]).toUtf8())); }};
}

void addListFunctions(QHash<QString, Row> &rows)
{
    using A = Arguments;
    rows[QStringLiteral("length")] = {1, 1, length};
    rows[QStringLiteral("contains")] = {2, 2, contains};
    rows[QStringLiteral("createobject")] = {0, -1, createObject};
    rows[QStringLiteral("union")] = {1, -1, unite};
    rows[QStringLiteral("json")] = {1, 1, parse};
    rows[QStringLiteral("null")] = {0, 0, [](const A &) -> Result<Json> { return Json(); }};
    rows[QStringLiteral("first")] = {1, 1, [](const A &a) { return end(a[0], true); }};
    rows[QStringLiteral("last")] = {1, 1, [](const A &a) { return end(a[0], false); }};
    rows[QStringLiteral("array")] = {
        1, 1, [](const A &a) -> Result<Json> { return a[0].is_array() ? a[0] : Json::array({a[0]}); }};
    rows[QStringLiteral("createarray")] = {0, -1, [](const A &a) -> Result<Json> {
                                               Json list = Json::array();
                                               for (const Json &item : a)
                                                   list.push_back(item);
                                               return list;
                                           }};
    rows[QStringLiteral("empty")] = {
        1, 1, [](const A &a) -> Result<Json> { return Json(isText(a[0]) ? textOf(a[0]).isEmpty() : a[0].empty()); }};
    rows[QStringLiteral("coalesce")] = {1, -1, [](const A &a) -> Result<Json> {
                                            const auto found = std::find_if(
                                                a.cbegin(), a.cend(), [](const Json &item) { return !item.is_null(); });
                                            return found == a.cend() ? Json() : *found;
                                        }};
}

void addLogicFunctions(QHash<QString, Row> &rows)
{
    using A = Arguments;
    rows[QStringLiteral("int")] = {1, 1, [](const A &a) -> Result<Json> { return Json(wholeOf(a[0])); }};
    rows[QStringLiteral("bool")] = {1, 1, [](const A &a) -> Result<Json> { return Json(boolOf(a[0])); }};
    rows[QStringLiteral("true")] = {0, 0, [](const A &) -> Result<Json> { return Json(true); }};
    rows[QStringLiteral("false")] = {0, 0, [](const A &) -> Result<Json> { return Json(false); }};
    rows[QStringLiteral("if")] = {3, 3, [](const A &a) -> Result<Json> { return boolOf(a[0]) ? a[1] : a[2]; }};
    rows[QStringLiteral("not")] = {1, 1, [](const A &a) -> Result<Json> { return Json(!boolOf(a[0])); }};
    rows[QStringLiteral("and")] = {
        2, -1, [](const A &a) -> Result<Json> { return Json(std::all_of(a.cbegin(), a.cend(), boolOf)); }};
    rows[QStringLiteral("or")] = {
        2, -1, [](const A &a) -> Result<Json> { return Json(std::any_of(a.cbegin(), a.cend(), boolOf)); }};
    rows[QStringLiteral("equals")] = {2, 2, [](const A &a) -> Result<Json> { return Json(equal(a[0], a[1])); }};
    rows[QStringLiteral("greater")] = {2, 2, [](const A &a) -> Result<Json> { return Json(compare(a[0], a[1]) > 0); }};
    rows[QStringLiteral("greaterorequals")] = {
        2, 2, [](const A &a) -> Result<Json> { return Json(compare(a[0], a[1]) >= 0); }};
    rows[QStringLiteral("less")] = {2, 2, [](const A &a) -> Result<Json> { return Json(compare(a[0], a[1]) < 0); }};
    rows[QStringLiteral("lessorequals")] = {
        2, 2, [](const A &a) -> Result<Json> { return Json(compare(a[0], a[1]) <= 0); }};
    rows[QStringLiteral("max")] = {1, -1, [](const A &a) { return extreme(a, 1); }};
    rows[QStringLiteral("min")] = {1, -1, [](const A &a) { return extreme(a, -1); }};
    rows[QStringLiteral("add")] = {
        2, 2, [](const A &a) {
            return whole(a, [](qint64 x, qint64 y, qint64 *r) { return __builtin_add_overflow(x, y, r); });
        }};
    rows[QStringLiteral("sub")] = {
        2, 2, [](const A &a) {
            return whole(a, [](qint64 x, qint64 y, qint64 *r) { return __builtin_sub_overflow(x, y, r); });
        }};
    rows[QStringLiteral("mul")] = {
        2, 2, [](const A &a) {
            return whole(a, [](qint64 x, qint64 y, qint64 *r) { return __builtin_mul_overflow(x, y, r); });
        }};
    const auto isUndefined = [](qint64 x, qint64 y) {
        return y == 0 || (y == -1 && x == std::numeric_limits<qint64>::min());
    };
    static const auto undefined = isUndefined;
    rows[QStringLiteral("div")] = {
        2, 2, [](const A &a) {
            return whole(a, [](qint64 x, qint64 y, qint64 *r) { return undefined(x, y) || ((*r = x / y), false); });
        }};
    rows[QStringLiteral("mod")] = {
        2, 2, [](const A &a) {
            return whole(a, [](qint64 x, qint64 y, qint64 *r) { return undefined(x, y) || ((*r = x % y), false); });
        }};
}

} // namespace

Result<Json> callArmFunction(const QString &function, const QList<Json> &arguments)
{
    static const QHash<QString, Row> rows = [] {
        QHash<QString, Row> all;
        addTextFunctions(all);
        addListFunctions(all);
        addLogicFunctions(all);
        return all;
    }();
    const auto row = rows.constFind(function.toLower());
    if (row == rows.cend())
        return Error{
            ErrorCode::Unsupported, ArmFunctionsText::tr("%1() has no value without a deployment.").arg(function), {}};
    if (arguments.size() < row->fewest || (row->most >= 0 && arguments.size() > row->most))
        return misfit(
            ArmFunctionsText::tr("%1() does not take %n argument(s).", nullptr, int(arguments.size())).arg(function));
    return row->call(arguments);
}

} // namespace engine
