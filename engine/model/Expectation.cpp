#include "engine/model/Expectation.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>

#include <algorithm>
#include <array>
#include <numeric>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct ExpectationText
{
    Q_DECLARE_TR_FUNCTIONS(engine::Expectation)
};

constexpr std::array patternNames{"matches", "any", "greaterThan", "lessThan"};

QString inside(const QString &path, const QString &key) { return path.isEmpty() ? key : path + u'.' + key; }

QString pointerInside(const QString &pointer, QString key)
{
    return pointer + u'/' + key.replace(u'~', QStringLiteral("~0")).replace(u'/', QStringLiteral("~1"));
}

QStringList keysOf(const Json &object)
{
    QStringList keys;
    for (const auto &member : object.items())
        keys.append(toQString(member.key()));
    return keys;
}

QString noteOfMissing(const QString &key, const Json &object)
{
    const QStringList keys = keysOf(object);
    if (const QString near = nearestName(key, keys); !near.isEmpty())
        return ExpectationText::tr("did you mean \"%1\"?").arg(near);
    if (keys.isEmpty())
        return ExpectationText::tr("the object is empty");
    return ExpectationText::tr("there are: %1").arg(keys.mid(0, 12).join(QStringLiteral(", ")));
}

bool isPatternMet(const Json &pattern, const Json &got)
{
    const std::string &name = pattern.begin().key();
    const Json &value = pattern.begin().value();
    if (name == "any")
        return true;
    if (name == "matches") {
        if (!got.is_string() || !value.is_string())
            return false;
        const QRegularExpression expression(toQString(value.get_ref<const std::string &>()));
        return expression.match(toQString(got.get_ref<const std::string &>())).hasMatch();
    }
    if (!got.is_number() || !value.is_number())
        return false;
    return name == "greaterThan" ? got > value : got < value;
}

class Comparison
{
public:
    QList<Mismatch> found;

    void compare(const Json &expected, const Json &got, const QString &path, const QString &pointer)
    {
        if (isPattern(expected)) {
            if (!isPatternMet(expected, got))
                found.append({path, pointer, expected, got, {}});
        } else if (expected.is_object() && got.is_object()) {
            objects(expected, got, path, pointer);
        } else if (expected.is_array() && got.is_array()) {
            arrays(expected, got, path, pointer);
        } else if (!isSameValue(expected, got)) {
            found.append({path, pointer, expected, got, noteOfTypes(expected, got)});
        }
    }

private:
    void objects(const Json &expected, const Json &got, const QString &path, const QString &pointer)
    {
        const qsizetype before = found.size();
        for (const auto &member : expected.items()) {
            const QString key = toQString(member.key());
            const auto at = got.find(member.key());
            if (at != got.end())
                compare(member.value(), *at, inside(path, key), pointerInside(pointer, key));
            else
                found.append({inside(path, key),
                              pointerInside(pointer, key),
                              member.value(),
                              std::nullopt,
                              noteOfMissing(key, got)});
        }
        // One value alone says little: what stands beside it is shown too.
        for (qsizetype i = before; i < found.size(); ++i) {
            if (found.at(i).note.isEmpty() && got.size() > 1)
                found[i].note = ExpectationText::tr("beside it: %1").arg(shortened(got));
        }
    }

    void arrays(const Json &expected, const Json &got, const QString &path, const QString &pointer)
    {
        if (expected.size() != got.size())
            found.append({path,
                          pointer,
                          expected,
                          got,
                          ExpectationText::tr("%1 instead of %2")
                              .arg(ExpectationText::tr("%n item(s)", nullptr, int(got.size())),
                                   ExpectationText::tr("%n item(s)", nullptr, int(expected.size())))});
        for (size_t i = 0; i < std::min(expected.size(), got.size()); ++i)
            compare(expected[i],
                    got[i],
                    QStringLiteral("%1[%2]").arg(path).arg(i),
                    QStringLiteral("%1/%2").arg(pointer).arg(i));
    }

    static QString noteOfTypes(const Json &expected, const Json &got)
    {
        if (expected.is_number() && got.is_string())
            return ExpectationText::tr("it is a text, not a number");
        if (expected.is_string() && (got.is_number() || got.is_boolean()))
            return ExpectationText::tr("it is no text");
        return {};
    }
};

int distance(const QString &left, const QString &right)
{
    QList<int> row(right.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (qsizetype i = 0; i < left.size(); ++i) {
        int diagonal = row[0]++;
        for (qsizetype j = 0; j < right.size(); ++j) {
            const int replaced = diagonal + (left[i].toLower() == right[j].toLower() ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.last();
}

} // namespace

QList<Mismatch> mismatches(const Json &expected, const Json &got, const QString &path, const QString &pointer)
{
    Comparison comparison;
    comparison.compare(expected, got, path, pointer);
    return comparison.found;
}

bool isPattern(const Json &expected)
{
    return expected.is_object() && expected.size() == 1
        && std::find(patternNames.begin(), patternNames.end(), expected.begin().key()) != patternNames.end();
}

QString patternProblem(const Json &expected)
{
    if (!isPattern(expected))
        return {};
    const std::string &name = expected.begin().key();
    const Json &value = expected.begin().value();
    if (name == "any")
        return value == true ? QString() : ExpectationText::tr("\"any\" can only be true.");
    if (name != "matches")
        return value.is_number() ? QString() : ExpectationText::tr("\"%1\" needs a number.").arg(toQString(name));
    if (!value.is_string())
        return ExpectationText::tr("\"matches\" needs a regular expression.");
    const QRegularExpression expression(toQString(value.get_ref<const std::string &>()));
    return expression.isValid() ? QString()
                                : ExpectationText::tr("The regular expression is not valid: %1 at character %2.")
                                      .arg(expression.errorString())
                                      .arg(expression.patternErrorOffset() + 1);
}

bool isSameValue(const Json &left, const Json &right)
{
    if (left.is_number() && right.is_number())
        return left == right; // of whatever kinds of number
    return left.type() == right.type() && left == right;
}

QString nearestName(const QString &name, const QStringList &known)
{
    QString nearest;
    int least = std::min(std::max(2, int(name.size()) / 3) + 1, int(name.size())); // of another name nothing is left
    for (const QString &candidate : known) {
        if (std::abs(candidate.size() - name.size()) >= least)
            continue;
        if (const int far = distance(name, candidate); far < least) {
            least = far;
            nearest = candidate;
        }
    }
    return nearest;
}

QString shortened(const Json &json, qsizetype most)
{
    QString text = QString::fromUtf8(toCompact(json));
    if (text.size() > most)
        text = text.left(most - 1) + u'…';
    return text;
}

} // namespace engine
