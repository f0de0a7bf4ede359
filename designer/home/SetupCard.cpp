#include "designer/home/SetupCard.h"

#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/IconLabel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

class CheckRow final : public QWidget
{
public:
    CheckRow() : m_icon(new IconLabel), m_text(label({})), m_fix(label({}, "secondary"))
    {
        auto *const line = new QHBoxLayout(this);
        line->setContentsMargins(16, 3, 16, 3);
        line->setSpacing(8);
        auto *const top = new QVBoxLayout;
        top->setContentsMargins(0, 1, 0, 0);
        top->addWidget(m_icon);
        top->addStretch(1);
        line->addLayout(top);
        auto *const words = new QVBoxLayout;
        words->setSpacing(0);
        for (QLabel *const text : {m_text, m_fix}) {
            text->setWordWrap(true);
            text->setTextInteractionFlags(Qt::TextSelectableByMouse);
            words->addWidget(text);
        }
        m_text->setTextFormat(Qt::RichText);
        m_fix->setTextFormat(Qt::PlainText);
        line->addLayout(words, 1);
    }

    void show(const SetupCheck &check)
    {
        switch (check.state) {
        case SetupCheck::State::Ok:
            m_icon->setIcon(QStringLiteral("circle-check"), IconRole::Ok);
            break;
        case SetupCheck::State::Warning:
            m_icon->setIcon(QStringLiteral("triangle-alert"), IconRole::Warn);
            break;
        case SetupCheck::State::Error:
            m_icon->setIcon(QStringLiteral("octagon-x"), IconRole::Bad);
            break;
        }
        m_text->setText(QStringLiteral("<b style=\"font-weight:600\">%1</b>  %2")
                            .arg(check.title.toHtmlEscaped(), check.message.toHtmlEscaped()));
        m_fix->setText(check.fix);
        m_fix->setVisible(!check.fix.isEmpty() && check.state != SetupCheck::State::Ok);
    }

private:
    IconLabel *m_icon;
    QLabel *m_text;
    QLabel *m_fix;
};

} // namespace

SetupCard::SetupCard(Workbench &workbench)
    : SectionCard(QStringLiteral("checkMySetup"), tr("Check my setup"), Lines::None)
    , m_workbench(workbench)
    , m_again(iconButton(QStringLiteral("runSetupChecks"), QStringLiteral("rotate-cw"), tr("Check again")))
    , m_copy(iconButton(QStringLiteral("copySetup"), QStringLiteral("copy"), tr("Copy the result as text")))
{
    addToTitle(m_again);
    addToTitle(m_copy);
    m_copy->setEnabled(false);
    setEmpty(tr("Waiting for the engine."));
    connect(m_again, &QToolButton::clicked, this, &SetupCard::refresh);
    connect(m_copy, &QToolButton::clicked, this, &SetupCard::copy);
    connect(&workbench.engine(), &EngineConnection::caughtUp, this, &SetupCard::refresh);
}

void SetupCard::refresh()
{
    if (m_isChecking)
        return;
    m_isChecking = true;
    m_again->setEnabled(false);
    if (m_checks.isEmpty())
        setEmpty(tr("Checking…"));
    m_workbench.engine().get(QStringLiteral("/slipway/v1/setup"), this, [this](const Result<Json> &answer) {
        m_isChecking = false;
        m_again->setEnabled(true);
        if (!answer) {
            m_checks.clear();
            setEmpty(tr("Cannot be checked: %1").arg(answer.error().message));
        } else {
            m_checks = setupChecks(*answer);
        }
        m_copy->setEnabled(!m_checks.isEmpty());
        show();
    });
}

void SetupCard::show()
{
    QStringList keys;
    for (const SetupCheck &check : std::as_const(m_checks))
        keys.append(check.id);
    setRows(keys, [](const QString &) { return new CheckRow; });
    for (const SetupCheck &check : std::as_const(m_checks))
        static_cast<CheckRow *>(row(check.id))->show(check);
}

void SetupCard::copy()
{
    const Json &hello = m_workbench.engine().hello();
    const QString heading =
        QStringLiteral("Slipway %1 (%2)").arg(stringAt(hello, "version"), stringAt(hello, "buildId"));
    QGuiApplication::clipboard()->setText(setupReport(m_checks, heading));
    m_workbench.tell({.level = Message::Level::Done,
                      .text = tr("The result of the checks is in the clipboard."),
                      .about = QStringLiteral("setup")});
}

} // namespace designer

#include "moc_SetupCard.cpp"
