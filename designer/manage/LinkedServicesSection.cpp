#include "designer/manage/LinkedServicesSection.h"

#include "designer/document/FactoryDocument.h"
#include "designer/manage/LinkedServiceModel.h"
#include "designer/manage/ManageTable.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/EmptyState.h"

#include <QAction>
#include <QPushButton>
#include <QTimer>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

constexpr int atOnce = 4; // tests
constexpr int soonMs = 200;

} // namespace

LinkedServicesSection::LinkedServicesSection(Workbench &workbench)
    : m_workbench(workbench)
    , m_model(new LinkedServiceModel(this))
    , m_table(new ManageTable(
          workbench, *m_model, {QStringLiteral("linkedServices"), tr("Linked services"), tr("Search linked services")}))
    , m_test(pushButton(QStringLiteral("testConnection"),
                        tr("Test connection"),
                        QStringLiteral("plug-zap"),
                        tr("Connects to the selected ones and says what answers")))
    , m_testAll(pushButton(QStringLiteral("testAllConnections"), tr("Test all"), {}, tr("Tests every linked service")))
    , m_open(pushButton(
          QStringLiteral("openLinkedService"), tr("Open"), {}, tr("Opens the linked service in Author (Enter)")))
    , m_soon(new QTimer(this))
{
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_table);
    for (QPushButton *const tool : {m_test, m_testAll, m_open})
        m_table->addTool(tool);
    auto *const testAction = new QAction(tr("Test connection"), this);
    connect(testAction, &QAction::triggered, m_test, &QPushButton::click);
    auto *const openAction = new QAction(tr("Open"), this);
    connect(openAction, &QAction::triggered, m_open, &QPushButton::click);
    m_table->addMenuActions({testAction, openAction});

    connect(m_test, &QPushButton::clicked, this, [this] { test(selectedNames()); });
    connect(m_testAll, &QPushButton::clicked, this, [this] {
        QStringList all;
        for (const LinkedServiceRow &row : m_model->rows())
            all.append(row.key);
        test(all);
    });
    connect(m_open, &QPushButton::clicked, this, [this] { open(m_table->currentRow()); });
    connect(m_table, &ManageTable::activated, this, &LinkedServicesSection::open);
    connect(m_table, &ManageTable::selectionChanged, this, &LinkedServicesSection::selectionChanged);
    connect(m_table, &ManageTable::emptyActed, this, [this] {
        m_workbench.go({.kind = m_document ? Link::Kind::Author : Link::Kind::Home});
    });
    m_soon->setSingleShot(true);
    m_soon->setInterval(soonMs);
    connect(m_soon, &QTimer::timeout, this, &LinkedServicesSection::refresh);
    connect(&workbench, &Workbench::documentChanged, this, &LinkedServicesSection::documentChanged);
    connect(&workbench.engine(), &EngineConnection::stateChanged, this, &LinkedServicesSection::selectionChanged);
    documentChanged();
}

void LinkedServicesSection::documentChanged()
{
    m_document = m_workbench.document();
    m_waiting.clear();
    m_model->setRows({}); // results of tests belong to the factory before
    if (m_document)
        connect(m_document, &FactoryDocument::filesChanged, m_soon, qOverload<>(&QTimer::start));
    refresh();
}

void LinkedServicesSection::refresh()
{
    if (m_document)
        m_table->empty()->say(QStringLiteral("plug"),
                              tr("This factory has no linked services"),
                              tr("They say where data and notebooks are: a folder, a database, a kernel. Add one in "
                                 "Author."),
                              tr("Go to Author"));
    else
        m_table->empty()->say(QStringLiteral("plug"),
                              tr("No factory is open"),
                              tr("Linked services belong to a factory: open one to see what it connects to."),
                              tr("Go to Home"));
    m_model->follow(m_document);
    selectionChanged();
}

QStringList LinkedServicesSection::selectedNames() const
{
    QStringList names;
    for (const int row : m_table->selectedRows())
        names.append(m_model->row(row).key);
    return names;
}

void LinkedServicesSection::selectionChanged()
{
    const qsizetype count = m_table->selectedRows().size();
    const bool canTest = m_workbench.engine().isRunning();
    m_test->setEnabled(canTest && count > 0);
    m_testAll->setEnabled(canTest && m_model->rowCount() > 0);
    m_open->setEnabled(count == 1);
    m_test->setToolTip(canTest ? tr("Connects to the selected ones and says what answers")
                               : tr("The engine tests connections, and it is not running"));
}

void LinkedServicesSection::test(const QStringList &names)
{
    for (const QString &name : names) {
        if (m_waiting.contains(name))
            continue;
        m_waiting.append(name);
        m_model->setTest(name, LinkedServiceRow::Test::Running, {});
    }
    while (m_running < atOnce && !m_waiting.isEmpty())
        testNext();
}

void LinkedServicesSection::testNext()
{
    const QString name = m_waiting.takeFirst();
    if (!m_document)
        return;
    ++m_running;
    const Json body{{"folder", toStdString(m_document->folder())},
                    {"linkedService", m_document->json({EntityKind::LinkedService, name})}};
    const QPointer<FactoryDocument> asked = m_document;
    m_workbench.engine().post(
        QStringLiteral("/slipway/v1/connections/test"), body, this, [this, name, asked](const Result<Json> &answer) {
            --m_running;
            if (asked && asked == m_document) {
                if (answer)
                    m_model->setTest(name, LinkedServiceRow::Test::Ok, stringAt(*answer, "message", tr("Connected")));
                else
                    m_model->setTest(name, LinkedServiceRow::Test::Failed, answer.error().message);
            }
            while (m_running < atOnce && !m_waiting.isEmpty())
                testNext();
        });
}

void LinkedServicesSection::open(int row)
{
    if (row >= 0)
        m_workbench.go(entityLink(EntityRef{EntityKind::LinkedService, m_model->row(row).key}.toString()));
}

} // namespace designer

#include "moc_LinkedServicesSection.cpp"
