#include "designer/shell/MainWindow.h"

#include "designer/author/AuthorPage.h"
#include "designer/document/FactoryDocument.h"
#include "designer/home/HomePage.h"
#include "designer/manage/BindingWatch.h"
#include "designer/manage/ManagePage.h"
#include "designer/models/ModelsPage.h"
#include "designer/monitor/MonitorPage.h"
#include "designer/shell/CommandPalette.h"
#include "designer/shell/MessageBar.h"
#include "designer/shell/OpenFactory.h"
#include "designer/shell/RecentFactories.h"
#include "designer/shell/SettingsDialog.h"
#include "designer/shell/StatusStrip.h"
#include "designer/shell/Theme.h"
#include "designer/shell/WindowSettings.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/IconLabel.h"
#include "designer/widgets/ReadingOrder.h"

#include <QAction>
#include <QButtonGroup>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

const QString geometryKey = QStringLiteral("window/geometry");
const QString placeKey = QStringLiteral("window/place");
const QString factoryKey = QStringLiteral("window/factory");
constexpr QSize firstSize(1600, 1000);
constexpr int railWidth = 64;
constexpr int searchWidth = 420;

} // namespace

MainWindow::MainWindow(Workbench &workbench, QWidget *parent)
    : QMainWindow(parent)
    , m_workbench(workbench)
    , m_changes(new UnpublishedChanges(workbench, this))
    , m_recent(new RecentFactories(workbench.settings(), this))
    , m_title(label(tr("Slipway")))
    , m_search(pushButton(QStringLiteral("openPalette"),
                          tr("Search actions, pipelines, runs, errors"),
                          QStringLiteral("search"),
                          tr("Search everything (Ctrl+K)")))
    , m_rail(new QButtonGroup(this))
    , m_messages(new MessageBar(workbench))
    , m_pages(new QStackedWidget)
    , m_status(new StatusStrip(workbench, *m_changes))
    , m_palette(new CommandPalette(workbench, this))
    , m_factories(new OpenFactory(workbench, *m_recent, this))
{
    setObjectName(QStringLiteral("mainWindow"));
    setMinimumSize(960, 600);
    resize(firstSize);
    auto *const whole = new QWidget;
    auto *const column = new QVBoxLayout(whole);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeTitle());
    auto *const middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addWidget(makeRail());
    auto *const right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(m_messages);
    right->addWidget(m_pages, 1);
    middle->addLayout(right, 1);
    column->addLayout(middle, 1);
    column->addWidget(m_status);
    setCentralWidget(whole);
    whole->setFocus(); // so that nothing is marked before a key is pressed
    for (int place = 0; place < PlaceCount; ++place)
        m_pages->addWidget(new QWidget); // until its page is made
    makeActions();

    connect(&workbench, &Workbench::went, this, &MainWindow::go);
    connect(&workbench, &Workbench::documentChanged, this, &MainWindow::documentChanged);
    new BindingWatch(workbench, BindingWatch::Voice::Aloud, this); // the window owns it
    connect(&workbench.engine(), &EngineConnection::stateChanged, this, &MainWindow::engineChanged);
    connect(&workbench.engine(), &EngineConnection::refused, this, [this](const Error &error) {
        m_workbench.tell({.level = Message::Level::Error, .text = error.message, .about = QStringLiteral("engine")});
    });
    connect(m_status, &StatusStrip::problemsRequested, this, [this] {
        show(Author);
        m_author->showProblems();
    });
    connect(m_status, &StatusStrip::publishRequested, this, [this] {
        show(Author);
        m_author->publish();
    });
    connect(m_factories, &OpenFactory::opened, this, [this](const Link &then) { go(then); });
    restoreGeometry(workbench.settings().value(geometryKey).toByteArray());
    page(Author); // its actions are the window's
    show(Home);
    engineChanged();
    showTitle();
}

MainWindow::~MainWindow() = default;

