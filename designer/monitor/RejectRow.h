#pragma once

#include "designer/widgets/StatusLook.h"
#include "engine/base/Json.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace designer {

// A row that a copy left out, as the engine keeps it: where it was, why it was refused, and what was put in its place.
struct RejectRow
{
    enum class State { Rejected, Corrected, Loading, Loaded };

    qint64 id = 0;
    QString file;
    qint64 row = 0; // 0: not known
    qint64 line = 0;
    QString column; // empty: the whole row
    engine::Json value; // as it was read; null = NULL
    QString message;
    QString original; // empty: not kept
    engine::Json fields; // by column; null when they cannot be told
    engine::Json corrections = engine::Json::object(); // by the name of the column
    State state = State::Rejected;
    QString problem; // why the corrections do not convert
    QString problemColumn;
    int reload = 0;
    bool isRedacted = false;

    bool canEdit() const { return state == State::Rejected || state == State::Corrected; }
    engine::Json valueOf(const QString &name, int index) const; // what would be loaded now; `index` of the columns
    engine::Json originalOf(int index) const; // as it was read
    bool operator==(const RejectRow &) const = default;
};

RejectRow rejectRowFromJson(const engine::Json &json); // tolerant
StatusLook statusLook(RejectRow::State state);
QString toText(RejectRow::State state); // as the engine writes it: "Corrected"

// A column of the source of such rows, and where the copy puts it.
struct RejectColumn
{
    QString name;
    QString type;
    QString sink; // empty: not copied
    QString sinkType; // with the type of the store where it is known
    bool isNullable = true;
    bool operator==(const RejectColumn &) const = default;
};
QList<RejectColumn> rejectColumnsFromJson(const engine::Json &json);

// How many there are in which state, and what came of loading them again.
struct RejectsSummary
{
    struct Reason
    {
        QString code;
        QString column;
        qint64 count = 0;
        bool operator==(const Reason &) const = default;
    };
    struct Reload
    {
        int number = 0;
        QString state; // Loading | Loaded | Failed | Unknown
        QString by;
        QString startedAt;
        QString endedAt;
        qint64 rows = 0;
        qint64 loaded = 0;
        qint64 refused = 0;
        QString error;
        bool operator==(const Reload &) const = default;
    };

    qint64 rejected = 0;
    qint64 corrected = 0;
    qint64 loading = 0;
    qint64 loaded = 0;
    qint64 kept = 0;
    qint64 counted = 0; // more than kept: only counted
    QList<Reason> reasons;
    QList<Reload> reloads; // newest last
    bool canReload = false;
    QString whyNot;

    bool isLoading() const { return loading > 0 || (!reloads.isEmpty() && reloads.last().state == u"Loading"); }
    bool operator==(const RejectsSummary &) const = default;
};
RejectsSummary rejectsSummaryFromJson(const engine::Json &json);

QString reasonText(const QString &code); // in words, translated; the code itself when there are none
QString shownValue(const engine::Json &value); // "NULL", "(empty)", else the text

} // namespace designer
