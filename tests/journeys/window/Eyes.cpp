#include "tests/journeys/window/Eyes.h"

#include "designer/canvas/CanvasLook.h"
#include "designer/canvas/PipelineCanvas.h"
#include "designer/document/FactoryDocument.h"
#include "designer/shell/Workbench.h"
#include "tests/support/Watchdog.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QCryptographicHash>
#include <QCursor>
#include <QLabel>
#include <QLineEdit>
#include <QLocalServer>
#include <QLocalSocket>
#include <QMenu>
#include <QPlainTextEdit>
#include <QScreen>
#include <QTabBar>
#include <QTabWidget>
#include <QTextEdit>
#include <QTimer>
#include <QTreeView>

#include <cmath>

using namespace designer;
using namespace engine;

namespace tests {

namespace {

constexpr int idleMs = 30; // without a mouse or keyboard event

Json rectToJson(const QRect &rect)
{
    return {{"x", rect.x()}, {"y", rect.y()}, {"width", rect.width()}, {"height", rect.height()}};
}

// What of it is inside all it is inside of.
QRect shown(const QWidget *widget, const QRect &part)
{
    const auto *const area = qobject_cast<const QAbstractScrollArea *>(widget);
    if (area != nullptr) // what it shows covers it
        widget = area->viewport();
    const QRect visible = widget->visibleRegion().boundingRect() & part;
    return visible.isEmpty() ? QRect() : QRect(widget->mapToGlobal(visible.topLeft()), visible.size());
}

bool isReachable(const QWidget *widget)
{
    if (!widget->isVisible())
        return false;
    const QWidget *const modal = QApplication::activeModalWidget();
    return modal == nullptr || widget->window() == modal || widget->window()->windowType() == Qt::Popup
        || modal->isAncestorOf(widget);
}

QWidget *find(const QString &name)
{
    QWidget *best = nullptr;
    const QWidgetList all = QApplication::allWidgets();
    for (QWidget *const widget : all) {
        if (widget->objectName() == name && isReachable(widget)
            && (best == nullptr || (!best->isActiveWindow() && widget->isActiveWindow())))
            best = widget;
    }
    return best;
}

QString plain(QString text) { return text.remove(u'&'); }

// A button by what it says: those of message boxes have no names.
QWidget *findSaying(const QString &text)
{
    const QWidgetList all = QApplication::allWidgets();
    for (QWidget *const widget : all) {
        const auto *const button = qobject_cast<QAbstractButton *>(widget);
        if (button != nullptr && isReachable(button) && plain(button->text()) == text)
            return widget;
    }
    return nullptr;
}

QString valueOf(const QWidget *widget)
{
    if (const auto *const label = qobject_cast<const QLabel *>(widget))
        return label->text();
    if (const auto *const button = qobject_cast<const QAbstractButton *>(widget))
        return plain(button->text());
    if (const auto *const line = qobject_cast<const QLineEdit *>(widget))
        return line->text();
    if (const auto *const combo = qobject_cast<const QComboBox *>(widget))
        return combo->currentText();
    if (const auto *const text = qobject_cast<const QPlainTextEdit *>(widget))
        return text->toPlainText();
    if (const auto *const text = qobject_cast<const QTextEdit *>(widget))
        return text->toPlainText();
    if (const auto *const tabs = qobject_cast<const QTabBar *>(widget))
        return tabs->tabText(tabs->currentIndex());
    return widget->accessibleName();
}

Json describe(const QWidget *widget)
{
    if (widget == nullptr)
        return Json::object();
    Json json = rectToJson(shown(widget, widget->rect()));
    json["name"] = toStdString(widget->objectName());
    json["class"] = widget->metaObject()->className();
    json["value"] = toStdString(valueOf(widget));
    json["enabled"] = widget->isEnabled();
    json["focus"] = widget->hasFocus();
    json["active"] = widget->isActiveWindow(); // keys go there
    if (const auto *const button = qobject_cast<const QAbstractButton *>(widget))
        json["checked"] = button->isChecked();
    if (const auto *const combo = qobject_cast<const QComboBox *>(widget))
        json["isList"] = !combo->isEditable();
    return json;
}

QAbstractItemView *viewOf(const Json &question)
{
    QWidget *const widget = find(stringAt(question, "name"));
    if (auto *const view = qobject_cast<QAbstractItemView *>(widget))
        return view;
    return widget != nullptr ? widget->findChild<QAbstractItemView *>() : nullptr;
}

QModelIndex indexOf(const QAbstractItemView *view, const Json &question)
{
    const QAbstractItemModel *const model = view->model();
    const int column = int(intAt(question, "column", 0));
    if (question.contains("row"))
        return model->index(int(intAt(question, "row")), column, view->rootIndex());
    const QModelIndex start = model->index(0, column, view->rootIndex());
    const auto flags = Qt::MatchExactly | Qt::MatchRecursive | Qt::MatchWrap;
    const QModelIndexList found = model->match(start, Qt::DisplayRole, stringAt(question, "text"), 1, flags);
    return found.isEmpty() ? QModelIndex() : found.first();
}

// A cell of a table, a row of a tree: scrolled to, as a person would with the wheel.
Json seeRow(const Json &question)
{
    QAbstractItemView *const view = viewOf(question);
    if (view == nullptr)
        return Json::object();
    const QModelIndex index = indexOf(view, question);
    if (!index.isValid())
        return Json::object();
    view->scrollTo(index);
    Json json = rectToJson(shown(view->viewport(), view->visualRect(index)));
    json["value"] = toStdString(index.data().toString());
    json["current"] = view->currentIndex() == index;
    return json;
}

Json seeRows(const Json &question)
{
    const QAbstractItemView *const view = viewOf(question);
    Json rows = Json::array();
    for (int row = 0; view != nullptr && row < view->model()->rowCount(view->rootIndex()); ++row) {
        Json cells = Json::array();
        for (int column = 0; column < view->model()->columnCount(view->rootIndex()); ++column)
            cells.push_back(toStdString(view->model()->index(row, column, view->rootIndex()).data().toString()));
        rows.push_back(cells);
    }
    return {{"rows", rows}, {"row", view != nullptr ? view->currentIndex().row() : -1}};
}

Json seeTab(const Json &question)
{
    const QWidget *const widget = find(stringAt(question, "name"));
    const auto *const paged = qobject_cast<const QTabWidget *>(widget);
    const auto *const tabs = paged != nullptr ? paged->tabBar() : qobject_cast<const QTabBar *>(widget);
    for (int tab = 0; tabs != nullptr && tab < tabs->count(); ++tab) {
        if (plain(tabs->tabText(tab)).startsWith(stringAt(question, "text"))) {
            Json json = rectToJson(shown(tabs, tabs->tabRect(tab)));
            json["current"] = tabs->currentIndex() == tab;
            return json;
        }
    }
    return Json::object();
}

Json seeMenu(const Json &question)
{
    const auto *const menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    if (menu == nullptr)
        return Json::object();
    const QList<QAction *> actions = menu->actions();
    for (QAction *const action : actions) {
        if (plain(action->text()) == stringAt(question, "text") && action->isEnabled())
            return rectToJson(shown(menu, menu->actionGeometry(action)));
    }
    return Json::object();
}

// A place on the canvas, or on one of its activities in scene units from its corner.
Json seeNode(const Json &question)
{
    const QWidget *const shownCanvas = find(QStringLiteral("canvasView"));
    auto *const canvas = shownCanvas != nullptr ? qobject_cast<PipelineCanvas *>(shownCanvas->parentWidget()) : nullptr;
    const QHash<QString, QPointF> places = canvas != nullptr ? canvas->scene().positions() : QHash<QString, QPointF>();
    const auto place = places.constFind(stringAt(question, "text"));
    if (place == places.cend())
        return Json::object();
    CanvasView &view = canvas->view();
    const auto at = [&](const QPointF &offset) {
        const QPoint point = view.viewport()->mapToGlobal(view.mapFromScene(*place + offset));
        return Json{{"x", point.x()}, {"y", point.y()}, {"width", 1}, {"height", 1}};
    };
    Json json = at({100, 32});
    json["in"] = at({20, 32});
    json["succeeded"] = at({nodes::width, CanvasLook::portY(0)});
    json["selected"] = canvas->selection().contains(place.key());
    return json;
}

Json seeAll()
{
    Json all = Json::array();
    const QWidgetList widgets = QApplication::allWidgets();
    for (const QWidget *const widget : widgets) {
        if (isReachable(widget) && !widget->objectName().isEmpty() && !widget->objectName().startsWith(u"qt_")
            && (widget->focusPolicy() != Qt::NoFocus || qobject_cast<const QLabel *>(widget) != nullptr))
            all.push_back(describe(widget));
    }
    return {{"all", all}};
}

Json makePicture(const Json &question)
{
    const QPixmap screen = QGuiApplication::primaryScreen()->grabWindow(0);
    return {{"made", screen.save(stringAt(question, "path"))}};
}

} // namespace

Eyes::Eyes(Workbench &workbench, const QString &socket, QObject *parent)
    : QObject(parent)
    , m_workbench(workbench)
    , m_server(new QLocalServer(this))
{
    m_sinceInput.start();
    qApp->installEventFilter(this);
    connect(m_server, &QLocalServer::newConnection, this, [this] { listen(m_server->nextPendingConnection()); });
    if (!m_server->listen(socket))
        qFatal("nobody can look: %s", qPrintable(m_server->errorString()));
}

Eyes::~Eyes() { qApp->removeEventFilter(this); }

bool Eyes::eventFilter(QObject * /*watched*/, QEvent *event)
{
    switch (event->type()) {
    case QEvent::MouseButtonPress:
    case QEvent::MouseButtonRelease:
    case QEvent::MouseMove:
    case QEvent::KeyPress:
    case QEvent::KeyRelease:
    case QEvent::DragMove:
    case QEvent::Drop:
    case QEvent::WindowActivate:
        m_sinceInput.restart();
        break;
    default:
        break;
    }
    return false;
}

void Eyes::listen(QLocalSocket *socket)
{
    connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
        while (socket->canReadLine()) {
            const Result<Json> question = parseJson(socket->readLine(), {});
            if (question)
                answer(socket, *question);
        }
    });
    connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
}

