#pragma once

#include <QWidget>

class QComboBox;
class QVBoxLayout;

namespace designer {

class NotebookRun;
class Workbench;

// "This run": what is known of one notebook activity beside its cells, and which attempt is shown. GUI thread.
class RunFacts final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunFacts)

public:
    RunFacts(Workbench &workbench, NotebookRun &run, QWidget *parent = nullptr);

    void refresh();

signals:
    void driftRequested(); // to be shown

private:
    struct Fact;

    QList<Fact> facts() const;
    QWidget *makeValue(const Fact &fact);
    void saveExecuted(); // asks where
    void fetchExecuted(const QString &path);
    void fillAttempts();

    Workbench &m_workbench;
    NotebookRun &m_run;
    QVBoxLayout *m_rows;
    QComboBox *m_attempts;
    QWidget *m_attemptRow;
    QString m_shown; // the facts as text
};

} // namespace designer
