#include "designer/manage/BindSection.h"

#include "designer/datasets/BindingForms.h"
#include "designer/datasets/ConnectionTest.h"
#include "designer/datasets/StoreRequest.h"
#include "designer/datasets/StoreTypes.h"
#include "designer/document/FactoryDocument.h"
#include "designer/document/JsonPath.h"
#include "designer/manage/BindingWatch.h"
#include "designer/manage/BindModel.h"
#include "designer/manage/ManageTable.h"
#include "designer/properties/EditScope.h"
#include "designer/properties/PropertyForm.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/EmptyState.h"

#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

QString partOf(const QString &linkedService) { return QStringLiteral("linkedServices") + quotedKey(linkedService); }

} // namespace

BindSection::BindSection(Workbench &workbench)
    : m_workbench(workbench)
    , m_model(new BindModel(this))
    , m_table(new ManageTable(
          workbench, *m_model, {QStringLiteral("bind"), tr("Bind this factory"), tr("Search linked services")}))
    , m_suggest(pushButton(QStringLiteral("bindSuggest"),
                           tr("Suggest"),
                           QStringLiteral("wand-sparkles"),
                           tr("Binds the selected ones to what usually fits")))
    , m_suggestAll(pushButton(QStringLiteral("bindSuggestAll"),
                              tr("Suggest all"),
                              {},
                              tr("Binds everything that is used and not bound to what usually fits")))
    , m_details(new QWidget)
    , m_title(label({}))
    , m_note(label({}, "secondary"))
    , m_folder(pushButton(
          QStringLiteral("bindFolder"), tr("Folder…"), QStringLiteral("folder"), tr("Choose the folder it stands for")))
    , m_file(pushButton(QStringLiteral("bindFile"),
                        tr("SQLite file…"),
                        QStringLiteral("database"),
                        tr("Choose or name the file of the database it stands for")))
    , m_server(pushButton(QStringLiteral("bindServer"),
                          tr("PostgreSQL"),
                          QStringLiteral("server"),
                          tr("Bind it to a database of a server; its name is asked for below")))
    , m_kernel(pushButton(QStringLiteral("bindKernel"),
                          tr("Kernel"),
                          QStringLiteral("cpu"),
                          tr("Bind it to a kernel of this machine; which one is asked for below")))
    , m_open(pushButton(QStringLiteral("bindOpen"),
                        tr("Open"),
                        QStringLiteral("external-link"),
                        tr("Open the linked service in Author")))
    , m_scope(new EditScope(workbench, this))
    , m_needs(new BindingWatch(workbench, BindingWatch::Voice::Silent, this))
{
    m_test = new ConnectionTest(workbench, [this]() -> Result<Json> {
        if (m_form != nullptr)
            m_form->flush();
        if (!m_document)
            return Error{ErrorCode::NotFound, tr("No factory is open."), {}};
        return storeRequest(*m_document, chosen());
    });
    m_test->findChild<QPushButton *>()->setObjectName(QStringLiteral("bindTest")); // beside that of other sections
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_table, 3);
    column->addWidget(lineAcross());
    column->addWidget(m_details, 2);
    m_table->addTool(m_suggest);
    m_table->addTool(m_suggestAll);
    auto *const details = new QVBoxLayout(m_details);
    details->setContentsMargins(0, 10, 0, 0);
    details->setSpacing(6);
    m_title->setFont(themeFont(TypeSize::Body, QFont::DemiBold));
    auto *const head = new QHBoxLayout;
    head->setContentsMargins(16, 0, 16, 0);
    head->setSpacing(8);
    head->addWidget(m_title, 1);
    for (QPushButton *const button : {m_folder, m_file, m_server, m_kernel, m_open})
        head->addWidget(button);
    details->addLayout(head);
    m_note->setContentsMargins(16, 0, 16, 0);
    m_note->setWordWrap(true);
    m_note->setObjectName(QStringLiteral("bindNote"));
    details->addWidget(m_note);
    auto *const test = new QHBoxLayout;
    test->setContentsMargins(16, 0, 16, 0);
    test->addWidget(m_test, 1);
    details->addLayout(test);
    details->addStretch(); // where there is no form
    connect(m_suggest, &QPushButton::clicked, this, [this] {
        QStringList names;
        for (const int row : m_table->selectedRows())
            names.append(m_model->need(row).linkedService);
        suggest(names);
    });
    connect(m_suggestAll, &QPushButton::clicked, this, [this] {
        QStringList names;
        for (int row = 0; row < m_model->rowCount(); ++row) {
            if (m_model->need(row).isMissing())
                names.append(m_model->need(row).linkedService);
        }
        suggest(names);
    });
    connect(m_folder, &QPushButton::clicked, this, &BindSection::pickFolder);
    connect(m_file, &QPushButton::clicked, this, &BindSection::pickFile);
    const auto bindTo = [this](const QString &kind) {
        const QString name = chosen();
        if (kindOf(name) != kind)
            m_scope->change(tr("Bind %1").arg(name), [&](Json &binding) { binding = newBinding(kind, name); });
    };
    connect(m_server, &QPushButton::clicked, this, [bindTo] { bindTo(QStringLiteral("postgresql")); });
    connect(m_kernel, &QPushButton::clicked, this, [bindTo] { bindTo(QStringLiteral("kernel")); });
    const auto open = [this] {
        if (m_document && m_document->contains({EntityKind::LinkedService, chosen()}))
            m_workbench.go(entityLink(EntityRef{EntityKind::LinkedService, chosen()}.toString()));
    };
    connect(m_open, &QPushButton::clicked, this, open);
    connect(m_table, &ManageTable::activated, this, open);
    connect(m_table, &ManageTable::selectionChanged, this, &BindSection::showChosen);
    connect(m_scope, &EditScope::changed, this, &BindSection::fillForm);
    connect(m_table, &ManageTable::emptyActed, this, [this] {
        m_workbench.go({.kind = m_document ? Link::Kind::Author : Link::Kind::Home});
    });
    connect(m_needs, &BindingWatch::changed, this, &BindSection::needsChanged);
    needsChanged();
}

