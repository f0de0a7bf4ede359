#include "designer/notebook/NotebookRunPage.h"

#include "designer/drift/DriftModel.h"
#include "designer/drift/DriftPanel.h"
#include "designer/notebook/CellList.h"
#include "designer/notebook/CellOutline.h"
#include "designer/notebook/CodeView.h"
#include "designer/notebook/NotebookRun.h"
#include "designer/notebook/NoticeCard.h"
#include "designer/notebook/RunFacts.h"
#include "designer/notebook/RunStory.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/ErrorCard.h"
#include "designer/widgets/ErrorReport.h"
#include "designer/widgets/Format.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QTabBar>
#include <QTabWidget>
#include <QTimer>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

constexpr int leftWidth = 366;
constexpr int refreshInterval = 50; // ms
constexpr int tickInterval = 500; // ms

Instant nowInstant() { return Instant(Millis(QDateTime::currentMSecsSinceEpoch())); }

QString firstLine(const QString &source)
{
    for (const QStringView line : QStringView(source).split(u'\n')) {
        if (!line.trimmed().isEmpty())
            return line.trimmed().toString().left(120);
    }
    return {};
}

bool isCode(const CellRecord &record) { return record.kind.isEmpty() || record.kind == u"code"; }

QString durationOf(const CellRecord &record)
{
    if (!record.start)
        return QStringLiteral("—");
    return durationText(record.end.value_or(nowInstant()) - *record.start);
}

// "3 succeeded · 1 failed · 2 not run"
QString summaryOf(const QList<NotebookRun::Cell> &cells)
{
    int succeeded = 0;
    int failed = 0;
    int running = 0;
    int notRun = 0;
    for (const NotebookRun::Cell &cell : cells) {
        if (!isCode(cell.record))
            continue;
        switch (cell.record.status) {
        case CellStatus::Succeeded:
        case CellStatus::FailedAllowed:
            ++succeeded;
            break;
        case CellStatus::Running:
            ++running;
            break;
        case CellStatus::Pending:
        case CellStatus::NotRun:
            ++notRun;
            break;
        case CellStatus::Skipped:
            break;
        default:
            ++failed;
        }
    }
    QStringList parts;
    if (succeeded > 0)
        parts += NotebookRunPage::tr("%n succeeded", nullptr, succeeded);
    if (failed > 0)
        parts += NotebookRunPage::tr("%n failed", nullptr, failed);
    if (running > 0)
        parts += NotebookRunPage::tr("%n running", nullptr, running);
    if (notRun > 0)
        parts += NotebookRunPage::tr("%n not run", nullptr, notRun);
    return parts.join(QStringLiteral(" · "));
}

} // namespace

