#pragma once

#include "engine/records/Records.h"

#include <QList>
#include <QMap>
#include <QString>

#include <optional>

namespace engine {

// The rows that a copy left out, as the API gives them and the reject store keeps them: seen, corrected, loaded again.
// toJson() is the shape of /slipway/v1/runs/{run}/activities/{activityRun}/rejects; the readers are tolerant.

// Rejected → Corrected → Loading → Loaded; back to Rejected when the sink refuses a row again or its corrections are
// taken back, back to Corrected when a reload failed as a whole.
enum class RejectState { Rejected, Corrected, Loading, Loaded };
QString toString(RejectState state); // "Rejected" …
std::optional<RejectState> rejectStateFromString(const QString &text);

// A column of the source, and where the copy puts it; `sink` is empty when it takes it nowhere.
struct RejectColumn
{
    QString name;
    QString type; // interim type, in Data Factory's words: "String"
    QString sink = {};
    QString sinkType = {}; // interim type
    QString physicalType = {}; // as the sink spells it: "numeric(10,2)"
    bool nullable = true;
    bool operator==(const RejectColumn &) const = default;
};

// Why the corrections of a row do not convert.
struct RejectProblem
{
    QString column; // of the source
    QString value; // shortened
    QString message; // one sentence
    bool operator==(const RejectProblem &) const = default;
};

struct RejectedRow
{
    using Fields = QList<std::optional<QString>>; // nullopt = NULL
    using Values = QMap<QString, std::optional<QString>>;

    qint64 id = 0; // stays the same
    QString file = {};
    qint64 row = 0; // 1-based data row of the source; 0 = not known
    qint64 line = 0; // 1-based; 0 = not known
    QString column = {}; // of the source; empty = the whole row
    QString value = {}; // shortened
    QString code = {}; // UserErrorInvalidDataValue …
    QString message = {}; // one sentence
    QString original = {}; // the row as the source has it, without its line end; empty = not kept
    std::optional<Fields> fields = {}; // by column; of a ragged row as many as it has; nothing = they cannot be told
    Values values = {}; // the corrections, by source column
    RejectState state = RejectState::Rejected;
    std::optional<RejectProblem> problem = {}; // of corrections that do not convert
    int reload = 0; // of Loading and Loaded: the reload's number
    bool isRedacted = false; // a secret was taken out of a field, which must be given anew
    bool isConverted = false; // the sink refused it: fields are spelled as the copy had converted them; not in JSON
    bool operator==(const RejectedRow &) const = default;
};

// One load of corrected rows, in one transaction of the sink.
struct ReloadRecord
{
    // Unknown: the connection was lost during COMMIT; the sink's ledger is yet to be asked.
    enum class State { Loading, Loaded, Failed, Unknown };

    int number = 0; // 1, 2, …
    State state = State::Loading;
    QString by; // the user's name
    Instant startedAt;
    std::optional<Instant> endedAt;
    qint64 rows = 0; // that were to be loaded
    qint64 loaded = 0;
    qint64 refused = 0; // again, with a new reason
    RunError error; // of Failed and Unknown
    bool operator==(const ReloadRecord &) const = default;
};
QString toString(ReloadRecord::State state);

struct RejectReason
{
    QString code;
    QString column;
    qint64 count = 0;
    bool operator==(const RejectReason &) const = default;
};

struct RejectSummary
{
    qint64 rejected = 0;
    qint64 corrected = 0;
    qint64 loading = 0;
    qint64 loaded = 0;
    qint64 kept = 0; // the sum of these
    qint64 counted = 0; // by the copy; more than kept when the store was full
    QList<RejectReason> reasons; // the most frequent first
    bool canReload = false;
    QString whyNot; // a sentence
    QList<ReloadRecord> reloads; // the oldest first
    bool operator==(const RejectSummary &) const = default;
};

struct RejectPage
{
    QList<RejectColumn> columns; // of the source, in order
    QList<RejectedRow> rows;
    qint64 total = 0; // that match the question
    RejectSummary summary;
    bool operator==(const RejectPage &) const = default;
};

// Which rows are asked for, and in what order. Empty members ask for all.
struct RejectQuery
{
    enum class Order { Row, Column, Value, Reason, State, Id };

    QList<RejectState> states = {};
    std::optional<QString> column = {}; // "" = rows that are wrong as a whole
    QString reason = {}; // code
    QString search = {}; // in values, messages and the original
    QList<qint64> ids = {};
    Order order = Order::Row;
    bool descending = false;
    qint64 offset = 0;
    qint64 limit = 200;
};

Json toJson(const RejectColumn &column);
Json toJson(const RejectProblem &problem);
Json toJson(const RejectedRow &row);
Json toJson(const ReloadRecord &reload);
Json toJson(const RejectSummary &summary);
Json toJson(const RejectPage &page);
Json toJson(const RejectedRow::Values &values); // {"amount": "1.5", "day": null}

RejectedRow rejectedRowFromJson(const Json &json);
RejectedRow::Values rejectValuesFromJson(const Json &json); // numbers and truth values as their text
ReloadRecord reloadRecordFromJson(const Json &json);
RejectSummary rejectSummaryFromJson(const Json &json);
RejectColumn rejectColumnFromJson(const Json &json);
RejectPage rejectPageFromJson(const Json &json);

} // namespace engine
