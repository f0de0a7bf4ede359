#include "designer/shell/Icons.h"

#include "designer/shell/Theme.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

static void initIcons() { Q_INIT_RESOURCE(icons); } // of a static library, outside every namespace

namespace designer {

namespace {

QByteArray tinted(const QString &name, const QColor &colour)
{
    static const bool ready = [] {
        initIcons();
        return true;
    }();
    Q_UNUSED(ready)
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    const bool isThere = file.open(QIODevice::ReadOnly);
    Q_ASSERT_X(isThere, "icon", qPrintable(name));
    QByteArray svg = isThere ? file.readAll() : QByteArray();
    svg.replace("stroke-width=\"2\"", "stroke-width=\"1.75\"");
    return svg.replace("currentColor", colour.name().toLatin1());
}

class TintedIcon final : public QIconEngine
{
public:
    TintedIcon(QString name, IconRole role) : m_name(std::move(name)), m_role(role) { }

    void paint(QPainter *painter, const QRect &place, QIcon::Mode mode, QIcon::State state) override
    {
        painter->drawPixmap(place, pixmap(place.size() * painter->device()->devicePixelRatioF(), mode, state));
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QColor colour = colourOf(m_role);
        if (mode == QIcon::Disabled)
            colour = colourOf(IconRole::Hint);
        else if (state == QIcon::On && m_role == IconRole::Secondary)
            colour = colourOf(IconRole::Accent);
        const int side = qMin(size.width(), size.height());
        const QPixmap square = iconPixmap(m_name, colour, side);
        if (size.width() <= side && size.height() <= side)
            return square;
        QPixmap wide(size); // with room between the icon and the text beside or below it
        wide.fill(Qt::transparent);
        QPainter painter(&wide);
        painter.drawPixmap(QGuiApplication::layoutDirection() == Qt::RightToLeft ? size.width() - side : 0, 0, square);
        return wide;
    }
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State state, qreal /*scale*/) override
    {
        return pixmap(size, mode, state);
    }
    QIconEngine *clone() const override { return new TintedIcon(*this); }

private:
    QString m_name;
    IconRole m_role;
};

} // namespace

QColor colourOf(IconRole role)
{
    const Theme &theme = Theme::current();
    switch (role) {
    case IconRole::Text:
        return theme.text;
    case IconRole::Secondary:
        return theme.text2;
    case IconRole::Hint:
        return theme.text3;
    case IconRole::Accent:
        return theme.accent;
    case IconRole::OnAccent:
        return theme.onAccent;
    case IconRole::Ok:
        return theme.ok;
    case IconRole::Bad:
        return theme.bad;
    case IconRole::Run:
        return theme.run;
    case IconRole::Warn:
        return theme.warn;
    case IconRole::Idle:
        return theme.idle;
    case IconRole::Held:
        return theme.held;
    }
    return theme.text;
}

QIcon icon(const QString &name, IconRole role) { return QIcon(new TintedIcon(name, role)); }

QPixmap iconPixmap(const QString &name, const QColor &colour, int size, qreal ratio)
{
    const int pixels = qMax(1, qRound(size * ratio));
    const QString key = QStringLiteral("slipway/%1/%2/%3").arg(name, colour.name()).arg(pixels);
    QPixmap pixmap;
    if (!QPixmapCache::find(key, &pixmap)) {
        pixmap = QPixmap(pixels, pixels);
        pixmap.fill(Qt::transparent);
        QSvgRenderer renderer(tinted(name, colour));
        QPainter painter(&pixmap);
        renderer.render(&painter, QRectF(0, 0, pixels, pixels));
        painter.end();
        QPixmapCache::insert(key, pixmap);
    }
    pixmap.setDevicePixelRatio(ratio);
    return pixmap;
}

void paintIcon(QPainter &painter, const QString &name, const QColor &colour, const QRectF &place)
{
    const qreal scale = painter.device()->devicePixelRatioF() * painter.worldTransform().m11();
    const QPixmap pixmap = iconPixmap(name, colour, qRound(place.width()), qMax(1.0, scale));
    painter.drawPixmap(place, pixmap, QRectF(pixmap.rect()));
}

} // namespace designer