void Eyes::answer(QLocalSocket *socket, const Json &question)
{
    if (stringAt(question, "see") == u"idle") {
        const WatchedApplication::Pause pause;
        QCursor::pos(); // waits for the X server's answer: what was sent before has arrived, and is handled next
        m_sinceInput.restart();
        answerWhenIdle(socket);
        return;
    }
    socket->write(toCompact(look(question)) + '\n');
    socket->flush();
}

void Eyes::answerWhenIdle(QLocalSocket *socket)
{
    if (m_sinceInput.elapsed() >= idleMs) {
        socket->write("{}\n");
        socket->flush();
        return;
    }
    QTimer::singleShot(10, socket, [this, socket] { answerWhenIdle(socket); });
}

Json Eyes::look(const Json &question) const
{
    const WatchedApplication::Pause pause; // the window does not look at itself
    const QString what = stringAt(question, "see");
    if (what == u"widget")
        return describe(find(stringAt(question, "name")));
    if (what == u"button")
        return describe(findSaying(stringAt(question, "text")));
    if (what == u"focus")
        return describe(QApplication::focusWidget());
    if (what == u"row")
        return seeRow(question);
    if (what == u"rows")
        return seeRows(question);
    if (what == u"tab")
        return seeTab(question);
    if (what == u"menu")
        return seeMenu(question);
    if (what == u"node")
        return seeNode(question);
    if (what == u"all")
        return seeAll();
    if (what == u"picture")
        return makePicture(question);
    if (what == u"document")
        return document();
    if (what == u"clipboard")
        return {{"value", toStdString(QGuiApplication::clipboard()->text())}};
    if (what == u"slow") {
        const auto *const application = static_cast<WatchedApplication *>(qApp);
        return {{"events", application->slowEvents()}, {"slowest", toStdString(application->slowest())}};
    }
    return Json::object();
}

Json Eyes::document() const
{
    const FactoryDocument *const document = m_workbench.document();
    if (document == nullptr)
        return Json::object();
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const QString &path : document->factory().files) {
        hash.addData(path.toUtf8());
        hash.addData(QByteArrayView("\n"));
        hash.addData(document->content(path));
        hash.addData(QByteArrayView("\n"));
    }
    return {{"folder", toStdString(document->folder())},
            {"state", hash.result().toHex().toStdString()},
            {"isDirty", document->isDirty()},
            {"steps", m_workbench.document()->undoStack().count()},
            {"step", m_workbench.document()->undoStack().index()},
            {"factory", toStdString(m_workbench.factory().text())},
            {"version", m_workbench.publishedVersion()}};
}

} // namespace tests

#include "moc_Eyes.cpp"
