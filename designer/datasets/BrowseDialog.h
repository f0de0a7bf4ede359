#pragma once

#include "designer/widgets/ReadingOrder.h"

#include "engine/base/Json.h"

class QLabel;
class QListWidget;
class QPushButton;
class QToolButton;

namespace designer {

class Workbench;

// Looks into a store through the engine: folders and files, or schemas and tables. GUI thread.
class BrowseDialog final : public Dialog
{
    Q_OBJECT

public:
    enum class Wants { FileOrFolder, Table };
    struct Entry
    {
        QString name;
        QString path;
        QString kind; // folder | file | schema | table | view | notebook
    };

    // `request` as of storeRequest().
    BrowseDialog(Workbench &workbench, engine::Json request, Wants wants, QWidget *parent = nullptr);

    void go(const QString &path);
    const Entry &chosen() const { return m_chosen; }

private:
    void show(const engine::Json &answer);
    void updateButtons();
    void enter(); // the current entry: into it, or take it
    std::optional<Entry> current() const;
    bool canBeTaken(const Entry &entry) const;

    Workbench &m_workbench;
    engine::Json m_request;
    Wants m_wants;
    QString m_path;
    Entry m_chosen;
    QLabel *m_place;
    QToolButton *m_up;
    QLabel *m_state;
    QListWidget *m_list;
    QPushButton *m_take;
    int m_asked = 0;
};

} // namespace designer
