#include "designer/monitor/MonitorHeader.h"

#include "designer/monitor/LiveMark.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/StatusPill.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

namespace designer {

namespace {

constexpr int barHeight = 48;
constexpr int longestCrumb = 280; // pixels

class Chevron final : public QWidget
{
public:
    Chevron() { setFixedSize(14, 14); }

protected:
    void paintEvent(QPaintEvent * /*event*/) override
    {
        QPainter painter(this);
        paintIcon(painter, QStringLiteral("chevron-right"), Theme::current().text2, QRectF(rect()));
    }
};

} // namespace

MonitorHeader::MonitorHeader(Workbench &workbench, QWidget *parent)
    : QWidget(parent)
    , m_back(iconButton(QStringLiteral("monitorBack"), QStringLiteral("chevron-left"), tr("Back (Alt+Left)")))
    , m_path(new QHBoxLayout)
    , m_pill(new StatusPill)
    , m_facts(label({}, "secondary"))
    , m_cancel(pushButton(QStringLiteral("cancelRun"),
                          tr("Cancel"),
                          QStringLiteral("circle-stop"),
                          tr("Cancel this run: what runs is stopped, what waits is not started")))
    , m_rerun(pushButton(QStringLiteral("rerunRun"),
                         tr("Rerun"),
                         QStringLiteral("rotate-cw"),
                         tr("Run the published pipeline again from the start, with the same parameters")))
    , m_copyLink(
          iconButton(QStringLiteral("copyLink"), QStringLiteral("link"), tr("Copy a link to this page (slipway://…)")))
{
    setObjectName(QStringLiteral("monitorHeader"));
    setFixedHeight(barHeight);
    setAttribute(Qt::WA_StyledBackground);
    setLook(this, "panel");
    m_path->setSpacing(6);
    m_facts->setObjectName(QStringLiteral("runFacts"));
    m_facts->setMinimumWidth(0);
    m_facts->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_pill->setObjectName(QStringLiteral("runState"));
    auto *const row = new QHBoxLayout(this);
    row->setContentsMargins(8, 0, 16, 0);
    row->setSpacing(8);
    row->addWidget(m_back);
    row->addLayout(m_path);
    row->addWidget(m_pill);
    row->addWidget(m_facts, 1);
    row->addWidget(m_cancel);
    row->addWidget(m_rerun);
    row->addWidget(m_copyLink);
    row->addWidget(new LiveMark(workbench));
    connect(m_back, &QToolButton::clicked, this, &MonitorHeader::backRequested);
    connect(m_cancel, &QPushButton::clicked, this, &MonitorHeader::cancelRequested);
    connect(m_rerun, &QPushButton::clicked, this, &MonitorHeader::rerunRequested);
    connect(m_copyLink, &QToolButton::clicked, this, [this] {
        if (!m_crumbs.isEmpty())
            QApplication::clipboard()->setText(m_crumbs.last().link.toString());
    });
}

void MonitorHeader::setCrumbs(const QList<Crumb> &crumbs)
{
    if (crumbs == m_crumbs)
        return;
    m_crumbs = crumbs;
    while (QLayoutItem *const item = m_path->takeAt(0)) {
        if (item->widget()) {
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        delete item;
    }
    for (qsizetype i = 0; i < crumbs.size(); ++i) {
        const Crumb &crumb = crumbs.at(i);
        const QString shown = fontMetrics().elidedText(crumb.text, Qt::ElideMiddle, longestCrumb);
        if (i + 1 == crumbs.size()) {
            QLabel *const here = titleLabel(shown);
            here->setTextFormat(Qt::PlainText);
            here->setToolTip(crumb.text);
            here->setObjectName(QStringLiteral("crumbHere"));
            m_path->addWidget(here);
            continue;
        }
        QPushButton *const button = pushButton(
            QStringLiteral("crumb%1").arg(i), QString(shown).replace(u'&', QStringLiteral("&&")), {}, crumb.text);
        setLook(button, "crumb");
        connect(button, &QPushButton::clicked, this, [this, link = crumb.link] { emit went(link); });
        m_path->addWidget(button);
        m_path->addWidget(new Chevron);
    }
}

void MonitorHeader::setState(const std::optional<StatusLook> &look, const QString &facts)
{
    m_pill->setVisible(look.has_value());
    if (look)
        m_pill->setLook(*look);
    m_facts->setText(facts);
    m_facts->setToolTip(facts);
}

void MonitorHeader::setActions(bool canCancel, bool canRerun)
{
    m_cancel->setVisible(canCancel);
    m_rerun->setVisible(canRerun);
}

} // namespace designer

#include "moc_MonitorHeader.cpp"
