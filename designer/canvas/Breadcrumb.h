#pragma once

#include <QFrame>
#include <QStringList>

class QHBoxLayout;
class QLabel;
class QSpinBox;
class QToolButton;

namespace designer {

// Where in a pipeline the canvas is: "Load › ForEach1 › True". Each part goes there; the last one offers the other ways
// of its container, and of a run the iterations of its loop.
class Breadcrumb final : public QFrame
{
    Q_OBJECT

public:
    struct Step
    {
        QString name; // of the container
        QString way; // "True"; empty where there is one only
        bool operator==(const Step &) const = default;
    };

    explicit Breadcrumb(QWidget *parent = nullptr);

    // `ways`: of the last container, by their labels; `way` is the one that is open.
    void show(const QString &pipeline, const QList<Step> &steps, const QStringList &ways, int way);
    // 0 = none are known. `failed` in ascending order.
    void setIterations(int count, const QList<int> &failed);
    int iteration() const; // the first is 0
    void setIteration(int iteration);

signals:
    void goneTo(int depth); // 0 = the pipeline's own activities
    void wayChosen(int way);
    void iterationChosen(int iteration);

private:
    QToolButton *crumb(const QString &text, const QString &toolTip, int depth);
    void clear();

    QHBoxLayout *m_row;
    QWidget *m_picker;
    QSpinBox *m_iteration;
    QLabel *m_count;
    QToolButton *m_nextFailed;
    QList<int> m_failed;
    QList<QWidget *> m_parts;
    QString m_pipeline;
    QList<Step> m_steps;
    QStringList m_ways;
    int m_way = -1;
};

} // namespace designer
