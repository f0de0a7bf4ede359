#pragma once

#include <QList>
#include <QStringList>
#include <QWidget>

namespace designer {

// Rows that are something (down) against rows that are said to be it (across), darker where there are more. With many
// classes the words shrink to what fits; the whole stands in the tooltip of a cell. GUI thread.
class ConfusionMatrix final : public QWidget
{
    Q_OBJECT

public:
    explicit ConfusionMatrix(QWidget *parent = nullptr);

    // counts[true][predicted], classes × classes
    void setCounts(const QStringList &classes, const QList<QList<double>> &counts);
    const QList<QList<double>> &counts() const { return m_counts; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool event(QEvent *event) override; // tooltips

private:
    QRectF cell(int row, int column) const;
    void measure();

    QStringList m_classes;
    QList<QList<double>> m_counts;
    int m_headWidth = 60; // of the classes' names; layouts ask for it often
};

} // namespace designer