QWidget *MainWindow::makeTitle()
{
    auto *const strip = new QFrame;
    designer::setLook(strip, "titlebar");
    strip->setFixedHeight(qMax(measure::title, m_search->sizeHint().height() + 8));
    auto *const sign = new IconLabel(QStringLiteral("workflow"), IconRole::Accent);
    m_title->setObjectName(QStringLiteral("windowTitle"));
    m_title->setFont(themeFont(TypeSize::Body, QFont::DemiBold));
    m_title->setTextFormat(Qt::PlainText);
    designer::setLook(m_search, "search");
    m_search->setFixedWidth(scaled(searchWidth));
    m_search->setIcon(icon(QStringLiteral("search")));
    auto *const inside = new QHBoxLayout(m_search);
    inside->setContentsMargins(8, 0, 10, 0);
    inside->addStretch(1);
    inside->addWidget(label(QKeySequence(Qt::CTRL | Qt::Key_K).toString(QKeySequence::NativeText), "hint"));
    connect(m_search, &QPushButton::clicked, this, [this] { m_palette->open(); });
    auto *const row = new QGridLayout(strip);
    row->setContentsMargins(12, 0, 12, 0);
    auto *const left = new QHBoxLayout;
    left->setSpacing(14);
    left->addWidget(sign);
    left->addWidget(m_title, 1);
    row->addLayout(left, 0, 0);
    row->addWidget(m_search, 0, 1);
    row->setColumnStretch(0, 1);
    row->setColumnStretch(2, 1);
    return strip;
}

QWidget *MainWindow::makeRail()
{
    struct Entry
    {
        Place place;
        const char *objectName;
        QString text;
        const char16_t *icon;
        QString tip;
    };
    const Entry entries[] = {
        {Home, "railHome", tr("Home"), u"house", tr("Home: what needs attention (Alt+1)")},
        {Author, "railAuthor", tr("Author"), u"pencil", tr("Author: make pipelines (Alt+2)")},
        {Monitor, "railMonitor", tr("Monitor"), u"activity", tr("Monitor: every run (Alt+3)")},
        {Models, "railModels", tr("Models"), u"gauge", tr("Models: how good they are, and which one is used (Alt+5)")},
        {Manage, "railManage", tr("Manage"), u"settings", tr("Manage: services, triggers, kernels, engine (Alt+4)")}};
    auto *const rail = new QFrame;
    rail->setObjectName(QStringLiteral("rail"));
    designer::setLook(rail, "rail");
    rail->setFixedWidth(scaled(railWidth));
    auto *const column = new QVBoxLayout(rail);
    column->setContentsMargins(6, 8, 6, 8);
    column->setSpacing(4);
    for (const Entry &entry : entries) {
        QToolButton *const button =
            toolButton(QString::fromLatin1(entry.objectName), entry.text, QString::fromUtf16(entry.icon), entry.tip);
        button->setIcon(icon(QString::fromUtf16(entry.icon)));
        button->setIconSize({scaled(20), scaled(20) + 5}); // with room above the word
        button->setFont(themeFont(TypeSize::Caption));
        button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
        button->setCheckable(true);
        button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        button->setFixedHeight(qMax(50, scaled(50)));
        m_rail->addButton(button, entry.place);
        column->addWidget(button);
    }
    column->addStretch(1);
    connect(m_rail, &QButtonGroup::idClicked, this, [this](int id) { show(Place(id)); });
    return rail;
}

QAction *MainWindow::addAction(const QString &objectName,
                               const QString &text,
                               const QString &iconName,
                               const QList<QKeySequence> &keys,
                               std::function<void()> act)
{
    auto *const action = new QAction(icon(iconName, IconRole::Text), text, this);
    action->setObjectName(objectName);
    action->setShortcuts(keys);
    connect(action, &QAction::triggered, this, [act = std::move(act)] { act(); });
    QMainWindow::addAction(action);
    m_palette->addActions({action});
    return action;
}

