#include "designer/home/HomePage.h"

#include "designer/home/AttentionCard.h"
#include "designer/home/HomeText.h"
#include "designer/home/NextCard.h"
#include "designer/home/RecentCard.h"
#include "designer/home/RowButton.h"
#include "designer/home/SetupCard.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/Format.h"
#include "designer/widgets/IconLabel.h"
#include "designer/widgets/Moment.h"

#include <QBoxLayout>
#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QResizeEvent>
#include <QScrollArea>
#include <QSettings>
#include <QTimer>

namespace designer {

using namespace engine;

namespace {

const QString visitKey = QStringLiteral("home/lastVisit");
constexpr int minuteMs = 60'000;
constexpr int side = 40;
constexpr int gap = 18;
constexpr int twoColumnsFrom = 860; // of the content

std::optional<Instant> lastVisit(const QSettings &settings)
{
    return instantFromIso(settings.value(visitKey).toString());
}

} // namespace

HomePage::HomePage(Workbench &workbench, RecentFactories &recent, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_since(lastVisit(workbench.settings()).value_or(presentInstant() - std::chrono::hours(24)))
    , m_isFirst(!lastVisit(workbench.settings()).has_value())
    , m_greeting(label({}))
    , m_summary(label({}, "secondary"))
    , m_engineBar(makeEngineBar())
    , m_attention(new AttentionCard(workbench, m_since))
    , m_recent(new RecentCard(workbench, recent))
    , m_next(new NextCard(workbench))
    , m_setup(new SetupCard(workbench))
    , m_columns(new QBoxLayout(QBoxLayout::LeftToRight))
    , m_content(new QWidget)
    , m_minute(new QTimer(this))
{
    setObjectName(QStringLiteral("homePage"));
    build();
    connect(m_attention, &AttentionCard::changed, this, &HomePage::greet);
    connect(m_next, &NextCard::stuckFound, m_attention, &AttentionCard::setTriggers);
    connect(m_setup, &SetupCard::checked, m_attention, &AttentionCard::setChecks);
    connect(m_recent, &RecentCard::requested, this, &HomePage::recentRequested);
    connect(&workbench.engine(), &EngineConnection::stateChanged, this, &HomePage::showEngine);
    connect(&workbench, &Workbench::zoneChanged, this, &HomePage::greet);
    connect(m_minute, &QTimer::timeout, this, [this] {
        rememberVisit();
        greet();
    });
    m_minute->start(minuteMs);
    showEngine();
    if (workbench.engine().isRunning()) { // the page was made later than the connection
        m_attention->refresh();
        m_recent->refresh();
        m_next->refresh();
        m_setup->refresh();
    }
}

HomePage::~HomePage() { rememberVisit(); }

void HomePage::rememberVisit() { m_workbench.settings().setValue(visitKey, toIso(presentInstant())); }

QWidget *HomePage::makeEngineBar()
{
    auto *const bar = new QFrame;
    bar->setObjectName(QStringLiteral("engineBar"));
    setLook(bar, "card");
    auto *const line = new QHBoxLayout(bar);
    line->setContentsMargins(16, 10, 12, 10);
    line->setSpacing(12);
    m_engineIcon = new IconLabel;
    m_engineText = label({});
    m_engineText->setWordWrap(true);
    m_engineText->setTextFormat(Qt::PlainText);
    m_engineStart = primaryButton(QStringLiteral("startEngine"), tr("Start"), {}, tr("Starts the engine"));
    line->addWidget(m_engineIcon);
    line->addWidget(m_engineText, 1);
    line->addWidget(m_engineStart);
    connect(m_engineStart, &QPushButton::clicked, this, [this] {
        EngineConnection &engine = m_workbench.engine();
        if (engine.state() == EngineConnection::State::OtherBuild)
            engine.restart();
        else
            engine.start();
    });
    return bar;
}

void HomePage::build()
{
    auto *const whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    auto *const scroll = new QScrollArea;
    name(scroll, QStringLiteral("homeScroll"), tr("Home"), {});
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(m_content);
    scroll->viewport()->setAutoFillBackground(false);
    m_content->setAutoFillBackground(false);
    whole->addWidget(scroll);

    auto *const column = new QVBoxLayout(m_content);
    column->setContentsMargins(side, 28, side, 28);
    column->setSpacing(gap);
    auto *const head = new QVBoxLayout;
    head->setSpacing(4);
    m_greeting->setObjectName(QStringLiteral("greeting"));
    m_greeting->setFont(themeFont(TypeSize::Home, QFont::DemiBold));
    m_greeting->setWordWrap(true);
    m_summary->setObjectName(QStringLiteral("sinceLastVisit"));
    head->addWidget(m_greeting);
    head->addWidget(m_summary);
    column->addLayout(head);
    column->addWidget(m_engineBar);

    auto *const cards = new QHBoxLayout;
    cards->setSpacing(14);
    auto *const makeNew = new ActionCard(QStringLiteral("newFactory"),
                                         QStringLiteral("folder-plus"),
                                         tr("New factory"),
                                         tr("an empty folder, ready for git"));
    auto *const openOne = new ActionCard(QStringLiteral("openFactory"),
                                         QStringLiteral("folder-open"),
                                         tr("Open a Data Factory"),
                                         tr("any ADF or Synapse Git folder"));
    auto *const sample = new ActionCard(QStringLiteral("titanicSample"),
                                        QStringLiteral("ship"),
                                        tr("Titanic sample"),
                                        tr("train, score, load: 30 seconds"));
    for (ActionCard *const card : {makeNew, openOne, sample})
        cards->addWidget(card, 1);
    connect(makeNew, &ActionCard::clicked, this, &HomePage::newFactoryRequested);
    connect(openOne, &ActionCard::clicked, this, &HomePage::openFactoryRequested);
    connect(sample, &ActionCard::clicked, this, &HomePage::sampleRequested);
    column->addLayout(cards);

    m_columns->setSpacing(gap);
    auto *const left = new QVBoxLayout;
    left->setSpacing(gap);
    left->addWidget(m_attention);
    left->addWidget(m_recent);
    left->addStretch(1);
    auto *const right = new QVBoxLayout;
    right->setSpacing(gap);
    right->addWidget(m_next);
    right->addWidget(m_setup);
    right->addStretch(1);
    m_columns->addLayout(left, 8);
    m_columns->addLayout(right, 5);
    column->addLayout(m_columns, 1);
}

void HomePage::greet()
{
    const QTimeZone zone = m_workbench.zone();
    const Instant now = presentInstant();
    const QString hello = greeting(inZone(now, zone).time());
    const EngineConnection::State state = m_workbench.engine().state();
    if (state == EngineConnection::State::Failed || state == EngineConnection::State::Stopped) {
        m_greeting->setText(tr("%1 The engine is not running.", "%1: Good morning.").arg(hello));
        m_summary->setText(tr("Nothing is started or recorded until it runs again."));
        return;
    }
    const AttentionCard::Counts &counts = m_attention->counts();
    if (!m_attention->isKnown()) {
        m_greeting->setText(hello);
        m_summary->setText(tr("Asking the engine…"));
    } else if (m_isFirst && counts.runs == 0) {
        m_greeting->setText(tr("%1 Welcome to Slipway.", "%1: Good morning.").arg(hello));
        m_summary->setText(tr("Make a factory, open one that you have, or see the Titanic sample run."));
    } else {
        m_greeting->setText(hello + u' ' + needsText(counts.needs));
        m_summary->setText(sinceText(m_since, now, zone, counts.runs, counts.fine, counts.active));
    }
    m_summary->setToolTip(tr("Since you last looked, %1").arg(exactTimeText(m_since, zone)));
}

void HomePage::showEngine()
{
    const EngineConnection &engine = m_workbench.engine();
    m_engineStart->setText(tr("Start"));
    m_engineStart->setAccessibleName(tr("Start the engine"));
    m_engineStart->setToolTip(tr("Starts the engine"));
    switch (engine.state()) {
    case EngineConnection::State::Connecting:
    case EngineConnection::State::Running:
        m_engineBar->hide();
        break;
    case EngineConnection::State::Stopped:
        m_engineIcon->setIcon(QStringLiteral("power-off"), IconRole::Idle);
        m_engineText->setText(tr("You stopped the engine. Runs, triggers and checks are shown as they were."));
        m_engineBar->show();
        break;
    case EngineConnection::State::Failed:
        m_engineIcon->setIcon(QStringLiteral("octagon-x"), IconRole::Bad);
        m_engineText->setText(tr("The engine does not run: %1").arg(engine.error().message));
        m_engineBar->show();
        break;
    case EngineConnection::State::OtherBuild:
        m_engineIcon->setIcon(QStringLiteral("triangle-alert"), IconRole::Warn);
        m_engineText->setText(
            tr("The engine that runs is of another build (%1). Restart it to use the one of this window.")
                .arg(stringAt(engine.hello(), "buildId")));
        m_engineStart->setText(tr("Restart"));
        m_engineStart->setAccessibleName(tr("Restart the engine"));
        m_engineStart->setToolTip(tr("Ends the engine and starts the one of this window"));
        m_engineBar->show();
        break;
    }
    greet();
}

void HomePage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    const int beside = qMax(side, (width() - widest) / 2);
    m_content->layout()->setContentsMargins(beside, 28, beside, 28);
    const bool isWide = width() - 2 * beside >= twoColumnsFrom * fontMetrics().height() / 16;
    m_columns->setDirection(isWide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

void HomePage::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::ApplicationFontChange)
        m_greeting->setFont(themeFont(TypeSize::Home, QFont::DemiBold));
}

void HomePage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    greet(); // the hour may have changed
}

} // namespace designer

#include "moc_HomePage.cpp"
