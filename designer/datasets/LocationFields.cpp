#include "designer/datasets/LocationFields.h"

#include "designer/datasets/BrowseDialog.h"
#include "designer/datasets/StoreRequest.h"
#include "designer/document/FactoryDocument.h"
#include "designer/properties/EditScope.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace designer {

using namespace engine;

namespace {

void setLine(QLineEdit *line, const QString &text)
{
    if (line->text() == text)
        return;
    const int cursor = line->cursorPosition();
    line->setText(text);
    line->setCursorPosition(line->hasFocus() ? cursor : 0);
}

// A member as text: absent when it is empty and was not there before.
void setMember(Json &json, const char *key, const QLineEdit *line)
{
    if (line->text() == shownText(memberAt(json, key)))
        return;
    if (line->text().isEmpty())
        json.erase(key);
    else
        json[key] = dynamicValue(line->text(), memberAt(json, key));
}

QPushButton *browseButton(const QString &objectName)
{
    return pushButton(objectName,
                      LocationField::tr("Browse"),
                      QStringLiteral("folder-search"),
                      LocationField::tr("Look into the store and choose"));
}

// Looks into the store of the dataset; what is chosen goes to `taken`. A refusal is told where it can be seen.
void browseStore(EditScope &scope,
                 QWidget *owner,
                 BrowseDialog::Wants wants,
                 const std::function<void(const BrowseDialog::Entry &)> &taken)
{
    if (scope.document() == nullptr)
        return;
    const Result<Json> request =
        storeRequest(*scope.document(), stringAt(memberAt(scope.json(), "linkedServiceName"), "referenceName"));
    if (!request) {
        scope.workbench().tell(
            {.level = Message::Level::Warning, .text = request.error().message, .about = QStringLiteral("browse")});
        return;
    }
    auto *const dialog = new BrowseDialog(scope.workbench(), *request, wants, owner->window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QDialog::accepted, owner, [dialog, taken] { taken(dialog->chosen()); });
    dialog->open();
}

} // namespace

LocationField::LocationField(EditScope &scope, QWidget *parent)
    : Field(parent)
    , m_scope(scope)
    , m_container(new QLineEdit)
    , m_folder(new QLineEdit)
    , m_file(new QLineEdit)
    , m_firstSlash(label(QStringLiteral("/"), "hint"))
{
    auto *const layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(measure::grid);
    layout->addWidget(m_container, 2);
    layout->addWidget(m_firstSlash);
    layout->addWidget(m_folder, 3);
    layout->addWidget(label(QStringLiteral("/"), "hint"));
    layout->addWidget(m_file, 3);
    auto *const browseIt = browseButton(QStringLiteral("browseFiles"));
    layout->addWidget(browseIt);
    m_container->setPlaceholderText(tr("container"));
    m_folder->setPlaceholderText(tr("folder"));
    m_file->setPlaceholderText(tr("all files"));
    name(m_folder, QStringLiteral("field:location.folder"), tr("Folder"), tr("A folder below the container"));
    name(m_file, QStringLiteral("field:location.file"), tr("File"), tr("One file; empty for all files of the folder"));
    setFocusProxy(m_container);
    for (QLineEdit *line : {m_container, m_folder, m_file}) {
        watch(line);
        connect(line, &QLineEdit::textEdited, this, [this] {
            m_isTyped = true;
            emit edited();
        });
        connect(line, &QLineEdit::returnPressed, this, &Field::committed);
    }
    connect(browseIt, &QPushButton::clicked, this, &LocationField::browse);
}

const char *LocationField::containerKey() const
{
    const QString type = stringAt(m_value, "type");
    if (type.compare(u"AzureBlobFSLocation", Qt::CaseInsensitive) == 0)
        return "fileSystem";
    return type.compare(u"FileServerLocation", Qt::CaseInsensitive) == 0 ? nullptr : "container";
}

