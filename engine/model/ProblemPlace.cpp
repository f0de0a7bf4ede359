#include "engine/model/ProblemPlace.h"

#include "engine/model/EntityText.h"

#include <QHash>
#include <QRegularExpression>

namespace engine {

namespace {

bool endsStep(const QString &path, qsizetype at) { return at >= path.size() || path[at] == u'.' || path[at] == u'['; }

// The longest name of `names` that the rest of the path begins with: names may have dots and brackets in them.
template <typename Names> QString longestName(const QString &path, qsizetype at, const Names &names)
{
    QString found;
    for (const QString &name : names) {
        if (name.size() > found.size() && QStringView(path).sliced(at).startsWith(name)
            && endsStep(path, at + name.size()))
            found = name;
    }
    return found;
}

// Takes the next step of a path off. `names`: the members of the object it leads into; empty in a list.
template <typename Names> PathStep nextStep(const QString &path, qsizetype &at, const Names &names)
{
    if (path[at] == u'.')
        ++at;
    if (at < path.size() && path[at] == u'[') {
        const bool isName = at + 1 < path.size() && path[at + 1] == u'"';
        const qsizetype end = isName ? path.indexOf(u"\"]", at + 2) : path.indexOf(u']', at);
        if (end >= 0) {
            const QString inside = path.mid(at + (isName ? 2 : 1), end - at - (isName ? 2 : 1));
            at = end + (isName ? 2 : 1);
            bool isNumber = false;
            const size_t index = inside.toULong(&isNumber);
            return isName || !isNumber ? PathStep(toStdString(inside)) : PathStep(index);
        }
    }
    QString name = longestName(path, at, names);
    if (name.isEmpty()) {
        qsizetype end = at;
        while (!endsStep(path, end))
            ++end;
        name = path.mid(at, std::max<qsizetype>(end - at, 1));
    }
    at += name.size();
    return toStdString(name);
}

QStringList namesOf(const Json &json)
{
    QStringList names;
    if (json.is_object()) {
        for (const auto &[key, member] : json.items())
            names.append(toQString(key));
    }
    return names;
}

} // namespace

std::vector<PathStep> stepsOf(const Json &entity, const QString &path)
{
    std::vector<PathStep> steps;
    const Json *json = &entity;
    const Json &properties = memberAt(entity, "properties");
    qsizetype at = 0;
    if (properties.is_object() && !path.isEmpty()
        && (!longestName(path, 0, namesOf(properties)).isEmpty() || longestName(path, 0, namesOf(entity)).isEmpty())
        && path != u"name") {
        steps.emplace_back(std::string("properties"));
        json = &properties;
    }
    static const Json nothing;
    while (at < path.size()) {
        steps.push_back(nextStep(path, at, namesOf(*json)));
        const auto *name = std::get_if<std::string>(&steps.back());
        if (name != nullptr)
            json = &memberAt(*json, name->c_str());
        else
            json = json->is_array() && std::get<size_t>(steps.back()) < json->size()
                ? &(*json)[std::get<size_t>(steps.back())]
                : &nothing;
    }
    return steps;
}

// The containers of a text, looked through when somebody asks what is in them.
struct TextPositions::Index
{
    struct Container
    {
        QHash<QString, std::pair<qsizetype, qsizetype>> members; // where name and value begin
        QList<qsizetype> elements;
    };

    explicit Index(const QByteArray &written) : text(toUtf8(written))
    {
        if (text.startsWith("\xEF\xBB\xBF"))
            text.remove(0, 3);
        for (qsizetype at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1))
            lines.append(at + 1);
        begin = space(0);
    }

    char at(qsizetype offset) const { return offset < text.size() ? text[offset] : '\0'; }

    qsizetype space(qsizetype offset) const
    {
        while (at(offset) == ' ' || (at(offset) >= '\t' && at(offset) <= '\r'))
            ++offset;
        return offset;
    }

    qsizetype string(qsizetype offset) const // behind the closing quote
    {
        for (++offset; offset < text.size() && text[offset] != '"'; ++offset) {
            if (text[offset] == '\\')
                ++offset;
        }
        return std::min(offset + 1, text.size());
    }

    qsizetype value(qsizetype offset) const // behind it
    {
        int depth = 0;
        while (offset < text.size()) {
            const char character = text[offset];
            if (character == '"') {
                offset = string(offset);
                if (depth == 0)
                    return offset;
                continue;
            }
            if (depth == 0 && (character == ',' || character == ']' || character == '}'))
                return offset;
            ++offset;
            if (character == '{' || character == '[')
                ++depth;
            else if ((character == '}' || character == ']') && --depth == 0)
                return offset;
        }
        return offset;
    }

