#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace scoring::pmml {

// Finds texts by their content: open addressing over codes.
class TextIndex
{
public:
    // The code `text` was added with, or -1.
    template <typename At> int32_t find(std::string_view text, size_t hash, const At &at) const
    {
        if (m_codes.empty())
            return -1;
        for (size_t i = hash & (m_codes.size() - 1);; i = (i + 1) & (m_codes.size() - 1)) {
            if (m_codes[i].code < 0)
                return -1;
            if (m_codes[i].hash == uint32_t(hash) && at(m_codes[i].code) == text)
                return m_codes[i].code;
        }
    }
    void add(int32_t code, size_t hash);
    void clear();
    static size_t hashOf(std::string_view text);

private:
    struct Cell
    {
        int32_t code = -1;
        uint32_t hash = 0;
    };
    std::vector<Cell> m_codes; // a power of two, at most half full
    size_t m_used = 0;
};

// The texts a model knows, numbered from 0. Filled while it is read, constant afterwards.
class Texts
{
public:
    int32_t intern(std::string_view text);
    int32_t find(std::string_view text) const { return find(text, TextIndex::hashOf(text)); }
    int32_t find(std::string_view text, size_t hash) const
    {
        return m_index.find(text, hash, [this](int32_t code) { return at(code); });
    }
    std::string_view at(int32_t code) const { return m_texts[size_t(code)]; }
    int32_t size() const { return int32_t(m_texts.size()); }

private:
    std::deque<std::string> m_texts;
    TextIndex m_index;
};

// The texts of a batch: those of the model, then what the rows hold and the model computes besides. One per scorer.
class RowTexts
{
public:
    explicit RowTexts(const Texts &model) : m_model(&model), m_modelSize(model.size()) { }

    int32_t borrow(std::string_view text); // what it points to outlives the batch
    int32_t keep(std::string_view text); // copied
    std::string_view at(int32_t code) const
    {
        return code < m_modelSize ? m_model->at(code) : m_own[size_t(code - m_modelSize)];
    }
    void clear(); // a new batch: codes beyond the model's are used again

private:
    int32_t add(std::string_view text, size_t hash);

    const Texts *m_model;
    int32_t m_modelSize;
    std::vector<std::string_view> m_own;
    std::deque<std::string> m_kept;
    TextIndex m_index;
};

} // namespace scoring::pmml
