#include "tests/designer/window/Controls.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMap>
#include <QMenu>
#include <QScrollBar>
#include <QTabBar>
#include <QTabWidget>

namespace tests {

namespace {

template <typename T> bool isInside(const QWidget *widget)
{
    for (const QWidget *above = widget->parentWidget(); above; above = above->parentWidget()) {
        if (qobject_cast<const T *>(above))
            return true;
        if (above->isWindow() && !above->inherits("QComboBoxPrivateContainer"))
            return false;
    }
    return false;
}

// Qt's own parts of a control: it speaks for them, and they have no say of their own.
bool isPartOfAnother(const QWidget *widget)
{
    if (isInside<QComboBox>(widget)) // its line edit and the list that pops up
        return true;
    if (isInside<QAbstractSpinBox>(widget)) // its line edit, the calendar of a date
        return true;
    if (qobject_cast<const QLineEdit *>(widget->parentWidget())) // the button that clears it, icons in it
        return true;
    if (qobject_cast<const QTabBar *>(widget->parentWidget())) // the buttons that scroll tabs and close one
        return true;
    if (qobject_cast<const QScrollBar *>(widget)) // moves what it belongs to; the keyboard does it without
        return true;
    if (qobject_cast<const QHeaderView *>(widget) || isInside<QHeaderView>(widget)) // of a table, which has a name
        return true;
    if (widget->inherits("QTableCornerButton")) // as the header
        return true;
    const auto *const area = qobject_cast<const QAbstractScrollArea *>(widget->parentWidget());
    return area && area->viewport() == widget; // where a scroll area draws
}

// Text that can be selected with the mouse is read out as it stands: a name beside it would be read twice, and a
// tooltip would cover it. It is no stop of the Tab key.
bool isText(const QWidget *widget)
{
    return qobject_cast<const QLabel *>(widget) && !(widget->focusPolicy() & Qt::TabFocus);
}

} // namespace

QString placeOf(const QWidget *widget)
{
    QStringList parts;
    for (const QWidget *at = widget; at; at = at->parentWidget()) {
        const QString type = QString::fromLatin1(at->metaObject()->className()).remove(QStringLiteral("designer::"));
        if (at == widget || !at->objectName().isEmpty() || type.at(0) != u'Q')
            parts.prepend(at->objectName().isEmpty() ? type : type + u' ' + at->objectName());
    }
    const QVariant text = widget->property("text");
    return parts.mid(qMax<qsizetype>(0, parts.size() - 4)).join(QStringLiteral(" / "))
        + (text.toString().isEmpty() ? QString() : QStringLiteral(" “%1”").arg(text.toString().left(30)));
}

bool isControl(const QWidget *widget)
{
    if (qobject_cast<const QMenu *>(widget) || isInside<QMenu>(widget) || qobject_cast<const QDialog *>(widget))
        return false; // their entries are actions; windows have titles
    if (qobject_cast<const QTabWidget *>(widget))
        return false; // its tab bar is what is used
    const bool looksLikeOne = qobject_cast<const QAbstractButton *>(widget) || qobject_cast<const QLineEdit *>(widget)
        || qobject_cast<const QComboBox *>(widget) || qobject_cast<const QAbstractSpinBox *>(widget)
        || qobject_cast<const QAbstractItemView *>(widget) || qobject_cast<const QAbstractSlider *>(widget)
        || qobject_cast<const QTabBar *>(widget) || widget->inherits("QTextEdit") || widget->inherits("QPlainTextEdit")
        || widget->inherits("QsciScintilla");
    return (looksLikeOne || widget->focusPolicy() != Qt::NoFocus) && !isPartOfAnother(widget) && !isText(widget);
}

QList<QWidget *> controlsOf(const QWidget &root)
{
    QList<QWidget *> found;
    for (QWidget *const widget : root.findChildren<QWidget *>()) {
        if (isControl(widget))
            found.append(widget);
    }
    return found;
}

QStringList namelessControls(const QWidget &root)
{
    QStringList lines;
    for (const QWidget *const widget : controlsOf(root)) {
        QStringList missing;
        if (widget->objectName().isEmpty() || widget->objectName().startsWith(u"qt_"))
            missing += QStringLiteral("object name");
        if (widget->accessibleName().isEmpty())
            missing += QStringLiteral("accessible name");
        if (widget->toolTip().isEmpty())
            missing += QStringLiteral("tooltip");
        if (!missing.isEmpty())
            lines += placeOf(widget) + QStringLiteral(": no ") + missing.join(QStringLiteral(", no "));
    }
    return lines;
}

QStringList ambiguousControls(const QWidget &root)
{
    QMap<QString, QStringList> places;
    for (const QWidget *const widget : controlsOf(root)) {
        if (widget->isVisible() && widget->window() == root.window() && !widget->objectName().isEmpty())
            places[widget->objectName()] += placeOf(widget);
    }
    QStringList lines;
    for (auto place = places.cbegin(); place != places.cend(); ++place) {
        if (place->size() > 1)
            lines += place.key() + QStringLiteral(":\n      ") + place->join(QStringLiteral("\n      "));
    }
    return lines;
}

} // namespace tests
