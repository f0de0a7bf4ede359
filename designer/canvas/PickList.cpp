#include "designer/canvas/PickList.h"

#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"

#include <QComboBox>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QScreen>
#include <QVBoxLayout>

namespace designer {

namespace {

constexpr int idRole = Qt::UserRole;
constexpr int wordsRole = Qt::UserRole + 1;
constexpr int rowsShown = 9;
constexpr int rowHeight = measure::treeRow;

} // namespace

PickList::PickList(const QString &objectName, QWidget *parent)
    : QFrame(parent, Qt::Popup)
    , m_title(label({}, "secondary"))
    , m_choice(new QComboBox)
    , m_search(searchField(objectName + QStringLiteral("Search"), tr("Search"), tr("Type a part of the name")))
    , m_list(new QListWidget)
    , m_nothing(label(tr("Nothing matches."), "hint"))
{
    setObjectName(objectName);
    setLook(this, "overlay");
    name(m_choice, objectName + QStringLiteral("Choice"), tr("When it runs"), tr("After which result it runs"));
    name(m_list, objectName + QStringLiteral("List"), tr("Choices"), tr("Enter chooses, Esc closes"));
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    column->setSpacing(6);
    for (QWidget *const part : std::initializer_list<QWidget *>{m_title, m_choice, m_search, m_list, m_nothing})
        column->addWidget(part);
    setFixedWidth(scaled(280));
    m_search->installEventFilter(this);
    connect(m_search, &QLineEdit::textChanged, this, &PickList::filter);
    connect(m_search, &QLineEdit::returnPressed, this, &PickList::pickCurrent);
    connect(m_list, &QListWidget::itemClicked, this, &PickList::pickCurrent);
    connect(m_list, &QListWidget::itemActivated, this, &PickList::pickCurrent);
}

void PickList::open(const QString &title,
                    const QList<Entry> &entries,
                    const QPoint &globalPlace,
                    const QStringList &choices)
{
    m_title->setText(title);
    m_list->setAccessibleName(title);
    m_choice->clear();
    m_choice->addItems(choices);
    m_choice->setVisible(!choices.isEmpty());
    m_list->clear();
    for (const Entry &entry : entries) {
        auto *const item = new QListWidgetItem(icon(entry.icon, IconRole::Accent), entry.text, m_list);
        item->setSizeHint({0, rowHeight});
        item->setData(idRole, entry.id);
        item->setData(wordsRole, QString(entry.text + u' ' + entry.hint));
        item->setToolTip(entry.hint.isEmpty() ? entry.text : tr("%1 · %2").arg(entry.text, entry.hint));
    }
    m_list->setFixedHeight(rowHeight * int(std::clamp<qsizetype>(entries.size(), 1, rowsShown)) + 2);
    m_search->clear();
    filter({});
    adjustSize();
    QPoint place = globalPlace;
    if (const QScreen *const screen = QGuiApplication::screenAt(place)) {
        const QRect room = screen->availableGeometry();
        place.setX(std::max(room.left(), std::min(place.x(), room.right() - width())));
        place.setY(std::max(room.top(), std::min(place.y(), room.bottom() - height())));
    }
    move(place);
    show();
    m_search->setFocus(Qt::PopupFocusReason);
}

void PickList::filter(const QString &text)
{
    int first = -1;
    for (int row = 0; row < m_list->count(); ++row) {
        QListWidgetItem *const item = m_list->item(row);
        const bool fits = item->data(wordsRole).toString().contains(text.trimmed(), Qt::CaseInsensitive);
        item->setHidden(!fits);
        if (fits && first < 0)
            first = row;
    }
    m_list->setCurrentRow(first);
    m_list->setVisible(first >= 0);
    m_nothing->setVisible(first < 0);
}

// The keys of the list work while the search field has the keyboard.
bool PickList::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Up || key == Qt::Key_PageDown || key == Qt::Key_PageUp) {
            QCoreApplication::sendEvent(m_list, event);
            return true;
        }
        if (key == Qt::Key_Escape) {
            close();
            return true;
        }
    }
    return QFrame::eventFilter(watched, event);
}

void PickList::pickCurrent()
{
    const QListWidgetItem *const item = m_list->currentItem();
    if (!item || item->isHidden())
        return;
    const QString id = item->data(idRole).toString();
    const int choice = m_choice->currentIndex();
    close();
    emit picked(id, choice);
}

} // namespace designer

#include "moc_PickList.cpp"
