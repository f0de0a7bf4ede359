#pragma once

#include "engine/base/Result.h"
#include "engine/records/StoreContent.h"

#include <string_view>

namespace engine {

// A store that is looked at without copying: does it answer, what is in it. Reads only. Made, used and destroyed on one
// pool thread; every call blocks and polls the CancelToken it was made with.
//
// `where` of an error is the property that is wrong, "binding.host" or "dataset.table", or else the place in a file.
class Store
{
public:
    virtual ~Store();

    // "SQLite 3.54.1, 4 tables, WAL"
    virtual Result<QString> test() = 0;
    // The entries below `path`, which is empty for the root, else an entry's own. At most maximumEntries.
    virtual Result<StoreListing> browse(const QString &path) = 0;

    static constexpr int maximumEntries = 5000;
};

// The rows that one dataset means. As Store; memory does not grow with the table or file.
class StoredRows
{
public:
    virtual ~StoredRows();

    virtual Result<QList<StoreColumn>> schema() = 0;
    // Reads `rows` rows and one more, then stops; also when PreviewText is full.
    virtual Result<StorePreview> preview(int rows) = 0;
};

// What stands before the name of the property in `where`.
inline constexpr QStringView bindingProperty = u"binding.";
inline constexpr QStringView datasetProperty = u"dataset.";

// Gathers the texts of a preview within limits: a long value is shortened and said to be, and enough text is enough.
class PreviewText
{
public:
    static constexpr int longestValue = 32 * 1024; // characters
    static constexpr qint64 mostText = 8 * 1024 * 1024; // characters in all
    static constexpr int mostProblems = 200;

    explicit PreviewText(StorePreview &preview) : m_preview(preview) { }

    void beginRow(qint64 number); // 1-based
    void add(const QString &value);
    void addUtf8(std::string_view value);
    void addBytes(std::string_view value); // 0x01FF
    void addNull();
    void addProblem(const PreviewProblem &problem);
    bool isFull() const { return m_characters >= mostText || m_preview.problems.size() >= mostProblems; }

private:
    StorePreview &m_preview;
    qint64 m_row = 0;
    qint64 m_characters = 0;
};

} // namespace engine
