#include "designer/home/AttentionCard.h"

#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/ElidedLabel.h"
#include "designer/widgets/Format.h"
#include "designer/widgets/IconLabel.h"
#include "designer/widgets/Moment.h"
#include "designer/widgets/StatusLook.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSet>
#include <QTimer>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

constexpr int soonMs = 300;
constexpr int rowsMost = 6;
constexpr int askedMost = 100;

// What a row says and where its button leads.
struct Need
{
    QString key; // also of the button's name
    QString icon;
    IconRole role = IconRole::Bad;
    QString title;
    QString text;
    QString time;
    QString timeTip;
    QString openName;
    QString openTip;
    Link link;
};

class NeedRow final : public QWidget
{
public:
    NeedRow()
        : m_icon(new IconLabel(QString(), IconRole::Bad, 20))
        , m_name(new ElidedLabel({}, "strong"))
        , m_message(new ElidedLabel({}, "secondary", Qt::ElideRight))
        , m_time(label({}, "secondary"))
        , m_open(pushButton({}, AttentionCard::tr("Open"), {}, {}))
    {
        auto *const line = new QHBoxLayout(this);
        line->setContentsMargins(16, 8, 11, 8);
        line->setSpacing(12);
        line->addWidget(m_icon);
        auto *const words = new QVBoxLayout;
        words->setSpacing(2);
        words->addWidget(m_name);
        words->addWidget(m_message);
        line->addLayout(words, 1);
        line->addWidget(m_time);
        line->addWidget(m_open);
    }

    QPushButton *openButton() const { return m_open; }
    const Link &link() const { return m_link; }

    void show(const Need &need)
    {
        m_link = need.link;
        m_icon->setIcon(need.icon, need.role);
        m_name->setText(need.title);
        m_message->setText(need.text);
        m_time->setText(need.time);
        m_time->setToolTip(need.timeTip);
        name(m_open, need.key, need.openName, need.openTip);
    }

private:
    IconLabel *m_icon;
    ElidedLabel *m_name;
    ElidedLabel *m_message;
    QLabel *m_time;
    QPushButton *m_open;
    Link m_link;
};

Need needOf(const RunRecord &run, const QString &factory, const QTimeZone &zone)
{
    const StatusLook look = statusLook(run.status);
    const Instant at = run.end.value_or(run.lastUpdated);
    const QString time = momentText(at, presentInstant(), zone);
    const QString message = causeText(run.message.trimmed()).section(u'\n', 0, 0).trimmed();
    return {.key = QStringLiteral("openRun_") + run.id.text(),
            .icon = look.icon,
            .role = look.role,
            .title = run.pipeline,
            .text = message.isEmpty() ? AttentionCard::tr("The run failed without a message.") : message,
            .time = time,
            .timeTip = exactTimeText(at, zone),
            .openName = AttentionCard::tr("Open the run of %1, %2").arg(run.pipeline, time),
            .openTip = AttentionCard::tr("Shows where and why it failed (%1, factory %2)").arg(run.pipeline, factory),
            .link = runLink(run.id.text())};
}

Need needOf(const StuckTrigger &trigger)
{
    return {.key = QStringLiteral("openTrigger_") + trigger.factory + u'_' + trigger.name,
            .icon = QStringLiteral("clock-alert"),
            .role = IconRole::Warn,
            .title = trigger.name,
            .text = AttentionCard::tr("The trigger cannot fire: %1").arg(trigger.problem),
            .time = {},
            .timeTip = {},
            .openName = AttentionCard::tr("Open the trigger %1").arg(trigger.name),
            .openTip = AttentionCard::tr("Shows the trigger among the others (factory %1)").arg(trigger.factoryName),
            .link = {.kind = Link::Kind::Manage, .detail = QStringLiteral("triggers")}};
}

Need needOf(const SetupCheck &check)
{
    const bool isKernels = check.id == u"kernels";
    return {.key = QStringLiteral("openCheck_") + check.id,
            .icon = QStringLiteral("octagon-x"),
            .role = IconRole::Bad,
            .title = check.title,
            .text = QString(check.message + u' ' + check.fix).trimmed(),
            .time = {},
            .timeTip = {},
            .openName = isKernels ? AttentionCard::tr("Open the kernels") : AttentionCard::tr("Open the engine"),
            .openTip = isKernels ? AttentionCard::tr("Shows the kernels and what is wrong with each")
                                 : AttentionCard::tr("Shows the engine, its folder and its log"),
            .link = {.kind = Link::Kind::Manage,
                     .detail = isKernels ? QStringLiteral("kernels") : QStringLiteral("engine")}};
}

} // namespace

