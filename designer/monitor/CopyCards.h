#pragma once

#include "designer/monitor/CopySummary.h"

#include <QFrame>

class QGridLayout;
class QLabel;

namespace designer {

// The parts of a copy's page. Each says in its accessible name what it shows. GUI thread.

// Source → sink, with rows, bytes and rate on the arrow.
class CopyFlow final : public QFrame
{
    Q_OBJECT

public:
    explicit CopyFlow(QWidget *parent = nullptr);
    void show(const CopySummary &summary, bool isRunning);
    using QWidget::show;

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void paintEnd(QPainter &painter, const CopyEnd &end, const QRect &place) const;
    int widthOf(const CopyEnd &end) const;

    CopySummary m_summary;
    QString m_rows;
    QString m_rate;
    bool m_isRunning = false;
};

// Figures side by side: a caption and a large value each.
class FigureStrip final : public QFrame
{
    Q_OBJECT

public:
    struct Figure
    {
        QString caption;
        QString value;
        const char *look = nullptr; // "ok", "bad", "warn" of the style sheet
        QString toolTip = {};
    };

    explicit FigureStrip(QWidget *parent = nullptr);
    void setFigures(const QList<Figure> &figures); // changed in place as long as there are as many

private:
    struct Cell
    {
        QLabel *caption;
        QLabel *value;
    };
    QList<Cell> m_cells;
};

// Where the time went: the phases as parts of one bar, and in words below it.
class PhaseBar final : public QWidget
{
    Q_OBJECT

public:
    explicit PhaseBar(QWidget *parent = nullptr);
    void show(const CopySummary &summary);
    using QWidget::show;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {200, sizeHint().height()}; }
    int heightForWidth(int width) const override;
    bool hasHeightForWidth() const override { return true; }

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    struct Entry
    {
        QColor colour;
        QString name;
        QString value;
    };
    QList<Entry> entries() const;
    int layOutLegend(int width, QPainter *painter) const; // its height

    CopySummary m_summary;
};

} // namespace designer
