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

// One failed run.
class FailedRow final : public QWidget
{
public:
    FailedRow()
        : m_icon(new IconLabel(QString(), IconRole::Bad))
        , m_name(new ElidedLabel({}, "strong"))
        , m_message(new ElidedLabel({}, "secondary", Qt::ElideRight))
        , m_time(label({}, "secondary"))
        , m_open(pushButton({}, AttentionCard::tr("Open"), {}, {}))
    {
        auto *const line = new QHBoxLayout(this);
        line->setContentsMargins(16, 8, 16, 8);
        line->setSpacing(12);
        line->addWidget(m_icon);
        auto *const words = new QVBoxLayout;
        words->setSpacing(0);
        words->addWidget(m_name);
        words->addWidget(m_message);
        line->addLayout(words, 1);
        line->addWidget(m_time);
        line->addWidget(m_open);
    }

    QPushButton *openButton() const { return m_open; }

    void show(const RunRecord &run, const QString &factory, const QTimeZone &zone)
    {
        const StatusLook look = statusLook(run.status);
        const Instant at = run.end.value_or(run.lastUpdated);
        const QString time = momentText(at, presentInstant(), zone);
        m_icon->setIcon(look.icon, look.role);
        m_name->setText(run.pipeline);
        const QString message = run.message.trimmed().section(u'\n', 0, 0).trimmed();
        m_message->setText(message.isEmpty() ? AttentionCard::tr("The run failed without a message.") : message);
        m_time->setText(time);
        m_time->setToolTip(exactTimeText(at, zone));
        m_open->setObjectName(QStringLiteral("openRun_") + run.id.text());
        m_open->setAccessibleName(AttentionCard::tr("Open the run of %1, %2").arg(run.pipeline, time));
        m_open->setToolTip(
            AttentionCard::tr("Shows where and why it failed (%1, factory %2)").arg(run.pipeline, factory));
    }

private:
    IconLabel *m_icon;
    ElidedLabel *m_name;
    ElidedLabel *m_message;
    QLabel *m_time;
    QPushButton *m_open;
};

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
    m_counts.needs = int(m_failed.size());
    setEmpty(tr("No run has failed since you last looked."));
    show();
    emit changed();
}

void AttentionCard::show()
{
    QStringList keys;
    for (const RunRecord &run : m_failed.mid(0, rowsMost))
        keys.append(run.id.text());
    setRows(keys, [this](const QString &key) {
        auto *const made = new FailedRow;
        connect(made->openButton(), &QPushButton::clicked, this, [this, key] { m_workbench.go(runLink(key)); });
        return made;
    });
    for (const RunRecord &run : m_failed.mid(0, rowsMost))
        static_cast<FailedRow *>(row(run.id.text()))
            ->show(run, m_factoryNames.value(run.id.text()), m_workbench.zone());
    m_all->setText(tr("Show all %1 in Monitor").arg(countText(m_failed.size())));
    m_all->parentWidget()->setVisible(m_failed.size() > rowsMost);
}

} // namespace designer

#include "moc_AttentionCard.cpp"