void LocationField::setValue(const Json &value)
{
    m_value = value.is_object() ? value : Json::object();
    m_isTyped = false;
    const char *const key = containerKey();
    m_container->setVisible(key != nullptr);
    m_firstSlash->setVisible(key != nullptr);
    setFocusProxy(key != nullptr ? m_container : m_folder);
    setLine(m_container, key != nullptr ? shownText(memberAt(m_value, key)) : QString());
    setLine(m_folder, shownText(memberAt(m_value, "folderPath")));
    setLine(m_file, shownText(memberAt(m_value, "fileName")));
}

Json LocationField::value() const
{
    Json location = m_value;
    if (!m_isTyped)
        return location.empty() ? Json() : location;
    if (!location.contains("type"))
        location["type"] = "AzureBlobStorageLocation";
    if (const char *const key = containerKey())
        setMember(location, key, m_container);
    setMember(location, "folderPath", m_folder);
    setMember(location, "fileName", m_file);
    return location;
}

QWidget *LocationField::editor() { return m_container->isHidden() ? m_folder : m_container; }

void LocationField::browse()
{
    browseStore(m_scope, this, BrowseDialog::Wants::FileOrFolder, [this](const BrowseDialog::Entry &entry) {
        QStringList parts = entry.path.split(u'/', Qt::SkipEmptyParts);
        const QString file = entry.kind == u"file" && !parts.isEmpty() ? parts.takeLast() : QString();
        if (containerKey() != nullptr)
            m_container->setText(parts.isEmpty() ? QString() : parts.takeFirst());
        m_folder->setText(parts.join(u'/'));
        m_file->setText(file);
        m_isTyped = true;
        emit committed();
    });
}

// --- TableField -----------------------------------------------------------------------------------------------------

TableField::TableField(EditScope &scope, QWidget *parent)
    : Field(parent)
    , m_scope(scope)
    , m_schema(new QLineEdit)
    , m_table(new QLineEdit)
{
    auto *const layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(measure::grid);
    layout->addWidget(m_schema, 1);
    layout->addWidget(label(QStringLiteral("."), "hint"));
    layout->addWidget(m_table, 3);
    auto *const browseIt = browseButton(QStringLiteral("browseTables"));
    layout->addWidget(browseIt);
    m_schema->setPlaceholderText(tr("schema"));
    m_table->setPlaceholderText(tr("table"));
    name(m_schema, QStringLiteral("field:table.schema"), tr("Schema"), tr("The schema of the table; may be empty"));
    setFocusProxy(m_table);
    for (QLineEdit *line : {m_schema, m_table}) {
        watch(line);
        connect(line, &QLineEdit::textEdited, this, [this] {
            m_isTyped = true;
            emit edited();
        });
        connect(line, &QLineEdit::returnPressed, this, &Field::committed);
    }
    connect(browseIt, &QPushButton::clicked, this, &TableField::browse);
}

void TableField::setValue(const Json &value)
{
    m_value = value.is_object() ? value : Json::object();
    m_isTyped = false;
    const QString table = shownText(memberAt(m_value, "table"));
    setLine(m_schema, shownText(memberAt(m_value, "schema")));
    setLine(m_table, table.isEmpty() ? shownText(memberAt(m_value, "tableName")) : table);
}

Json TableField::value() const
{
    Json properties = m_value;
    if (!m_isTyped)
        return properties.empty() ? Json() : properties;
    setMember(properties, "schema", m_schema);
    const bool isLegacy = stringAt(m_value, "table").isEmpty() && m_value.contains("tableName");
    setMember(properties, isLegacy ? "tableName" : "table", m_table);
    return properties;
}

QWidget *TableField::editor() { return m_table; }

void TableField::browse()
{
    browseStore(m_scope, this, BrowseDialog::Wants::Table, [this](const BrowseDialog::Entry &entry) {
        const QString schema = entry.path.contains(u'/') ? entry.path.section(u'/', -2, -2) : QString();
        if (!schema.isEmpty())
            m_schema->setText(schema);
        m_table->setText(entry.name);
        m_isTyped = true;
        emit committed();
    });
}

} // namespace designer

#include "moc_LocationFields.cpp"
