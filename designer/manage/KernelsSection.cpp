#include "designer/manage/KernelsSection.h"

#include "designer/manage/KernelModel.h"
#include "designer/manage/ManageTable.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/EmptyState.h"

#include <QPushButton>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

KernelsSection::KernelsSection(Workbench &workbench)
    : m_workbench(workbench)
    , m_model(new KernelModel(this))
    , m_table(new ManageTable(workbench, *m_model, {QStringLiteral("kernels"), tr("Kernels"), tr("Search kernels")}))
    , m_again(pushButton(QStringLiteral("findKernels"),
                         tr("Look again"),
                         QStringLiteral("rotate-cw"),
                         tr("Looks for kernels that were installed or removed")))
{
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_table);
    m_table->addTool(m_again);
    connect(m_again, &QPushButton::clicked, this, &KernelsSection::refresh);
    connect(m_table, &ManageTable::emptyActed, this, &KernelsSection::refresh);
    connect(&workbench.engine(), &EngineConnection::caughtUp, this, &KernelsSection::refresh);
    connect(&workbench.engine(), &EngineConnection::stateChanged, this, [this] { sayWhyEmpty(); });
    refresh();
}

void KernelsSection::refresh()
{
    sayWhyEmpty();
    if (!m_workbench.engine().isRunning())
        return;
    m_again->setEnabled(false);
    m_workbench.engine().get(QStringLiteral("/slipway/v1/kernels"), this, [this](const Result<Json> &answer) {
        m_again->setEnabled(m_workbench.engine().isRunning());
        if (answer)
            m_model->setRows(kernelRows(*answer));
        sayWhyEmpty(answer ? QString() : answer.error().message);
    });
}

void KernelsSection::sayWhyEmpty(const QString &problem)
{
    const QString icon = QStringLiteral("cpu");
    m_again->setEnabled(m_workbench.engine().isRunning());
    if (m_table->sayIfEngineIsAway(icon, tr("It knows the kernels of this machine.")))
        return;
    if (!problem.isEmpty())
        m_table->empty()->say(icon, tr("The kernels cannot be listed"), problem, tr("Look again"));
    else
        m_table->empty()->say(icon,
                              tr("No kernel is installed"),
                              tr("Notebooks need one. For Python install the package python3-ipykernel, for R "
                                 "r-cran-irkernel."),
                              tr("Look again"));
}

} // namespace designer

#include "moc_KernelsSection.cpp"
