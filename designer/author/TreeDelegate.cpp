#include "designer/author/TreeDelegate.h"

#include "designer/author/FactoryTreeModel.h"
#include "designer/shell/Icons.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"

#include <QPainter>
#include <QTreeView>

namespace designer {

namespace {

constexpr int edge = 12;
constexpr int sign = 14;

// Entities stand below the icon and the name of their group, not further in.
QStyleOptionViewItem outdented(const QStyleOptionViewItem &option, const QModelIndex &index)
{
    QStyleOptionViewItem result = option;
    const auto *const view = qobject_cast<const QTreeView *>(option.widget);
    if (!view || !index.parent().isValid())
        return result;
    if (option.direction == Qt::RightToLeft)
        result.rect.adjust(0, 0, view->indentation(), 0);
    else
        result.rect.adjust(-view->indentation(), 0, 0, 0);
    return result;
}

} // namespace

void TreeDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QVariant count = index.data(FactoryTreeModel::CountRole);
    const bool isDirty = index.data(FactoryTreeModel::DirtyRole).toBool();
    const int problems = index.data(FactoryTreeModel::ProblemsRole).toInt();
    const int room = count.isValid() ? 36 : (isDirty || problems > 0 ? edge + sign + 4 : 4);
    QStyleOptionViewItem shortened = outdented(option, index);
    QStyledItemDelegate::initStyleOption(&shortened, index);
    const QWidget *const widget = option.widget;
    QStyle *const style = widget->style();
    // The background reaches to the edge, the text leaves room for the signs.
    style->drawPrimitive(QStyle::PE_PanelItemViewItem, &shortened, painter, widget);
    shortened.rect.adjust(0, 0, -room, 0);
    shortened.backgroundBrush = Qt::NoBrush;
    shortened.state &= ~(QStyle::State_Selected | QStyle::State_MouseOver | QStyle::State_Open);
    style->drawControl(QStyle::CE_ItemViewItem, &shortened, painter, widget);

    const Theme &theme = Theme::current();
    const QRect right = option.rect.adjusted(0, 0, -edge, 0);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (count.isValid()) {
        painter->setFont(themeFont(TypeSize::Caption));
        painter->setPen(theme.text2);
        painter->drawText(right, Qt::AlignRight | Qt::AlignVCenter, count.toString());
    } else if (problems > 0) {
        paintIcon(*painter,
                  QStringLiteral("triangle-alert"),
                  theme.warn,
                  QRectF(right.right() - sign, right.center().y() - sign / 2.0 + 0.5, sign, sign));
    } else if (isDirty) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(theme.accent);
        painter->drawEllipse(QPointF(right.right() - 4, right.center().y() + 0.5), 3, 3);
    }
    painter->restore();
}

// Once: a mark of the row that changes while a name is written does not take the letters away.
void TreeDelegate::setEditorData(QWidget *editor, const QModelIndex &index) const
{
    constexpr const char *isFilled = "isFilled";
    if (editor->property(isFilled).toBool())
        return;
    QStyledItemDelegate::setEditorData(editor, index);
    editor->setProperty(isFilled, true);
}

void TreeDelegate::updateEditorGeometry(QWidget *editor,
                                        const QStyleOptionViewItem &option,
                                        const QModelIndex &index) const
{
    QStyledItemDelegate::updateEditorGeometry(editor, outdented(option, index), index);
}

QWidget *TreeDelegate::createEditor(QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QWidget *const editor = QStyledItemDelegate::createEditor(parent, option, index);
    if (editor)
        name(editor,
             QStringLiteral("renameEntity"),
             tr("New name"),
             tr("Enter renames it and every reference to it, Esc keeps the old name"));
    return editor;
}

QSize TreeDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    size.setHeight(qMax(measure::treeRow, size.height()));
    return size;
}

} // namespace designer

#include "moc_TreeDelegate.cpp"
