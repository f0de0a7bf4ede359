#pragma once

#include "designer/shell/Link.h"
#include "designer/widgets/StatusLook.h"

#include <QWidget>

#include <optional>

class QHBoxLayout;
class QLabel;
class QPushButton;
class QToolButton;

namespace designer {

class StatusPill;
class Workbench;

// Where one is in the monitor ("Runs › PublishPythonSql · 20 Nov 22:00 › TitanicPredictions"), the state of it, the
// way back, and what can be done with the run. GUI thread.
class MonitorHeader final : public QWidget
{
    Q_OBJECT

public:
    struct Crumb
    {
        QString text;
        Link link;
        bool operator==(const Crumb &) const = default;
    };

    explicit MonitorHeader(Workbench &workbench, QWidget *parent = nullptr);

    void setCrumbs(const QList<Crumb> &crumbs); // the last one is where one is
    void setState(const std::optional<StatusLook> &look, const QString &facts); // "attempt 1 of 1 · 4.1 s · …"
    void setActions(bool canCancel, bool canRerun);

signals:
    void went(const designer::Link &link);
    void backRequested();
    void cancelRequested();
    void rerunRequested();

private:
    QList<Crumb> m_crumbs;
    QToolButton *m_back;
    QHBoxLayout *m_path;
    StatusPill *m_pill;
    QLabel *m_facts;
    QPushButton *m_cancel;
    QPushButton *m_rerun;
    QToolButton *m_copyLink;
};

} // namespace designer