void BindSection::needsChanged()
{
    m_document = m_workbench.document();
    if (m_document)
        m_table->empty()->say(QStringLiteral("plug-zap"),
                              tr("Nothing needs to be bound"),
                              tr("This factory uses no linked services."),
                              tr("Go to Author"));
    else
        m_table->empty()->say(QStringLiteral("plug-zap"),
                              tr("No factory is open"),
                              tr("Open one to see what it needs on this machine."),
                              tr("Go to Home"));
    m_model->setNeeds(m_needs->needs());
    m_suggestAll->setEnabled(m_document && m_needs->missing() > 0 && !m_document->isReadOnly());
    if (m_table->currentRow() < 0 && m_model->rowCount() > 0)
        m_table->select(0);
    showChosen();
}

QString BindSection::chosen() const
{
    const int row = m_table->currentRow();
    return row < 0 ? QString() : m_model->need(row).linkedService;
}

QString BindSection::kindOf(const QString &linkedService) const
{
    const auto found = m_document ? m_document->factory().bindings.find(linkedService) : std::nullopt;
    return found ? engine::kindOf(*found) : QString();
}

void BindSection::showChosen()
{
    const QString name = chosen();
    m_details->setVisible(m_document && !name.isEmpty());
    m_suggest->setEnabled(m_document && !m_document->isReadOnly() && !m_table->selectedRows().isEmpty());
    if (name.isEmpty()) {
        m_scope->clear();
        return;
    }
    const BindingNeed &need = m_model->need(m_table->currentRow());
    m_title->setText(m_title->fontMetrics().elidedText(name, Qt::ElideMiddle, scaled(260)));
    m_title->setToolTip(name);
    const bool isDatabase = need.fit == BindingFit::Database;
    m_folder->setVisible(need.fit == BindingFit::Folder);
    m_file->setVisible(isDatabase);
    m_server->setVisible(isDatabase);
    m_kernel->setVisible(need.fit == BindingFit::Kernel);
    m_open->setEnabled(m_document->contains({EntityKind::LinkedService, name}));
    QString note = need.problem;
    if (note.isEmpty()) {
        switch (need.fit) {
        case BindingFit::Folder:
            note = tr("Stands for a folder of this machine: each container is a folder in it.");
            break;
        case BindingFit::Database:
            note = tr("Stands for a SQLite file or a PostgreSQL database.");
            break;
        case BindingFit::Kernel:
            note = tr("Stands for a kernel that runs its notebooks.");
            break;
        case BindingFit::Secrets:
            note = need.scope.isEmpty() ? tr("Stands for a scope of secrets on this machine. Suggest takes one by its "
                                             "name; slipwayctl puts secrets into it.")
                                        : tr("Stands for the scope of secrets %1.").arg(need.scope);
            break;
        case BindingFit::Nothing:
            note = tr("It is called over HTTP and needs no binding.");
            break;
        case BindingFit::Unknown:
            note = tr("There is nothing on this machine it can stand for: what uses it cannot run here.");
            break;
        }
    }
    m_note->setText(note);
    m_test->setVisible(need.binding.has_value());
    const bool isLocal = jsonAt(m_document->fileJson(localBindingsFile()), partOf(name)).is_object();
    const QString file = isLocal ? localBindingsFile() : bindingsFile();
    if (m_scope->where() != file + u'/' + partOf(name))
        m_scope->showFile(file, partOf(name));
    fillForm();
}

