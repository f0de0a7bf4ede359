#include "designer/monitor/RunFilterBar.h"

#include "designer/monitor/Now.h"
#include "designer/monitor/TimeRangeDialog.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/Format.h"
#include "designer/widgets/MenuButton.h"
#include "designer/widgets/StatusLook.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QLineEdit>

#include <array>

namespace designer {

using namespace engine;

namespace {

constexpr int typingMs = 250; // a pause in typing asks the engine
constexpr int longestName = 260; // pixels of a name in a menu

constexpr std::array statuses{RunStatus::Queued,
                              RunStatus::InProgress,
                              RunStatus::Canceling,
                              RunStatus::Succeeded,
                              RunStatus::Failed,
                              RunStatus::Cancelled};

QString forMenu(QString text) { return text.replace(u'&', QStringLiteral("&&")); }

} // namespace

RunFilterBar::RunFilterBar(Workbench &workbench, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_search(designer::searchField(QStringLiteral("runSearch"),
                                     tr("Name, run id, error text…"),
                                     tr("Show runs whose name, id or error contains this text (Ctrl+F)")))
    , m_span(new MenuButton(QStringLiteral("runSpan"), QStringLiteral("calendar"), tr("When the runs started")))
    , m_status(new MenuButton(QStringLiteral("runStatus"), {}, tr("Which states are shown")))
    , m_pipeline(new MenuButton(
          QStringLiteral("runPipelines"), QStringLiteral("list-filter"), tr("Which pipelines are shown")))
    , m_scope(new MenuButton(QStringLiteral("runScope"), QStringLiteral("folder"), tr("Runs of which factories")))
    , m_kind(new MenuButton(
          QStringLiteral("runKind"), QStringLiteral("bug"), tr("Runs of published versions, or of drafts")))
    , m_clear(pushButton(
          QStringLiteral("clearFilters"), tr("Clear filters"), QStringLiteral("x"), tr("Show all runs of all times")))
    , m_statusMenu(new CheckMenu(m_status))
    , m_pipelineMenu(new CheckMenu(m_pipeline))
{
    setLook(m_clear, "quiet");
    m_search->setFixedWidth(scaled(300));
    auto *const row = new QHBoxLayout(this);
    row->setContentsMargins(10, 8, 10, 8);
    row->setSpacing(8);
    for (QWidget *widget :
         std::initializer_list<QWidget *>{m_search, m_kind, m_span, m_status, m_pipeline, m_scope, m_clear})
        row->addWidget(widget);
    row->addStretch();
    m_span->setMenu(new QMenu(m_span));
    m_status->setMenu(m_statusMenu);
    m_pipeline->setMenu(m_pipelineMenu);
    m_scope->setMenu(new QMenu(m_scope));
    m_kind->setMenu(new QMenu(m_kind));
    connect(m_kind->menu(), &QMenu::aboutToShow, this, &RunFilterBar::fillKinds);
    connect(m_span->menu(), &QMenu::aboutToShow, this, &RunFilterBar::fillSpans);
    connect(m_statusMenu, &QMenu::aboutToShow, this, &RunFilterBar::fillStatuses);
    connect(m_pipelineMenu, &QMenu::aboutToShow, this, [this] {
        fillPipelines();
        emit pipelinesWanted();
    });
    connect(m_scope->menu(), &QMenu::aboutToShow, this, &RunFilterBar::fillScopes);
    m_typing.setSingleShot(true);
    m_typing.setInterval(typingMs);
    connect(m_search, &QLineEdit::textEdited, this, [this] { m_typing.start(); });
    connect(m_search, &QLineEdit::returnPressed, this, &RunFilterBar::takeText);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        if (text.isEmpty()) // also by its clear button
            takeText();
    });
    connect(&m_typing, &QTimer::timeout, this, &RunFilterBar::takeText);
    connect(m_clear, &QPushButton::clicked, this, &RunFilterBar::clear);
    connect(&workbench, &Workbench::zoneChanged, this, &RunFilterBar::showChoices);
    connect(&workbench, &Workbench::factoryChanged, this, &RunFilterBar::showChoices);
    showChoices();
}

void RunFilterBar::setFilter(const RunListFilter &filter)
{
    m_filter = filter;
    if (m_search->text() != filter.text) {
        const QSignalBlocker quiet(m_search);
        m_search->setText(filter.text);
    }
    showChoices();
}

void RunFilterBar::setPipelines(const QStringList &names)
{
    if (names == m_pipelines)
        return;
    m_pipelines = names;
    if (m_pipelineMenu->isVisible())
        fillPipelines();
}

void RunFilterBar::clear()
{
    RunListFilter filter = m_filter;
    filter.clear();
    setFilter(filter);
    changed();
}

void RunFilterBar::takeText()
{
    m_typing.stop();
    const QString text = m_search->text().trimmed();
    if (text == m_filter.text)
        return;
    m_filter.text = text;
    changed();
}

void RunFilterBar::changed()
{
    showChoices();
    emit filterChanged();
}

void RunFilterBar::fillKinds()
{
    QMenu *const menu = m_kind->menu();
    menu->clear();
    for (const bool isDebug : {false, true}) {
        QAction *const action = menu->addAction(isDebug ? tr("Debug") : tr("Published"));
        action->setCheckable(true);
        action->setChecked(m_filter.isDebug == isDebug);
        connect(action, &QAction::triggered, this, [this, isDebug] {
            m_filter.isDebug = isDebug;
            changed();
        });
    }
}