void MainWindow::makeActions()
{
    QMainWindow::addAction(m_palette->openAction());
    addAction(QStringLiteral("goHome"),
              tr("Go to Home"),
              QStringLiteral("house"),
              {QKeySequence(Qt::ALT | Qt::Key_1)},
              [this] { show(Home); });
    addAction(QStringLiteral("goAuthor"),
              tr("Go to Author"),
              QStringLiteral("pencil"),
              {QKeySequence(Qt::ALT | Qt::Key_2)},
              [this] { show(Author); });
    addAction(QStringLiteral("goMonitor"),
              tr("Go to Monitor"),
              QStringLiteral("activity"),
              {QKeySequence(Qt::ALT | Qt::Key_3)},
              [this] { show(Monitor); });
    addAction(QStringLiteral("goManage"),
              tr("Go to Manage"),
              QStringLiteral("settings"),
              {QKeySequence(Qt::ALT | Qt::Key_4)},
              [this] { show(Manage); });
    addAction(QStringLiteral("goModels"),
              tr("Go to Models"),
              QStringLiteral("gauge"),
              {QKeySequence(Qt::ALT | Qt::Key_5)},
              [this] { show(Models); });
    addAction(QStringLiteral("newFactory"), tr("New factory…"), QStringLiteral("folder-plus"), {}, [this] {
        m_factories->makeNew();
    });
    addAction(QStringLiteral("openFactory"),
              tr("Open a factory…"),
              QStringLiteral("folder-open"),
              QKeySequence::keyBindings(QKeySequence::Open),
              [this] { m_factories->choose(); });
    addAction(QStringLiteral("openSample"), tr("Open the Titanic sample"), QStringLiteral("ship"), {}, [this] {
        m_factories->openSample();
    });
    addAction(QStringLiteral("settings"),
              tr("Settings…"),
              QStringLiteral("sliders-horizontal"),
              {QKeySequence(Qt::CTRL | Qt::Key_Comma)},
              [this] { showSettings(); });
    addAction(QStringLiteral("fullScreen"),
              tr("Full screen"),
              QStringLiteral("maximize"),
              {QKeySequence(Qt::Key_F11)},
              [this] { setWindowState(windowState() ^ Qt::WindowFullScreen); });
    addAction(QStringLiteral("quit"),
              tr("Quit"),
              QStringLiteral("log-out"),
              QKeySequence::keyBindings(QKeySequence::Quit),
              [this] { close(); });
}

QWidget *MainWindow::page(Place place)
{
    const auto put = [this, place](QWidget *made) {
        QWidget *const before = m_pages->widget(place);
        m_pages->insertWidget(place, made);
        m_pages->removeWidget(before);
        before->deleteLater();
        return made;
    };
    switch (place) {
    case Home:
        if (!m_home) {
            m_home = new HomePage(m_workbench, *m_recent);
            connect(m_home, &HomePage::newFactoryRequested, m_factories, &OpenFactory::makeNew);
            connect(m_home, &HomePage::openFactoryRequested, m_factories, &OpenFactory::choose);
            connect(m_home, &HomePage::sampleRequested, m_factories, &OpenFactory::openSample);
            connect(m_home, &HomePage::recentRequested, this, [this](const QString &folder) { openFactory(folder); });
            put(m_home);
        }
        return m_home;
    case Author:
        if (!m_author) {
            m_author = new AuthorPage(m_workbench, *m_changes);
            for (QAction *const action : m_author->pageActions())
                QMainWindow::addAction(action);
            m_palette->addActions(m_author->pageActions());
            put(m_author);
        }
        return m_author;
    case Monitor:
        if (!m_monitor)
            put(m_monitor = new MonitorPage(m_workbench));
        return m_monitor;
    case Models:
        if (!m_models)
            put(m_models = new ModelsPage(m_workbench));
        return m_models;
    case Manage:
    case PlaceCount:
        break;
    }
    if (!m_manage)
        put(m_manage = new ManagePage(m_workbench));
    return m_manage;
}

void MainWindow::show(Place place)
{
    QWidget *const shown = page(place);
    m_pages->setCurrentWidget(shown);
    if (QAbstractButton *const button = m_rail->button(place))
        button->setChecked(true);
    const bool isAuthor = place == Author; // its keys work where it is seen
    for (QAction *const action : m_author->pageActions()) {
        const bool everywhere = action->objectName() == u"save" || action->objectName() == u"publish"
            || action->objectName() == u"undo" || action->objectName() == u"redo";
        action->setVisible(true);
        if (!everywhere)
            action->setShortcutContext(isAuthor ? Qt::WindowShortcut : Qt::WidgetShortcut);
    }
    m_workbench.settings().setValue(placeKey, int(place));
}

void MainWindow::go(const Link &link)
{
    switch (link.kind) {
    case Link::Kind::Home:
        show(Home);
        return;
    case Link::Kind::Author:
        show(Author);
        return;
    case Link::Kind::Entity:
        show(Author);
        m_author->go(link);
        return;
    case Link::Kind::Monitor:
    case Link::Kind::Run:
    case Link::Kind::ActivityRun:
        show(Monitor);
        m_monitor->go(link);
        return;
    case Link::Kind::Models:
        show(Models);
        m_models->go(link);
        return;
    case Link::Kind::Manage:
        show(Manage);
        m_manage->go(link);
        return;
    }
}