void BindSection::fillForm()
{
    const QString kind = m_scope->json().is_object() ? kindOf(chosen()) : QString();
    const QString shape = kind + u'/' + m_scope->where();
    if (shape == m_shape)
        return;
    m_shape = shape;
    if (m_form != nullptr) {
        m_details->layout()->removeWidget(m_form);
        m_form->hide();
        m_form->deleteLater();
        m_form = nullptr;
    }
    m_test->forget();
    if (kind.isEmpty())
        return;
    m_form = new PropertyForm(*m_scope);
    addBindingRows(*m_form, *m_scope, kind);
    m_form->finish();
    static_cast<QVBoxLayout *>(m_details->layout())->addWidget(m_form, 100);
}

// One step, in the files as they are: what else stands in them keeps its bytes.
void BindSection::suggest(const QStringList &linkedServices)
{
    if (!m_document)
        return;
    QList<BindingEntry> entries;
    for (const QString &name : linkedServices) {
        const int row = m_model->rowOf(name);
        if (row < 0 || m_model->need(row).isBound())
            continue;
        if (const Json json = suggestedBinding(m_model->need(row)); !json.is_null())
            entries.append({name, m_model->need(row).fit, json});
    }
    if (entries.isEmpty()) {
        m_workbench.tell({.level = Message::Level::Hint,
                          .text = tr("There is nothing to suggest: these are bound, or nothing on this machine fits."),
                          .about = QStringLiteral("bindSuggest")});
        return;
    }
    const Result<QByteArray> text = withBindings(m_document->content(bindingsFile()), bindingsFile(), entries);
    if (!text) {
        m_workbench.tell(
            {.level = Message::Level::Error, .text = text.error().message, .about = QStringLiteral("bindSuggest")});
        return;
    }
    m_document->edit(tr("Bind %n linked service(s)", nullptr, int(entries.size())), {{bindingsFile(), *text}});
}

void BindSection::pickFolder()
{
    auto *const dialog = new QFileDialog(window(), tr("Folder of %1").arg(chosen()), m_document->folder());
    dialog->setObjectName(QStringLiteral("bindFolderDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        setPath(QStringLiteral("folder"), "root", path);
    });
    dialog->open();
}

void BindSection::pickFile()
{
    auto *const dialog = new QFileDialog(window(), tr("Database of %1").arg(chosen()), m_document->folder());
    dialog->setObjectName(QStringLiteral("bindFileDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave); // one that is not there yet is made by the first run
    dialog->setOption(QFileDialog::DontConfirmOverwrite);
    dialog->setNameFilters({tr("Databases (*.db *.sqlite *.sqlite3)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        setPath(QStringLiteral("sqlite"), "file", path);
    });
    dialog->open();
}

// Below the factory: shared with it, by its relative path. Elsewhere: of this machine only.
void BindSection::setPath(const QString &kind, const char *member, const QString &path)
{
    const QString name = chosen();
    if (!m_document || name.isEmpty())
        return;
    const QString relative = QDir(m_document->folder()).relativeFilePath(path);
    const bool isOutside = relative.startsWith(QLatin1String("..")) || QDir::isAbsolutePath(relative);
    const QString to = isOutside ? localBindingsFile() : bindingsFile();
    const QString from = m_scope->file();
    Json target = m_document->fileJson(to);
    if (!target.is_object())
        target = Json::object();
    Json binding = kindOf(name) == kind && m_scope->json().is_object() ? m_scope->json() : newBinding(kind, name);
    binding[member] = toStdString(isOutside ? path : relative);
    setJsonAt(target, partOf(name), binding);
    QList<FileChange> changes{m_document->changedFile(to, target)};
    if (Json source = m_document->fileJson(from); from != to && !jsonAt(source, partOf(name)).is_null()) {
        removeJsonAt(source, partOf(name));
        changes.append(m_document->changedFile(from, source));
    }
    m_document->edit(tr("Bind %1").arg(name), changes);
    showChosen();
}

} // namespace designer

#include "moc_BindSection.cpp"
