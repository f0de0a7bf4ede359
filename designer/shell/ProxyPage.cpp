#include "designer/shell/ProxyPage.h"

#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"

#include <QComboBox>
#include <QLineEdit>

namespace designer {

using namespace engine;

ProxyPage::ProxyPage(Workbench &workbench)
    : SettingsForm(tr("Proxies"))
    , m_workbench(workbench)
    , m_settings(ProxySettings::read(workbench.settings()))
    , m_mode(new QComboBox)
{
    name(m_mode,
         QStringLiteral("proxyMode"),
         tr("Proxies"),
         tr("How this window and notebooks that may use the network reach it"));
    m_mode->addItem(tr("As the system"), int(ProxySettings::Mode::System));
    m_mode->addItem(tr("None"), int(ProxySettings::Mode::None));
    m_mode->addItem(tr("Manual"), int(ProxySettings::Mode::Manual));
    m_mode->setCurrentIndex(m_mode->findData(int(m_settings.mode)));
    addField(tr("Use"), m_mode);
    m_http = field(QStringLiteral("proxyHttp"),
                   tr("Proxy for http"),
                   tr("host:port"),
                   tr("Host and port of the proxy, such as proxy.intern:3128"));
    m_https = field(QStringLiteral("proxyHttps"),
                    tr("Proxy for https"),
                    tr("as for http"),
                    tr("Host and port of the proxy for https; empty = the same as for http"));
    m_except = field(QStringLiteral("proxyExcept"),
                     tr("No proxy for"),
                     tr("localhost,.intern"),
                     tr("Hosts and domains that are reached directly, divided by commas"));
    m_http->setText(m_settings.http);
    m_https->setText(m_settings.https);
    m_except->setText(m_settings.except);
    m_problem = addText({}, "bad");
    m_problem->setObjectName(QStringLiteral("proxyProblem"));
    m_problem->hide();
    m_note = addText({});
    m_note->setObjectName(QStringLiteral("proxyNote"));
    connect(m_mode, &QComboBox::currentIndexChanged, this, &ProxyPage::changed);
    connect(&workbench.engine(), &EngineConnection::caughtUp, this, [this] {
        if (!m_isHanded)
            hand();
    });
    showFields();
}

QLineEdit *
ProxyPage::field(const QString &objectName, const QString &title, const QString &hint, const QString &toolTip)
{
    auto *const made = new QLineEdit;
    name(made, objectName, title, toolTip);
    made->setPlaceholderText(hint);
    connect(made, &QLineEdit::editingFinished, this, &ProxyPage::changed);
    addField(title, made);
    return made;
}

void ProxyPage::showFields()
{
    const bool isManual = m_settings.mode == ProxySettings::Mode::Manual;
    for (QLineEdit *const each : {m_http, m_https, m_except})
        each->setEnabled(isManual);
    m_note->setText(m_isHanded ? tr("Counts for this window at once, for notebooks from the engine's next start on.")
                               : tr("Counts for this window at once; notebooks get it when the engine runs again."));
}

void ProxyPage::changed()
{
    ProxySettings wanted;
    wanted.mode = ProxySettings::Mode(m_mode->currentData().toInt());
    wanted.http = m_http->text().trimmed();
    wanted.https = m_https->text().trimmed();
    wanted.except = m_except->text().trimmed();
    QString problem;
    for (QLineEdit *const each : {m_http, m_https}) {
        const bool isWrong = wanted.mode == ProxySettings::Mode::Manual && !each->text().trimmed().isEmpty()
            && proxyAddress(each->text()).second == 0;
        setLook(each, isWrong ? "wrong" : "");
        if (isWrong)
            problem = tr("“%1” is no address of a proxy: write host:port.").arg(each->text().left(80));
    }
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    if (wanted == m_settings || !problem.isEmpty())
        return;
    m_settings = wanted;
    m_settings.write(m_workbench.settings());
    m_settings.apply();
    hand();
    showFields();
}

void ProxyPage::hand()
{
    m_isHanded = m_workbench.engine().isRunning();
    if (!m_isHanded)
        return;
    const Json changes{{"proxies", m_settings.forEngine()}};
    m_workbench.engine().call(
        "PUT", QStringLiteral("/slipway/v1/settings"), changes, this, [this](const Result<Json> &answer) {
            m_problem->setVisible(!answer.ok());
            if (!answer)
                m_problem->setText(answer.error().message);
            showFields();
        });
}

} // namespace designer

#include "moc_ProxyPage.cpp"