void MainWindow::openFactory(const QString &folder) { m_factories->open(folder); }

void MainWindow::open(const QString &what)
{
    if (what.startsWith(u"slipway://"))
        go(Link::fromString(what));
    else if (!what.isEmpty())
        m_factories->openPath(what);
}

void MainWindow::openLast()
{
    const QString folder = m_workbench.settings().value(factoryKey).toString();
    const int place = m_workbench.settings().value(placeKey).toInt();
    Link then;
    then.kind = place == Author ? Link::Kind::Author
        : place == Monitor      ? Link::Kind::Monitor
        : place == Manage       ? Link::Kind::Manage
        : place == Models       ? Link::Kind::Models
                                : Link::Kind::Home;
    if (folder.isEmpty())
        go(then);
    else
        m_factories->open(folder, then);
}

void MainWindow::raiseToFront()
{
    setWindowState(windowState() & ~Qt::WindowMinimized);
    raise();
    activateWindow();
}

void MainWindow::engineChanged()
{
    EngineConnection &engine = m_workbench.engine();
    const QString about = QStringLiteral("engine");
    switch (engine.state()) {
    case EngineConnection::State::Running:
        m_workbench.withdraw(about);
        if (boolAt(engine.hello(), "degraded"))
            m_workbench.tell(
                {.level = Message::Level::Error, .text = stringAt(engine.hello(), "degradedReason"), .about = about});
        return;
    case EngineConnection::State::OtherBuild:
        m_workbench.tell({.level = Message::Level::Warning,
                          .text = tr("The engine that runs is of another build (%1) than this window.")
                                      .arg(stringAt(engine.hello(), "buildId")),
                          .action = tr("Restart the engine"),
                          .act = [this] { m_workbench.engine().restart(); },
                          .about = about});
        return;
    case EngineConnection::State::Failed:
        m_workbench.tell({.level = Message::Level::Error,
                          .text = engine.error().message,
                          .detail = engine.error().where,
                          .action = tr("Try again"),
                          .act = [this] { m_workbench.engine().start(); },
                          .about = about});
        return;
    case EngineConnection::State::Connecting:
    case EngineConnection::State::Stopped:
        return;
    }
}

void MainWindow::documentChanged()
{
    const FactoryDocument *const document = m_workbench.document();
    m_workbench.settings().setValue(factoryKey, document ? document->folder() : QString());
    if (document) {
        connect(document, &FactoryDocument::dirtyChanged, this, &MainWindow::showTitle);
        m_recent->add(document->folder(), document->name());
    }
    showTitle();
}

void MainWindow::showTitle()
{
    const FactoryDocument *const document = m_workbench.document();
    const QString shown = document ? tr("%1 — Slipway").arg(document->name()) : tr("Slipway");
    const bool isDirty = document && document->isDirty();
    m_title->setText(isDirty ? shown + QStringLiteral(" •") : shown);
    m_title->setToolTip(document ? document->folder() : QString());
    setWindowTitle(shown + QStringLiteral("[*]"));
    setWindowModified(isDirty);
}

void MainWindow::showSettings()
{
    SettingsDialog dialog(m_workbench, this);
    connect(&dialog, &SettingsDialog::layoutReset, this, &MainWindow::resetLayout);
    dialog.exec();
}

void MainWindow::resetLayout()
{
    setWindowState(windowState() & ~(Qt::WindowMaximized | Qt::WindowFullScreen));
    const QRect room = screen()->availableGeometry();
    resize(firstSize.boundedTo(room.size()));
    if (!room.contains(geometry()))
        move(room.center() - rect().center());
    m_workbench.resetLayout();
}

bool MainWindow::focusNextPrevChild(bool next) { return goToStop(*this, next); }

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (!m_isLeaving && !m_factories->mayLeave([this] {
            m_isLeaving = true;
            close();
        })) {
        event->ignore();
        return;
    }
    m_isLeaving = true;
    if (!m_isEngineLeft && m_workbench.engine().isOwn() && !choice::keepsEngine(m_workbench.settings())) {
        m_isEngineLeft = true;
        m_workbench.engine().leave(this, [this] { close(); });
        event->ignore();
        return;
    }
    m_workbench.settings().setValue(geometryKey, saveGeometry());
    m_author->saveState();
    m_workbench.settings().sync();
    QMainWindow::closeEvent(event);
}

} // namespace designer

#include "moc_MainWindow.cpp"
