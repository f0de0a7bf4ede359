#include "engine/connectors/Store.h"

#include <QCoreApplication>

namespace engine {
namespace {

struct StoreText
{
    Q_DECLARE_TR_FUNCTIONS(engine::Store)
};

constexpr int shownOfProblem = 200; // characters

} // namespace

Store::~Store() = default;

StoredRows::~StoredRows() = default;

void PreviewText::beginRow(qint64 number)
{
    m_row = number;
    m_preview.rows.emplace_back();
    m_preview.rows.last().reserve(m_preview.columns.size());
}

void PreviewText::add(const QString &value)
{
    auto &row = m_preview.rows.last();
    if (value.size() <= longestValue) {
        m_characters += value.size();
        row.append(value);
        return;
    }
    const qsizetype column = row.size();
    m_characters += longestValue;
    row.append(value.left(longestValue - 1) + QChar(0x2026));
    addProblem({m_row,
                column < m_preview.columns.size() ? m_preview.columns.at(column).name : QString(),
                value.left(shownOfProblem),
                StoreText::tr("The value is long; its first %1 characters are shown.").arg(longestValue - 1)});
}

void PreviewText::addUtf8(std::string_view value)
{
    // What is cut off here is cut off there too, also when it splits a character.
    value = value.substr(0, size_t(longestValue) * 4 + 4);
    add(QString::fromUtf8(value.data(), qsizetype(value.size())));
}

void PreviewText::addBytes(std::string_view value)
{
    value = value.substr(0, size_t(longestValue));
    add(QStringLiteral("0x")
        + QString::fromLatin1(QByteArray::fromRawData(value.data(), qsizetype(value.size())).toHex().toUpper()));
}

void PreviewText::addNull() { m_preview.rows.last().append(std::nullopt); }

void PreviewText::addProblem(const PreviewProblem &problem) { m_preview.problems.append(problem); }

} // namespace engine
