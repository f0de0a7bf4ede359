#include "designer/shell/Theme.h"

#include "designer/shell/SlipwayStyle.h"

#include <QApplication>
#include <QFontDatabase>
#include <QFontInfo>
#include <QGuiApplication>
#include <QPointer>
#include <QWidget>

namespace designer {

namespace {

Theme &shown()
{
    static Theme theme = Theme::light(); // of the application, as its palette is
    return theme;
}

// As it was before the first theme was applied.
const QPalette &platformPalette()
{
    static const QPalette palette = QGuiApplication::palette();
    return palette;
}

int pixels(TypeSize size)
{
    switch (size) {
    case TypeSize::Caption:
        return 11;
    case TypeSize::Label:
        return 12;
    case TypeSize::Body:
        return 13;
    case TypeSize::Title:
        return 15;
    case TypeSize::Figure:
        return 20;
    case TypeSize::Home:
        return 22;
    }
    return 13;
}

} // namespace

Theme Theme::light()
{
    return {.mode = Mode::Light,
            .bg = QColor(0xF5F7FA),
            .surface = QColor(0xFFFFFF),
            .raised = QColor(0xFFFFFF),
            .sunken = QColor(0xEEF1F5),
            .line = QColor(0xDDE2E9),
            .line2 = QColor(0xC9D0DA),
            .text = QColor(0x17202B),
            .text2 = QColor(0x566274),
            .text3 = QColor(0x8490A2),
            .accent = QColor(0x14608F),
            .accentBg = QColor(0xE3F0F8),
            .selection = QColor(0xD6E9F5),
            .onAccent = QColor(0xFFFFFF),
            .ok = QColor(0x1C7C4C),
            .okBg = QColor(0xE2F3EA),
            .bad = QColor(0xBF2F2B),
            .badBg = QColor(0xFBE6E5),
            .run = QColor(0x1F6FD6),
            .runBg = QColor(0xE2EEFC),
            .warn = QColor(0x9A6400),
            .warnBg = QColor(0xFBF0D9),
            .idle = QColor(0x7A8698),
            .idleBg = QColor(0xEEF1F5),
            .held = QColor(0x0B7F86)};
}

Theme Theme::dark()
{
    return {.mode = Mode::Dark,
            .bg = QColor(0x12161C),
            .surface = QColor(0x1A2029),
            .raised = QColor(0x212935),
            .sunken = QColor(0x151A21),
            .line = QColor(0x2B3442),
            .line2 = QColor(0x3A4657),
            .text = QColor(0xE7ECF2),
            .text2 = QColor(0xA3AFBF),
            .text3 = QColor(0x748196),
            .accent = QColor(0x6DB6E3),
            .accentBg = QColor(0x17324A),
            .selection = QColor(0x1D3B55),
            .onAccent = QColor(0x0F1720),
            .ok = QColor(0x5CC48D),
            .okBg = QColor(0x15342A),
            .bad = QColor(0xF0817B),
            .badBg = QColor(0x3D1F22),
            .run = QColor(0x7FB2F5),
            .runBg = QColor(0x1A2F4D),
            .warn = QColor(0xE0B357),
            .warnBg = QColor(0x39301A),
            .idle = QColor(0x8491A5),
            .idleBg = QColor(0x2B3442),
            .held = QColor(0x4FC7CF)};
}

QPalette Theme::palette() const
{
    QPalette colours;
    colours.setColor(QPalette::Window, bg);
    colours.setColor(QPalette::WindowText, text);
    colours.setColor(QPalette::Base, surface);
    colours.setColor(QPalette::AlternateBase, sunken);
    colours.setColor(QPalette::ToolTipBase, raised);
    colours.setColor(QPalette::ToolTipText, text);
    colours.setColor(QPalette::PlaceholderText, text3);
    colours.setColor(QPalette::Text, text);
    colours.setColor(QPalette::Button, surface);
    colours.setColor(QPalette::ButtonText, text);
    colours.setColor(QPalette::BrightText, bad);
    colours.setColor(QPalette::Highlight, selection);
    colours.setColor(QPalette::HighlightedText, text);
    colours.setColor(QPalette::Link, accent);
    colours.setColor(QPalette::LinkVisited, accent);
    colours.setColor(QPalette::Light, surface);
    colours.setColor(QPalette::Midlight, line);
    colours.setColor(QPalette::Mid, line2);
    colours.setColor(QPalette::Dark, text3);
    colours.setColor(QPalette::Shadow, line2);
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        colours.setColor(QPalette::Disabled, role, text3);
    return colours;
}

const Theme &Theme::current() { return shown(); }

int scaled(int pixels) { return qRound(double(pixels) * QFontInfo(QApplication::font()).pixelSize() / 13); }

QFont themeFont(TypeSize size, QFont::Weight weight)
{
    QFont font = QApplication::font();
    const int base = QFontInfo(font).pixelSize();
    font.setPixelSize(qMax(9, qRound(double(base) * pixels(size) / pixels(TypeSize::Body))));
    font.setWeight(weight);
    return font;
}

QFont codeFont()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPixelSize(qMax(9, qRound(double(QFontInfo(QApplication::font()).pixelSize()) * 12 / 13)));
    font.setStyleHint(QFont::Monospace);
    return font;
}

namespace {

// Gives the style sheet to windows when they come to the screen; what is in them inherits it. As the application's own,
// every widget would be styled again, with all that is in it, whenever it is put into another: pages took hundreds of
// milliseconds to be made.
class WindowDresser final : public QObject
{
public:
    explicit WindowDresser(QObject *parent) : QObject(parent) { }

    void setSheet(const QString &sheet)
    {
        m_sheet = sheet;
        const QWidgetList windows = QApplication::topLevelWidgets();
        for (QWidget *const window : windows) {
            if (window->testAttribute(Qt::WA_WState_Created))
                dress(window);
        }
    }

    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() == QEvent::WinIdChange && watched->isWidgetType())
            dress(static_cast<QWidget *>(watched));
        return false;
    }

private:
    void dress(QWidget *window) const
    {
        if (window->isWindow() && window->parentWidget() == nullptr && window->styleSheet() != m_sheet)
            window->setStyleSheet(m_sheet);
    }

    QString m_sheet;
};

} // namespace

void applyTheme(const Theme &theme)
{
    platformPalette();
    shown() = theme;
    if (!qobject_cast<SlipwayStyle *>(QApplication::style()))
        QApplication::setStyle(new SlipwayStyle); // the application owns it
    QApplication::setPalette(theme.palette());
    static QPointer<WindowDresser> dresser; // of this application
    if (dresser == nullptr) {
        dresser = new WindowDresser(qApp);
        qApp->installEventFilter(dresser);
    }
    dresser->setSheet(theme.styleSheet());
}

Theme::Mode systemMode()
{
    const QPalette &standard = platformPalette();
    return standard.color(QPalette::Window).lightness() < 128 ? Theme::Mode::Dark : Theme::Mode::Light;
}

} // namespace designer
