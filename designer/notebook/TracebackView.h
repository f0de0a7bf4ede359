#pragma once

#include "designer/notebook/Traceback.h"

#include <QHash>
#include <QWidget>

class QVBoxLayout;

namespace designer {

// What went wrong in a cell: the exception, the user's own frames, and those of libraries folded into one line each.
// On the tint of failures. GUI thread.
class TracebackView final : public QWidget
{
    Q_OBJECT

public:
    explicit TracebackView(QWidget *parent = nullptr);

    struct Failure
    {
        QString ename;
        QString evalue;
        QString traceback; // without ANSI
        int cell = 0; // number of the cell it is shown in, 1-based; 0 = not known
        QHash<int, int> cellOfCount = {}; // execution count → number of a cell, for frames in other cells
        bool operator==(const Failure &) const = default;
    };
    void setFailure(const Failure &failure);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void addFrames(const QList<TracebackFrame> &frames);
    void addFolded(const QString &title, const QString &text);
    QString placeOf(const TracebackFrame &frame) const;

    QVBoxLayout *const m_layout;
    Failure m_failure;
    int m_folds = 0;
};

} // namespace designer
