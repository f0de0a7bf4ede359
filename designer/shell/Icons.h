#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QString>

class QPainter;
class QRectF;

namespace designer {

// Lucide's icons and ours (designer/icons.txt) in a colour of the theme. An icon is drawn when it is shown, so it is
// sharp at every scale and follows a change of the theme. GUI thread.
enum class IconRole { Text, Secondary, Hint, Accent, OnAccent, Ok, Bad, Run, Warn, Idle, Held };

QColor colourOf(IconRole role);
QIcon icon(const QString &name, IconRole role = IconRole::Secondary);
QPixmap iconPixmap(const QString &name, const QColor &colour, int size, qreal ratio = 1);
void paintIcon(QPainter &painter, const QString &name, const QColor &colour, const QRectF &place);

} // namespace designer
