#include "designer/manage/SecretsSection.h"

#include "designer/manage/ManageTable.h"
#include "designer/manage/SecretDialog.h"
#include "designer/manage/SecretModel.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/EmptyState.h"
#include "designer/widgets/Question.h"

#include <QAction>
#include <QPushButton>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

const QString secretsRoute = QStringLiteral("/slipway/v1/secrets");

} // namespace

SecretsSection::SecretsSection(Workbench &workbench)
    : m_workbench(workbench)
    , m_model(new SecretModel(this))
    , m_table(new ManageTable(workbench, *m_model, {QStringLiteral("secrets"), tr("Secrets"), tr("Search secrets")}))
    , m_add(pushButton(QStringLiteral("addSecret"),
                       tr("New secret"),
                       QStringLiteral("plus"),
                       tr("Gives the engine a password or key to keep")))
    , m_replace(pushButton(QStringLiteral("replaceSecret"),
                           tr("New value"),
                           QStringLiteral("key-round"),
                           tr("Replaces the value of the selected secret (Enter)")))
    , m_delete(pushButton(QStringLiteral("deleteSecret"),
                          tr("Delete"),
                          QStringLiteral("trash-2"),
                          tr("Deletes the selected secrets; what names them fails then")))
{
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_table);
    QList<QAction *> actions;
    for (QPushButton *const tool : {m_add, m_replace, m_delete}) {
        m_table->addTool(tool);
        auto *const action = new QAction(tool->text(), this);
        connect(action, &QAction::triggered, tool, &QPushButton::click);
        actions.append(action);
    }
    m_table->addMenuActions(actions);
    connect(m_add, &QPushButton::clicked, this, &SecretsSection::add);
    connect(m_replace, &QPushButton::clicked, this, [this] { replace(m_table->currentRow()); });
    connect(m_delete, &QPushButton::clicked, this, &SecretsSection::remove);
    connect(m_table, &ManageTable::activated, this, &SecretsSection::replace);
    connect(m_table, &ManageTable::selectionChanged, this, &SecretsSection::selectionChanged);
    connect(m_table, &ManageTable::emptyActed, this, &SecretsSection::add);
    connect(&workbench.engine(), &EngineConnection::caughtUp, this, &SecretsSection::refresh);
    connect(&workbench.engine(), &EngineConnection::stateChanged, this, [this] { sayWhyEmpty(); });
    connect(&workbench, &Workbench::zoneChanged, this, [this] { m_model->setZone(m_workbench.zone()); });
    m_model->setZone(workbench.zone());
    refresh();
}

void SecretsSection::refresh()
{
    sayWhyEmpty();
    if (!m_workbench.engine().isRunning())
        return;
    m_workbench.engine().get(secretsRoute, this, [this](const Result<Json> &answer) {
        if (answer)
            m_model->setRows(secretRows(*answer));
        sayWhyEmpty(answer ? QString() : answer.error().message);
    });
}

void SecretsSection::sayWhyEmpty(const QString &problem)
{
    const QString icon = QStringLiteral("key-round");
    m_add->setEnabled(m_workbench.engine().isRunning());
    selectionChanged();
    if (m_table->sayIfEngineIsAway(icon, tr("It keeps the secrets.")))
        return;
    if (!problem.isEmpty())
        m_table->empty()->say(icon, tr("The secrets cannot be listed"), problem);
    else
        m_table->empty()->say(
            icon,
            tr("No secret is kept here"),
            tr("Passwords of databases and what a factory reads from a Key Vault belong here, sealed, "
               "and not into files."),
            tr("New secret"));
}

void SecretsSection::selectionChanged()
{
    const bool isRunning = m_workbench.engine().isRunning();
    m_replace->setEnabled(isRunning && m_table->selectedRows().size() == 1);
    m_delete->setEnabled(isRunning && !m_table->selectedRows().isEmpty());
}

void SecretsSection::add()
{
    const int row = m_table->currentRow();
    auto *const dialog =
        new SecretDialog(m_workbench, row < 0 ? QString() : m_model->row(row).scope, {}, m_table->window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, &SecretsSection::refresh);
    dialog->open();
}

void SecretsSection::replace(int row)
{
    if (row < 0 || !m_workbench.engine().isRunning())
        return;
    const SecretRow &secret = m_model->row(row);
    auto *const dialog = new SecretDialog(m_workbench, secret.scope, secret.name, m_table->window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, &SecretsSection::refresh);
    dialog->open();
}

void SecretsSection::remove()
{
    QStringList routes;
    QStringList names;
    for (const int row : m_table->selectedRows()) {
        const SecretRow &secret = m_model->row(row);
        routes += secretsRoute + u'/' + encodedPath(secret.scope) + u'/' + encodedPath(secret.name);
        names += secret.key;
    }
    if (routes.isEmpty())
        return;
    auto *const box = new Question(QMessageBox::Question,
                                   QStringLiteral("deleteSecretQuestion"),
                                   names.size() == 1 ? tr("Delete the secret %1?").arg(names.first())
                                                     : tr("Delete %n secrets?", nullptr, int(names.size())),
                                   m_table->window());
    box->setWindowTitle(tr("Delete secrets"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(tr("The value cannot be brought back. Linked services and vaults that name it fail."));
    const QPushButton *const confirm = box->addAnswer(
        QStringLiteral("deleteSecretNow"), tr("Delete"), tr("Delete it for good"), QMessageBox::DestructiveRole);
    box->setDefaultButton(box->addCancel(tr("Keep it")));
    connect(confirm, &QPushButton::clicked, this, [this, routes] {
        for (const QString &route : routes)
            m_workbench.engine().call("DELETE", route, {}, this, [this](const Result<Json> &) { refresh(); });
    });
    box->open();
}

} // namespace designer

#include "moc_SecretsSection.cpp"
