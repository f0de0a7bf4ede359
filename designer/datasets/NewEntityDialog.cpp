#include "designer/datasets/NewEntityDialog.h"

#include "designer/datasets/StoreTypes.h"
#include "designer/document/FactoryDocument.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

QString firstName(EntityKind kind, const QString &type)
{
    switch (kind) {
    case EntityKind::Pipeline:
        return QStringLiteral("Pipeline1");
    case EntityKind::Dataset:
        return type.isEmpty() ? QStringLiteral("Dataset1") : type + u'1';
    case EntityKind::Notebook:
        return QStringLiteral("Notebook1");
    case EntityKind::LinkedService:
        return type.isEmpty() ? QStringLiteral("LinkedService1") : type + u'1';
    case EntityKind::Trigger:
        return QStringLiteral("Trigger1");
    default: // made in Azure
        return {};
    }
}

// Data Factory's word for the zone where it knows it; IANA names are understood too.
QString zoneName(const Workbench &workbench)
{
    const QString id = QString::fromLatin1(workbench.zone().id());
    return id.isEmpty() || id.startsWith(u"UTC+00") ? QStringLiteral("UTC") : id;
}

} // namespace

NewEntityDialog::NewEntityDialog(Workbench &workbench, EntityKind kind, QWidget *parent)
    : Dialog(parent)
    , m_workbench(workbench)
    , m_kind(kind)
    , m_rows(new QGridLayout)
    , m_name(new QLineEdit)
    , m_mistake(label({}, "bad"))
{
    setObjectName(QStringLiteral("newEntity"));
    setWindowTitle(tr("New %1").arg(titleOf(kind).toLower()));
    setModal(true);
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 16, 20, 16);
    layout->setSpacing(12);
    layout->addWidget(titleLabel(windowTitle()));
    m_rows->setHorizontalSpacing(12);
    m_rows->setVerticalSpacing(8);
    m_rows->setColumnStretch(1, 1);
    layout->addLayout(m_rows);

    name(m_name, QStringLiteral("newName"), tr("Name"), tr("A name not taken yet"));
    m_name->setMinimumWidth(scaled(320));
    auto *const nameLabel = label(tr("Name"), "secondary");
    nameLabel->setBuddy(m_name);
    m_rows->addWidget(nameLabel, 0, 0);
    m_rows->addWidget(m_name, 0, 1);
    m_mistake->setWordWrap(true);
    m_mistake->setObjectName(QStringLiteral("newMistake"));
    m_rows->addWidget(m_mistake, 1, 1);
    m_ok = primaryButton(QStringLiteral("newCreate"), tr("Create"), {}, tr("Create it and open it"));
    m_ok->setDefault(true);
    auto *const cancel = pushButton(QStringLiteral("newCancel"), tr("Cancel"), {}, tr("Create nothing"));
    auto *const buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(m_ok);
    buildRows();
    layout->addStretch();
    layout->addLayout(buttons);

    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_ok, &QPushButton::clicked, this, &NewEntityDialog::create);
    connect(m_name, &QLineEdit::textEdited, this, [this] {
        m_isNameTyped = true;
        check();
    });
    connect(&workbench, &Workbench::documentAboutToChange, this, &QDialog::reject);
    typeChanged();
    m_name->selectAll();
    m_name->setFocus();
}

QComboBox *NewEntityDialog::addChoice(const QString &objectName, const QString &title, const QString &help)
{
    auto *const box = new QComboBox;
    name(box, objectName, title, help);
    const int row = m_rows->rowCount();
    auto *const caption = label(title, "secondary");
    caption->setBuddy(box);
    m_rows->addWidget(caption, row, 0);
    m_rows->addWidget(box, row, 1);
    return box;
}

void NewEntityDialog::buildRows()
{
    switch (m_kind) {
    case EntityKind::Dataset:
        m_type = addChoice(QStringLiteral("newType"), tr("Type"), tr("What it is: files of a format, or a table"));
        for (const DatasetType &type : datasetTypes())
            m_type->addItem(icon(type.icon), type.title, type.type);
        m_service =
            addChoice(QStringLiteral("newService"), tr("Linked service"), tr("The store it is in; empty = later"));
        break;
    case EntityKind::LinkedService:
        m_type = addChoice(QStringLiteral("newType"), tr("Type"), tr("What it is in Data Factory"));
        for (const ServiceType &type : serviceTypes())
            m_type->addItem(icon(type.icon), type.title, type.type);
        m_binding = addChoice(QStringLiteral("newBinding"),
                              tr("On this machine"),
                              tr("What it stands for here; kept in .slipway/bindings.json"));
        break;
    case EntityKind::Notebook:
        m_kernel = addChoice(QStringLiteral("newKernel"), tr("Kernel"), tr("What runs the notebook"));
        m_kernel->addItem(QStringLiteral("Python 3"), QStringLiteral("python3"));
        m_kernel->setItemData(0, QStringLiteral("python"), Qt::UserRole + 1);
        askForKernels();
        break;
    case EntityKind::Trigger:
        m_pipeline = addChoice(QStringLiteral("newPipeline"), tr("Starts"), tr("The pipeline it starts"));
        if (const FactoryDocument *const document = m_workbench.document()) {
            for (const EntityRef &pipeline : document->entities(EntityKind::Pipeline))
                m_pipeline->addItem(pipeline.name, pipeline.name);
        }
        m_pipeline->addItem(tr("Nothing yet"), QString());
        break;
    default:
        break;
    }
    if (m_type != nullptr)
        connect(m_type, &QComboBox::currentIndexChanged, this, &NewEntityDialog::typeChanged);
}

