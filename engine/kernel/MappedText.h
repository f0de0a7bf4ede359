#pragma once

#include <QByteArray>

#include <vector>

namespace engine {

// SQL made out of a cell's SQL: it remembers for each byte where in the cell it comes from, so that an error of the
// made text can be shown in the cell. A value.
class MappedText
{
public:
    // Bytes `start` … `end - 1` of the cell.
    void copy(const QByteArray &cell, qsizetype start, qsizetype end);
    // Text that the cell does not have; an error in it is at byte `position` of the cell.
    void add(const QByteArray &text, qsizetype position);
    void append(const MappedText &other);

    const QByteArray &text() const { return m_text; }
    qsizetype positionInCell(qsizetype position) const;

private:
    struct Piece
    {
        qsizetype start; // here
        qsizetype inCell;
        bool isCopy; // else all of it is at `inCell`
    };
    QByteArray m_text;
    std::vector<Piece> m_pieces; // by start
};

} // namespace engine
