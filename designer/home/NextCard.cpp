#include "designer/home/NextCard.h"

#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/ElidedLabel.h"
#include "designer/widgets/Format.h"
#include "designer/widgets/Moment.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QTimer>

namespace designer {

using namespace engine;

namespace {

constexpr int soonMs = 500;
constexpr qsizetype rowsMost = 6;
constexpr int timeWidth = 104;
constexpr Millis afterwards{1500}; // then the engine has planned the next one
constexpr Millis longestWait{3600'000}; // "tomorrow" becomes "today" meanwhile

class FireRow final : public QWidget
{
public:
    FireRow()
        : m_time(label({}, "secondary"))
        , m_pipelines(new ElidedLabel({}, "strong"))
        , m_trigger(new ElidedLabel({}, "secondary"))
    {
        auto *const line = new QHBoxLayout(this);
        line->setContentsMargins(16, 9, 16, 8);
        line->setSpacing(12);
        m_time->setMinimumWidth(scaled(timeWidth) + 12);
        line->addWidget(m_time);
        line->addWidget(m_pipelines, 3);
        m_trigger->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        line->addWidget(m_trigger, 2);
    }

    void show(const NextFire &fire, const QTimeZone &zone)
    {
        m_time->setText(momentText(fire.at, presentInstant(), zone));
        QString tip = exactTimeText(fire.at, zone);
        if (fire.adjusted == u"gap")
            tip += u'\n' + NextCard::tr("Moved: the clocks go forward over the planned time.");
        else if (fire.adjusted == u"overlap")
            tip += u'\n' + NextCard::tr("The clocks go back: the planned time comes twice, this is the first.");
        m_time->setToolTip(tip);
        m_pipelines->setText(fire.pipelines.join(QStringLiteral(", ")));
        m_trigger->setText(fire.trigger);
        m_trigger->setToolTip(NextCard::tr("Trigger %1 of the factory %2").arg(fire.trigger, fire.factoryName));
    }

private:
    QLabel *m_time;
    ElidedLabel *m_pipelines;
    ElidedLabel *m_trigger;
};

} // namespace

NextCard::NextCard(Workbench &workbench)
    : SectionCard(QStringLiteral("nextFires"), tr("Next"))
    , m_workbench(workbench)
    , m_goToTriggers(pushButton(
          QStringLiteral("goToTriggers"), tr("Triggers"), {}, tr("Opens the list of triggers, where they are started")))
    , m_soon(new QTimer(this))
    , m_whenFired(new QTimer(this))
{
    m_goToTriggers->setParent(this);
    m_goToTriggers->hide();
    connect(m_goToTriggers, &QPushButton::clicked, this, [this] {
        m_workbench.go({.kind = Link::Kind::Manage, .detail = QStringLiteral("triggers")});
    });
    setEmpty(tr("Waiting for the engine."));
    for (QTimer *const timer : {m_soon, m_whenFired}) {
        timer->setSingleShot(true);
        connect(timer, &QTimer::timeout, this, &NextCard::refresh);
    }
    m_soon->setInterval(soonMs);
    connect(&workbench.engine(), &EngineConnection::caughtUp, this, &NextCard::refresh);
    connect(&workbench.engine(), &EngineConnection::happened, this, [this](const RunEvent &event) {
        const auto *const run = std::get_if<RunRecord>(&event.body);
        if (run && run->invokedBy.type != u"Manual" && !m_soon->isActive())
            m_soon->start(); // a trigger fired
    });
    connect(&workbench, &Workbench::factoryChanged, m_soon, qOverload<>(&QTimer::start)); // published, perhaps
    connect(&workbench, &Workbench::zoneChanged, this, &NextCard::show);
}

void NextCard::refresh()
{
    if (!m_workbench.engine().isRunning() && m_fires.isEmpty())
        setEmpty(tr("Waiting for the engine."));
    const QString route = QStringLiteral("/slipway/v1/triggers?next=%1").arg(3);
    m_workbench.engine().get(route, this, [this](const Result<Json> &answer) {
        if (!answer) {
            if (m_fires.isEmpty() && m_workbench.engine().isRunning())
                setEmpty(answer.error().message);
            return;
        }
        m_fires = nextFires(*answer, rowsMost);
        emit stuckFound(stuckTriggers(*answer));
        const bool isAny = memberAt(*answer, "value").is_array() && !memberAt(*answer, "value").empty();
        if (!isAny)
            setEmpty(tr("No trigger is published: nothing runs by itself. Add one to a pipeline in Author."));
        else
            setEmpty(tr("No trigger is started: nothing runs by itself."), m_goToTriggers);
        show();
    });
}

void NextCard::show()
{
    QStringList keys;
    for (const NextFire &fire : std::as_const(m_fires))
        keys.append(fire.key());
    setRows(keys, [](const QString &) { return new FireRow; });
    for (const NextFire &fire : std::as_const(m_fires))
        static_cast<FireRow *>(row(fire.key()))->show(fire, m_workbench.zone());
    if (!m_fires.isEmpty()) {
        const Millis wait = qBound(Millis(1000), m_fires.first().at - presentInstant() + afterwards, longestWait);
        m_whenFired->start(wait);
    }
}

} // namespace designer

#include "moc_NextCard.cpp"
