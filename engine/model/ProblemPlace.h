#pragma once

#include "engine/model/FileTree.h"
#include "engine/model/Problem.h"

#include <memory>
#include <variant>
#include <vector>

namespace engine {

// Where something is in a text, both from 1. Columns are characters as an editor counts them.
struct TextPosition
{
    int line = 1;
    int column = 1;
    bool operator==(const TextPosition &) const = default;
};

// The members and indexes that lead to what a path of a Problem means. Paths begin in "properties", but for what is
// beside it: "activities[1].name" is /properties/activities/1/name, "name" is /name.
using PathStep = std::variant<std::string, size_t>;
std::vector<PathStep> stepsOf(const Json &entity, const QString &path);

// One text of which several places are looked up. Any text will do: where it is no JSON, the place before is meant.
// One thread at a time.
class TextPositions
{
public:
    explicit TextPositions(const QByteArray &text); // of a file; UTF-16 too
    ~TextPositions();

    // Of the member or element; of the innermost that is there when it is missing.
    TextPosition of(const QString &path);

private:
    struct Index;
    std::unique_ptr<Index> m_index;
};

TextPosition positionOf(const QByteArray &text, const QString &path); // of one place

// Looks up line and column of every problem. Reads each file once; what is not there keeps line 0.
void locateProblems(QList<Problem> &problems, const FileTree &tree);

// The text with the fix applied; the rest of it keeps its bytes. InvalidInput: the text is no JSON, or has not what
// the fix changes.
Result<QByteArray> applyFix(const QByteArray &text, const ProblemFix &fix);

} // namespace engine
