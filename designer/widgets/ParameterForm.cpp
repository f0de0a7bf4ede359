#include "designer/widgets/ParameterForm.h"

#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>

namespace designer {

using namespace engine;

namespace {

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

ParameterForm::ParameterForm(QWidget *parent) : QWidget(parent), m_form(new QFormLayout(this))
{
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
}

void ParameterForm::setParameters(const Json &declared, const Json &last)
{
    if (!declared.is_object())
        return;
    for (const auto &parameter : declared.items()) {
        const QString type = stringAt(parameter.value(), "type");
        const QString parameterName = toQString(parameter.key());
        const bool isKnown = last.is_object() && last.contains(parameter.key()) && !isSecret(type);
        QWidget *const input = inputFor(
            parameterName, type, isKnown ? last[parameter.key()] : memberAt(parameter.value(), "defaultValue"));
        m_fields.append({parameterName, type, input});
        const QString words = parameterName + QStringLiteral(" (") + type + u')';
        auto *const title = new QLabel(fontMetrics().elidedText(words, Qt::ElideMiddle, scaled(240)));
        title->setToolTip(words);
        title->setBuddy(input);
        m_form->addRow(title, input);
    }
}

void ParameterForm::focusFirst()
{
    if (!m_fields.isEmpty())
        m_fields.first().input->setFocus();
}

QWidget *ParameterForm::inputFor(const QString &parameter, const QString &type, const Json &initial)
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

Result<Json> ParameterForm::values() const
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

Json ParameterForm::valuesToKeep() const
{
    Json kept = Json::object();
    const Result<Json> given = values();
    for (const Field &field : m_fields) {
        const std::string key = toStdString(field.name);
        if (given && given->contains(key) && !isSecret(field.type))
            kept[key] = (*given)[key];
    }
    return kept;
}

} // namespace designer

#include "moc_ParameterForm.cpp"
