#pragma once

#include <QFrame>
#include <QList>

class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;

namespace designer {

// A small window to choose one thing of many by typing: what to add, what to connect to. Enter or a click chooses, Esc
// or a click elsewhere closes without.
class PickList final : public QFrame
{
    Q_OBJECT

public:
    struct Entry
    {
        QString id;
        QString text;
        QString hint; // after it, secondary: a group, a type
        QString icon;
    };

    explicit PickList(const QString &objectName, QWidget *parent);

    // `choices`: how, asked above the list when there are any.
    void
    open(const QString &title, const QList<Entry> &entries, const QPoint &globalPlace, const QStringList &choices = {});

signals:
    void picked(const QString &id, int choice); // the window is closed by then

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void filter(const QString &text);
    void pickCurrent();

    QLabel *m_title;
    QComboBox *m_choice;
    QLineEdit *m_search;
    QListWidget *m_list;
    QLabel *m_nothing;
};

} // namespace designer
