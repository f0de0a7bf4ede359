#include "engine/kernel/MappedText.h"

#include <algorithm>

namespace engine {

void MappedText::copy(const QByteArray &cell, qsizetype start, qsizetype end)
{
    if (end <= start)
        return;
    m_pieces.push_back({m_text.size(), start, true});
    m_text += cell.mid(start, end - start);
}

void MappedText::add(const QByteArray &text, qsizetype position)
{
    m_pieces.push_back({m_text.size(), position, false});
    m_text += text;
}

void MappedText::append(const MappedText &other)
{
    for (const Piece &piece : other.m_pieces)
        m_pieces.push_back({m_text.size() + piece.start, piece.inCell, piece.isCopy});
    m_text += other.m_text;
}

qsizetype MappedText::positionInCell(qsizetype position) const
{
    const auto next = std::upper_bound(
        m_pieces.begin(), m_pieces.end(), position, [](qsizetype at, const Piece &piece) { return at < piece.start; });
    if (next == m_pieces.begin())
        return 0;
    const Piece &piece = *std::prev(next);
    return piece.isCopy ? piece.inCell + position - piece.start : piece.inCell;
}

} // namespace engine
