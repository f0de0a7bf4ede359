#pragma once

#include <QFrame>
#include <QHash>
#include <QStringList>

#include <functional>

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace designer {

// A card of a page: a title line, where buttons may stand, and rows below it with lines between. A row is known by its
// key and stays the same widget while its key is there, so that nothing jumps and the focus stays. GUI thread.
class SectionCard : public QFrame
{
    Q_OBJECT

public:
    enum class Lines { Between, None };

    SectionCard(const QString &objectName, const QString &title, Lines lines = Lines::Between);

    void addToTitle(QWidget *widget); // at the end of the title line; owned by the card
    // Rows that are not in `keys` go, new ones are made, all stand in this order. Call it with none for empty().
    void setRows(const QStringList &keys, const std::function<QWidget *(const QString &key)> &make);
    QWidget *row(const QString &key) const { return m_rows.value(key); }
    int rowCount() const { return int(m_keys.size()); }
    // What stands there instead of rows: says what to do, and `offer` (may be null; the card's from then on) offers it.
    void setEmpty(const QString &text, QWidget *offer = nullptr);
    void setFooter(QWidget *footer); // below the rows, hidden until it is shown by its owner

private:
    void showEmpty();

    const Lines m_lines;
    QHBoxLayout *m_title;
    QVBoxLayout *m_column;
    QVBoxLayout *m_list;
    QWidget *m_empty;
    QLabel *m_emptyText;
    QWidget *m_offer = nullptr;
    QHash<QString, QWidget *> m_rows;
    QHash<QString, QWidget *> m_frames; // a row with the line above it
    QStringList m_keys;
};

} // namespace designer
