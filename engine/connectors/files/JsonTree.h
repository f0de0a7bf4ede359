#pragma once

#include "engine/base/Json.h"
#include "engine/connectors/files/JsonPath.h"
#include "engine/connectors/files/JsonTokens.h"
#include "engine/data/RowBatch.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

// One JSON value with all that is in it, read whole. Reused: read() keeps the memory. Numbers keep their text; of
// members of one name the last counts.
class JsonTree
{
public:
    enum class Kind : uint8_t { Null, False, True, Number, String, Object, Array };
    struct Node
    {
        Kind kind = Kind::Null;
        uint32_t end = 0; // the index behind its last descendant
        std::string_view name; // of a member of an object
        std::string_view text; // of a number or string
    };
    using Index = uint32_t; // of a node; 0 is the root
    static constexpr size_t mostText = size_t(100) * 1024 * 1024; // bytes
    static constexpr size_t mostValues = 4'000'000;

    // The value that begins with `first`. Errors: those of the tokens; InvalidInput for a value that is too large.
    Result<> read(JsonTokens &tokens, const JsonTokens::Token &first);

    const Node &at(Index node) const { return m_nodes[node]; }
    // The children of an object or array: from firstIn() to end, each to its own end.
    Index firstIn(Index container) const { return container + 1; }
    Index endOf(Index node) const { return m_nodes[node].end; }

    std::optional<Index> find(Index from, const std::vector<JsonPath::Step> &steps) const;
    void appendJson(std::string &to, Index node) const; // in one line, without blanks
    Json toJson(Index node) const; // numbers as Json has them

private:
    Error tooLarge(const JsonTokens &tokens) const;
    std::optional<Index> child(Index container, const JsonPath::Step &step) const;

    std::vector<Node> m_nodes; // in the order of the text
    std::vector<Index> m_open;
    Arena m_arena;
};

} // namespace engine
