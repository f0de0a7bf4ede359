#include "designer/canvas/ActivityPalette.h"

#include "designer/canvas/CanvasView.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"
#include "engine/model/ActivityDescriptor.h"

#include <QCoreApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QTreeView>
#include <QVBoxLayout>

namespace designer {

namespace {

constexpr int typeRole = Qt::UserRole;

// Groups with their activities; what is dragged out of it is the type.
class PaletteModel final : public QStandardItemModel
{
public:
    explicit PaletteModel(QObject *parent) : QStandardItemModel(parent)
    {
        QHash<QString, QStandardItem *> groups;
        for (const engine::ActivityDescriptor &descriptor : engine::activityDescriptors()) {
            QStandardItem *&group = groups[descriptor.group];
            if (!group) {
                group = new QStandardItem(descriptor.group);
                group->setFlags(Qt::ItemIsEnabled);
                appendRow(group);
            }
            auto *const item = new QStandardItem(icon(descriptor.icon, IconRole::Accent), descriptor.title);
            item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDragEnabled);
            item->setData(descriptor.type, typeRole);
            item->setToolTip(
                QCoreApplication::translate("designer::ActivityPalette", "%1: drag it to the canvas, or press Enter")
                    .arg(descriptor.title));
            group->appendRow(item);
        }
    }

    QStringList mimeTypes() const override { return {activityTypeMime()}; }
    QMimeData *mimeData(const QModelIndexList &indexes) const override
    {
        if (indexes.isEmpty())
            return nullptr;
        auto *const mime = new QMimeData; // the drag owns it
        mime->setData(activityTypeMime(), indexes.first().data(typeRole).toString().toUtf8());
        return mime;
    }
    Qt::DropActions supportedDragActions() const override { return Qt::CopyAction; }
};

// Groups are headings: secondary, in the theme of the moment.
class PaletteRows final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QStyleOptionViewItem place = option;
        const auto *const view = qobject_cast<const QTreeView *>(option.widget);
        if (view && index.parent().isValid()) // below the name of their group, not further in
            place.rect.adjust(option.direction == Qt::RightToLeft ? 0 : -view->indentation(),
                              0,
                              option.direction == Qt::RightToLeft ? view->indentation() : 0,
                              0);
        QStyledItemDelegate::paint(painter, place, index);
    }

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        if (!index.parent().isValid()) {
            option->font = themeFont(TypeSize::Label, QFont::DemiBold);
            option->palette.setColor(QPalette::Text, Theme::current().text2);
        }
    }
};

} // namespace

ActivityPalette::ActivityPalette(QWidget *parent)
    : QWidget(parent)
    , m_search(searchField(QStringLiteral("paletteSearch"), tr("Search"), tr("Find an activity (/)")))
    , m_key(new QLabel(QStringLiteral("/"), m_search))
    , m_tree(new QTreeView)
    , m_nothing(label(tr("No activity matches."), "hint"))
    , m_filter(new QSortFilterProxyModel(this))
{
    setObjectName(QStringLiteral("activityPalette"));
    setLook(this, "panel");
    setAttribute(Qt::WA_StyledBackground);
    auto *const title = label(tr("Activities"));
    title->setFont(themeFont(TypeSize::Body, QFont::DemiBold));
    title->setMinimumHeight(measure::title);
    title->setContentsMargins(12, 0, 12, 0);
    m_filter->setSourceModel(new PaletteModel(m_filter));
    m_filter->setRecursiveFilteringEnabled(true);
    m_filter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    setLook(m_key, "hint");
    name(m_tree,
         QStringLiteral("paletteTree"),
         tr("Activities"),
         tr("Drag an activity onto the canvas, or add it with Enter"));
    m_tree->setModel(m_filter);
    m_tree->setHeaderHidden(true);
    m_tree->setUniformRowHeights(true);
    m_tree->setIndentation(scaled(28));
    m_tree->setItemDelegate(new PaletteRows(m_tree));
    m_tree->setDragEnabled(true);
    m_tree->setDragDropMode(QAbstractItemView::DragOnly);
    m_tree->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_tree->setTextElideMode(Qt::ElideMiddle);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->expandAll();
    m_tree->installEventFilter(this);
    m_search->installEventFilter(this);

    auto *const field = new QVBoxLayout;
    field->setContentsMargins(10, 8, 10, 4);
    field->addWidget(m_search);
    m_nothing->setContentsMargins(12, 4, 12, 4);
    m_nothing->hide();
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(title);
    column->addWidget(lineAcross());
    column->addLayout(field);
    column->addWidget(m_nothing);
    column->addWidget(m_tree, 1);
    connect(m_search, &QLineEdit::textChanged, this, &ActivityPalette::search);
    connect(m_search, &QLineEdit::returnPressed, this, &ActivityPalette::chooseFirst);
    connect(m_tree, &QTreeView::activated, this, &ActivityPalette::choose);
}

void ActivityPalette::setReadOnly(bool readOnly)
{
    m_tree->setDragEnabled(!readOnly);
    m_tree->setEnabled(!readOnly);
}

void ActivityPalette::startSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void ActivityPalette::search(const QString &text)
{
    m_filter->setFilterFixedString(text.trimmed());
    m_tree->expandAll();
    m_nothing->setVisible(m_filter->rowCount() == 0);
    m_key->setVisible(text.isEmpty());
    if (m_filter->rowCount() > 0)
        m_tree->setCurrentIndex(m_filter->index(0, 0, m_filter->index(0, 0)));
}

void ActivityPalette::chooseFirst()
{
    if (m_filter->rowCount() > 0)
        choose(m_tree->currentIndex().isValid() ? m_tree->currentIndex()
                                                : m_filter->index(0, 0, m_filter->index(0, 0)));
}

void ActivityPalette::choose(const QModelIndex &index)
{
    if (const QString type = index.data(typeRole).toString(); !type.isEmpty() && m_tree->isEnabled())
        emit chosen(type);
}

bool ActivityPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_search && event->type() == QEvent::Resize)
        m_key->setGeometry(m_search->width() - 18, 0, 12, m_search->height());
    if (event->type() == QEvent::KeyPress) {
        auto *const key = static_cast<QKeyEvent *>(event);
        if (watched == m_search && (key->key() == Qt::Key_Down || key->key() == Qt::Key_Up)) {
            m_tree->setFocus(Qt::OtherFocusReason);
            if (!m_tree->currentIndex().isValid() && m_filter->rowCount() > 0)
                m_tree->setCurrentIndex(m_filter->index(0, 0, m_filter->index(0, 0)));
            return true;
        }
        if (watched == m_search && key->key() == Qt::Key_Escape && !m_search->text().isEmpty()) {
            m_search->clear();
            return true;
        }
        if (watched == m_tree && key->text() == QStringLiteral("/")) {
            startSearch();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace designer

#include "moc_ActivityPalette.cpp"