NotebookRunPage::NotebookRunPage(Workbench &workbench, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_run(new NotebookRun(workbench.engine(), this))
    , m_list(new CellList)
    , m_tabs(new QTabWidget)
    , m_drift(new DriftPanel(workbench))
    , m_ticker(new QTimer(this))
    , m_refresh(new QTimer(this))
{
    setObjectName(QStringLiteral("notebookRunPage"));
    m_list->setSource({.estimatedHeight = [this](int index) { return CellCard::estimatedHeight(shownCell(index)); },
                       .make =
                           [this](int index) {
                               auto *const card = new CellCard(
                                   [this, index](int position, QObject *context, OutputView::WholeAnswer answer) {
                                       m_run->fetchOutput(index, position, context, std::move(answer));
                                   });
                               card->setCell(shownCell(index));
                               return card;
                           },
                       .mayGo =
                           [](QWidget *widget) {
                               const auto *const card = static_cast<CellCard *>(widget);
                               return !card->isTouched() && !card->isBusy();
                           }});
    auto *const split = new QSplitter(Qt::Horizontal);
    split->setHandleWidth(1);
    split->setChildrenCollapsible(false);
    split->addWidget(makeLeft());
    split->addWidget(makeRight());
    split->setStretchFactor(0, 0);
    split->setStretchFactor(1, 1);
    split->setSizes({scaled(leftWidth), 1000});
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(split);
    m_ticker->setInterval(tickInterval);
    connect(m_ticker, &QTimer::timeout, this, &NotebookRunPage::showOutline);
    m_refresh->setSingleShot(true);
    m_refresh->setInterval(refreshInterval);
    connect(m_refresh, &QTimer::timeout, this, &NotebookRunPage::refreshNow);
    connect(&workbench, &Workbench::zoneChanged, this, [this] {
        m_facts->refresh();
        showHead();
    });
    connectRun();
    addKeys();
}

NotebookRunPage::~NotebookRunPage() = default;

QWidget *NotebookRunPage::makeLeft()
{
    auto *const left = new QFrame;
    setLook(left, "panel");
    left->setMinimumWidth(240);
    auto *const layout = new QVBoxLayout(left);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto *const head = new QHBoxLayout;
    head->setContentsMargins(12, 0, 12, 0);
    auto *const title = label(tr("Cells"));
    title->setFont(themeFont(TypeSize::Body, QFont::DemiBold));
    title->setMinimumHeight(measure::title);
    head->addWidget(title);
    head->addStretch();
    m_summary = label({}, "secondary");
    m_summary->setObjectName(QStringLiteral("cellSummary"));
    head->addWidget(m_summary);
    layout->addLayout(head);
    layout->addWidget(lineAcross());
    m_outline = new CellOutline;
    layout->addWidget(m_outline, 1000);
    layout->addWidget(lineAcross());
    m_facts = new RunFacts(m_workbench, *m_run);
    layout->addWidget(m_facts);
    layout->addStretch(1);
    connect(m_facts, &RunFacts::driftRequested, this, &NotebookRunPage::goToDrift);
    connect(m_outline, &CellOutline::chosen, this, [this](int row) { goToCell(row + 1); });
    connect(m_outline, &CellOutline::opened, this, [this](int row) {
        goToCell(row + 1);
        if (QWidget *const card = m_list->cell(row)) {
            if (auto *const code = card->findChild<CodeView *>())
                code->setFocus();
        }
    });
    return left;
}

// What happened stays in sight above the cells.
QWidget *NotebookRunPage::makeRight()
{
    auto *const right = new QWidget;
    auto *const layout = new QVBoxLayout(right);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_head = new QWidget;
    auto *const head = new QVBoxLayout(m_head);
    head->setContentsMargins(16, 16, 26, 12); // the cells beside their scroll bar are as wide
    m_head->hide();
    layout->addWidget(m_head);
    nameTabs(m_tabs,
             QStringLiteral("notebookTabs"),
             tr("Cells and drift"),
             tr("Choose between the cells and the drift of what they scored"));
    m_tabs->setDocumentMode(true);
    m_tabs->setTabBarAutoHide(true);
    m_tabs->addTab(m_list, tr("Cells"));
    m_drift->setParent(this);
    m_drift->hide();
    layout->addWidget(m_tabs, 1);
    return right;
}

void NotebookRunPage::setHead(QWidget *card)
{
    delete std::exchange(m_headCard, card);
    if (card != nullptr)
        m_head->layout()->addWidget(card);
    m_head->setVisible(card != nullptr);
}

void NotebookRunPage::addKeys()
{
    const auto add = [this](const QKeySequence &keys, std::function<void()> act) {
        auto *const shortcut = new QShortcut(keys, this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, std::move(act));
    };
    add(QKeySequence(Qt::Key_N), [this] { goToProblem(1); });
    add(QKeySequence(Qt::Key_P), [this] { goToProblem(-1); });
    add(QKeySequence(Qt::Key_F5), [this] { m_run->reload(); });
}

void NotebookRunPage::connectRun()
{
    connect(m_run, &NotebookRun::loaded, this, &NotebookRunPage::showAll);
    connect(m_run, &NotebookRun::attemptShown, this, [this] {
        m_list->clear();
        m_hasGone = false;
        m_wantedCell = 0;
        showAll();
    });
    connect(m_run, &NotebookRun::cellsAdded, this, [this] { refreshSoon(-1); });
    connect(m_run, &NotebookRun::cellChanged, this, &NotebookRunPage::refreshSoon);
    connect(m_run, &NotebookRun::headChanged, this, [this] { refreshSoon(-1); });
}

void NotebookRunPage::show(const RunRecord &run, const ActivityRecord &activity, int cell)
{
    const bool isOther = m_run->activity().id != activity.id;
    m_wantedCell = cell;
    m_hasGone = false;
    if (isOther) {
        m_list->clear();
        m_outline->setRows({});
        m_headerKey.clear();
        setHead(nullptr);
    } else if (m_run->isLoaded()) {
        goToFirst();
    }
    m_run->load(run, activity);
}

void NotebookRunPage::refreshSoon(int cell)
{
    if (cell >= 0)
        m_changed.insert(cell);
    else
        m_headChanged = true;
    if (!m_refresh->isActive())
        m_refresh->start();
}

void NotebookRunPage::refreshNow()
{
    if (!m_run->isLoaded())
        return;
    if (m_list->count() != m_run->cells().size())
        m_list->setCount(int(m_run->cells().size()));
    for (const int cell : std::exchange(m_changed, {}))
        showCell(cell);
    showOutline();
    showHead();
    if (std::exchange(m_headChanged, false)) {
        m_facts->refresh();
        showDrift();
    }
}

void NotebookRunPage::showDrift()
{
    const ActivityRecord &activity = m_run->activity();
    const std::optional<DriftLevel> drift = driftOf(activity.output);
    const bool mayScore = stringAt(memberAt(activity.output, "slipway"), "kernel") == u"slipway-sql";
    const int tab = m_tabs->indexOf(m_drift);
    if (!drift && !mayScore) {
        if (tab >= 0) {
            m_tabs->removeTab(tab);
            m_drift->setParent(this);
            m_drift->hide();
        }
        return;
    }
    if (tab < 0)
        m_tabs->addTab(m_drift, tr("Drift"));
    const StatusLook look = driftLook(drift.value_or(DriftLevel::None));
    m_tabs->setTabIcon(m_tabs->indexOf(m_drift), drift > DriftLevel::None ? icon(look.icon, look.role) : QIcon());
    m_drift->setActivity(m_run->run(), activity);
}

void NotebookRunPage::goToDrift()
{
    if (m_tabs->indexOf(m_drift) >= 0)
        m_tabs->setCurrentWidget(m_drift);
}

void NotebookRunPage::showAll()
{
    m_changed.clear();
    m_list->setCount(int(m_run->cells().size()));
    for (int index = 0; index < m_list->count(); ++index)
        showCell(index);
    showOutline();
    showHead();
    m_facts->refresh();
    showDrift();
    if (!m_hasGone && m_run->isLoaded())
        goToFirst();
}

void NotebookRunPage::goToFirst()
{
    const int failed = m_run->failedCell();
    const int wanted = m_wantedCell > 0 ? m_wantedCell - 1 : failed >= 0 ? failed : qMax(0, m_run->runningCell());
    if (wanted >= m_run->cells().size())
        return;
    m_hasGone = true;
    goToCell(wanted + 1);
}

void NotebookRunPage::goToCell(int number)
{
    const int index = number - 1;
    if (index < 0 || index >= m_run->cells().size())
        return;
    m_tabs->setCurrentWidget(m_list);
    m_outline->setCurrentRow(index);
    m_list->scrollTo(index);
    const int line = m_run->cells().at(index).record.errorLine;
    if (const auto *const card = qobject_cast<CellCard *>(m_list->cell(index)); card && line > 0)
        m_list->scrollTo(index, card->lineTop(line));
}

void NotebookRunPage::goToProblem(int step)
{
    const int count = int(m_run->cells().size());
    int index = m_outline->currentRow();
    for (int tried = 0; tried < count; ++tried) {
        index = (index + step + count) % count;
        if (m_run->isProblem(index)) {
            goToCell(index + 1);
            return;
        }
    }
}

ShownCell NotebookRunPage::shownCell(int index) const
{
    const NotebookRun::Cell &cell = m_run->cells().at(index);
    const CellRecord &record = cell.record;
    ShownCell shown;
    shown.number = index + 1;
    shown.kind = record.kind;
    shown.language = record.kind == u"markdown" ? QStringLiteral("markdown") : record.language;
    shown.title = record.title;
    shown.source = record.source;
    if (isCode(record)) {
        shown.state = statusLook(record.status);
        shown.duration = durationOf(record);
    }
    shown.errorLine = record.errorLine;
    shown.isFailed = index == m_run->failedCell();
    shown.ename = record.ename;
    shown.evalue = record.evalue;
    shown.traceback = record.traceback;
    shown.warning = record.warning;
    shown.outputs = cell.outputs;
    if (!record.traceback.isEmpty()) {
        for (const NotebookRun::Cell &other : m_run->cells()) {
            if (other.record.executionCount)
                shown.cellOfCount.insert(*other.record.executionCount, other.record.index + 1);
        }
    }
    return shown;
}

void NotebookRunPage::showCell(int index)
{
    if (auto *const card = qobject_cast<CellCard *>(m_list->cell(index)))
        card->setCell(shownCell(index));
}

OutlineRow NotebookRunPage::outlineRow(int index) const
{
    const CellRecord &record = m_run->cells().at(index).record;
    OutlineRow row;
    row.number = index + 1;
    row.title = record.title.isEmpty() ? firstLine(record.source) : record.title;
    if (isCode(record)) {
        const StatusLook look = statusLook(record.status);
        row.icon = look.icon;
        row.role = look.role;
        row.state = look.word;
        row.duration = durationOf(record);
    } else {
        row.icon = QStringLiteral("file-text");
        row.role = IconRole::Hint;
        row.duration = QStringLiteral(" ");
    }
    return row;
}

void NotebookRunPage::showOutline()
{
    const QList<NotebookRun::Cell> &cells = m_run->cells();
    std::optional<Instant> first;
    std::optional<Instant> last;
    for (const NotebookRun::Cell &cell : cells) {
        if (!cell.record.start)
            continue;
        const Instant end = cell.record.end.value_or(nowInstant());
        first = first ? std::min(*first, *cell.record.start) : *cell.record.start;
        last = last ? std::max(*last, end) : end;
    }
    const double span = first ? std::max(1.0, double((*last - *first).count())) : 1;
    QList<OutlineRow> rows;
    for (int index = 0; index < cells.size(); ++index) {
        OutlineRow row = outlineRow(index);
        if (const CellRecord &record = cells.at(index).record; record.start && isCode(record)) {
            row.from = double((*record.start - *first).count()) / span;
            row.to = double((record.end.value_or(nowInstant()) - *first).count()) / span;
        }
        rows += row;
    }
    m_outline->setRows(rows);
    m_summary->setText(summaryOf(cells));
    const int running = m_run->runningCell();
    if (running < 0)
        m_ticker->stop();
    else if (!m_ticker->isActive())
        m_ticker->start();
    if (running >= 0)
        showCell(running);
}

void NotebookRunPage::showHead()
{
    const RunStory story = RunStory::of(*m_run, m_workbench.zone());
    const QString error = m_run->error() ? m_run->error()->message : QString();
    const QString key =
        QStringLiteral("%1|%2|%3|%4|%5").arg(int(story.tone)).arg(story.title, story.text, error).arg(story.canRerun);
    if (key == m_headerKey)
        return;
    m_headerKey = key;
    setHead(makeHeader());
}

QWidget *NotebookRunPage::makeHeader()
{
    if (m_run->error()) {
        auto *const card =
            new NoticeCard({{}, QStringLiteral("triangle-alert"), IconRole::Warn}, m_run->error()->message, {});
        QPushButton *const again = card->addButton(QStringLiteral("loadAgain"),
                                                   tr("Try again"),
                                                   QStringLiteral("refresh-cw"),
                                                   tr("Ask the engine again (F5)"));
        connect(again, &QPushButton::clicked, m_run, &NotebookRun::reload);
        return card;
    }
    const RunStory story = RunStory::of(*m_run, m_workbench.zone());
    const QString tip = tr("Start a new run of this version of the pipeline with the same parameters");
    if (story.tone == RunStory::Tone::Failure) {
        auto *const card = new ErrorCard;
        card->setTitle(story.title);
        card->setText(story.text);
        QPushButton *const button =
            card->addPrimaryButton(QStringLiteral("rerun"), tr("Rerun"), QStringLiteral("rotate-cw"), tip);
        connect(button, &QPushButton::clicked, this, &NotebookRunPage::rerun);
        card->setReport([this] { return errorReport(); });
        return card;
    }
    if (story.tone == RunStory::Tone::Notice) {
        auto *const card = new NoticeCard(story.look, story.title, story.text);
        if (story.hasDrift) {
            QPushButton *const button = card->addButton(QStringLiteral("showDrift"),
                                                        tr("Show drift"),
                                                        QStringLiteral("arrow-right"),
                                                        tr("See how far the score and each feature moved"));
            connect(button, &QPushButton::clicked, this, &NotebookRunPage::goToDrift);
        }
        if (story.canRerun) {
            QPushButton *const button =
                card->addButton(QStringLiteral("rerun"), tr("Rerun"), QStringLiteral("rotate-cw"), tip);
            connect(button, &QPushButton::clicked, this, &NotebookRunPage::rerun);
        }
        return card;
    }
    return nullptr;
}

QString NotebookRunPage::errorReport() const
{
    const int failed = m_run->failedCell();
    ErrorReport report;
    report.product =
        QStringLiteral("Slipway %1").arg(stringAt(m_workbench.engine().hello(), "version", QStringLiteral("?")));
    report.run = m_run->run();
    report.activity = &m_run->activity();
    report.cell = failed >= 0 ? &m_run->cells().at(failed).record : nullptr;
    report.zone = m_workbench.zone();
    return report.toString();
}

void NotebookRunPage::rerun()
{
    if (std::exchange(m_isAskingRerun, true))
        return;
    auto *const button = m_head->findChild<QPushButton *>(QStringLiteral("rerun"));
    if (button)
        button->setEnabled(false);
    const QString route = QStringLiteral("/slipway/v1/runs/%1/rerun").arg(encodedPath(m_run->run().id.text()));
    m_workbench.engine().post(route, Json::object(), this, [this](const Result<Json> &answer) {
        m_isAskingRerun = false;
        if (auto *const there = m_head->findChild<QPushButton *>(QStringLiteral("rerun")))
            there->setEnabled(true);
        if (answer)
            m_workbench.go(runLink(stringAt(*answer, "runId")));
        else
            m_workbench.tell(
                {.level = Message::Level::Error, .text = answer.error().message, .about = QStringLiteral("rerun")});
    });
}

} // namespace designer

#include "moc_NotebookRunPage.cpp"
