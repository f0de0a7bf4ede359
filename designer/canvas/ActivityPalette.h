#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;
class QSortFilterProxyModel;
class QTreeView;

namespace designer {

// The activities this build runs, by group: dragged to the canvas, or added by Enter or a double-click.
class ActivityPalette final : public QWidget
{
    Q_OBJECT

public:
    explicit ActivityPalette(QWidget *parent = nullptr);

    void setReadOnly(bool readOnly);
    void startSearch(); // as "/" does

signals:
    void chosen(const QString &type);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void search(const QString &text);
    void chooseFirst();
    void choose(const QModelIndex &index);

    QLineEdit *m_search;
    QLabel *m_key;
    QTreeView *m_tree;
    QLabel *m_nothing;
    QSortFilterProxyModel *m_filter;
};

} // namespace designer
