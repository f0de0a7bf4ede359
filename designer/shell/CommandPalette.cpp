#include "designer/shell/CommandPalette.h"

#include "designer/document/FactoryDocument.h"
#include "designer/shell/FuzzyMatch.h"
#include "designer/shell/PaletteDelegate.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/Format.h"
#include "designer/widgets/StatusLook.h"
#include "engine/model/ActivityDescriptor.h"
#include "engine/records/Records.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QSettings>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace designer {

using namespace engine;

namespace {

const QString recentKey = QStringLiteral("palette/recent");
constexpr int activitiesMost = 3000; // what is typed is compared with each of them
constexpr int recentMost = 20;
constexpr int foundMost = 100;
constexpr int runsMost = 12;
constexpr int runsFrom = 2; // letters
constexpr int runsAfterMs = 150;
constexpr int widest = 620;
constexpr int linesShown = 12;

QString plainText(const QAction &action)
{
    QString text = action.text();
    text.remove(u'&');
    return text;
}

QString keyOf(const QAction &action)
{
    return QStringLiteral("action/") + (action.objectName().isEmpty() ? plainText(action) : action.objectName());
}

} // namespace

CommandPalette::CommandPalette(Workbench &workbench, QWidget *window)
    : QFrame(window)
    , m_workbench(workbench)
    , m_window(window)
    , m_openAction(new QAction(tr("Search actions, pipelines, runs, errors"), this))
    , m_field(searchField(QStringLiteral("paletteField"),
                          tr("Search actions, pipelines, runs, errors"),
                          tr("Type what you want to do or to find; arrow keys choose, Enter opens, Esc closes")))
    , m_view(new QListView)
    , m_hint(label({}, "hint"))
    , m_model(new PaletteModel(this))
    , m_runTimer(new QTimer(this))
    , m_recent(workbench.settings().value(recentKey).toStringList())
{
    setObjectName(QStringLiteral("commandPalette"));
    setAccessibleName(tr("Command palette"));
    m_openAction->setObjectName(QStringLiteral("openCommandPalette"));
    m_openAction->setShortcuts({QKeySequence(Qt::CTRL | Qt::Key_K), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P)});
    connect(m_openAction, &QAction::triggered, this, &CommandPalette::open);
    window->addAction(m_openAction);

    name(m_view, QStringLiteral("paletteList"), tr("What was found"), tr("Enter or a click opens it"));
    m_view->setModel(m_model);
    m_view->setItemDelegate(new PaletteDelegate(m_view));
    m_view->setUniformItemSizes(true);
    m_view->setMouseTracking(true);
    m_view->setFocusPolicy(Qt::NoFocus); // the field has the keys
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->viewport()->setAutoFillBackground(false);
    setLook(m_view, "raised");

    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    column->setSpacing(8);
    column->addWidget(m_field);
    column->addWidget(m_view, 1);
    column->addWidget(m_hint);
    m_hint->setContentsMargins(8, 0, 8, 0);
    m_hint->setTextFormat(Qt::PlainText);
    hide();

    m_runTimer->setSingleShot(true);
    m_runTimer->setInterval(runsAfterMs);
    connect(m_runTimer, &QTimer::timeout, this, &CommandPalette::searchRuns);
    connect(m_field, &QLineEdit::textChanged, this, &CommandPalette::search);
    connect(m_view, &QListView::clicked, this, &CommandPalette::choose);
    m_field->installEventFilter(this);
    window->installEventFilter(this);
}

void CommandPalette::addActions(const QList<QAction *> &actions)
{
    for (QAction *const action : actions) {
        if (action != m_openAction && !m_actions.contains(action))
            m_actions.append(action);
    }
}

void CommandPalette::open()
{
    if (!isVisible()) {
        m_focusBefore = QApplication::focusWidget();
        qApp->installEventFilter(this); // for clicks beside it
    }
    collect();
    m_field->clear();
    search();
    QFrame::show();
    raise();
    m_field->setFocus(Qt::ShortcutFocusReason);
}

void CommandPalette::close(bool returnsFocus)
{
    if (!isVisible())
        return;
    m_runTimer->stop();
    qApp->removeEventFilter(this);
    hide();
    if (returnsFocus && m_focusBefore && m_focusBefore->isVisible())
        m_focusBefore->setFocus(Qt::OtherFocusReason);
}

