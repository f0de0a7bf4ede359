#pragma once

#include <QList>
#include <QObject>
#include <QTimer>

#include <functional>

class QAbstractItemView;
class QHeaderView;
class QMenu;
class QSettings;
class QTableView;
class QTreeView;

namespace designer {

// What every table of the window can do: columns are chosen and ordered in a menu of the header, widths, order and
// choice are remembered, the selection is copied as text or as CSV. Owned by the view. GUI thread.
class TableHabits final : public QObject
{
    Q_OBJECT

public:
    // `key` of the settings: "monitor/runs". Columns without a title cannot be hidden. Call it when the view has its
    // model.
    TableHabits(QTableView *view, QSettings &settings, const QString &key, const QList<int> &hiddenAtFirst = {});
    TableHabits(QTreeView *view, QSettings &settings, const QString &key);

    void fillColumnMenu(QMenu *menu, int section = -1); // `section`: the one the menu is about
    void copyText(); // cells divided by tabs
    void copyCsv(); // with the titles; RFC 4180
    // For a model that does not hold all of its rows: is given the selected ones, and calls when they are there.
    using Prepare = std::function<void(const QList<int> &rows, std::function<void()> then)>;
    void prepareCopies(Prepare prepare) { m_prepare = std::move(prepare); }
    QList<int> selectedRows() const; // of a table
    void addCopyActions(QMenu *menu);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    TableHabits(QAbstractItemView *view,
                QHeaderView *header,
                QSettings &settings,
                const QString &key,
                const QList<int> &hiddenAtFirst);
    void restore();
    void keep();
    void resetColumns();
    void copy(QChar separator);
    QString text(QChar separator) const;
    QList<int> shownColumns() const; // in the order they are seen

    QAbstractItemView *m_view;
    QHeaderView *m_header;
    QSettings &m_settings;
    const QString m_key;
    const QList<int> m_hiddenAtFirst;
    QByteArray m_first; // the state before anything was restored
    QTimer m_keeping;
    Prepare m_prepare;
};

} // namespace designer
