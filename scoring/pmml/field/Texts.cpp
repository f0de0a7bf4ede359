#include "scoring/pmml/field/Texts.h"

#include <functional>

namespace scoring::pmml {

size_t TextIndex::hashOf(std::string_view text) { return std::hash<std::string_view>()(text); }

void TextIndex::add(int32_t code, size_t hash)
{
    const auto put = [](std::vector<Cell> &cells, Cell cell) {
        size_t i = cell.hash & (cells.size() - 1);
        while (cells[i].code >= 0)
            i = (i + 1) & (cells.size() - 1);
        cells[i] = cell;
    };
    if ((m_used + 1) * 2 > m_codes.size()) {
        std::vector<Cell> larger(m_codes.empty() ? 16 : m_codes.size() * 2);
        for (const Cell &cell : m_codes) {
            if (cell.code >= 0)
                put(larger, cell);
        }
        m_codes = std::move(larger);
    }
    put(m_codes, {code, uint32_t(hash)});
    ++m_used;
}

void TextIndex::clear()
{
    if (m_used > 0)
        m_codes.assign(m_codes.size() > 65536 ? 16 : m_codes.size(), {});
    m_used = 0;
}

int32_t Texts::intern(std::string_view text)
{
    const size_t hash = TextIndex::hashOf(text);
    const int32_t known = find(text, hash);
    if (known >= 0)
        return known;
    m_texts.emplace_back(text);
    m_index.add(size() - 1, hash);
    return size() - 1;
}

int32_t RowTexts::borrow(std::string_view text)
{
    const size_t hash = TextIndex::hashOf(text);
    const int32_t known = m_model->find(text, hash);
    if (known >= 0)
        return known;
    const int32_t own = m_index.find(text, hash, [this](int32_t code) { return at(code); });
    return own >= 0 ? own : add(text, hash);
}

int32_t RowTexts::keep(std::string_view text)
{
    const size_t hash = TextIndex::hashOf(text);
    const int32_t known = m_model->find(text, hash);
    if (known >= 0)
        return known;
    const int32_t own = m_index.find(text, hash, [this](int32_t code) { return at(code); });
    return own >= 0 ? own : add(m_kept.emplace_back(text), hash);
}

int32_t RowTexts::add(std::string_view text, size_t hash)
{
    m_own.push_back(text);
    const int32_t code = m_modelSize + int32_t(m_own.size()) - 1;
    m_index.add(code, hash);
    return code;
}

void RowTexts::clear()
{
    m_index.clear();
    m_own.clear();
    m_kept.clear();
}

} // namespace scoring::pmml
