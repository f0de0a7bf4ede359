#pragma once

#include <QByteArray>
#include <QStringBuilder>

#include <algorithm>
#include <cstring>

namespace designer {

// The one place where two contents differ: typing a letter into a file of 200 KB is a step of one byte. A value.
struct ContentDelta
{
    qsizetype at = 0;
    QByteArray removed;
    QByteArray inserted;

    static ContentDelta between(const QByteArray &before, const QByteArray &after)
    {
        const qsizetype shorter = std::min(before.size(), after.size());
        const qsizetype head =
            std::mismatch(before.cbegin(), before.cbegin() + shorter, after.cbegin()).first - before.cbegin();
        const qsizetype rest = shorter - head;
        const qsizetype tail =
            std::mismatch(before.crbegin(), before.crbegin() + rest, after.crbegin()).first - before.crbegin();
        return {head, before.mid(head, before.size() - head - tail), after.mid(head, after.size() - head - tail)};
    }

    bool fits(const QByteArray &before) const
    {
        return at >= 0 && at + removed.size() <= before.size()
            && std::memcmp(before.constData() + at, removed.constData(), size_t(removed.size())) == 0;
    }
    QByteArray applied(const QByteArray &before) const
    {
        return before.left(at) + inserted + before.mid(at + removed.size());
    }
    QByteArray undone(const QByteArray &after) const
    {
        return after.left(at) + removed + after.mid(at + inserted.size());
    }
};

} // namespace designer
