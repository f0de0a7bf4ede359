#pragma once

#include <QProxyStyle>

namespace designer {

// Qt's Fusion with the measures of the design and without its frames; colours come from the palette (Theme).
class SlipwayStyle final : public QProxyStyle
{
    Q_OBJECT

public:
    SlipwayStyle();

    int pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const override;
    int styleHint(StyleHint hint,
                  const QStyleOption *option,
                  const QWidget *widget,
                  QStyleHintReturn *returned) const override;
    QIcon standardIcon(StandardPixmap standard, const QStyleOption *option, const QWidget *widget) const override;
    void drawPrimitive(PrimitiveElement element,
                       const QStyleOption *option,
                       QPainter *painter,
                       const QWidget *widget) const override;
};

} // namespace designer
