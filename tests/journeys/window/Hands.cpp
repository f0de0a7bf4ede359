#include "tests/journeys/window/Hands.h"

#include <QDir>
#include <QElapsedTimer>
#include <QThread>

using namespace engine;

namespace tests {

namespace {

constexpr int mostTabs = 120; // a ring of focus is shorter
constexpr int mostMoves = 50; // of the mouse after something that moves

QRect rectOf(const Json &json)
{
    return {int(intAt(json, "x")), int(intAt(json, "y")), int(intAt(json, "width")), int(intAt(json, "height"))};
}

Json widget(const QString &name) { return {{"see", "widget"}, {"name", toStdString(name)}}; }

Json row(const QString &view, const QString &text, int column)
{
    return {{"see", "row"}, {"name", toStdString(view)}, {"text", toStdString(text)}, {"column", column}};
}

Json node(const QString &activity) { return {{"see", "node"}, {"text", toStdString(activity)}}; }

} // namespace

bool Hands::fail(const QString &why)
{
    m_why = why;
    if (m_window.isRunning())
        picture(QStringLiteral("failed"));
    return false;
}

bool Hands::until(const std::function<bool()> &isSo, const QString &what, int timeoutMs)
{
    QElapsedTimer since;
    since.start();
    while (!isSo()) {
        if (since.elapsed() > timeoutMs || !m_window.isRunning())
            return fail(QStringLiteral("not seen: %1").arg(what));
        QThread::msleep(20); // no signal comes from another process
    }
    return true;
}

std::optional<QRect> Hands::place(Json question, int timeoutMs)
{
    QRect found;
    const auto isThere = [&] {
        const Json seen = see(question);
        const QRect now = rectOf(seen);
        const bool isStill = !now.isEmpty() && now == found && boolAt(seen, "enabled", true); // it does not move
        found = now;
        return isStill;
    };
    if (!until(isThere, QString::fromUtf8(toCompact(question)), timeoutMs))
        return std::nullopt;
    return found;
}

bool Hands::sees(const QString &name, int timeoutMs)
{
    const auto isActive = [&] { return boolAt(see(widget(name)), "active"); }; // a new dialog is so a little later
    return place(widget(name), timeoutMs).has_value() && until(isActive, name + QStringLiteral(" active"), timeoutMs);
}

bool Hands::isSettled(const std::function<bool()> &isSo)
{
    if (!isSo())
        return false;
    settle();
    return isSo();
}

bool Hands::seesRow(const QString &view, const QString &text, int timeoutMs)
{
    return place(row(view, text, 0), timeoutMs).has_value();
}

QString Hands::value(const QString &name) { return stringAt(see(widget(name)), "value"); }

bool Hands::says(const QString &name, const QString &text, int timeoutMs)
{
    return until([&] { return value(name).contains(text); }, name + QStringLiteral(": ") + text, timeoutMs);
}

void Hands::run(const QStringList &arguments)
{
    QProcess process;
    process.start(QStringLiteral("xdotool"), arguments);
    if (!process.waitForFinished(60000) || process.exitCode() != 0)
        qWarning("xdotool %s: %s", qPrintable(arguments.join(u' ')), process.readAllStandardError().constData());
    settle();
}

void Hands::settle() { (void)see({{"see", "idle"}}); }

void Hands::moveTo(const QPoint &onScreen)
{
    run({QStringLiteral("mousemove"), QString::number(onScreen.x()), QString::number(onScreen.y())});
}

void Hands::clickAt(const QPoint &onScreen, int button)
{
    moveTo(onScreen);
    run({QStringLiteral("click"), QString::number(button)});
}

// Its middle, where it still is when the mouse has come there.
bool Hands::clickOn(const Json &question)
{
    std::optional<QRect> at = place(question);
    for (int move = 0; at && move < mostMoves; ++move) {
        moveTo(at->center());
        const std::optional<QRect> now = place(question);
        if (now == at) {
            run({QStringLiteral("click"), QStringLiteral("1")});
            return true;
        }
        at = now;
    }
    return at ? fail(QStringLiteral("it does not stand still: %1").arg(QString::fromUtf8(toCompact(question)))) : false;
}

void Hands::doubleClickAt(const QPoint &onScreen)
{
    moveTo(onScreen);
    run({QStringLiteral("click"),
         QStringLiteral("--repeat"),
         QStringLiteral("2"),
         QStringLiteral("--delay"),
         QStringLiteral("60"),
         QStringLiteral("1")});
}

void Hands::drag(const QPoint &from, const QPoint &to)
{
    constexpr int steps = 8;
    QStringList gesture;
    const auto moveTo = [&gesture](const QPoint &point) {
        gesture << QStringLiteral("mousemove") << QString::number(point.x()) << QString::number(point.y())
                << QStringLiteral("sleep") << QStringLiteral("0.04");
    };
    moveTo(from);
    gesture << QStringLiteral("mousedown") << QStringLiteral("1") << QStringLiteral("sleep") << QStringLiteral("0.1");
    for (int step = 1; step <= steps; ++step)
        moveTo(from + (to - from) * step / steps);
    gesture << QStringLiteral("sleep") << QStringLiteral("0.1") << QStringLiteral("mouseup") << QStringLiteral("1");
    run(gesture);
}

bool Hands::click(const QString &name) { return clickOn(widget(name)); }

bool Hands::clickButton(const QString &text) { return clickOn({{"see", "button"}, {"text", toStdString(text)}}); }

bool Hands::clickRow(const QString &view, const QString &text, int column) { return clickOn(row(view, text, column)); }

bool Hands::openRow(const QString &view, const QString &text, int column)
{
    const auto at = place(row(view, text, column));
    if (at)
        doubleClickAt(at->center());
    return at.has_value();
}

bool Hands::clickTab(const QString &tabs, const QString &text)
{
    return clickOn({{"see", "tab"}, {"name", toStdString(tabs)}, {"text", toStdString(text)}});
}

bool Hands::chooseFromMenu(const QString &button, const QString &action)
{
    if (!click(button))
        return false;
    return clickOn({{"see", "menu"}, {"text", toStdString(action)}});
}

bool Hands::clickNode(const QString &activity)
{
    const auto at = place(node(activity));
    if (at)
        clickAt(at->topLeft());
    return at.has_value();
}

bool Hands::dragLink(const QString &from, const QString &to)
{
    const auto at = place(node(from));
    if (!at)
        return false;
    moveTo(at->topLeft()); // its ports appear
    const QPoint port = rectOf(memberAt(see(node(from)), "succeeded")).topLeft();
    drag(port, rectOf(memberAt(see(node(to)), "in")).topLeft());
    return true;
}

bool Hands::dragRowTo(const QString &view, const QString &text, const QPoint &to)
{
    const auto at = place(row(view, text, 0));
    if (at)
        drag(at->center(), to);
    return at.has_value();
}

bool Hands::fill(const QString &name, const QString &text)
{
    const auto isReady = [&] { // a form may still move: a problem it said has gone
        return clickOn(widget(name)) && (boolAt(see(widget(name)), "isList") || boolAt(see(widget(name)), "focus"));
    };
    if (!until(isReady, name))
        return false;
    const Json field = see(widget(name));
    if (!boolAt(field, "isList")) // else it is open now: its row is found by its beginning
        key(QStringLiteral("ctrl+a"));
    type(text);
    if (field.contains("isList"))
        key(QStringLiteral("Return"));
    return true;
}

bool Hands::choosePath(const QString &path)
{
    const QString field = QStringLiteral("fileNameEdit");
    const auto isTyped = [&] { // the dialog may have shown itself and not yet have the keyboard
        key(QStringLiteral("ctrl+a"));
        type(path);
        settle();
        return value(field) == path;
    };
    if (!sees(field) || !until(isTyped, path))
        return false;
    key(QStringLiteral("Return"));
    return true;
}

bool Hands::reach(const QString &name, const QString &key)
{
    if (!until([&] { return !see(widget(name)).empty(); }, name))
        return false;
    QStringList way;
    const auto focus = [this] { return stringAt(see({{"see", "focus"}}), "name"); };
    for (int tab = 0; tab < mostTabs; ++tab) {
        if (isSettled([&] { return focus() == name; }))
            return true;
        way.append(focus());
        this->key(key);
    }
    return fail(QStringLiteral("%1 is not reached by %2: %3").arg(name, key, way.join(u' ')));
}

bool Hands::press(const QString &name)
{
    if (!place(widget(name)) || !reach(name))
        return false;
    key(QStringLiteral("space"));
    return true;
}

bool Hands::write(const QString &name, const QString &text)
{
    if (!reach(name))
        return false;
    const bool isList = boolAt(see(widget(name)), "isList");
    key(isList ? QStringLiteral("space") : QStringLiteral("ctrl+a")); // opens the list
    type(text);
    if (isList)
        key(QStringLiteral("Return"));
    return true;
}

bool Hands::goToRow(const QString &view, const QString &text)
{
    if (!seesRow(view, text) || !reach(view))
        return false;
    key(QStringLiteral("Home"));
    for (int step = 0; step < mostTabs; ++step) {
        if (isSettled([&] { return boolAt(see(row(view, text, 0)), "current"); }))
            return true;
        key(QStringLiteral("Down"));
    }
    return fail(QStringLiteral("the row %1 of %2 is not reached").arg(text, view));
}

bool Hands::goToTab(const QString &tabs, const QString &text)
{
    const Json question = {{"see", "tab"}, {"name", toStdString(tabs)}, {"text", toStdString(text)}};
    if (!place(question) || !reach(tabs))
        return false;
    for (const char *const arrow : {"Right", "Left"}) {
        for (int step = 0; step < 8; ++step) {
            if (isSettled([&] { return boolAt(see(question), "current"); }))
                return true;
            key(QString::fromLatin1(arrow));
        }
    }
    return fail(QStringLiteral("the tab %1 of %2 is not reached").arg(text, tabs));
}

bool Hands::command(const QString &text)
{
    key(QStringLiteral("ctrl+k"));
    if (!sees(QStringLiteral("paletteField")))
        return false;
    type(text);
    const auto isCurrent = [&] {
        const Json seen = see({{"see", "rows"}, {"name", "paletteList"}});
        const Json &rows = memberAt(seen, "rows");
        const qint64 row = intAt(seen, "row", -1);
        return row >= 0 && row < qint64(rows.size())
            && toQString(rows[size_t(row)][0].get<std::string>()).startsWith(text);
    };
    if (!until(isCurrent, QStringLiteral("%1 in the command palette").arg(text)))
        return false;
    key(QStringLiteral("Return"));
    return true;
}

void Hands::key(const QString &keys) { run({QStringLiteral("key"), QStringLiteral("--clearmodifiers"), keys}); }

void Hands::keys(const QStringList &list)
{
    for (const QString &one : list)
        key(one);
}

void Hands::type(const QString &text)
{
    run({QStringLiteral("type"), QStringLiteral("--delay"), QStringLiteral("8"), QStringLiteral("--"), text});
}

void Hands::picture(const QString &name)
{
    settle();
    const QString folder = qEnvironmentVariable("SLIPWAY_ARTIFACTS", QDir::tempPath());
    QDir().mkpath(folder);
    const QString path = folder + u'/' + name + QStringLiteral(".png");
    if (!boolAt(see({{"see", "picture"}, {"path", toStdString(path)}}), "made"))
        qWarning("The picture %s cannot be written", qPrintable(path));
}

} // namespace tests
