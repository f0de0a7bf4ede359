#include "designer/manage/SecretDialog.h"

#include "designer/shell/Icons.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"

#include <QAction>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

SecretDialog::SecretDialog(Workbench &workbench, const QString &scope, const QString &name, QWidget *parent)
    : Dialog(parent)
    , m_workbench(workbench)
    , m_scope(new QLineEdit(scope))
    , m_name(new QLineEdit(name))
    , m_value(new QLineEdit)
    , m_error(label({}, "bad"))
    , m_save(primaryButton(QStringLiteral("saveSecret"),
                           tr("Save"),
                           QStringLiteral("lock"),
                           tr("The engine seals the value and keeps it")))
{
    const bool isNew = name.isEmpty();
    setObjectName(QStringLiteral("secretDialog"));
    setWindowTitle(isNew ? tr("New secret") : tr("New value"));
    setMinimumWidth(scaled(480));
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(20, 20, 20, 16);
    column->setSpacing(10);
    column->addWidget(titleLabel(windowTitle()));
    QLabel *const about = label(tr("It is sealed on this machine and never shown again. Linked services name it as "
                                   "scope/name; a Key Vault is bound to a scope."),
                                "secondary");
    about->setWordWrap(true);
    column->addWidget(about);

    designer::name(
        m_scope, QStringLiteral("secretScope"), tr("Scope"), tr("Groups secrets: letters, digits and . _ - @"));
    designer::name(m_name, QStringLiteral("secretName"), tr("Name"), tr("Letters, digits and . _ - @"));
    designer::name(m_value, QStringLiteral("secretValue"), tr("Value"), tr("The password or key itself"));
    m_scope->setEnabled(isNew);
    m_name->setEnabled(isNew);
    m_value->setEchoMode(QLineEdit::Password);
    QAction *const reveal =
        m_value->addAction(icon(QStringLiteral("eye"), IconRole::Text), QLineEdit::TrailingPosition);
    reveal->setCheckable(true);
    reveal->setToolTip(tr("Show what is typed"));
    connect(reveal, &QAction::toggled, this, [this, reveal](bool isShown) {
        m_value->setEchoMode(isShown ? QLineEdit::Normal : QLineEdit::Password);
        reveal->setIcon(icon(isShown ? QStringLiteral("eye-off") : QStringLiteral("eye"), IconRole::Text));
    });
    auto *const form = new QFormLayout;
    form->setHorizontalSpacing(12);
    form->setVerticalSpacing(8);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("Scope"), m_scope);
    form->addRow(tr("Name"), m_name);
    form->addRow(tr("Value"), m_value);
    column->addLayout(form);
    m_error->setObjectName(QStringLiteral("secretError"));
    m_error->setWordWrap(true);
    m_error->hide();
    column->addWidget(m_error);
    column->addStretch(1);
    auto *const buttons = new QHBoxLayout;
    QPushButton *const cancel =
        pushButton(QStringLiteral("cancelSecret"), tr("Cancel"), {}, tr("Close and change nothing"));
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_save);
    column->addLayout(buttons);
    m_save->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_save, &QPushButton::clicked, this, &SecretDialog::save);
    for (const QLineEdit *const field : {m_scope, m_name, m_value})
        connect(field, &QLineEdit::textChanged, this, &SecretDialog::check);
    if (isNew)
        (scope.isEmpty() ? m_scope : m_name)->setFocus();
    else
        m_value->setFocus();
    check();
}

void SecretDialog::check()
{
    m_save->setEnabled(!m_scope->text().trimmed().isEmpty() && !m_name->text().trimmed().isEmpty()
                       && !m_value->text().isEmpty());
}

void SecretDialog::save()
{
    m_error->hide();
    m_save->setEnabled(false);
    const QString route = QStringLiteral("/slipway/v1/secrets/%1/%2")
                              .arg(encodedPath(m_scope->text().trimmed()), encodedPath(m_name->text().trimmed()));
    m_workbench.engine().call(
        "PUT", route, Json{{"value", toStdString(m_value->text())}}, this, [this](const Result<Json> &answer) {
            if (answer)
                return accept();
            m_error->setText(answer.error().message);
            m_error->show();
            check();
        });
}

} // namespace designer

#include "moc_SecretDialog.cpp"
