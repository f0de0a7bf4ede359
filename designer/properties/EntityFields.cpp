#include "designer/properties/EntityFields.h"

#include "designer/datasets/NewEntityDialog.h"
#include "designer/document/FactoryDocument.h"
#include "designer/properties/EditScope.h"
#include "designer/properties/NotebookLookup.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"

#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QToolButton>

namespace designer {

using namespace engine;

namespace {

QString referenceType(EntityKind kind)
{
    switch (kind) {
    case EntityKind::Dataset:
        return QStringLiteral("DatasetReference");
    case EntityKind::LinkedService:
        return QStringLiteral("LinkedServiceReference");
    default:
        return QStringLiteral("PipelineReference");
    }
}

QString chooseWords(EntityKind kind)
{
    switch (kind) {
    case EntityKind::Dataset:
        return ReferenceField::tr("Choose a dataset");
    case EntityKind::LinkedService:
        return ReferenceField::tr("Choose a linked service");
    default:
        return ReferenceField::tr("Choose a pipeline");
    }
}

} // namespace

ReferenceField::ReferenceField(EntityKind kind, EditScope &scope, QWidget *parent)
    : Field(parent)
    , m_kind(kind)
    , m_scope(scope)
    , m_box(new QComboBox)
    , m_open(iconButton(QStringLiteral("openReference"), QStringLiteral("external-link"), tr("Open it in a tab")))
{
    auto *const layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(measure::grid);
    layout->addWidget(m_box, 1);
    layout->addWidget(m_open);
    auto *const fresh =
        iconButton(QStringLiteral("newReference"), QStringLiteral("plus"), tr("New %1").arg(titleOf(kind).toLower()));
    layout->addWidget(fresh);
    m_box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_box->setPlaceholderText(chooseWords(kind));
    setFocusProxy(m_box);
    watch(m_box);
    connect(m_box, &QComboBox::activated, this, &Field::committed);
    connect(m_box, &QComboBox::currentIndexChanged, this, &ReferenceField::showOpen);
    connect(m_open, &QToolButton::clicked, this, [this] {
        if (!chosen().isEmpty())
            m_scope.workbench().go(entityLink(EntityRef{m_kind, chosen()}.toString()));
    });
    connect(fresh, &QToolButton::clicked, this, [this] {
        auto *const dialog = new NewEntityDialog(m_scope.workbench(), m_kind, window());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &QDialog::accepted, this, [this, dialog] {
            list();
            m_box->setCurrentIndex(m_box->findData(dialog->created().name));
            emit committed();
        });
        dialog->open();
    });
    if (FactoryDocument *const document = scope.document()) {
        connect(document, &FactoryDocument::entityAdded, this, &ReferenceField::list);
        connect(document, &FactoryDocument::entityRemoved, this, &ReferenceField::list);
        connect(document, &FactoryDocument::entityRenamed, this, &ReferenceField::list);
    }
    list();
}

void ReferenceField::setFilter(std::function<bool(const EntityRef &)> filter)
{
    m_filter = std::move(filter);
    list();
}

QString ReferenceField::chosen() const { return m_box->currentData().toString(); }

void ReferenceField::list()
{
    const QString current = stringAt(m_value, "referenceName");
    const QSignalBlocker quiet(m_box);
    m_box->clear();
    FactoryDocument *const document = m_scope.document();
    const QList<EntityRef> entities = document ? document->entities(m_kind) : QList<EntityRef>();
    for (const EntityRef &entity : entities) {
        if (!m_filter || m_filter(entity) || entity.name == current)
            m_box->addItem(icon(iconOf(m_kind)), entity.name, entity.name);
    }
    if (!current.isEmpty() && m_box->findData(current) < 0)
        m_box->addItem(icon(QStringLiteral("circle-alert"), IconRole::Bad), tr("%1 (missing)").arg(current), current);
    m_box->setCurrentIndex(current.isEmpty() ? -1 : m_box->findData(current));
    showOpen();
}

void ReferenceField::showOpen()
{
    const FactoryDocument *const document = m_scope.document();
    m_open->setEnabled(document != nullptr && !chosen().isEmpty() && document->contains({m_kind, chosen()}));
}

void ReferenceField::setValue(const Json &value)
{
    m_value = value;
    list();
}

Json ReferenceField::value() const
{
    const QString name = chosen();
    if (name == stringAt(m_value, "referenceName"))
        return m_value;
    Json reference = m_value.is_object() ? m_value : Json::object();
    reference["referenceName"] = toStdString(name);
    reference["type"] = toStdString(referenceType(m_kind));
    reference.erase("parameters"); // of the other one
    return reference;
}

