#include "scoring/training/LevelCodes.h"

#include <QByteArray>

#include <algorithm>
#include <charconv>
#include <limits>

namespace scoring {

namespace {

constexpr size_t fewLevels = 8; // so many are compared one after the other faster than hashed

} // namespace

QString shortestText(double number)
{
    char text[32];
    const auto [end, error] = std::to_chars(std::begin(text), std::end(text), number == 0 ? 0.0 : number);
    return QString::fromLatin1(text, qsizetype(end - text));
}

double numberOfText(const QString &text)
{
    const QByteArray bytes = text.toUtf8();
    double number = 0;
    const char *const end = bytes.constData() + bytes.size();
    const auto [stop, error] = std::from_chars(bytes.constData(), end, number);
    return error == std::errc() && stop == end && !bytes.isEmpty() ? number : std::numeric_limits<double>::quiet_NaN();
}

LevelCodes::LevelCodes(const QStringList &levels, FieldType type)
{
    for (int i = 0; i < levels.size(); ++i) {
        if (type == FieldType::Text)
            m_texts.push_back(levels.at(i).toStdString());
        else
            m_numbers.emplace_back(numberOfText(levels.at(i)), i);
    }
    if (m_texts.size() > fewLevels) {
        for (size_t i = 0; i < m_texts.size(); ++i)
            m_byText.emplace(m_texts[i], int(i));
    }
    std::sort(m_numbers.begin(), m_numbers.end());
}

int LevelCodes::find(double number) const
{
    const auto found = std::lower_bound(m_numbers.begin(), m_numbers.end(), std::pair(number, -1));
    return found != m_numbers.end() && found->first == number ? found->second : -1;
}

} // namespace scoring
