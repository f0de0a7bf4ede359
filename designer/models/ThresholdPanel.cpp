#include "designer/models/ThresholdPanel.h"

#include "designer/models/ConfusionMatrix.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QSlider>
#include <QVBoxLayout>

#include <cmath>

namespace designer {

namespace {

constexpr int steps = 100; // of the slider, as many as the card keeps

std::optional<double> share(double part, double whole)
{
    return whole > 0 ? std::optional(part / whole) : std::nullopt;
}

} // namespace

ThresholdPanel::ThresholdPanel(QWidget *parent)
    : QFrame(parent)
    , m_words(label({}, "secondary"))
    , m_rates(label({}, "secondary"))
    , m_slider(new QSlider(Qt::Horizontal))
    , m_matrix(new ConfusionMatrix)
{
    setObjectName(QStringLiteral("thresholdPanel"));
    setLook(this, "card");
    auto *const title = label(tr("Confusion matrix"));
    title->setFont(themeFont(TypeSize::Body, QFont::DemiBold));
    title->setMinimumHeight(measure::control + measure::grid); // as the heads of the charts beside it
    m_words->setObjectName(QStringLiteral("thresholdWords"));
    m_rates->setObjectName(QStringLiteral("thresholdRates"));
    m_rates->setWordWrap(true);
    name(m_slider,
         QStringLiteral("thresholdSlider"),
         tr("Threshold"),
         tr("Rows with a higher probability are said to be positive; it changes this view, not the model"));
    m_slider->setRange(0, steps);
    m_slider->setPageStep(steps / 20);
    auto *const head = new QHBoxLayout;
    head->addWidget(title);
    head->addStretch(1);
    head->addWidget(m_words);
    auto *const scroll = new QScrollArea;
    name(scroll,
         QStringLiteral("confusionScroll"),
         tr("Confusion matrix"),
         tr("What rows are, and what they are said to be"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(m_matrix);
    scroll->viewport()->setAutoFillBackground(false); // the card's
    m_matrix->setAutoFillBackground(false);
    scroll->setCornerWidget(new QWidget);
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 10);
    column->setSpacing(6);
    column->addLayout(head);
    column->addWidget(m_slider);
    column->addWidget(scroll, 1);
    column->addWidget(m_rates);
    connect(m_slider, &QSlider::valueChanged, this, [this] {
        showCut();
        emit thresholdChanged(threshold());
    });
}

void ThresholdPanel::setCard(const ModelCard &card)
{
    m_card = card;
    const bool isCut = card.isBinary() && !card.cuts.isEmpty();
    m_slider->setVisible(isCut);
    m_words->setVisible(isCut);
    setVisible(isCut || !card.confusion.isEmpty());
    setThreshold(card.threshold);
    showCut();
}

double ThresholdPanel::threshold() const { return double(m_slider->value()) / steps; }

void ThresholdPanel::setThreshold(double threshold) { m_slider->setValue(int(std::lround(threshold * steps))); }

void ThresholdPanel::showCut()
{
    if (!m_card.isBinary() || m_card.cuts.isEmpty()) {
        m_matrix->setCounts(m_card.classes, m_card.confusion);
        m_rates->hide();
        return;
    }
    const ModelCard::Cut cut = m_card.cutAt(threshold());
    const int positive = m_card.classes.indexOf(m_card.positive) == 0 ? 0 : 1;
    const QList<double> positives = positive == 1 ? QList<double>{cut.falseNegatives, cut.truePositives}
                                                  : QList<double>{cut.truePositives, cut.falseNegatives};
    const QList<double> negatives = positive == 1 ? QList<double>{cut.trueNegatives, cut.falsePositives}
                                                  : QList<double>{cut.falsePositives, cut.trueNegatives};
    m_matrix->setCounts(m_card.classes,
                        positive == 1 ? QList<QList<double>>{negatives, positives}
                                      : QList<QList<double>>{positives, negatives});
    const bool isOwn = std::abs(threshold() - m_card.threshold) < 0.5 / steps;
    m_words->setText(isOwn ? tr("Threshold %1, the model's own").arg(QString::number(threshold(), 'f', 2))
                           : tr("Threshold %1").arg(QString::number(threshold(), 'f', 2)));
    const double all = cut.truePositives + cut.falsePositives + cut.trueNegatives + cut.falseNegatives;
    const auto precision = share(cut.truePositives, cut.truePositives + cut.falsePositives);
    const auto recall = share(cut.truePositives, cut.truePositives + cut.falseNegatives);
    const auto f1 = share(2 * cut.truePositives, 2 * cut.truePositives + cut.falsePositives + cut.falseNegatives);
    m_rates->setText(tr("Accuracy %1 · precision %2 · recall %3 · F1 %4 · specificity %5")
                         .arg(metricText(share(cut.truePositives + cut.trueNegatives, all)),
                              metricText(precision),
                              metricText(recall),
                              metricText(f1),
                              metricText(share(cut.trueNegatives, cut.trueNegatives + cut.falsePositives))));
    m_rates->show();
}

} // namespace designer

#include "moc_ThresholdPanel.cpp"
