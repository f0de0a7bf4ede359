#include "engine/expression/functions/Function.h"
#include "engine/expression/functions/Texts.h"

#include <algorithm>
#include <unordered_map>

namespace engine::expression {

namespace {

std::string lower(std::string_view name)
{
    std::string text(name);
    std::transform(text.begin(), text.end(), text.begin(), toLowerAscii);
    return text;
}

using Table = std::unordered_map<std::string, const Function *>;

const Table &table()
{
    static const Table all = [] {
        Table made;
        for (const auto family : {stringFunctions(),
                                  collectionFunctions(),
                                  logicalFunctions(),
                                  conversionFunctions(),
                                  xmlFunctions(),
                                  mathFunctions(),
                                  dateFunctions()}) {
            for (const Function &function : family)
                made.emplace(lower(function.name), &function);
        }
        return made;
    }();
    return all;
}

// How many letters differ (Levenshtein).
size_t distance(std::string_view left, std::string_view right)
{
    std::vector<size_t> row(right.size() + 1);
    for (size_t i = 0; i <= right.size(); ++i)
        row[i] = i;
    for (size_t i = 1; i <= left.size(); ++i) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= right.size(); ++j) {
            const size_t changed = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

QString groupName(FunctionGroup group)
{
    switch (group) {
    case FunctionGroup::String:
        return ExpressionText::tr("String functions");
    case FunctionGroup::Collection:
        return ExpressionText::tr("Collection functions");
    case FunctionGroup::Logical:
        return ExpressionText::tr("Logical functions");
    case FunctionGroup::Conversion:
        return ExpressionText::tr("Conversion functions");
    case FunctionGroup::Math:
        return ExpressionText::tr("Math functions");
    case FunctionGroup::Date:
        break;
    }
    return ExpressionText::tr("Date functions");
}

} // namespace

const Function *findFunction(std::string_view name)
{
    if (name.size() > 40)
        return nullptr;
    const auto found = table().find(lower(name));
    return found == table().end() ? nullptr : found->second;
}

QString argumentName(const Function &function, size_t index)
{
    const QString signature = QString::fromUtf8(function.signature);
    QStringList names = signature.mid(signature.indexOf(u'(') + 1).chopped(1).split(QStringLiteral(", "));
    if (names.size() > 1 && names.last() == u"…")
        names.removeLast();
    QString name = names.at(std::min(qsizetype(index), names.size() - 1));
    return name.remove(u'?');
}

QString unknownFunction(QStringView name)
{
    const std::string wanted = lower(name.left(40).toUtf8().toStdString());
    const Function *nearest = nullptr;
    size_t least = 3;
    for (const auto &[key, function] : table()) {
        const size_t found = distance(wanted, key);
        if (found < least
            || (found == least && nearest != nullptr && std::string_view(function->name) < nearest->name)) {
            least = found;
            nearest = function;
        }
    }
    const QString shown = name.size() > 40 ? name.left(40).toString() + u'…' : name.toString();
    if (nearest == nullptr)
        return ExpressionText::tr("There is no function \"%1\".").arg(shown);
    return ExpressionText::tr("There is no function \"%1\"; did you mean \"%2\"?")
        .arg(shown, QLatin1String(nearest->name));
}

QString wrongCount(const Function &function, int count)
{
    const QString name = QLatin1String(function.name);
    const QString given = QString::number(count);
    if (function.maximum < 0)
        return ExpressionText::tr("%1() takes at least %n argument(s), %2 given.", nullptr, function.minimum)
            .arg(name, given);
    if (function.minimum == function.maximum)
        return ExpressionText::tr("%1() takes %n argument(s), %2 given.", nullptr, function.minimum).arg(name, given);
    return ExpressionText::tr("%1() takes %2 to %3 arguments, %4 given.")
        .arg(name, QString::number(function.minimum), QString::number(function.maximum), given);
}

} // namespace engine::expression

namespace engine {

const QList<FunctionDescription> &expressionFunctions()
{
    using namespace expression;
    static const QList<FunctionDescription> all = [] {
        std::vector<const Function *> functions;
        for (const auto &[key, function] : table())
            functions.push_back(function);
        std::sort(functions.begin(), functions.end(), [](const Function *left, const Function *right) {
            return std::pair(left->group, lower(left->name)) < std::pair(right->group, lower(right->name));
        });
        QList<FunctionDescription> list;
        for (const Function *function : functions) {
            list += {QString::fromUtf8(function->name),
                     groupName(function->group),
                     QString::fromUtf8(function->signature),
                     ExpressionText::tr(function->help),
                     function->minimum,
                     function->maximum};
        }
        return list;
    }();
    return all;
}

} // namespace engine
