#include "engine/data/RowBatch.h"

#include <algorithm>
#include <array>

using namespace engine;

namespace {

constexpr size_t arenaBlockBytes = 64 * 1024;

struct TypeName
{
    InterimType type;
    QLatin1String name;
};

constexpr std::array typeNames{
    TypeName{InterimType::Boolean, QLatin1String("Boolean")},
    TypeName{InterimType::SByte, QLatin1String("SByte")},
    TypeName{InterimType::Byte, QLatin1String("Byte")},
    TypeName{InterimType::Int16, QLatin1String("Int16")},
    TypeName{InterimType::UInt16, QLatin1String("UInt16")},
    TypeName{InterimType::Int32, QLatin1String("Int32")},
    TypeName{InterimType::UInt32, QLatin1String("UInt32")},
    TypeName{InterimType::Int64, QLatin1String("Int64")},
    TypeName{InterimType::UInt64, QLatin1String("UInt64")},
    TypeName{InterimType::Single, QLatin1String("Single")},
    TypeName{InterimType::Double, QLatin1String("Double")},
    TypeName{InterimType::Decimal, QLatin1String("Decimal")},
    TypeName{InterimType::String, QLatin1String("String")},
    TypeName{InterimType::Binary, QLatin1String("Byte[]")},
    TypeName{InterimType::DateTime, QLatin1String("DateTime")},
    TypeName{InterimType::DateTimeOffset, QLatin1String("DateTimeOffset")},
    TypeName{InterimType::TimeSpan, QLatin1String("TimeSpan")},
    TypeName{InterimType::Guid, QLatin1String("Guid")},
};

} // namespace

QString engine::toString(InterimType type)
{
    const auto found =
        std::find_if(typeNames.begin(), typeNames.end(), [type](const TypeName &n) { return n.type == type; });
    Q_ASSERT(found != typeNames.end());
    return found->name;
}

std::optional<InterimType> engine::interimTypeFromString(const QString &text)
{
    for (const TypeName &known : typeNames) {
        if (text.compare(known.name, Qt::CaseInsensitive) == 0)
            return known.type;
    }
    return std::nullopt;
}

void Arena::useBlock(size_t size)
{
    while (m_block < m_blocks.size() && m_blocks[m_block].size - m_used < size) {
        ++m_block;
        m_used = 0;
    }
    if (m_block == m_blocks.size()) {
        const size_t blockSize = std::max(size, arenaBlockBytes);
        m_blocks.push_back({std::unique_ptr<char[]>(new char[blockSize]), blockSize});
    }
}

void Arena::clear()
{
    m_block = 0;
    m_used = 0;
}

void Column::resize(int rows)
{
    const auto size = size_t(rows);
    const Storage storage = storageOf(type);
    valid.resize(size);
    integers.resize(storage == Storage::Integer ? size : 0);
    reals.resize(storage == Storage::Real ? size : 0);
    bytes.resize(storage == Storage::Bytes ? size : 0);
    offsets.resize(type == InterimType::DateTimeOffset ? size : 0);
}

Column::Places Column::places()
{
    const auto start = [](auto &values) { return values.empty() ? nullptr : values.data(); };
    return {start(valid), start(integers), start(reals), start(bytes), start(offsets)};
}

void RowBatch::clear()
{
    for (Column &column : columns)
        column.resize(0);
    rows = 0;
    rowNumbers.clear();
    lineNumbers.clear();
    originals.clear();
    file.clear();
    withdrawn.clear();
    arena.clear();
    hold.reset();
}