void CommandPalette::collect()
{
    m_all.clear();
    m_actions.removeAll(nullptr);
    for (const QPointer<QAction> &action : std::as_const(m_actions)) {
        if (!action->isVisible() || !action->isEnabled() || action->isSeparator() || action->text().isEmpty())
            continue;
        PaletteRow row;
        row.key = keyOf(*action);
        row.title = plainText(*action);
        row.kind = tr("Action");
        row.shortcut = action->shortcut().toString(QKeySequence::NativeText);
        row.icon = QStringLiteral("zap");
        row.action = action;
        const auto isSame = [&row](const PaletteRow &other) { return other.key == row.key; };
        if (std::none_of(m_all.cbegin(), m_all.cend(), isSame))
            m_all.append(row);
    }
    FactoryDocument *const document = m_workbench.document();
    if (!document)
        return;
    for (const EntityKind kind : allKinds) {
        for (const EntityRef &ref : document->entities(kind)) {
            PaletteRow row;
            row.key = ref.toString();
            row.title = ref.shownName();
            if (row.title != ref.name)
                row.detail = ref.name;
            row.kind = titleOf(kind);
            row.icon = iconOf(kind);
            row.role = IconRole::Accent;
            row.link = entityLink(ref.toString());
            m_all.append(row);
        }
    }
    collectActivities(*document);
}

// At any depth: they are found in the containers they are in.
void CommandPalette::collectActivities(const FactoryDocument &document)
{
    int left = activitiesMost;
    for (const engine::Pipeline &pipeline : document.factory().pipelines) {
        const QString owner = EntityRef{EntityKind::Pipeline, pipeline.name}.toString();
        engine::visitActivities(pipeline, [&](const engine::Activity &activity, const QString &place) {
            if (activity.name.isEmpty() || --left < 0)
                return;
            const engine::ActivityDescriptor *const descriptor = engine::activityDescriptor(activity.type);
            PaletteRow row;
            row.key = owner + u'/' + activity.name;
            row.title = activity.name;
            row.detail = pipeline.name;
            row.kind = descriptor ? descriptor->title : activity.type;
            row.icon = descriptor ? descriptor->icon : QStringLiteral("circle-help");
            row.role = IconRole::Secondary;
            row.link = entityLink(owner, place);
            m_all.append(row);
        });
    }
}

void CommandPalette::search()
{
    const QString query = m_field->text().trimmed();
    m_found = foundRows(query, m_all, m_recent, foundMost);
    m_runs.clear();
    m_isSearchingRuns = query.size() >= runsFrom && m_workbench.engine().isRunning();
    if (m_isSearchingRuns)
        m_runTimer->start();
    else
        m_runTimer->stop();
    show(m_runs);
    m_view->setCurrentIndex(m_model->index(0, 0));
    m_view->scrollToTop();
}

void CommandPalette::searchRuns()
{
    const QString query = m_field->text().trimmed();
    const Json body{{"text", toStdString(query)}, {"limit", runsMost}};
    m_workbench.engine().post(
        QStringLiteral("/slipway/v1/runs/query"), body, this, [this, query](const Result<Json> &answer) {
            if (query != m_field->text().trimmed())
                return; // of what was typed before
            m_isSearchingRuns = false;
            QList<PaletteRow> runs;
            if (answer) {
                for (const Json &json : memberAt(*answer, "value")) {
                    const RunRecord run = runRecordFromJson(json);
                    const StatusLook look = statusLook(run.status);
                    PaletteRow row;
                    row.key = QStringLiteral("run/") + run.id.text();
                    row.title = run.pipeline;
                    const QStringList parts{timeText(run.start.value_or(run.queuedAt), m_workbench.zone()),
                                            causeText(run.message).section(u'\n', 0, 0)};
                    row.detail = parts.last().isEmpty() ? parts.first() : parts.join(QStringLiteral(" · "));
                    row.kind = tr("Run: %1").arg(look.word);
                    row.icon = look.icon;
                    row.role = look.role;
                    row.link = runLink(run.id.text());
                    if (const auto match = fuzzyMatch(query, row.title + u'\n' + row.detail))
                        mark(row, match->positions);
                    runs.append(row);
                }
            }
            show(runs);
        });
}

