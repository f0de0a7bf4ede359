#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>
#include <QString>

namespace designer {

// The one table of colours and measures (the design's tokens). Palette, style sheet, canvas and icons read it; no
// colour literal stands anywhere else. A value; GUI thread.
struct Theme
{
    enum class Mode { Light, Dark };

    Mode mode = Mode::Light;
    QColor bg; // canvas, page behind cards
    QColor surface; // panels, tables, cards
    QColor raised; // nodes, popovers
    QColor sunken; // title bar, rail, status bar, code
    QColor line; // separators
    QColor line2; // control borders
    QColor text;
    QColor text2; // secondary
    QColor text3; // hints
    QColor accent; // selection, primary action, activity tiles
    QColor accentBg;
    QColor selection;
    QColor onAccent; // text on accent
    QColor ok;
    QColor okBg;
    QColor bad;
    QColor badBg;
    QColor run;
    QColor runBg;
    QColor warn;
    QColor warnBg;
    QColor idle;
    QColor idleBg;
    QColor held;

    static Theme light();
    static Theme dark();
    QPalette palette() const;
    QString styleSheet() const; // small and central: StyleSheet.cpp

    // The theme the application shows now; light before applyTheme() was called.
    static const Theme &current();
};

// Measures in device-independent pixels, for a system font of 13; others scale with it.
namespace measure {
inline constexpr int grid = 4;
inline constexpr int treeRow = 26;
inline constexpr int tableRow = 30;
inline constexpr int tableHeader = 28;
inline constexpr int control = 28;
inline constexpr int toolBar = 40;
inline constexpr int tab = 34;
inline constexpr int title = 36;
inline constexpr int statusBar = 26;
inline constexpr int controlRadius = 6;
inline constexpr int cardRadius = 10;
} // namespace measure

// The type scale: 11 captions, 12 heads of columns and groups, pills and the status bar, 13 everything, 15 page title,
// 20 figures, 22 Home, relative to the application's font.
enum class TypeSize { Caption, Label, Body, Title, Figure, Home };
int scaled(int pixels); // of the design, for a font of 13, in the application's font
namespace measure {
// A height of a row or control, more for a larger font.
inline int atLeast(int row) { return qMax(row, scaled(row - 4)); }
} // namespace measure
QFont themeFont(TypeSize size, QFont::Weight weight = QFont::Normal);
QFont codeFont(); // the system's monospace, one step smaller than the body

// Sets palette, style and style sheet of the application; widgets hear it as QEvent::PaletteChange, items as
// QEvent::ApplicationPaletteChange.
void applyTheme(const Theme &theme);

// What the platform's own palette looks like. The desktop's portal says it better: ThemeChoice asks it.
Theme::Mode systemMode();

} // namespace designer