AttentionCard::AttentionCard(Workbench &workbench, Instant since)
    : SectionCard(QStringLiteral("needsAttention"), tr("Needs attention"))
    , m_workbench(workbench)
    , m_since(since)
    , m_soon(new QTimer(this))
    , m_all(pushButton(QStringLiteral("allFailed"), tr("Show all in Monitor"), {}, tr("Opens the list of runs")))
{
    setLook(m_all, "link");
    auto *const footer = new QWidget;
    auto *const line = new QHBoxLayout(footer);
    line->setContentsMargins(12, 4, 16, 8);
    line->addWidget(m_all);
    line->addStretch(1);
    setFooter(footer);
    setEmpty(tr("Waiting for the engine."));
    connect(m_all, &QPushButton::clicked, this, [this] { m_workbench.go({.kind = Link::Kind::Monitor}); });

    m_soon->setSingleShot(true);
    m_soon->setInterval(soonMs);
    connect(m_soon, &QTimer::timeout, this, &AttentionCard::refresh);
    EngineConnection &engine = workbench.engine();
    connect(&engine, &EngineConnection::caughtUp, this, &AttentionCard::refresh);
    connect(&engine, &EngineConnection::happened, this, [this](const RunEvent &event) {
        if (std::holds_alternative<RunRecord>(event.body) && !m_soon->isActive())
            m_soon->start(); // many runs, one question
    });
    connect(&workbench, &Workbench::zoneChanged, this, &AttentionCard::show);
}

void AttentionCard::refresh()
{
    const int question = ++m_asked;
    const std::string after = toStdString(toIso(m_since));
    const Json all{{"after", after}, {"limit", 1}};
    const Json failed{{"after", after},
                      {"statuses", Json::array({"Failed"})},
                      {"orderBy", "start"},
                      {"order", "desc"},
                      {"limit", askedMost}};
    const QString route = QStringLiteral("/slipway/v1/runs/query");
    m_workbench.engine().post(route, all, this, [this, question, route, failed](const Result<Json> &answer) {
        if (question != m_asked)
            return;
        if (!answer) {
            answered(answer.error());
            return;
        }
        const Json &counts = memberAt(*answer, "counts");
        Counts now{.runs = intAt(*answer, "total"), .fine = intAt(counts, "Succeeded"), .active = 0, .needs = 0};
        for (const char *const status : {"Queued", "InProgress", "Canceling"})
            now.active += intAt(counts, status);
        m_workbench.engine().post(route, failed, this, [this, question, now](const Result<Json> &rows) {
            if (question != m_asked)
                return;
            if (rows)
                m_counts = now;
            answered(rows);
        });
    });
}

void AttentionCard::answered(const Result<Json> &answer)
{
    if (!answer) {
        // What is shown stays; the page says that the engine is gone.
        if (!m_isKnown)
            setEmpty(m_workbench.engine().isRunning() ? answer.error().message : tr("Waiting for the engine."));
        return;
    }
    m_isKnown = true;
    m_failed.clear();
    m_factoryNames.clear();
    for (const Json &json : memberAt(*answer, "value")) {
        const RunRecord run = runRecordFromJson(json);
        if (!run.isLatest)
            continue; // somebody has run it again
        m_failed.append(run);
        m_factoryNames.insert(run.id.text(), stringAt(json, "factoryName"));
    }
    setEmpty(tr("No run has failed since you last looked."));
    show();
    emit changed();
}

void AttentionCard::setTriggers(const QList<StuckTrigger> &stuck)
{
    if (stuck == m_stuck)
        return;
    m_stuck = stuck;
    show();
    emit changed();
}

void AttentionCard::setChecks(const QList<SetupCheck> &checks)
{
    m_broken.clear();
    for (const SetupCheck &check : checks) {
        if (check.state == SetupCheck::State::Error)
            m_broken.append(check);
    }
    show();
    emit changed();
}

// What stops everything comes first, then what does not start, then what failed.
void AttentionCard::show()
{
    m_counts.needs = int(m_broken.size() + m_stuck.size() + m_failed.size());
    QList<Need> needs;
    for (const SetupCheck &check : std::as_const(m_broken))
        needs.append(needOf(check));
    for (const StuckTrigger &trigger : std::as_const(m_stuck))
        needs.append(needOf(trigger));
    const qsizetype others = needs.size();
    for (const RunRecord &run : m_failed.mid(0, qMax<qsizetype>(2, rowsMost - others)))
        needs.append(needOf(run, m_factoryNames.value(run.id.text()), m_workbench.zone()));
    const qsizetype shownRuns = needs.size() - others;
    QStringList keys;
    for (const Need &need : std::as_const(needs))
        keys.append(need.key);
    setRows(keys, [this](const QString &) {
        auto *const made = new NeedRow;
        connect(made->openButton(), &QPushButton::clicked, this, [this, made] { m_workbench.go(made->link()); });
        return made;
    });
    for (const Need &need : std::as_const(needs))
        static_cast<NeedRow *>(row(need.key))->show(need);
    m_all->setText(tr("Show all %1 in Monitor").arg(countText(m_failed.size())));
    m_all->parentWidget()->setVisible(m_failed.size() > shownRuns);
}

} // namespace designer

#include "moc_AttentionCard.cpp"