void RunFilterBar::showChoices()
{
    m_kind->setChoice(m_filter.isDebug ? tr("Debug") : tr("Published"));
    m_span->setChoice(spanText());
    m_status->setChoice(statusesText());
    m_pipeline->setChoice(pipelinesText());
    m_scope->setChoice(m_filter.factory.isEmpty() ? tr("All factories") : tr("This factory"));
    m_scope->setVisible(!m_workbench.factory().isEmpty() || !m_filter.factory.isEmpty());
    const bool isUsual = m_filter.text.isEmpty() && m_filter.statuses.isEmpty() && m_filter.pipelines.isEmpty()
        && m_filter.span != RunListFilter::Span::Custom;
    m_clear->setVisible(!isUsual); // the span and the factory say themselves what they leave out
}

QString RunFilterBar::spanText() const
{
    if (m_filter.span != RunListFilter::Span::Custom)
        return titleOf(m_filter.span);
    const auto text = [this](const std::optional<Instant> &at) {
        return at ? timeText(*at, m_workbench.zone()) : QStringLiteral("…");
    };
    return tr("%1 – %2").arg(text(m_filter.after), text(m_filter.before));
}

QString RunFilterBar::statusesText() const
{
    if (m_filter.statuses.isEmpty())
        return tr("Status: all");
    if (m_filter.statuses.size() == 1)
        return tr("Status: %1").arg(statusLook(m_filter.statuses.first()).word);
    return tr("Status: %1 of %2").arg(m_filter.statuses.size()).arg(statuses.size());
}

QString RunFilterBar::pipelinesText() const
{
    if (m_filter.pipelines.isEmpty())
        return tr("Pipeline");
    if (m_filter.pipelines.size() > 1)
        return tr("%Ln pipeline(s)", nullptr, int(m_filter.pipelines.size()));
    return forMenu(fontMetrics().elidedText(m_filter.pipelines.first(), Qt::ElideMiddle, longestName / 2));
}

void RunFilterBar::fillSpans()
{
    QMenu *const menu = m_span->menu();
    menu->clear();
    auto *const group = new QActionGroup(menu);
    using Span = RunListFilter::Span;
    for (const Span span :
         {Span::LastHour, Span::LastDay, Span::Last3Days, Span::LastWeek, Span::LastMonth, Span::All, Span::Custom}) {
        if (span == Span::Custom)
            menu->addSeparator();
        QAction *const action = menu->addAction(titleOf(span));
        action->setCheckable(true);
        action->setChecked(span == m_filter.span);
        action->setActionGroup(group);
        connect(action, &QAction::triggered, this, [this, span] { chooseSpan(span); });
    }
}

void RunFilterBar::chooseSpan(RunListFilter::Span span)
{
    if (span == RunListFilter::Span::Custom) {
        const Instant end = m_filter.before.value_or(now());
        const auto start = m_filter.from(now());
        auto *const dialog =
            new TimeRangeDialog(start.value_or(end - std::chrono::hours(24)), end, m_workbench.zone(), this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &QDialog::accepted, this, [this, dialog] {
            m_filter.span = RunListFilter::Span::Custom;
            m_filter.after = dialog->from();
            m_filter.before = dialog->to();
            changed();
        });
        dialog->open();
        return;
    }
    m_filter.span = span;
    m_filter.after.reset();
    m_filter.before.reset();
    changed();
}

void RunFilterBar::fillStatuses()
{
    m_statusMenu->clear();
    for (const RunStatus status : statuses) {
        const StatusLook look = statusLook(status);
        QAction *const action = m_statusMenu->addAction(look.word);
        action->setCheckable(true);
        action->setChecked(m_filter.statuses.contains(status));
        connect(action, &QAction::toggled, this, [this, status](bool isOn) {
            if (isOn)
                m_filter.statuses.append(status);
            else
                m_filter.statuses.removeAll(status);
            changed();
        });
    }
}

void RunFilterBar::fillPipelines()
{
    m_pipelineMenu->clear();
    QStringList names = m_pipelines;
    for (const QString &chosen : std::as_const(m_filter.pipelines)) {
        if (!names.contains(chosen))
            names.append(chosen);
    }
    for (const QString &pipeline : std::as_const(names)) {
        QAction *const action = m_pipelineMenu->addAction(
            forMenu(m_pipelineMenu->fontMetrics().elidedText(pipeline, Qt::ElideMiddle, longestName)));
        action->setToolTip(pipeline);
        action->setCheckable(true);
        action->setChecked(m_filter.pipelines.contains(pipeline));
        connect(action, &QAction::toggled, this, [this, pipeline](bool isOn) {
            if (isOn)
                m_filter.pipelines.append(pipeline);
            else
                m_filter.pipelines.removeAll(pipeline);
            changed();
        });
    }
    m_pipelineMenu->setToolTipsVisible(true);
    if (names.isEmpty())
        m_pipelineMenu->addAction(tr("No pipeline has run yet"))->setEnabled(false);
}

void RunFilterBar::fillScopes()
{
    QMenu *const menu = m_scope->menu();
    menu->clear();
    auto *const group = new QActionGroup(menu);
    const auto add = [&](const QString &title, const FactoryId &factory) {
        QAction *const action = menu->addAction(title);
        action->setCheckable(true);
        action->setChecked(m_filter.factory == factory);
        action->setActionGroup(group);
        connect(action, &QAction::triggered, this, [this, factory] {
            m_filter.factory = factory;
            changed();
        });
    };
    if (!m_workbench.factory().isEmpty())
        add(tr("This factory"), m_workbench.factory());
    add(tr("All factories"), FactoryId());
}

} // namespace designer

#include "moc_RunFilterBar.cpp"
