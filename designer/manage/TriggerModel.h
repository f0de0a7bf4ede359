#pragma once

#include "designer/widgets/KeyedRows.h"
#include "engine/base/Clock.h"
#include "engine/base/Json.h"
#include "engine/records/Records.h"

#include <QStringList>
#include <QTimeZone>

#include <optional>

namespace designer {

class FactoryDocument;

// A trigger: published ones of all factories, and those of the open factory that are not published.
struct TriggerRow
{
    enum class State { Started, Stopped, Unpublished };

    QString key; // factory id/name
    QString factory; // id; empty: only in the draft
    QString factoryName;
    QString name;
    QStringList pipelines;
    QString sentence;
    State state = State::Stopped;
    QList<engine::Instant> next;
    std::optional<engine::Instant> lastAt;
    QString lastText; // what became of it: "Fired", "Skipped: …"
    QString lastRun; // the run it started, and how that stands
    std::optional<engine::RunStatus> lastStatus;
    QString problem; // why it cannot fire
    bool isChanging = false; // being started or stopped

    bool operator==(const TriggerRow &) const = default;
};

// Of `GET /slipway/v1/triggers`, with the triggers of `draft` (may be null) that `openFactory` has not published.
QList<TriggerRow> triggerRows(const engine::Json &answer, const FactoryDocument *draft, const QString &openFactory);

// Adds the runs the triggers started last; `runs` is of `POST /slipway/v1/runs/query`, latest first.
void addLastRuns(QList<TriggerRow> &rows, const engine::Json &runs);

class TriggerModel final : public KeyedRows<TriggerRow>
{
    Q_OBJECT

public:
    enum Column { Name, Pipelines, Schedule, State, Next, Last, FactoryName, ColumnCount };

    using KeyedRows::KeyedRows;

    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    void setZone(const QTimeZone &zone);
    void setChanging(const QString &key, bool isChanging);

private:
    QString text(const TriggerRow &row, int column) const;
    QString toolTip(const TriggerRow &row, int column) const;

    QTimeZone m_zone = QTimeZone::utc();
};

} // namespace designer
