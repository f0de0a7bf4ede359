#pragma once

#include "engine/notebook/NotebookJob.h"

#include <QTemporaryDir>

namespace tests {

// A cell to be written into a notebook file.
struct CellText
{
    QString source;
    QStringList tags = {};
    QString kind = QStringLiteral("code");
};

QByteArray notebookFile(const QList<CellText> &cells, const QString &kernel = QStringLiteral("python3"));

// Executes notebooks with real kernels and keeps all they report.
class NotebookRun final : public QObject
{
    Q_OBJECT

public:
    NotebookRun();
    ~NotebookRun() override;

    engine::NotebookRequest request;
    engine::NotebookEnvironment environment;

    void start();
    void start(const QList<CellText> &cells);
    engine::NotebookJob *job() { return m_job.get(); }
    void destroyJob() { m_job.reset(); }

    bool isFinished() const { return m_finished == 1; }
    int finishedCount() const { return m_finished; }
    const engine::NotebookOutcome &outcome() const { return m_outcome; }
    engine::CellRecord cell(int index) const { return m_cells.value(index); }
    QStringList statuses() const; // of all cells, in order
    QStringList history(int index) const { return m_history.value(index); }
    int outputEvents() const { return m_outputEvents; }
    qint64 outputBytes() const { return m_outputBytes; } // of all events together
    const engine::Json &outputs(int index); // of one cell, as a viewer has them after the last event
    QString text(int index, const QString &stream = QStringLiteral("stdout")); // of the streams in outputs()
    engine::Json executed() const; // parsed
    QString executedText(int index, const QString &stream = QStringLiteral("stdout")) const;

    QString folder() const { return m_folder.path(); } // for files of the test
    bool leftNothing() const; // no process and no folder of the run

private:
    QTemporaryDir m_folder;
    engine::SystemClock m_clock;
    std::unique_ptr<engine::NotebookJob> m_job;
    engine::NotebookOutcome m_outcome;
    int m_finished = 0;
    int m_outputEvents = 0;
    qint64 m_outputBytes = 0;
    QMap<int, engine::CellRecord> m_cells;
    QMap<int, QStringList> m_history;
    QMap<int, engine::Json> m_outputs;
};

} // namespace tests

// Waits for the end; says what the run said when it is not the expected one.
#define VERIFY_OUTCOME(run, expected)                                                                                  \
    do {                                                                                                               \
        QTRY_VERIFY_WITH_TIMEOUT((run).isFinished(), 60000);                                                           \
        if ((run).outcome().status != engine::NotebookOutcome::Status::expected)                                       \
            QFAIL(qPrintable((run).outcome().error.message + QStringLiteral(" | ") + (run).statuses().join(u' ')));    \
    } while (false)
