#include "designer/manage/ManagePage.h"

#include "designer/manage/BindSection.h"
#include "designer/manage/EngineSection.h"
#include "designer/manage/GlobalParametersSection.h"
#include "designer/manage/KernelsSection.h"
#include "designer/manage/LinkedServicesSection.h"
#include "designer/manage/SecretsSection.h"
#include "designer/manage/TriggersSection.h"
#include "designer/shell/Icons.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"

#include <QHBoxLayout>
#include <QListWidget>
#include <QSettings>
#include <QStackedWidget>

namespace designer {

namespace {

const QString sectionKey = QStringLiteral("manage/section");
constexpr int idRole = Qt::UserRole;
constexpr int listWidth = 200;
constexpr int rowHeight = 34;

} // namespace

ManagePage::ManagePage(Workbench &workbench, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_list(new QListWidget)
    , m_stack(new QStackedWidget)
{
    setObjectName(QStringLiteral("managePage"));
    auto *const line = new QHBoxLayout(this);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(0);
    name(m_list, QStringLiteral("manageSections"), tr("Sections of Manage"), tr("Choose what to manage (Up, Down)"));
    m_list->setFixedWidth(scaled(listWidth));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setLook(m_list, "sections");
    setLook(m_stack, "panel");
    line->addWidget(m_list);
    line->addWidget(lineDown());
    line->addWidget(m_stack, 1);
    addSection(QStringLiteral("linkedServices"),
               tr("Linked services"),
               QStringLiteral("plug"),
               new LinkedServicesSection(workbench));
    addSection(QStringLiteral("bind"), tr("Bind this factory"), QStringLiteral("plug-zap"), new BindSection(workbench));
    addSection(QStringLiteral("globalParameters"),
               tr("Global parameters"),
               QStringLiteral("variable"),
               new GlobalParametersSection(workbench));
    addSection(
        QStringLiteral("triggers"), tr("Triggers"), QStringLiteral("calendar-clock"), new TriggersSection(workbench));
    addSection(QStringLiteral("kernels"), tr("Kernels"), QStringLiteral("cpu"), new KernelsSection(workbench));
    addSection(QStringLiteral("secrets"), tr("Secrets"), QStringLiteral("key-round"), new SecretsSection(workbench));
    addSection(QStringLiteral("engine"), tr("Engine"), QStringLiteral("server"), new EngineSection(workbench));
    Link last;
    last.kind = Link::Kind::Manage;
    last.detail = workbench.settings().value(sectionKey, QStringLiteral("linkedServices")).toString();
    connect(m_list, &QListWidget::currentRowChanged, this, [this](int row) {
        m_stack->setCurrentIndex(row);
        m_workbench.settings().setValue(sectionKey, section());
    });
    go(last);
    if (!m_list->currentItem())
        m_list->setCurrentRow(0); // the settings are of another version
}

void ManagePage::addSection(const QString &id, const QString &title, const QString &iconName, QWidget *section)
{
    auto *const item = new QListWidgetItem(icon(iconName), title, m_list);
    item->setData(idRole, id);
    item->setSizeHint({listWidth, qMax(rowHeight, fontMetrics().height() + 14)});
    m_stack->addWidget(section);
}

QString ManagePage::section() const
{
    const QListWidgetItem *const item = m_list->currentItem();
    return item ? item->data(idRole).toString() : QString();
}

void ManagePage::go(const Link &link)
{
    for (int row = 0; row < m_list->count(); ++row) {
        if (m_list->item(row)->data(idRole).toString() == link.detail)
            m_list->setCurrentRow(row);
    }
}

} // namespace designer

#include "moc_ManagePage.cpp"
