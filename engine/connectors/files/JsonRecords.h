#pragma once

#include "engine/connectors/files/JsonTree.h"

#include <optional>

namespace engine {

// The rows of a JSON text: a single object, an array of objects, objects one after another; or, with the path of a
// collection, the elements of that array in each of them. Memory does not grow with the text: one row is held, or, when
// the rows' root is wanted, one root. One thread at a time; calls block.
class JsonRecords
{
public:
    struct Wanted
    {
        std::optional<JsonPath> collection = {};
        bool isRootWanted = false; // values beside the collection, or above it
    };
    JsonRecords(std::unique_ptr<ByteStream> text, QString displayPath, Wanted wanted); // UTF-8
    Q_DISABLE_COPY_MOVE(JsonRecords)

    // False at the end. Errors: those of JsonTree; InvalidInput when the collection is no array, or is there twice.
    Result<bool> next();

    const JsonTree &tree() const { return m_tree; }
    JsonTree::Index row() const { return m_row; } // in the tree; may be anything, an object or not
    int64_t line() const { return m_line; } // where the row begins, or its root when that is held
    const QString &displayPath() const { return m_tokens.displayPath(); }

private:
    Result<bool> nextTop();
    Result<bool> nextStreamed();
    Result<std::optional<bool>> enterMember(const JsonTokens::Token &name);
    Result<> take(const JsonTokens::Token &first);
    Result<bool> nextHeld();
    Error noArray() const;

    JsonTokens m_tokens;
    Wanted m_wanted;
    bool m_isStreamed = false; // of a collection
    JsonTree m_tree;
    JsonTree::Index m_row = 0;
    int64_t m_line = 1;
    bool m_isInTopArray = false;
    size_t m_matched = 0; // steps of the collection's path whose objects are open
    bool m_isInRoot = false;
    bool m_isInCollection = false;
    std::vector<bool> m_seen; // by step: the member has been there
    JsonTree::Index m_next = 0; // of a held collection: the next element …
    JsonTree::Index m_end = 0; // … and its end
};

} // namespace engine
