#include "designer/models/ModelsPage.h"

#include "designer/manage/ManageTable.h"
#include "designer/models/ModelPage.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/EmptyState.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QUrl>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

const QString base = QStringLiteral("/slipway/v1/models");
const QString folderKey = QStringLiteral("models/exportFolder");

QString encoded(const QString &text) { return QString::fromLatin1(QUrl::toPercentEncoding(text)); }

} // namespace

ModelsPage::ModelsPage(Workbench &workbench, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_models(new ModelListModel(this))
    , m_stack(new QStackedWidget)
    , m_again(pushButton(QStringLiteral("findModels"),
                         tr("Look again"),
                         QStringLiteral("rotate-cw"),
                         tr("Looks for models that were trained or imported meanwhile")))
    , m_page(new ModelPage(workbench))
{
    setObjectName(QStringLiteral("modelsPage"));
    m_stack->addWidget(makeList());
    m_stack->addWidget(m_page);
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);
    m_models->setZone(workbench.zone());
    connect(m_page, &ModelPage::backRequested, this, [this] {
        m_stack->setCurrentIndex(0);
        refresh();
    });
    connect(m_page, &ModelPage::versionRequested, this, [this](int version) { open(m_page->card().name, version); });
    connect(m_page, &ModelPage::comparisonRequested, this, &ModelsPage::compareWith);
    connect(m_page, &ModelPage::aliasRequested, this, &ModelsPage::setAlias);
    connect(m_page, &ModelPage::exportRequested, this, &ModelsPage::exportModel);
    connect(&workbench, &Workbench::zoneChanged, this, [this] { m_models->setZone(m_workbench.zone()); });
    connect(&workbench.engine(), &EngineConnection::caughtUp, this, &ModelsPage::refresh);
    connect(&workbench.engine(), &EngineConnection::stateChanged, this, [this] { sayWhyEmpty(); });
    refresh();
}

QWidget *ModelsPage::makeList()
{
    auto *const list = new QWidget;
    m_table = new ManageTable(m_workbench, *m_models, {QStringLiteral("models"), tr("Models"), tr("Search models")});
    m_table->addTool(m_again);
    auto *const column = new QVBoxLayout(list);
    column->setContentsMargins(20, 16, 20, 16);
    column->addWidget(m_table);
    connect(m_again, &QPushButton::clicked, this, &ModelsPage::refresh);
    connect(m_table, &ManageTable::activated, this, [this](int row) {
        open(m_models->row(row).key, m_models->row(row).version);
    });
    connect(m_table, &ManageTable::emptyActed, this, &ModelsPage::refresh);
    return list;
}

QString ModelsPage::route(const QString &what, const QString &name, int version)
{
    return QStringLiteral("%1%2?name=%3&version=%4").arg(base, what, encoded(name)).arg(version);
}

void ModelsPage::refresh()
{
    sayWhyEmpty();
    if (!m_workbench.engine().isRunning())
        return;
    m_again->setEnabled(false);
    m_workbench.engine().get(base, this, [this](const Result<Json> &answer) {
        m_again->setEnabled(m_workbench.engine().isRunning());
        if (answer)
            m_models->setRows(modelRows(*answer));
        sayWhyEmpty(answer ? QString() : answer.error().message);
    });
}

void ModelsPage::sayWhyEmpty(const QString &problem)
{
    const QString icon = QStringLiteral("gauge");
    m_again->setEnabled(m_workbench.engine().isRunning());
    if (m_table->sayIfEngineIsAway(icon, tr("It reads the models.")))
        return;
    if (!problem.isEmpty())
        m_table->empty()->say(icon, tr("The models cannot be listed"), problem, tr("Look again"));
    else
        m_table->empty()->say(icon,
                              tr("No model is kept here yet"),
                              tr("“slipwayctl model train --name NAME” trains one and keeps it here."),
                              tr("Look again"));
}

void ModelsPage::go(const Link &link)
{
    if (link.entity.isEmpty()) {
        m_stack->setCurrentIndex(0);
        refresh();
    } else {
        open(link.entity, link.detail.toInt());
    }
}

void ModelsPage::open(const QString &name, int version)
{
    m_wanted = name;
    m_wantedVersion = version;
    m_workbench.engine().get(
        route(QStringLiteral("/card"), name, version), this, [this, name, version](const Result<Json> &answer) {
            if (name != m_wanted || version != m_wantedVersion)
                return;
            const QString about = QStringLiteral("models/open");
            if (!answer) {
                m_workbench.tell({.level = Message::Level::Error, .text = answer.error().message, .about = about});
                return;
            }
            m_workbench.withdraw(about);
            const ModelCard card = modelCardFromJson(*answer);
            const int row = m_models->rowOf(name);
            m_page->setCard(card, row >= 0 ? m_models->row(row).versions : QList<int>{card.version});
            m_stack->setCurrentWidget(m_page);
        });
}

void ModelsPage::compareWith(int version)
{
    if (version == 0) {
        m_page->setOther(std::nullopt);
        return;
    }
    const QString name = m_page->card().name;
    const int own = m_page->card().version;
    m_workbench.engine().get(
        route(QStringLiteral("/card"), name, version), this, [this, name, own](const Result<Json> &answer) {
            if (name != m_page->card().name || own != m_page->card().version)
                return;
            if (answer)
                m_page->setOther(modelCardFromJson(*answer));
            else
                m_workbench.tell({.level = Message::Level::Error,
                                  .text = answer.error().message,
                                  .about = QStringLiteral("models/open")});
        });
}

void ModelsPage::setAlias(const QString &alias, bool isSet)
{
    const ModelCard &card = m_page->card();
    const Json body{
        {"name", toStdString(card.name)}, {"alias", toStdString(alias)}, {"version", isSet ? card.version : 0}};
    m_workbench.engine().post(base + QStringLiteral("/alias"),
                              body,
                              this,
                              [this, name = card.name, version = card.version](const Result<Json> &answer) {
                                  if (!answer) {
                                      m_workbench.tell({.level = Message::Level::Error,
                                                        .text = answer.error().message,
                                                        .about = QStringLiteral("models/alias")});
                                      return;
                                  }
                                  refresh();
                                  open(name, version);
                              });
}

void ModelsPage::exportModel()
{
    const ModelCard &card = m_page->card();
    const QString start = m_workbench.settings().value(folderKey, QDir::homePath()).toString();
    const QString suffix = QFileInfo(card.file).suffix();
    QString file = QFileDialog::getSaveFileName(window(),
                                                tr("Export %1").arg(card.name.left(60)),
                                                QDir(start).filePath(card.name.left(80) + u'.' + suffix),
                                                QStringLiteral("*.%1").arg(suffix));
    if (file.isEmpty())
        return;
    if (QFileInfo(file).suffix().isEmpty())
        file += u'.' + suffix;
    m_workbench.settings().setValue(folderKey, QFileInfo(file).path());
    const Json body{{"name", toStdString(card.name)}, {"version", card.version}, {"file", toStdString(file)}};
    m_workbench.engine().post(base + QStringLiteral("/export"), body, this, [this, file](const Result<Json> &answer) {
        Message message{.about = QStringLiteral("models/export")};
        message.level = answer ? Message::Level::Done : Message::Level::Error;
        message.text = answer ? tr("The model is in %1.").arg(QDir::toNativeSeparators(file)) : answer.error().message;
        m_workbench.tell(message);
    });
}

} // namespace designer

#include "moc_ModelsPage.cpp"
