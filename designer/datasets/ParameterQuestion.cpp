#include "designer/datasets/ParameterQuestion.h"

#include "designer/document/FactoryDocument.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/ParameterForm.h"
#include "designer/widgets/ReadingOrder.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

struct ParameterText
{
    Q_DECLARE_TR_FUNCTIONS(designer::ParameterQuestion)
};

bool isDynamic(const Json &value)
{
    if (value.is_object())
        return stringAt(value, "type").compare(u"Expression", Qt::CaseInsensitive) == 0;
    if (!value.is_string())
        return false;
    const QString text = toQString(value.get_ref<const std::string &>());
    return (text.startsWith(u'@') && !text.startsWith(u"@@")) || text.contains(u"@{");
}

QString settingsKey(const Workbench &workbench, const EntityRef &entity)
{
    const QByteArray factory = workbench.document() ? workbench.document()->folder().toUtf8() : QByteArray();
    const QByteArray place = QCryptographicHash::hash(factory, QCryptographicHash::Sha1).toHex().left(12);
    return QStringLiteral("looks/%1/%2/%3").arg(QString::fromLatin1(place)).arg(int(entity.kind)).arg(entity.name);
}

class ParameterDialog final : public Dialog
{
public:
    ParameterDialog(const EntityRef &entity, const Json &declared, const Json &last, QWidget *parent)
        : Dialog(parent)
        , m_form(new ParameterForm)
        , m_error(label({}, "bad"))
    {
        setObjectName(QStringLiteral("parameterQuestion"));
        setWindowTitle(ParameterText::tr("Parameters"));
        setMinimumWidth(scaled(460));
        m_form->setParameters(declared, last);
        m_error->setObjectName(QStringLiteral("parameterError"));
        m_error->setWordWrap(true);
        m_error->hide();
        auto *const about =
            label(ParameterText::tr("With these values it is read now; nothing is saved."), "secondary");
        about->setWordWrap(true);
        auto *const cancel = pushButton(QStringLiteral("parameterCancel"),
                                        ParameterText::tr("Cancel"),
                                        {},
                                        ParameterText::tr("Close without reading"));
        auto *const go = primaryButton(QStringLiteral("parameterGo"),
                                       ParameterText::tr("OK"),
                                       {},
                                       ParameterText::tr("Read it with these values (Enter)"));
        go->setDefault(true);
        auto *const buttons = new QHBoxLayout;
        buttons->addStretch(1);
        buttons->addWidget(cancel);
        buttons->addWidget(go);
        auto *const column = new QVBoxLayout(this);
        column->setContentsMargins(20, 20, 20, 16);
        column->setSpacing(10);
        column->addWidget(titleLabel(ParameterText::tr("Parameters of %1").arg(entity.name)));
        column->addWidget(about);
        column->addWidget(m_form);
        column->addWidget(m_error);
        column->addStretch(1);
        column->addLayout(buttons);
        connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
        connect(go, &QPushButton::clicked, this, [this] { take(); });
        m_form->focusFirst();
    }

    const Json &values() const { return m_values; }
    Json toKeep() const { return m_form->valuesToKeep(); }

private:
    void take()
    {
        const Result<Json> values = m_form->values();
        if (values) {
            m_values = *values;
            accept();
            return;
        }
        m_error->setText(values.error().message);
        m_error->show();
    }

    ParameterForm *m_form;
    QLabel *m_error;
    Json m_values;
};

} // namespace

std::optional<Json>
askParameters(Workbench &workbench, const EntityRef &entity, const Json &declared, const Json &given, QWidget *window)
{
    Json values = Json::object();
    Json open = Json::object();
    if (!declared.is_object())
        return values;
    for (const auto &parameter : declared.items()) {
        if (given.is_object() && given.contains(parameter.key()) && !isDynamic(given[parameter.key()]))
            values[parameter.key()] = given[parameter.key()];
        else
            open[parameter.key()] = parameter.value();
    }
    if (open.empty())
        return values;
    const QString key = settingsKey(workbench, entity);
    const Result<Json> last = parseJson(workbench.settings().value(key).toByteArray(), QString());
    ParameterDialog dialog(entity, open, last ? *last : Json(), window);
    if (dialog.exec() != QDialog::Accepted)
        return std::nullopt;
    workbench.settings().setValue(key, toCompact(dialog.toKeep()));
    values.update(dialog.values());
    return values;
}

} // namespace designer
