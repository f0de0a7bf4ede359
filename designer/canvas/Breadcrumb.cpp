#include "designer/canvas/Breadcrumb.h"

#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QToolButton>

namespace designer {

namespace {

constexpr int longestCrumb = 200;

} // namespace

Breadcrumb::Breadcrumb(QWidget *parent)
    : QFrame(parent)
    , m_row(new QHBoxLayout(this))
    , m_picker(new QWidget)
    , m_iteration(new QSpinBox)
    , m_count(label({}, "secondary"))
    , m_nextFailed(iconButton(QStringLiteral("nextFailedIteration"),
                              QStringLiteral("circle-x"),
                              tr("Go to the next iteration that failed")))
{
    setObjectName(QStringLiteral("breadcrumb"));
    setLook(this, "panel");
    setAttribute(Qt::WA_StyledBackground);
    setMinimumHeight(measure::title);
    m_row->setContentsMargins(8, 3, 12, 3);
    m_row->setSpacing(2);
    name(m_iteration,
         QStringLiteral("iteration"),
         tr("Iteration"),
         tr("Which turn of the loop is shown; Up and Down go through them"));
    m_iteration->setKeyboardTracking(false);
    auto *const picker = new QHBoxLayout(m_picker);
    picker->setContentsMargins(0, 0, 0, 0);
    picker->setSpacing(6);
    picker->addWidget(label(tr("Iteration"), "secondary"));
    picker->addWidget(m_iteration);
    picker->addWidget(m_count);
    picker->addWidget(m_nextFailed);
    m_row->addStretch();
    m_row->addWidget(m_picker);
    m_picker->hide();
    connect(m_iteration, &QSpinBox::valueChanged, this, [this](int shown) { emit iterationChosen(shown - 1); });
    connect(m_nextFailed, &QToolButton::clicked, this, [this] {
        if (m_failed.isEmpty())
            return;
        const auto next = std::upper_bound(m_failed.cbegin(), m_failed.cend(), iteration());
        m_iteration->setValue((next == m_failed.cend() ? m_failed.first() : *next) + 1);
    });
    hide();
}

void Breadcrumb::clear()
{
    for (QWidget *const part : std::as_const(m_parts)) {
        m_row->removeWidget(part);
        part->hide();
        part->deleteLater(); // one of them may be the button that was pressed
    }
    m_parts.clear();
}

QToolButton *Breadcrumb::crumb(const QString &text, const QString &toolTip, int depth)
{
    const QString shown = fontMetrics().elidedText(text.simplified(), Qt::ElideMiddle, scaled(longestCrumb));
    auto *const button = new QToolButton;
    button->setText(shown);
    button->setAutoRaise(true);
    name(button, QStringLiteral("crumb%1").arg(depth), text, toolTip);
    connect(button, &QToolButton::clicked, this, [this, depth] { emit goneTo(depth); });
    return button;
}

void Breadcrumb::show(const QString &pipeline, const QList<Step> &steps, const QStringList &ways, int way)
{
    if (pipeline == m_pipeline && steps == m_steps && ways == m_ways && way == m_way)
        return;
    m_pipeline = pipeline;
    m_steps = steps;
    m_ways = ways;
    m_way = way;
    clear();
    setVisible(!steps.isEmpty());
    if (steps.isEmpty())
        return;
    const auto add = [this](QWidget *part) {
        m_row->insertWidget(int(m_parts.size()), part);
        m_parts.append(part);
    };
    const auto separator = [&add] { add(label(QStringLiteral("›"), "hint")); };
    add(crumb(pipeline, tr("Go to the activities of %1 (Esc goes up one level)").arg(pipeline), 0));
    for (int i = 0; i < steps.size() - 1; ++i) {
        separator();
        const QString text =
            steps[i].way.isEmpty() ? steps[i].name : QStringLiteral("%1 · %2").arg(steps[i].name, steps[i].way);
        add(crumb(text, tr("Go to the activities of %1").arg(text), i + 1));
    }
    separator();
    const QString last = steps.last().name;
    QLabel *const here = label(fontMetrics().elidedText(last.simplified(), Qt::ElideMiddle, scaled(longestCrumb)));
    here->setFont(themeFont(TypeSize::Body, QFont::DemiBold));
    here->setToolTip(last);
    here->setContentsMargins(6, 0, 4, 0);
    add(here);
    if (way < 0 || way >= ways.size() || ways.size() < 2)
        return;
    separator();
    const QString shown = fontMetrics().elidedText(ways[way].simplified(), Qt::ElideMiddle, scaled(longestCrumb));
    QToolButton *const chooser = toolButton(
        QStringLiteral("wayChooser"), shown, QStringLiteral("chevron-down"), tr("Go to another way of %1").arg(last));
    chooser->setAccessibleName(tr("%1, of %2").arg(ways[way], last));
    chooser->setPopupMode(QToolButton::InstantPopup);
    auto *const menu = new QMenu(chooser);
    menu->setObjectName(QStringLiteral("wayMenu"));
    for (int i = 0; i < ways.size(); ++i) {
        QAction *const action =
            menu->addAction(fontMetrics().elidedText(ways[i].simplified(), Qt::ElideMiddle, scaled(2 * longestCrumb)));
        action->setCheckable(true);
        action->setChecked(i == way);
        connect(action, &QAction::triggered, this, [this, i] { emit wayChosen(i); });
    }
    chooser->setMenu(menu);
    add(chooser);
}

void Breadcrumb::setIterations(int count, const QList<int> &failed)
{
    m_failed = failed;
    m_picker->setVisible(count > 0);
    if (count <= 0)
        return;
    {
        const QSignalBlocker quiet(m_iteration);
        m_iteration->setRange(1, count);
    }
    m_count->setText(tr("of %L1").arg(count));
    m_nextFailed->setVisible(!failed.isEmpty());
}

int Breadcrumb::iteration() const { return m_iteration->value() - 1; }

void Breadcrumb::setIteration(int iteration)
{
    const QSignalBlocker quiet(m_iteration);
    if (iteration + 1 > m_iteration->maximum())
        m_iteration->setMaximum(iteration + 1); // heard of later
    m_iteration->setValue(iteration + 1);
}

} // namespace designer

#include "moc_Breadcrumb.cpp"
