#pragma once

#include "designer/notebook/CellCard.h"
#include "engine/base/Result.h"

#include <QWidget>

class QAction;
class QFileSystemWatcher;
class QLabel;
class QStackedWidget;
class QTimer;

namespace designer {

class CellList;
class CellOutline;

// A notebook file as one reads it: source with colours, text as a page, the outputs that are stored in it, an outline.
// Follows the file on disk. Reading and decoding are done on the pool. GUI thread.
class NotebookView final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NotebookView)

public:
    explicit NotebookView(QWidget *parent = nullptr);
    ~NotebookView() override;

    void open(const QString &file); // absolute path; .ipynb, .py, .sql, .r
    const QString &file() const { return m_file; }
    int cellCount() const { return int(m_cells.size()); }
    void goToCell(int number); // 1-based; also before the file is read

    QAction *openExternallyAction() const { return m_openExternally; }
    QAction *revealAction() const { return m_reveal; }

signals:
    void read(); // the file, for the first time or again; or it could not be read
    void failed(const QString &message); // nothing on this machine opens it

private:
    struct Content;

    QWidget *makeCells();
    QWidget *makeEmptyState();
    void readLater();
    void readNow();
    void take(const engine::Result<Content> &content, const QByteArray &stamp);
    void showEmptyState(const QString &title, const QString &text);
    void fillOutline();
    void watch();
    void openExternally();
    void reveal();

    QString m_file;
    QByteArray m_stamp; // of what is shown: size and time of the file
    QList<ShownCell> m_cells;
    int m_wantedCell = 0;
    int m_serial = 0;

    QFileSystemWatcher *m_watcher;
    QTimer *m_readTimer;
    QAction *m_openExternally;
    QAction *m_reveal;
    QStackedWidget *m_pages;
    CellOutline *m_outline;
    QLabel *m_summary;
    CellList *m_list;
    QLabel *m_emptyTitle;
    QLabel *m_emptyText;
};

} // namespace designer
