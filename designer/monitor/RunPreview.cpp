#include "designer/monitor/RunPreview.h"

#include "designer/monitor/RunListFilter.h"
#include "designer/monitor/RunTabs.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/Format.h"

#include <QLabel>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

constexpr int delayMs = 120;

} // namespace

RunPreview::RunPreview(Workbench &workbench, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_stack(new QStackedWidget)
    , m_tabs(new RunTabs(workbench))
{
    setObjectName(QStringLiteral("runPreview"));
    QLabel *const hint = label(tr("Select a run to see its course; Enter opens it."), "secondary");
    hint->setAlignment(Qt::AlignCenter);
    m_stack->addWidget(hint);
    m_stack->addWidget(m_tabs);
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);
    m_soon.setSingleShot(true);
    m_soon.setInterval(delayMs);
    connect(&m_soon, &QTimer::timeout, this, &RunPreview::take);
    connect(m_tabs, &RunTabs::opened, this, [this](const QString &activity, int cell) {
        if (m_run)
            emit opened(m_run->id().text(), activity, cell);
    });
    connect(&workbench, &Workbench::zoneChanged, this, &RunPreview::showCorner);
}

RunPreview::~RunPreview() { m_tabs->setRun(nullptr); }

void RunPreview::setRun(const QString &run)
{
    m_wanted = run;
    m_soon.start();
}

void RunPreview::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_soon.start();
}

void RunPreview::take()
{
    if (!isVisible())
        return; // asked for when it is looked at
    m_stack->setCurrentIndex(m_wanted.isEmpty() ? 0 : 1);
    if (m_run && m_run->id().text() == m_wanted)
        return;
    m_tabs->setRun(nullptr);
    m_run.reset();
    if (m_wanted.isEmpty())
        return;
    m_run = std::make_unique<RunWatch>(m_workbench, engine::RunId(m_wanted));
    connect(m_run.get(), &RunWatch::runChanged, this, &RunPreview::showCorner);
    m_tabs->setRun(m_run.get());
    showCorner();
}

void RunPreview::showCorner()
{
    if (!m_run || m_run->state() != RunWatch::State::Ready) {
        m_tabs->setCornerText({});
        return;
    }
    const RunRecord &run = m_run->run();
    const QString id = run.id.text();
    m_tabs->setCornerText(tr("%1 · %2 · run %3")
                              .arg(fontMetrics().elidedText(run.pipeline, Qt::ElideMiddle, 240),
                                   timeText(timeOf(run), m_workbench.zone()),
                                   id.size() > 10 ? QString(id.left(4) + u'…' + id.right(2)) : id));
}

} // namespace designer

#include "moc_RunPreview.cpp"
