#include "designer/shell/Theme.h"

#include <QMap>
#include <QStringList>

#include <algorithm>

namespace designer {

namespace {

// @token is replaced by the theme's colour. Variants are chosen by the dynamic property "look" of a widget:
// primary, quiet, danger, link; panel, sunken, card; title, secondary, hint, figure.
const char *const sheet = R"css(
QWidget { color: @text; }
QToolTip { background: @raised; color: @text; border: 1px solid @line2; padding: 4px 6px; }
*[look="panel"] { background: @surface; }
*[look="sunken"] { background: @sunken; }
*[look="raised"] { background: @raised; }
QPlainTextEdit[look="code"] { background: @sunken; border-color: @line; }
QListWidget[look="sections"] { background: @surface; padding: 8px; }
QListWidget[look="sections"]::item { padding: 0 8px; border-radius: 6px; color: @text2; }
QListWidget[look="sections"]::item:selected { background: @accentBg; color: @accent; }
*[look="bulk"] { background: @accentBg; }
*[look="card"] { background: @surface; border: 1px solid @line; border-radius: 10px; }
*[look="overlay"] { background: @surface; border: 1px solid @line2; border-radius: 6px; }
QLabel[look="notice"] { background: @raised; border: 1px solid @warn; border-radius: 6px; padding: 6px 12px; }
QLabel { background: transparent; }
QLabel[weight="strong"] { font-weight: 600; }
QLabel[look="secondary"] { color: @text2; }
QLabel[look="hint"] { color: @text3; }
QLabel[look="bad"] { color: @bad; }
QLabel[look="ok"] { color: @ok; }
QLabel[look="warn"] { color: @warn; }
QLabel[look="accent"] { color: @accent; font-weight: 600; }
QLabel[look="count"], QLabel[look="countBad"] { background: @sunken; border-radius: 8px; padding: 1px 6px; font-size: @px11;
    font-weight: 600; }
QLabel[look="countBad"] { background: @badBg; color: @bad; }
QLabel[look="badBadge"] { background: @badBg; color: @bad; border-radius: 10px; padding: 2px 8px; font-size: @px12; font-weight: 600; }
QLabel[look="strong"] { font-weight: 600; }

QPushButton { background: @surface; border: 1px solid @line2; border-radius: 6px; padding: 4px 10px; min-height: 18px; }
QPushButton:hover { background: @sunken; }
QPushButton:pressed { background: @selection; }
QPushButton:disabled { color: @text3; border-color: @line; }
QPushButton:focus { border-color: @accent; }
QPushButton:checked { background: @accentBg; color: @accent; border-color: @accent; }
QPushButton[look="primary"] { background: @accent; color: @onAccent; border-color: @accent; font-weight: 600; }
QPushButton[look="primary"]:hover { background: @accentHover; }
QPushButton[look="primary"]:focus { border: 2px solid @text; padding: 3px 9px; }
QPushButton[look="primary"]:disabled { background: @line2; border-color: @line2; color: @text2; }
QPushButton[look="quiet"], QPushButton[look="link"] { background: transparent; border-color: transparent; }
QPushButton[look="quiet"]:hover { background: @sunken; }
QPushButton[look="quiet"]:focus, QPushButton[look="link"]:focus { border-color: @accent; }
QPushButton[look="link"] { color: @accent; padding: 0 2px; }
QPushButton[look="crumb"] { background: transparent; border-color: transparent; color: @text2; padding: 4px 4px; }
QPushButton[look="crumb"]:hover { color: @accent; }
QPushButton[look="crumb"]:focus { border-color: @accent; }
QPushButton[look="danger"] { color: @bad; border-color: @bad; }
QPushButton::menu-indicator { width: 0; }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 4px 6px; }
QToolButton:hover { background: @hover; }
QToolButton:pressed, QToolButton:checked { background: @accentBg; color: @accent; }
QToolButton:focus { border-color: @accent; }
QToolButton:disabled { color: @text3; }
QToolButton::menu-indicator { width: 0; }
QToolButton[look="fold"], QToolButton[look="fold"]:checked { background: transparent; color: @text2; padding: 1px 4px 1px 0; }
QToolButton[look="fold"]:focus { border-color: @accent; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QDateTimeEdit, QComboBox {
    background: @surface; border: 1px solid @line2; border-radius: 6px; padding: 3px 7px; min-height: 20px;
    selection-background-color: @selection; selection-color: @text; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QDateTimeEdit:focus,
QComboBox:focus { border-color: @accent; }
QLineEdit[look="wrong"], QComboBox[look="wrong"], QPlainTextEdit[look="wrong"] { border-color: @bad; }
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QDateTimeEdit:disabled,
QPlainTextEdit:disabled { color: @text3; background: @sunken; }
QLineEdit[look="search"] { padding-left: 0; }
QLineEdit:read-only { background: @sunken; }
QPlainTextEdit[look="output"], QTextEdit[look="output"] { background: transparent; border: none; border-radius: 0;
    padding: 0; min-height: 0; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url(:/icons/combo-arrow-@mode.svg); width: @px14; height: @px14; }
QComboBox QAbstractItemView { background: @raised; border: 1px solid @line2; outline: none; padding: 4px; }
QSpinBox::up-button, QSpinBox::down-button, QDateTimeEdit::up-button, QDateTimeEdit::down-button { width: 0; border: none; }

QCheckBox, QRadioButton { spacing: 6px; background: transparent; }
QCheckBox::indicator, QAbstractItemView::indicator, QMenu::indicator { width: @px14; height: @px14;
    border: 1px solid @line2; border-radius: 4px; background: @surface; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked, QMenu::indicator:checked { background: @accent;
    border-color: @accent; image: url(:/icons/check-mark-@mode.svg); }
QCheckBox::indicator:focus { border-color: @accent; }
QCheckBox:focus, QRadioButton:focus { color: @accent; }
QMenu::indicator { margin-left: 6px; }
QMenu { background: @raised; border: 1px solid @line2; padding: 4px; }
QMenu::item { padding: 5px 22px 5px 10px; border-radius: 4px; }
QMenu::item:selected { background: @selection; }
QMenu::item:disabled { color: @text3; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: @line; margin: 4px 6px; }
QMenuBar { background: @sunken; }

QAbstractItemView { background: @surface; border: none; outline: none; selection-background-color: @selection;
    selection-color: @text; alternate-background-color: @surface; }
QTreeView::item { min-height: 26px; }
QTreeView::item:hover, QListView::item:hover { background: @hover; }
QTreeView::item:selected, QListView::item:selected, QTableView::item:selected { background: @selection; color: @text; }
QTreeView[look="table"]::item { min-height: 0; padding: 0 8px; }
QTreeView[look="table"]::item:hover, QTreeView[look="table"]::item:selected { background: transparent; }
QTableView { gridline-color: @line; }
QTableView::item { padding: 0 8px; border-bottom: 1px solid @line; }
QHeaderView { background: @surface; border: none; }
QHeaderView::section { background: @surface; color: @text2; border: none; border-bottom: 1px solid @line;
    padding: 5px 11px; font-size: @px12; font-weight: 600; }
QHeaderView::section:hover { color: @text; }
QTableCornerButton::section { background: @surface; border: none; }

QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: @text2; padding: 8px 13px; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @text; border-bottom-color: @accent; font-weight: 600; }
QTabBar::tab:focus { color: @accent; }
QTabBar[look="documents"] { background: @sunken; }
QTabBar[look="documents"]::tab { padding: 6px 14px 6px 15px; border: none; border-top: 2px solid transparent;
    border-right: 1px solid @line; }
QTabBar[look="documents"]::tab:hover { background: @hover; }
QTabBar[look="documents"]::tab:selected { background: @surface; border-top-color: @accent; }
QTabBar[look="documents"]::tab:focus { color: @accent; }
QTabBar::close-button { image: url(:/icons/tab-close-@mode.svg); width: @px14; height: @px14; border-radius: 4px; padding: 1px; }
QTabBar::close-button:hover { background: @hover; }
QTabWidget::pane { border: none; border-top: 1px solid @line; }

QSplitter::handle { background: @line; }
QSplitter::handle:hover { background: @accent; }
QScrollArea { border: none; background: transparent; }
QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: @line2; border-radius: 3px; margin: 2px; min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: @text3; }
QScrollBar::handle:disabled { background: transparent; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QFrame[look="messageHint"] { background: @runBg; border-bottom: 1px solid @line; }
QFrame[look="messageDone"] { background: @okBg; border-bottom: 1px solid @line; }
QFrame[look="messageWarning"] { background: @warnBg; border-bottom: 1px solid @line; }
QFrame[look="messageError"] { background: @badBg; border-bottom: 1px solid @line; }
QFrame[look="titlebar"] { background: @sunken; border-bottom: 1px solid @line; }
QFrame[look="rail"] { background: @sunken; border-right: 1px solid @line; }
QFrame[look="rail"] QToolButton { border-radius: 8px; color: @text2; padding: 2px 0; }
QFrame[look="statusbar"] QToolButton { color: @text2; padding: 2px 5px; }
QFrame[look="rail"] QToolButton:checked { background: @accentBg; color: @accent; font-weight: 600; }
QPushButton[look="search"] { background: @surface; color: @text2; text-align: left; padding: 2px 8px; min-height: 18px; }
QStatusBar, QFrame[look="statusbar"] { background: @sunken; border-top: 1px solid @line; }
QFrame[look="line"] { background: @line; border: none; }
QProgressBar { background: @line; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
QDialog { background: @surface; }
QGroupBox { border: 1px solid @line; border-radius: 10px; margin-top: 8px; padding: 12px; }
)css";

QColor mixed(const QColor &a, const QColor &b, double part)
{
    return QColor::fromRgbF(float(a.redF() + (b.redF() - a.redF()) * part),
                            float(a.greenF() + (b.greenF() - a.greenF()) * part),
                            float(a.blueF() + (b.blueF() - a.blueF()) * part));
}

} // namespace

QString Theme::styleSheet() const
{
    const QMap<QString, QString> colours{
        {QStringLiteral("bg"), bg.name()},
        {QStringLiteral("surface"), surface.name()},
        {QStringLiteral("raised"), raised.name()},
        {QStringLiteral("sunken"), sunken.name()},
        {QStringLiteral("line"), line.name()},
        {QStringLiteral("line2"), line2.name()},
        {QStringLiteral("text"), text.name()},
        {QStringLiteral("text2"), text2.name()},
        {QStringLiteral("text3"), text3.name()},
        {QStringLiteral("accent"), accent.name()},
        {QStringLiteral("accentBg"), accentBg.name()},
        {QStringLiteral("accentHover"), mixed(accent, text, 0.15).name()},
        {QStringLiteral("selection"), selection.name()},
        {QStringLiteral("hover"), mixed(surface, text, 0.05).name()},
        {QStringLiteral("onAccent"), onAccent.name()},
        {QStringLiteral("ok"), ok.name()},
        {QStringLiteral("bad"), bad.name()},
        {QStringLiteral("badBg"), badBg.name()},
        {QStringLiteral("okBg"), okBg.name()},
        {QStringLiteral("runBg"), runBg.name()},
        {QStringLiteral("warnBg"), warnBg.name()},
        {QStringLiteral("warn"), warn.name()},
        {QStringLiteral("mode"), mode == Mode::Dark ? QStringLiteral("dark") : QStringLiteral("light")}};
    QMap<QString, QString> values = colours;
    for (const int pixels : {11, 12, 14})
        values.insert(QStringLiteral("px%1").arg(pixels), QStringLiteral("%1px").arg(scaled(pixels)));
    QString result = QString::fromLatin1(sheet);
    // The longest names first: @text2 before @text.
    QStringList names = values.keys();
    std::sort(names.begin(), names.end(), [](const QString &a, const QString &b) { return a.size() > b.size(); });
    for (const QString &name : std::as_const(names))
        result.replace(u'@' + name, values.value(name));
    return result;
}

} // namespace designer
