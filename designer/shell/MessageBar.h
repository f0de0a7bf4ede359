#pragma once

#include "designer/shell/Workbench.h"

#include <QFrame>

class QVBoxLayout;

namespace designer {

// What the workbench has to tell, below the title: in place, one line each, until it is closed or withdrawn. At most
// three are shown; older ones give way.
class MessageBar final : public QFrame
{
    Q_OBJECT

public:
    explicit MessageBar(Workbench &workbench, QWidget *parent = nullptr);

    int count() const { return int(m_lines.size()); }

private:
    struct Line
    {
        QString about;
        QWidget *widget;
    };

    void add(const Message &message);
    void withdraw(const QString &about);
    void removeAt(qsizetype index);
    QWidget *makeLine(const Message &message);

    QVBoxLayout *m_layout;
    QList<Line> m_lines;
};

} // namespace designer
