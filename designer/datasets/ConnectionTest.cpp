#include "designer/datasets/ConnectionTest.h"

#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace designer {

using namespace engine;

ConnectionTest::ConnectionTest(Workbench &workbench, Body body, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_body(std::move(body))
    , m_button(pushButton(QStringLiteral("testConnection"),
                          tr("Test connection"),
                          QStringLiteral("plug-zap"),
                          tr("Try it as it is in the window")))
    , m_icon(new QLabel)
    , m_result(label({}, "secondary"))
{
    auto *const layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_button);
    layout->addWidget(m_icon);
    layout->addWidget(m_result, 1);
    m_result->setWordWrap(true);
    m_result->setObjectName(QStringLiteral("connectionResult"));
    m_result->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_icon->hide();
    connect(m_button, &QPushButton::clicked, this, &ConnectionTest::test);
}

void ConnectionTest::forget()
{
    ++m_request;
    m_isAsking = false;
    m_button->setText(tr("Test connection"));
    m_icon->hide();
    m_result->clear();
}

void ConnectionTest::show(const char *look, const QString &text)
{
    const bool isGood = std::string_view(look) == "ok";
    m_icon->setVisible(std::string_view(look) != "secondary");
    m_icon->setPixmap(icon(isGood ? QStringLiteral("circle-check") : QStringLiteral("circle-alert"),
                           isGood ? IconRole::Ok : IconRole::Bad)
                          .pixmap(16, 16));
    m_result->setText(text);
    setLook(m_result, look);
}

void ConnectionTest::test()
{
    if (m_isAsking) { // the button says Cancel meanwhile
        forget();
        return;
    }
    const Result<Json> body = m_body();
    if (!body) {
        show("bad", body.error().message);
        return;
    }
    m_isAsking = true;
    m_button->setText(tr("Cancel"));
    show("secondary", tr("Connecting…"));
    m_workbench.engine().post(QStringLiteral("/slipway/v1/connections/test"),
                              *body,
                              this,
                              [this, request = ++m_request](const Result<Json> &answer) {
                                  if (request != m_request)
                                      return;
                                  m_isAsking = false;
                                  m_button->setText(tr("Test connection"));
                                  if (answer)
                                      show("ok", stringAt(*answer, "message", tr("It works.")));
                                  else
                                      show("bad", answer.error().message);
                              });
}

} // namespace designer

#include "moc_ConnectionTest.cpp"
