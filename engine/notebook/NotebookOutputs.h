#pragma once

#include "engine/notebook/JupyterMessage.h"
#include "engine/notebook/StreamText.h"
#include "engine/records/RunEvent.h"

#include <QHash>

#include <deque>

namespace engine {

class JsonWriter;

// The outputs of all cells of one execution, as a notebook shows them: streams joined, displays updated, cells cleared.
// What is beyond the limit of the run is dropped, with a mark that says so; errors are always kept.
class NotebookOutputs
{
    Q_DISABLE_COPY(NotebookOutputs)

public:
    NotebookOutputs(int cells, qint64 limit);
    ~NotebookOutputs();

    void apply(int cell, const JupyterMessage &message); // of iopub; other messages are ignored
    void print(int cell, const QString &name, QByteArrayView text); // name: stdout | stderr
    void finishCell(int cell); // writes the mark when something was dropped
    void dropErrors(int cell); // of a cell that ended the notebook as it should

    struct Change
    {
        int cell = 0;
        CellOutput::Change change = CellOutput::Change::Append;
        int position = 0;
        Json output; // long streams shortened in the middle
    };
    // What has changed since the last call. A long stream that still grows is reported by finishCell() and every tenth
    // call.
    QList<Change> takeChanges();
    bool hasChanges() const { return m_changed; }

    qint64 dropped(int cell) const { return m_cells.at(size_t(cell)).dropped; } // bytes
    void write(int cell, JsonWriter &writer) const; // the list's members
    // What is there in this form (OutputForms.h), as JSON objects with "cell", counted from 1; at most 100, none over a
    // megabyte.
    Json inForm(const char *form) const;
    qint64 size() const { return m_used; } // bytes of all cells together

private:
    struct Item
    {
        Json output; // of everything but streams
        std::unique_ptr<StreamText> stream;
        QString name; // of the stream
        QString displayId;
        qint64 size = 0;
        bool isMark = false;
        bool isNew = true;
        bool isDirty = true;
    };
    struct Cell
    {
        std::deque<Item> items;
        qint64 dropped = 0;
        bool clearNext = false; // clear_output(wait=True)
        bool wasCleared = false; // since the last takeChanges()
        bool isFinished = false;
    };

    void add(Cell &cell, Json output, const QString &displayId, bool always);
    void update(const QString &displayId, const Json &data, const Json &metadata);
    void clear(Cell &cell);
    void drop(Cell &cell, qint64 bytes);
    static Json toOutput(const Item &item);

    std::deque<Cell> m_cells;
    const qint64 m_limit;
    qint64 m_used = 0;
    bool m_changed = false;
    int m_turn = 0;
};

} // namespace engine
