#pragma once

#include "designer/charts/Plot.h"

#include <QFrame>

class QLabel;
class QToolButton;

namespace designer {

class Workbench;

// A chart in a card: its title, what each colour is, a sentence that says what is seen, the values under the pointer or
// at the point chosen with ← and → (↑ and ↓ take another series), and a menu that saves it as PNG, SVG or CSV. GUI
// thread.
class CurveChart final : public QFrame
{
    Q_OBJECT

public:
    // `objectName` also names its menu button: "rocChart", "rocChartMenu".
    CurveChart(Workbench &workbench, const QString &objectName, QWidget *parent = nullptr);

    struct Content
    {
        QString title;
        QString summary; // "Area under the curve 0.867"
        PlotAxis x;
        PlotAxis y;
        QList<PlotSeries> series;
    };
    void setContent(const Content &content);
    const Content &content() const { return m_content; }
    void setCut(std::optional<double> x) { m_plot->cut(x); } // a threshold's place

    QByteArray csv() const; // "series,<x title>,<y title>", numbers with all their digits
    bool save(const QString &file); // .png, .svg or .csv; false: it could not be written

    QSize sizeHint() const override { return {360, 260}; }
    QSize minimumSizeHint() const override { return {220, 190}; }

protected:
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void showLegend();
    void point(int series, int index); // index -1: none
    void pointAt(QPointF value);
    void saveAs(const QString &suffix);
    bool isPointable(int series) const;

    Workbench &m_workbench;
    Plot *m_plot;
    QLabel *m_title;
    QLabel *m_summary;
    QLabel *m_legend;
    QToolButton *m_menu;
    Content m_content;
    int m_series = 0;
    int m_pointed = -1;
};

} // namespace designer