    const Container &container(qsizetype offset)
    {
        const auto known = containers.constFind(offset);
        if (known != containers.cend())
            return *known;
        Container found;
        const bool isObject = at(offset) == '{';
        qsizetype next = space(offset + 1);
        while (next < text.size() && at(next) != '}' && at(next) != ']') {
            const qsizetype start = next;
            if (isObject) {
                if (at(next) != '"')
                    break;
                const qsizetype end = string(next);
                const QString name = nameOf(text.mid(start, end - start));
                next = space(end);
                if (at(next) != ':')
                    break;
                next = space(next + 1);
                found.members.insert(name, {start, next});
            } else {
                found.elements.append(next);
            }
            next = space(value(next));
            if (at(next) != ',')
                break;
            next = space(next + 1);
        }
        return *containers.insert(offset, found);
    }

    static QString nameOf(const QByteArray &quoted)
    {
        if (!quoted.contains('\\'))
            return QString::fromUtf8(quoted.mid(1, quoted.size() - 2));
        const Result<Json> parsed = parseJson(quoted, {});
        return parsed && parsed->is_string() ? toQString(parsed->get_ref<const std::string &>()) : QString();
    }

    // From the container at `from`; where the innermost that is there begins, and whether all of it is there.
    std::pair<qsizetype, bool> find(const QString &path, qsizetype from)
    {
        qsizetype place = from;
        qsizetype inside = from;
        qsizetype next = 0;
        while (next < path.size()) {
            if (at(inside) != '{' && at(inside) != '[')
                return {place, false};
            const Container &here = container(inside);
            const PathStep step = nextStep(path, next, here.members.keys());
            if (const auto *name = std::get_if<std::string>(&step)) {
                const auto member = here.members.constFind(toQString(*name));
                if (member == here.members.cend())
                    return {place, false};
                std::tie(place, inside) = *member;
            } else {
                const size_t index = std::get<size_t>(step);
                if (index >= size_t(here.elements.size()))
                    return {place, false};
                place = inside = here.elements[qsizetype(index)];
            }
        }
        return {place, true};
    }

    TextPosition positionAt(qsizetype offset) const
    {
        const auto line = std::upper_bound(lines.cbegin(), lines.cend(), offset) - lines.cbegin();
        const qsizetype start = line == 0 ? 0 : lines[line - 1];
        return {int(line) + 1, int(QString::fromUtf8(text.mid(start, offset - start)).size()) + 1};
    }

    QByteArray text;
    QList<qsizetype> lines; // where the second and the following begin
    qsizetype begin = 0;
    QHash<qsizetype, Container> containers; // by where they begin
};

TextPositions::TextPositions(const QByteArray &text) : m_index(std::make_unique<Index>(text)) { }

TextPositions::~TextPositions() = default;

TextPosition TextPositions::of(const QString &path)
{
    Index &index = *m_index;
    if (path.isEmpty())
        return index.positionAt(index.begin);
    const auto [top, isOnTop] = index.find(path, index.begin);
    if (index.at(index.begin) == '{' && path != u"name") {
        const auto [name, value] =
            index.container(index.begin).members.value(QStringLiteral("properties"), {-1, index.begin});
        if (name >= 0) {
            const auto [place, isThere] = index.find(path, value);
            if (isThere || (!isOnTop && top == index.begin))
                return index.positionAt(place == value ? name : place);
        }
    }
    return index.positionAt(top);
}

TextPosition positionOf(const QByteArray &text, const QString &path) { return TextPositions(text).of(path); }

void locateProblems(QList<Problem> &problems, const FileTree &tree)
{
    static const QRegularExpression position(QStringLiteral(":([0-9]+):([0-9]+)\\z"));
    QHash<QString, std::shared_ptr<TextPositions>> texts; // null: cannot be read
    for (Problem &problem : problems) {
        const QRegularExpressionMatch match = position.match(problem.where);
        if (match.hasMatch() && pathOf(problem).isEmpty()) {
            problem.line = match.captured(1).toInt();
            problem.column = match.captured(2).toInt();
            continue;
        }
        const QString file = fileOf(problem);
        if (!texts.contains(file)) {
            const Result<QByteArray> text = tree.read(file);
            texts.insert(file, text ? std::make_shared<TextPositions>(*text) : nullptr);
        }
        if (const std::shared_ptr<TextPositions> &text = texts[file]) {
            const TextPosition found = text->of(pathOf(problem));
            problem.line = found.line;
            problem.column = found.column;
        }
    }
}

} // namespace engine
