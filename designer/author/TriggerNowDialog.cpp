#include "designer/author/TriggerNowDialog.h"

#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

const QString adfRoute =
    QStringLiteral("/subscriptions/local/resourceGroups/local/providers/Microsoft.DataFactory/factories/");

bool isText(const QString &type) { return type.compare(u"String", Qt::CaseInsensitive) == 0 || type.isEmpty(); }

bool isBool(const QString &type) { return type.startsWith(u"Bool", Qt::CaseInsensitive); }

bool isSecret(const QString &type) { return type.compare(u"SecureString", Qt::CaseInsensitive) == 0; }

QString shown(const Json &value)
{
    if (value.is_null())
        return {};
    return value.is_string() ? toQString(value.get<std::string>()) : QString::fromUtf8(toCompact(value));
}

} // namespace

TriggerNowDialog::TriggerNowDialog(Workbench &workbench, EntityRef pipeline, bool unpublished, QWidget *parent)
    : Dialog(parent)
    , m_workbench(workbench)
    , m_pipeline(std::move(pipeline))
    , m_form(new QFormLayout)
    , m_error(label({}, "bad"))
    , m_start(primaryButton(QStringLiteral("triggerStart"),
                            tr("Run"),
                            QStringLiteral("play"),
                            tr("Start a run of the published version now")))
{
    setObjectName(QStringLiteral("triggerNowDialog"));
    setWindowTitle(tr("Trigger now"));
    setMinimumWidth(scaled(460));
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(20, 20, 20, 16);
    column->setSpacing(10);
    column->addWidget(titleLabel(tr("Run %1 now").arg(m_pipeline.name)));
    QLabel *const about = label(tr("This runs published version %1.").arg(workbench.publishedVersion()), "secondary");
    about->setWordWrap(true);
    column->addWidget(about);
    if (unpublished) {
        QLabel *const warning = label(tr("Your changes are not published: they are not in this run."), "warn");
        warning->setObjectName(QStringLiteral("triggerUnpublished"));
        warning->setWordWrap(true);
        column->addWidget(warning);
    }
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    column->addLayout(m_form);
    m_error->setObjectName(QStringLiteral("triggerError"));
    m_error->setWordWrap(true);
    m_error->hide();
    column->addWidget(m_error);
    column->addStretch(1);
    auto *const buttons = new QHBoxLayout;
    QPushButton *const cancel =
        pushButton(QStringLiteral("triggerCancel"), tr("Cancel"), {}, tr("Close without a run"));
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_start);
    column->addLayout(buttons);
    m_start->setDefault(true);
    m_start->setEnabled(false);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_start, &QPushButton::clicked, this, &TriggerNowDialog::start);
    fetchParameters();
}

void TriggerNowDialog::fetchParameters()
{
    m_workbench.engine().get(
        adfRoute + m_workbench.factory().text() + u"/pipelines/" + encodedPath(m_pipeline.name),
        this,
        [this](const Result<Json> &pipeline) {
            if (!pipeline) {
                showError(pipeline.error().code == ErrorCode::NotFound
                              ? tr("“%1” is not in the published version. Publish it first.").arg(m_pipeline.name)
                              : pipeline.error().message);
                return;
            }
            makeForm(memberAt(memberAt(*pipeline, "properties"), "parameters"));
        });
}

void TriggerNowDialog::makeForm(const Json &parameters)
{
    for (const auto &parameter : parameters.items()) {
        const QString type = stringAt(parameter.value(), "type");
        const QString parameterName = toQString(parameter.key());
        QWidget *const input = inputFor(parameterName, type, memberAt(parameter.value(), "defaultValue"));
        m_fields.append({parameterName, type, input});
        m_form->addRow(parameterName + QStringLiteral(" (") + type + u')', input);
    }
    m_start->setEnabled(true);
    if (m_fields.isEmpty())
        m_start->setFocus();
    else
        m_fields.first().input->setFocus();
}

QWidget *TriggerNowDialog::inputFor(const QString &parameter, const QString &type, const Json &initial)
{
    const QString tip = tr("Value of %1, a %2").arg(parameter, type);
    if (isBool(type)) {
        auto *const choice = new QComboBox;
        choice->addItems({QStringLiteral("true"), QStringLiteral("false")});
        choice->setCurrentText(shown(initial).toLower());
        name(choice, QStringLiteral("parameter_") + parameter, parameter, tip);
        return choice;
    }
    auto *const field = new QLineEdit(shown(initial));
    name(field, QStringLiteral("parameter_") + parameter, parameter, tip);
    if (isSecret(type))
        field->setEchoMode(QLineEdit::Password);
    else if (!isText(type))
        field->setPlaceholderText(tr("%1, as JSON").arg(type));
    return field;
}

Result<Json> TriggerNowDialog::values() const
{
    Json values = Json::object();
    for (const Field &field : m_fields) {
        const auto *const choice = qobject_cast<QComboBox *>(field.input);
        const auto *const line = qobject_cast<QLineEdit *>(field.input);
        const QString text = choice ? choice->currentText() : line->text();
        if (isText(field.type) || isSecret(field.type)) {
            values[toStdString(field.name)] = toStdString(text);
            continue;
        }
        if (text.trimmed().isEmpty())
            continue; // the default, or the engine says what is missing
        const Result<Json> read = parseJson(text.toUtf8(), field.name);
        if (!read)
            return Error{ErrorCode::InvalidInput,
                         tr("%1 is no %2: %3").arg(field.name, field.type, read.error().message),
                         field.name};
        values[toStdString(field.name)] = *read;
    }
    return values;
}

void TriggerNowDialog::start()
{
    m_error->hide();
    const Result<Json> parameters = values();
    if (!parameters) {
        showError(parameters.error().message);
        return;
    }
    m_start->setEnabled(false);
    m_workbench.engine().post(adfRoute + m_workbench.factory().text() + u"/pipelines/" + encodedPath(m_pipeline.name)
                                  + u"/createRun",
                              *parameters,
                              this,
                              [this](const Result<Json> &answer) {
                                  m_start->setEnabled(true);
                                  if (!answer) {
                                      showError(answer.error().message);
                                      return;
                                  }
                                  m_run = stringAt(*answer, "runId");
                                  accept();
                              });
}

void TriggerNowDialog::showError(const QString &text)
{
    m_error->setText(text);
    m_error->show();
}

} // namespace designer

#include "moc_TriggerNowDialog.cpp"