void NewEntityDialog::askForKernels()
{
    m_workbench.engine().get(QStringLiteral("/slipway/v1/kernels"), this, [this](const Result<Json> &answer) {
        if (!answer || !memberAt(*answer, "value").is_array())
            return; // Python stays
        const QString chosen = m_kernel->currentData().toString();
        m_kernel->clear();
        for (const Json &kernel : memberAt(*answer, "value")) {
            m_kernel->addItem(stringAt(kernel, "displayName", stringAt(kernel, "name")), stringAt(kernel, "name"));
            m_kernel->setItemData(m_kernel->count() - 1, stringAt(kernel, "language"), Qt::UserRole + 1);
        }
        if (m_kernel->count() == 0) {
            m_kernel->addItem(QStringLiteral("Python 3"), QStringLiteral("python3"));
            m_kernel->setItemData(0, QStringLiteral("python"), Qt::UserRole + 1);
        }
        m_kernel->setCurrentIndex(std::max(0, m_kernel->findData(chosen)));
    });
}

void NewEntityDialog::typeChanged()
{
    const FactoryDocument *const document = m_workbench.document();
    const QString type = m_type != nullptr ? m_type->currentData().toString() : QString();
    if (!m_isNameTyped && document != nullptr) {
        QString wish = firstName(m_kind, type);
        if (m_kind == EntityKind::Notebook)
            wish = QStringLiteral("notebooks/") + wish;
        m_name->setText(EntityRef{m_kind, document->freeName(m_kind, wish)}.shownName());
    }
    if (m_service != nullptr)
        listServices();
    if (m_binding != nullptr) {
        m_binding->clear();
        const ServiceType *const service = serviceType(type);
        for (const QString &kind : service != nullptr ? service->bindings : QStringList())
            m_binding->addItem(bindingTitle(kind), kind);
    }
    check();
}

void NewEntityDialog::listServices()
{
    const FactoryDocument *const document = m_workbench.document();
    const DatasetType *const type = datasetType(m_type->currentData().toString());
    m_service->clear();
    if (document == nullptr || type == nullptr)
        return;
    QStringList usual;
    QStringList others;
    for (const EntityRef &service : document->entities(EntityKind::LinkedService)) {
        const ServiceType *const known = serviceType(document->factory().linkedServices.value(service.name).type);
        if (known == nullptr || known->datasets.isEmpty() || known->location.isEmpty() == type->isFile)
            continue;
        (known->datasets.contains(type->type) ? usual : others).append(service.name);
    }
    for (const QString &service : usual + others)
        m_service->addItem(icon(iconOf(EntityKind::LinkedService)), service, service);
    m_service->addItem(tr("Choose later"), QString());
}

void NewEntityDialog::setStartedPipeline(const QString &pipeline)
{
    if (const int index = m_pipeline ? m_pipeline->findData(pipeline) : -1; index >= 0)
        m_pipeline->setCurrentIndex(index);
}

EntityRef NewEntityDialog::wanted() const
{
    QString written = m_name->text().trimmed();
    if (m_kind == EntityKind::Notebook && !written.startsWith(u"notebooks/"))
        written = QStringLiteral("notebooks/") + (written.startsWith(u'/') ? written.mid(1) : written);
    return {m_kind, written};
}

void NewEntityDialog::check()
{
    const FactoryDocument *const document = m_workbench.document();
    QString mistake;
    if (document == nullptr)
        mistake = tr("No factory is open.");
    else if (const Result<> fine = document->checkName(wanted()); !fine)
        mistake = fine.error().message;
    m_mistake->setText(mistake);
    m_mistake->setVisible(!mistake.isEmpty());
    m_ok->setEnabled(mistake.isEmpty());
    m_ok->setToolTip(mistake.isEmpty() ? tr("Create it and open it") : mistake);
}

void NewEntityDialog::create()
{
    FactoryDocument *const document = m_workbench.document();
    if (document == nullptr || !m_ok->isEnabled())
        return;
    const EntityRef ref = wanted();
    Json json;
    QList<FileChange> more;
    switch (m_kind) {
    case EntityKind::Pipeline:
        json = newPipeline(ref.name);
        break;
    case EntityKind::Dataset: {
        const QString service = m_service->currentData().toString();
        json = newDataset(ref.name,
                          m_type->currentData().toString(),
                          service,
                          document->factory().linkedServices.value(service).type);
        break;
    }
    case EntityKind::LinkedService: {
        json = newLinkedService(ref.name, m_type->currentData().toString());
        Json bindings = document->fileJson(bindingsFile());
        if (!bindings.is_object())
            bindings = Json::object();
        if (!memberAt(memberAt(bindings, "linkedServices"), ref.name.toUtf8().constData()).is_object()) {
            bindings["linkedServices"][toStdString(ref.name)] =
                newBinding(m_binding->currentData().toString(), ref.name);
            more.append(document->changedFile(bindingsFile(), bindings));
        }
        break;
    }
    case EntityKind::Trigger: {
        const QDateTime tonight(QDate::currentDate(), QTime(22, 0));
        json = newTrigger(ref.name,
                          m_pipeline->currentData().toString(),
                          tonight.toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss")),
                          zoneName(m_workbench));
        break;
    }
    case EntityKind::Notebook:
        json = newNotebook(m_kernel->currentData().toString(),
                           m_kernel->currentText(),
                           m_kernel->currentData(Qt::UserRole + 1).toString());
        break;
    default:
        return;
    }
    document->edit(tr("New %1 %2").arg(titleOf(m_kind).toLower(), ref.shownName()), document->added(ref, json) + more);
    m_created = ref;
    accept();
}

} // namespace designer

#include "moc_NewEntityDialog.cpp"
