#pragma once

#include "designer/monitor/RunListFilter.h"

#include <QTimer>
#include <QWidget>

class QLineEdit;
class QPushButton;

namespace designer {

class CheckMenu;
class MenuButton;
class Workbench;

// The row above the run list that says which runs are shown. GUI thread.
class RunFilterBar final : public QWidget
{
    Q_OBJECT

public:
    explicit RunFilterBar(Workbench &workbench, QWidget *parent = nullptr);

    const RunListFilter &filter() const { return m_filter; }
    void setFilter(const RunListFilter &filter); // does not announce
    void setPipelines(const QStringList &names); // to choose from, sorted
    void clear(); // announces
    QLineEdit *searchField() const { return m_search; }

signals:
    void filterChanged();
    void pipelinesWanted(); // their menu opens

private:
    void fillSpans();
    void fillStatuses();
    void fillPipelines();
    void fillScopes();
    void fillKinds();
    void chooseSpan(RunListFilter::Span span);
    void takeText();
    void showChoices();
    void changed();
    QString pipelinesText() const;
    QString statusesText() const;
    QString spanText() const;

    Workbench &m_workbench;
    RunListFilter m_filter;
    QStringList m_pipelines;
    QLineEdit *m_search;
    MenuButton *m_span;
    MenuButton *m_status;
    MenuButton *m_pipeline;
    MenuButton *m_scope;
    MenuButton *m_kind;
    QPushButton *m_clear;
    CheckMenu *m_statusMenu;
    CheckMenu *m_pipelineMenu;
    QTimer m_typing;
};

} // namespace designer
