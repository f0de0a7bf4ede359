#pragma once

#include "engine/base/Json.h"
#include "engine/base/Result.h"
#include "engine/records/RejectRecords.h"

#include <QByteArray>

#include <functional>

namespace engine {

// Whose rejected rows: an activity run as the journal has it.
struct RejectPlace
{
    RunRecord run;
    ActivityRecord activity;
};

// What is to be changed in rejected rows: the same values in all of `ids` or of what `where` finds, or others in each.
struct RejectChange
{
    struct One
    {
        qint64 id = 0;
        RejectedRow::Values values = {};
    };
    QList<One> edits = {};
    std::optional<RejectQuery> where = {}; // instead of `edits`
    RejectedRow::Values values = {}; // of `where`
    bool reset = false; // take the corrections back
    bool check = false; // keep nothing
};

// The rejected rows of copies for the API, which knows nothing of copies. Engine loop; nothing blocks, answers come
// later. NotFound when there is no such row; a copy without rejected rows has none, and that is no error.
class RejectDesk
{
public:
    virtual ~RejectDesk();

    template <typename T> using Answer = std::function<void(const Result<T> &)>;

    virtual void page(const RejectPlace &place, const RejectQuery &query, Answer<RejectPage> answer) = 0;
    // {"changed","ok","notOk","rows":[{"id","ok","row","problem"?}],"summary"}
    virtual void change(const RejectPlace &place, const RejectChange &change, Answer<Json> answer) = 0;
    virtual void csv(const RejectPlace &place, const RejectQuery &query, bool corrected, Answer<QByteArray> answer) = 0;
    // Begins to load corrected rows; `ids` empty = all. {"reload","already","summary"}; the end is told by an event.
    virtual void reload(const RejectPlace &place, const QList<qint64> &ids, Answer<Json> answer) = 0;
};

} // namespace engine