QWidget *ReferenceField::editor() { return m_box; }

// --- NotebookField --------------------------------------------------------------------------------------------------

NotebookField::NotebookField(EditScope &scope, QWidget *parent)
    : Field(parent)
    , m_scope(scope)
    , m_box(new QComboBox)
    , m_open(iconButton(QStringLiteral("openNotebook"), QStringLiteral("external-link"), tr("Open the notebook")))
{
    auto *const layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(measure::grid);
    layout->addWidget(m_box, 1);
    layout->addWidget(m_open);
    auto *const fresh = iconButton(QStringLiteral("newNotebook"), QStringLiteral("plus"), tr("New notebook"));
    layout->addWidget(fresh);
    m_box->setEditable(true);
    m_box->setInsertPolicy(QComboBox::NoInsert);
    m_box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_box->lineEdit()->setPlaceholderText(tr("/Shared/my_notebook"));
    m_box->completer()->setFilterMode(Qt::MatchContains);
    m_box->completer()->setCompletionMode(QCompleter::PopupCompletion);
    setFocusProxy(m_box);
    watch(m_box);
    watch(m_box->lineEdit());
    connect(m_box, &QComboBox::activated, this, [this] {
        m_isTyped = true;
        emit committed();
    });
    connect(m_box->lineEdit(), &QLineEdit::textEdited, this, [this] {
        m_isTyped = true;
        emit edited();
    });
    // The list takes an Enter for its own when its current row says the same already.
    connect(m_box->lineEdit(), &QLineEdit::returnPressed, this, &Field::committed);
    connect(m_open, &QToolButton::clicked, this, [this] {
        FactoryDocument *const document = m_scope.document();
        const QString file = document ? lookUpNotebook(*document, m_scope.json()).file : QString();
        if (const auto entity = file.isEmpty() ? std::nullopt : document->entityAt(file))
            m_scope.workbench().go(entityLink(entity->toString()));
    });
    connect(fresh, &QToolButton::clicked, this, [this] {
        auto *const dialog = new NewEntityDialog(m_scope.workbench(), EntityKind::Notebook, window());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &QDialog::accepted, this, [this, dialog] {
            const QString folder = lookUpNotebook(*m_scope.document(), m_scope.json()).folder;
            m_box->setEditText(notebookPathOf(dialog->created(), folder));
            m_isTyped = true;
            emit committed();
        });
        dialog->open();
    });
    if (FactoryDocument *const document = scope.document()) {
        connect(document, &FactoryDocument::entityAdded, this, &NotebookField::list);
        connect(document, &FactoryDocument::entityRemoved, this, &NotebookField::list);
        connect(document, &FactoryDocument::entityRenamed, this, &NotebookField::list);
    }
    connect(&scope, &EditScope::changed, this, &NotebookField::list);
    list();
}

void NotebookField::list()
{
    FactoryDocument *const document = m_scope.document();
    if (document == nullptr)
        return;
    const NotebookLookup lookup = lookUpNotebook(*document, m_scope.json());
    QStringList paths;
    for (const EntityRef &notebook : document->entities(EntityKind::Notebook))
        paths.append(notebookPathOf(notebook, lookup.folder));
    QStringList listed;
    for (int i = 0; i < m_box->count(); ++i)
        listed.append(m_box->itemText(i));
    if (listed != paths) {
        const QSignalBlocker quiet(m_box);
        const QString written = text();
        const int cursor = m_box->lineEdit()->cursorPosition();
        m_box->clear();
        m_box->addItems(paths);
        m_box->setEditText(written);
        m_box->lineEdit()->setCursorPosition(cursor);
    }
    m_open->setEnabled(!lookup.file.isEmpty() && document->entityAt(lookup.file).has_value());
}

QString NotebookField::text() const { return m_box->currentText(); }

void NotebookField::setValue(const Json &value)
{
    m_value = value;
    m_isTyped = false;
    if (text() != shownText(value)) {
        const int cursor = m_box->lineEdit()->cursorPosition();
        m_box->setEditText(shownText(value));
        m_box->lineEdit()->setCursorPosition(cursor);
    }
}

Json NotebookField::value() const
{
    if (!m_isTyped || shownText(m_value) == text())
        return m_value;
    return dynamicValue(text(), m_value);
}

QWidget *NotebookField::editor() { return m_box; }

} // namespace designer

#include "moc_EntityFields.cpp"