void CommandPalette::show(const QList<PaletteRow> &runs)
{
    m_runs = runs;
    const bool hadNone = m_model->rowCount() == 0;
    m_model->setRows(m_found + m_runs);
    if (hadNone || !m_view->currentIndex().isValid())
        m_view->setCurrentIndex(m_model->index(0, 0));
    sayWhatIsMissing();
    place();
}

void CommandPalette::sayWhatIsMissing()
{
    QString text = tr("Arrow keys choose, Enter opens, Esc closes");
    if (m_isSearchingRuns)
        text = tr("Searching runs and errors…");
    else if (m_model->rowCount() == 0)
        text = tr("Nothing matches “%1”. Try fewer letters.").arg(m_field->text().left(60));
    if (m_workbench.engine().state() == EngineConnection::State::OtherBuild)
        text += QStringLiteral(" · ") + tr("Runs are not searched: the engine is of another build");
    else if (!m_workbench.engine().isRunning())
        text += QStringLiteral(" · ") + tr("Runs are not searched: the engine is not running");
    m_hint->setText(text);
}

void CommandPalette::choose(const QModelIndex &index)
{
    if (!index.isValid())
        return;
    const PaletteRow row = m_model->row(index.row());
    close(true);
    m_recent.removeAll(row.key);
    m_recent.prepend(row.key);
    m_recent = m_recent.mid(0, recentMost);
    m_workbench.settings().setValue(recentKey, m_recent);
    if (!row.action) {
        if (!row.key.startsWith(QLatin1String("action/")))
            m_workbench.go(row.link);
        return;
    }
    // From the event loop: the palette is gone when the action opens a dialog.
    QMetaObject::invokeMethod(row.action, &QAction::trigger, Qt::QueuedConnection);
}

bool CommandPalette::keyPressed(int key)
{
    const int rows = m_model->rowCount();
    const int now = m_view->currentIndex().row();
    const auto go = [&](int row) {
        if (rows > 0)
            m_view->setCurrentIndex(m_model->index(qBound(0, row, rows - 1), 0));
        return true;
    };
    switch (key) {
    case Qt::Key_Escape:
        close(true);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        choose(m_view->currentIndex());
        return true;
    case Qt::Key_Down:
        return go(now + 1 == rows ? 0 : now + 1);
    case Qt::Key_Up:
        return go(now <= 0 ? rows - 1 : now - 1);
    case Qt::Key_PageDown:
        return go(now + linesShown - 1);
    case Qt::Key_PageUp:
        return go(now - linesShown + 1);
    case Qt::Key_Tab:
    case Qt::Key_Backtab:
        return true; // there is nowhere else to go to
    default:
        return false;
    }
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_window && event->type() == QEvent::Resize && isVisible())
        place();
    if (event->type() == QEvent::MouseButtonPress && isVisible()) {
        auto *const widget = qobject_cast<QWidget *>(watched);
        if (widget && widget != this && !isAncestorOf(widget))
            close(false);
    }
    if (watched != m_field)
        return QFrame::eventFilter(watched, event);
    if (event->type() == QEvent::KeyPress)
        return keyPressed(static_cast<QKeyEvent *>(event)->key());
    if (event->type() == QEvent::FocusOut) {
        const Qt::FocusReason reason = static_cast<QFocusEvent *>(event)->reason();
        if (reason != Qt::PopupFocusReason && reason != Qt::ActiveWindowFocusReason)
            close(false); // a click beside it
    }
    return QFrame::eventFilter(watched, event);
}

void CommandPalette::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::FontChange && isVisible())
        place();
}

void CommandPalette::place()
{
    const int wide = qMin(widest, m_window->width() - 48);
    const int line = qMax(measure::tableRow, fontMetrics().height() + 12);
    const int lines = qBound(1, m_model->rowCount(), linesShown);
    const int around = m_field->sizeHint().height() + m_hint->sizeHint().height() + 4 * 8 + 2;
    const int tall = qMin(lines * line + around, m_window->height() - 24);
    setGeometry((m_window->width() - wide) / 2, 6, wide, tall);
}

void CommandPalette::paintEvent(QPaintEvent * /*event*/)
{
    const Theme &theme = Theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme.line2);
    painter.setBrush(theme.raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), measure::cardRadius, measure::cardRadius);
}

} // namespace designer

#include "moc_CommandPalette.cpp"
