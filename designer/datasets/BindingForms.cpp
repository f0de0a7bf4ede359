#include "designer/datasets/BindingForms.h"

#include "designer/document/FactoryDocument.h"
#include "designer/document/JsonPath.h"
#include "designer/properties/EditScope.h"
#include "designer/properties/Fields.h"
#include "designer/properties/PropertyForm.h"
#include "designer/properties/Records.h"
#include "designer/properties/RecordsField.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QToolButton>

namespace designer {

using namespace engine;
using Kind = PropertyDescriptor::Kind;

namespace {

struct FormText
{
    Q_DECLARE_TR_FUNCTIONS(designer::BindingForms)
};

// A path with a file dialog; below the factory folder it is written relative to it.
class PathField final : public TextField
{
public:
    enum class Of { Folder, File };
    PathField(Of of, EditScope &scope, QWidget *parent = nullptr) : TextField(parent), m_of(of), m_scope(scope)
    {
        setTakesExpressions(false);
        auto *const choose =
            iconButton(QStringLiteral("choosePath"),
                       QStringLiteral("folder-open"),
                       of == Of::Folder ? FormText::tr("Choose a folder") : FormText::tr("Choose a file"));
        static_cast<QHBoxLayout *>(layout())->addWidget(choose);
        connect(choose, &QAbstractButton::clicked, this, [this] { ask(); });
    }

private:
    void ask()
    {
        if (m_scope.document() == nullptr)
            return;
        const QDir factory(m_scope.document()->folder());
        auto *const dialog = new QFileDialog(window(), {}, factory.absoluteFilePath(text()));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        if (m_of == Of::Folder) {
            dialog->setFileMode(QFileDialog::Directory);
            dialog->setOption(QFileDialog::ShowDirsOnly);
        } else {
            dialog->setFileMode(QFileDialog::AnyFile);
            dialog->setNameFilters(
                {FormText::tr("SQLite databases (*.db *.sqlite *.sqlite3)"), FormText::tr("All files (*)")});
        }
        connect(dialog, &QFileDialog::fileSelected, this, [this, factory](const QString &path) {
            const QString relative = factory.relativeFilePath(path);
            m_line->setText(relative.startsWith(u"..") ? path : relative);
            emit m_line->textEdited(m_line->text());
            emit committed();
        });
        dialog->open();
    }

