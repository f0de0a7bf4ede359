#pragma once

#include "designer/models/ModelCard.h"

#include <QFrame>

class QLabel;
class QSlider;

namespace designer {

class ConfusionMatrix;

// The confusion matrix of the test part. Of two classes, a slider moves the threshold, and the matrix, the rates below
// it and thresholdChanged() follow at once; it starts at the model's own. GUI thread.
class ThresholdPanel final : public QFrame
{
    Q_OBJECT

public:
    explicit ThresholdPanel(QWidget *parent = nullptr);

    void setCard(const ModelCard &card);
    double threshold() const;
    void setThreshold(double threshold);

signals:
    void thresholdChanged(double threshold);

private:
    void showCut();

    ModelCard m_card;
    QLabel *m_words;
    QLabel *m_rates;
    QSlider *m_slider;
    ConfusionMatrix *m_matrix;
};

} // namespace designer
