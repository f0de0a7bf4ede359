#pragma once

#include "designer/shell/Workbench.h"

#include <QMainWindow>

class QButtonGroup;
class QLabel;
class QPushButton;
class QStackedWidget;

namespace designer {

class AuthorPage;
class CommandPalette;
class HomePage;
class ManagePage;
class ModelsPage;
class MessageBar;
class MonitorPage;
class OpenFactory;
class RecentFactories;
class StatusStrip;
class UnpublishedChanges;

// The one window: title strip, rail, the four places, messages and status. GUI thread.
class MainWindow final : public QMainWindow
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MainWindow)

public:
    explicit MainWindow(Workbench &workbench, QWidget *parent = nullptr);
    ~MainWindow() override;

    void openFactory(const QString &folder); // see OpenFactory
    // What a second start or a link was given: a folder, a file in a factory, or "slipway://…".
    void open(const QString &what);
    void openLast(); // the factory and the place of the last time
    void raiseToFront();

protected:
    void closeEvent(QCloseEvent *event) override;
    bool focusNextPrevChild(bool next) override; // as people read

private:
    enum Place { Home, Author, Monitor, Manage, Models, PlaceCount };

    QWidget *makeTitle();
    QWidget *makeRail();
    void makeActions();
    QAction *addAction(const QString &objectName,
                       const QString &text,
                       const QString &iconName,
                       const QList<QKeySequence> &keys,
                       std::function<void()> act);
    QWidget *page(Place place); // made at its first use
    using QMainWindow::show;
    void show(Place place);
    void go(const Link &link);
    void engineChanged();
    void documentChanged();
    void showTitle();

    void showSettings();
    void resetLayout();

    Workbench &m_workbench;
    UnpublishedChanges *m_changes;
    RecentFactories *m_recent;
    QLabel *m_title;
    QPushButton *m_search;
    QButtonGroup *m_rail;
    MessageBar *m_messages;
    QStackedWidget *m_pages;
    StatusStrip *m_status;
    CommandPalette *m_palette;
    OpenFactory *m_factories;
    HomePage *m_home = nullptr;
    AuthorPage *m_author = nullptr;
    MonitorPage *m_monitor = nullptr;
    ManagePage *m_manage = nullptr;
    ModelsPage *m_models = nullptr;
    bool m_isLeaving = false; // nothing more is to be asked
    bool m_isEngineLeft = false;
};

} // namespace designer