    Of m_of;
    EditScope &m_scope;
};

PropertyDescriptor row(const char *path, const QString &label, const QString &help, bool isRequired = false)
{
    return {.path = QString::fromLatin1(path),
            .label = label,
            .help = help,
            .isRequired = isRequired,
            .takesExpressions = false};
}

TextField *plainText(const QString &placeholder = {})
{
    auto *const field = new TextField;
    field->setTakesExpressions(false);
    field->setPlaceholder(placeholder);
    return field;
}

void addPostgres(PropertyForm &form)
{
    form.add(row("host", FormText::tr("Host"), FormText::tr("Name, address, or the folder of a socket."), true),
             plainText(QStringLiteral("localhost")));
    auto *const port = new NumberField(1, 65535);
    port->setTakesExpressions(false);
    port->setPlaceholder(QStringLiteral("5432"));
    form.add(row("port", FormText::tr("Port"), FormText::tr("PostgreSQL's usual port is 5432.")), port);
    form.add(row("database", FormText::tr("Database"), FormText::tr("The database to connect to."), true), plainText());
    form.add(row("user", FormText::tr("User"), FormText::tr("Empty = your own name on this machine.")), plainText());
    QList<ChoiceField::Choice> modes{{QString(), FormText::tr("Automatic")}};
    for (const char *mode : {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"})
        modes.append({QString::fromLatin1(mode), QString::fromLatin1(mode)});
    form.add(row("sslMode",
                 FormText::tr("SSL mode"),
                 FormText::tr("Automatic verifies the server unless it is on this machine.")),
             new ChoiceField(modes, QString(), ChoiceField::Entry::Listed));
}

QList<Record> mountsOf(const Json &json)
{
    QList<Record> rows;
    if (json.is_object()) {
        for (const auto &[key, entry] : json.items())
            rows.append({{toQString(key), stringAt(entry, "linkedService"), stringAt(entry, "container")}, entry});
    }
    return rows;
}

Json mounts(const QList<Record> &rows)
{
    Json json = Json::object();
    for (const Record &one : rows) {
        Json entry = one.origin.is_object() ? one.origin : Json::object();
        entry["linkedService"] = toStdString(one.cells.value(1));
        if (!one.cells.value(2).isEmpty() || entry.contains("container"))
            entry["container"] = toStdString(one.cells.value(2));
        json[toStdString(one.cells.value(0))] = entry;
    }
    return json;
}

// Names of linked services bound to one of these kinds.
QStringList boundTo(const EditScope &scope, const QStringList &kinds)
{
    QStringList names;
    if (scope.document() == nullptr)
        return names;
    for (const EntityRef &service : scope.document()->entities(EntityKind::LinkedService)) {
        const auto binding = scope.document()->factory().bindings.find(service.name);
        if (binding && kinds.contains(kindOf(*binding)))
            names.append(service.name);
    }
    return names;
}

void addKernel(PropertyForm &form, EditScope &scope)
{
    auto *const kernel = new ChoiceField(
        {{QStringLiteral("python3"), QStringLiteral("python3")}}, QStringLiteral("python3"), ChoiceField::Entry::Free);
    form.add(row("kernel", FormText::tr("Kernel"), FormText::tr("The name of a Jupyter kernel on this machine.")),
             kernel);
    scope.workbench().engine().get(QStringLiteral("/slipway/v1/kernels"), kernel, [kernel](const Result<Json> &answer) {
        QList<ChoiceField::Choice> choices;
        for (const Json &one :
             answer &&memberAt(*answer, "value").is_array() ? memberAt(*answer, "value") : Json::array()) {
            const QString title = stringAt(one, "displayName");
            const QString word = stringAt(one, "name");
            choices.append({word, title.isEmpty() ? word : QStringLiteral("%1 (%2)").arg(word, title)});
        }
        if (!choices.isEmpty())
            kernel->setChoices(choices);
    });
    form.add(row("notebooks",
                 FormText::tr("Notebook folder"),
                 FormText::tr("Where notebook paths begin, below the factory folder.")),
             new PathField(PathField::Of::Folder, scope));
    form.add(row("limits.memory", FormText::tr("Memory limit"), FormText::tr("Like 4 GiB; empty = no limit.")),
             plainText(FormText::tr("no limit")));
    form.add({.path = QStringLiteral("limits.network"),
              .kind = Kind::Boolean,
              .label = FormText::tr("Network"),
              .help = FormText::tr("Notebooks may use the network."),
              .defaultValue = false},
             new BooleanField(FormText::tr("allowed"), false));
    form.add(
        row("mounts", FormText::tr("Mounts"), FormText::tr("Paths the notebooks use, and the folders they stand for.")),
        new RecordsField({{.title = FormText::tr("Path in the notebook"), .isCode = true, .width = 240},
                          {.title = FormText::tr("Linked service"),
                           .choices = boundTo(scope, {QStringLiteral("folder")}),
                           .width = 220},
                          {.title = FormText::tr("Folder below its root"), .isCode = true}},
                         {.objectName = QStringLiteral("mounts"),
                          .title = FormText::tr("Mounts"),
                          .newText = FormText::tr("New mount"),
                          .empty = FormText::tr("No mounts. /dbfs/mnt/x can stand for a folder of a linked service."),
                          .canMove = false},
                         {.read = mountsOf,
                          .write = mounts,
                          .mistake = records::nameMistake,
                          .fresh =
                              [](const QList<Record> &rows) {
                                  return Record{{records::freeName(QStringLiteral("/dbfs/mnt/mount"), rows), {}, {}}};
                              },
                          .removesEmpty = true,
                          .summary = FormText::tr("Mounts")}));
    form.add(
        row("connections", FormText::tr("Connections"), FormText::tr("Databases the notebooks may connect to.")),
        new RecordsField({{.title = FormText::tr("Linked service"),
                           .choices = boundTo(scope, {QStringLiteral("sqlite"), QStringLiteral("postgresql")})}},
                         {.objectName = QStringLiteral("connections"),
                          .title = FormText::tr("Connections"),
                          .newText = FormText::tr("New connection"),
                          .empty = FormText::tr("No connections. Notebooks reach only the databases listed here.")},
                         {.read = records::ofStrings,
                          .write = records::strings,
                          .mistake = records::nameMistake,
                          .fresh =
                              [&scope](const QList<Record> &rows) {
                                  for (const QString &one :
                                       boundTo(scope, {QStringLiteral("sqlite"), QStringLiteral("postgresql")})) {
                                      if (std::none_of(rows.begin(), rows.end(), [&](const Record &known) {
                                              return known.cells.value(0) == one;
                                          }))
                                          return Record{{one}};
                                  }
                                  return Record{{records::freeName(QStringLiteral("LinkedService"), rows)}};
                              },
                          .removesEmpty = true,
                          .summary = FormText::tr("Connections")}));
}

} // namespace

void addBindingRows(PropertyForm &form, EditScope &scope, const QString &kind)
{
    if (kind == u"folder") {
        form.add(row("root", FormText::tr("Folder"), FormText::tr("The folder that stands for the store."), true),
                 new PathField(PathField::Of::Folder, scope));
    } else if (kind == u"sqlite") {
        form.add(
            row("file", FormText::tr("SQLite file"), FormText::tr("The database; made when it is not there."), true),
            new PathField(PathField::Of::File, scope));
        form.add(row("schemas",
                     FormText::tr("Schema names"),
                     FormText::tr("SQLite has no schemas: [dbo].[t] means t, or is refused.")),
                 new ChoiceField({{QStringLiteral("ignore"), FormText::tr("Ignore: [dbo].[t] means t")},
                                  {QStringLiteral("keep"), FormText::tr("Keep: refuse other schemas than main")}},
                                 QStringLiteral("ignore"),
                                 ChoiceField::Entry::Listed));
    } else if (kind == u"postgresql") {
        addPostgres(form);
    } else if (kind == u"kernel") {
        addKernel(form, scope);
    }
}

} // namespace designer
