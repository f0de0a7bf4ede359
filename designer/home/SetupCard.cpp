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

const QString fineKey = QStringLiteral("fine");

// One check: what is well in one line, what is not in full with what to do.
class CheckRow final : public QWidget
{
public:
    CheckRow() : m_icon(new IconLabel), m_line(label({}, "secondary")), m_text(label({})), m_fix(label({}, "secondary"))
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
        words->setSpacing(2);
        m_line->setWordWrap(true);
        m_line->setTextFormat(Qt::PlainText);
        words->addWidget(m_line);
        for (QLabel *const text : {m_text, m_fix}) {
            text->setWordWrap(true);
            text->setTextInteractionFlags(Qt::TextSelectableByMouse);
            words->addWidget(text);
        }
        m_text->setTextFormat(Qt::RichText);
        m_fix->setTextFormat(Qt::PlainText);
        line->addLayout(words, 1);
    }

    void showFine(const QString &text, const QString &detail)
    {
        m_icon->setIcon(QStringLiteral("circle-check"), IconRole::Ok);
        m_line->setText(text);
        m_line->setToolTip(detail.toHtmlEscaped().replace(u'\n', QStringLiteral("<br>")));
        m_line->show();
        m_text->hide();
        m_fix->hide();
    }

    void show(const SetupCheck &check)
    {
        const bool isError = check.state == SetupCheck::State::Error;
        m_icon->setIcon(isError ? QStringLiteral("octagon-x") : QStringLiteral("triangle-alert"),
                        isError ? IconRole::Bad : IconRole::Warn);
        m_text->setText(QStringLiteral("<b style=\"font-weight:600\">%1</b>  %2")
                            .arg(check.title.toHtmlEscaped(), check.message.toHtmlEscaped()));
        m_fix->setText(check.fix);
        m_line->hide();
        m_text->show();
        m_fix->setVisible(!check.fix.isEmpty());
    }

private:
    IconLabel *m_icon;
    QLabel *m_line;
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
        emit checked(m_checks);
        m_copy->setEnabled(!m_checks.isEmpty());
        show();
    });
}

// What is not well comes first; the names of all that is well share a line, the kernels have their own.
void SetupCard::show()
{
    QStringList keys;
    QStringList fine;
    QStringList detail;
    for (const SetupCheck &check : std::as_const(m_checks)) {
        if (check.state != SetupCheck::State::Ok)
            keys.append(check.id);
    }
    for (const SetupCheck &check : std::as_const(m_checks)) {
        if (check.state != SetupCheck::State::Ok)
            continue;
        if (check.id == u"kernels") {
            keys.append(check.id);
            continue;
        }
        fine.append(check.title);
        detail.append(check.title + QStringLiteral(": ") + check.message);
    }
    if (!fine.isEmpty())
        keys.append(fineKey);
    setRows(keys, [](const QString &) { return new CheckRow; });
    for (const SetupCheck &check : std::as_const(m_checks)) {
        if (check.state != SetupCheck::State::Ok)
            static_cast<CheckRow *>(row(check.id))->show(check);
        else if (check.id == u"kernels")
            static_cast<CheckRow *>(row(check.id))
                ->showFine(check.title + QStringLiteral(": ") + check.message, check.message);
    }
    if (!fine.isEmpty())
        static_cast<CheckRow *>(row(fineKey))->showFine(fine.join(QStringLiteral(" · ")), detail.join(u'\n'));
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
