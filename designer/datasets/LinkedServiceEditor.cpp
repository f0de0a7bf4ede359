#include "designer/datasets/LinkedServiceEditor.h"

#include "designer/datasets/BindingForms.h"
#include "designer/datasets/BrowseDialog.h"
#include "designer/datasets/ConnectionTest.h"
#include "designer/datasets/StoreRequest.h"
#include "designer/datasets/StoreTypes.h"
#include "designer/document/FactoryDocument.h"
#include "designer/document/JsonPath.h"
#include "designer/properties/EditScope.h"
#include "designer/properties/Fields.h"
#include "designer/properties/PipelineForms.h"
#include "designer/properties/PropertyForm.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

LinkedServiceEditor::LinkedServiceEditor(Workbench &workbench, const EntityRef &service, QWidget *parent)
    : EntityEditor(service, parent)
    , m_workbench(workbench)
    , m_scope(new EditScope(workbench, this))
    , m_bindingScope(new EditScope(workbench, this))
    , m_layout(new QVBoxLayout(this))
    , m_kind(new QComboBox)
    , m_place(new QComboBox)
    , m_note(label({}, "secondary"))
{
    setLook(this, "panel");
    setAttribute(Qt::WA_StyledBackground);
    m_scope->showEntity(service);
    build();
    showBinding();
    connect(m_bindingScope, &EditScope::changed, this, &LinkedServiceEditor::bindingChanged);
    connect(m_scope, &EditScope::changed, this, [this] {
        if (m_scope->json().is_null())
            return;
        if (m_scope->entity() != entity())
            setEntity(m_scope->entity());
    });
}

void LinkedServiceEditor::build()
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    m_form = new PropertyForm(*m_scope);
    addEntityIdentity(*m_form, *m_scope);
    QList<ChoiceField::Choice> types;
    for (const ServiceType &type : serviceTypes())
        types.append({type.type, type.title});
    m_form->add({.path = QStringLiteral("type"),
                 .kind = PropertyDescriptor::Kind::Choice,
                 .label = tr("Type"),
                 .help = tr("What it is in Data Factory."),
                 .isRequired = true,
                 .takesExpressions = false},
                new ChoiceField(types, {}, ChoiceField::Entry::Listed));
    m_form->finish();
    m_form->setMaximumHeight(230);
    m_layout->addWidget(m_form);
    m_layout->addWidget(lineAcross());

    auto *const head = new QHBoxLayout;
    head->setContentsMargins(16, 12, 16, 4);
    head->setSpacing(8);
    auto *const heading = label(tr("On this machine"));
    heading->setFont(themeFont(TypeSize::Body, QFont::DemiBold));
    head->addWidget(heading);
    name(m_kind, QStringLiteral("bindingKind"), tr("Bound to"), tr("What it stands for on this machine"));
    for (const char *kind : {"", "folder", "sqlite", "postgresql", "kernel"}) {
        const QString word = QString::fromLatin1(kind);
        m_kind->addItem(word.isEmpty() ? tr("Nothing") : bindingTitle(word), word);
    }
    name(m_place,
         QStringLiteral("bindingPlace"),
         tr("Kept in"),
         tr("Shared with the factory: paths below its folder only. This machine only: any path"));
    m_place->addItem(tr("shared with the factory"), false);
    m_place->addItem(tr("this machine only"), true);
    head->addWidget(m_kind);
    head->addWidget(label(tr("kept"), "secondary"));
    head->addWidget(m_place);
    head->addStretch();
    m_layout->addLayout(head);
    m_note->setContentsMargins(16, 0, 16, 4);
    m_note->setWordWrap(true);
    m_note->setObjectName(QStringLiteral("bindingNote"));
    m_layout->addWidget(m_note);
    m_bindingHolder = new QWidget;
    auto *const holder = new QVBoxLayout(m_bindingHolder);
    holder->setContentsMargins(0, 0, 0, 0);
    m_layout->addWidget(m_bindingHolder, 1);

    auto *const actions = new QHBoxLayout;
    actions->setContentsMargins(16, 8, 16, 0);
    actions->setSpacing(8);
    m_test = new ConnectionTest(m_workbench, [this]() -> Result<Json> {
        if (m_bindingForm != nullptr)
            m_bindingForm->flush();
        if (m_workbench.document() == nullptr)
            return Error{ErrorCode::NotFound, tr("No factory is open."), {}};
        return storeRequest(*m_workbench.document(), entity().name);
    });
    m_browse = pushButton(
        QStringLiteral("browseStore"), tr("Browse"), QStringLiteral("folder-search"), tr("Look into the store"));
    actions->addWidget(m_browse);
    actions->addWidget(m_test, 1);
    m_layout->insertLayout(0, actions);

    connect(m_kind, &QComboBox::activated, this, [this] { setKind(m_kind->currentData().toString()); });
    connect(m_place, &QComboBox::activated, this, [this] { setPlace(m_place->currentData().toBool()); });
    connect(m_browse, &QPushButton::clicked, this, &LinkedServiceEditor::browse);
}

QString LinkedServiceEditor::partOf() const { return QStringLiteral("linkedServices") + quotedKey(entity().name); }

void LinkedServiceEditor::showBinding()
{
    const FactoryDocument *const document = m_workbench.document();
    if (document == nullptr)
        return;
    const bool isLocal = jsonAt(document->fileJson(localBindingsFile()), partOf()).is_object();
    m_bindingScope->showFile(isLocal ? localBindingsFile() : bindingsFile(), partOf());
    bindingChanged();
}

QString LinkedServiceEditor::bindingKind() const
{
    const Json &binding = m_bindingScope->json();
    const QString store = stringAt(binding, "store").toLower();
    if (store == u"postgres")
        return QStringLiteral("postgresql");
    return store.isEmpty() ? stringAt(binding, "compute").toLower() : store;
}

void LinkedServiceEditor::bindingChanged()
{
    const FactoryDocument *const document = m_workbench.document();
    if (document == nullptr)
        return;
    const QString kind = bindingKind();
    m_kind->setCurrentIndex(std::max(0, m_kind->findData(kind)));
    m_place->setCurrentIndex(m_bindingScope->file() == localBindingsFile() ? 1 : 0);
    m_place->setEnabled(!kind.isEmpty());
    const auto found = document->factory().bindings.find(entity().name);
    if (!kind.isEmpty())
        m_note->setText(tr("Kept in %1. Passwords are not kept there: give the name of a secret, or use ~/.pgpass.")
                            .arg(m_bindingScope->file()));
    else if (found)
        m_note->setText(tr("Bound to %1 by an entry for several linked services; choose a kind to bind this one alone.")
                            .arg(bindingTitle(kindOf(*found)).toLower()));
    else
        m_note->setText(tr("Bound to nothing: what uses it cannot run here. Choose what it stands for."));
    m_browse->setEnabled(found && kindOf(*found) != u"kernel");
    if (kind != m_shape || m_bindingForm == nullptr)
        fillBinding();
}

void LinkedServiceEditor::fillBinding()
{
    m_shape = bindingKind();
    if (m_bindingForm != nullptr) {
        m_bindingHolder->layout()->removeWidget(m_bindingForm);
        m_bindingForm->hide();
        m_bindingForm->deleteLater();
    }
    m_bindingForm = new PropertyForm(*m_bindingScope);
    addBindingRows(*m_bindingForm, *m_bindingScope, m_shape);
    m_bindingForm->finish();
    m_bindingHolder->layout()->addWidget(m_bindingForm);
    m_test->forget();
}

void LinkedServiceEditor::setKind(const QString &kind)
{
    if (kind == bindingKind())
        return;
    const QString title = tr("Bind %1").arg(entity().name);
    if (kind.isEmpty())
        m_bindingScope->removePart(title);
    else
        m_bindingScope->change(title, [&](Json &binding) { binding = newBinding(kind, entity().name); });
}

// One step: it leaves one file and stands in the other.
void LinkedServiceEditor::setPlace(bool local)
{
    FactoryDocument *const document = m_workbench.document();
    const QString from = m_bindingScope->file();
    const QString to = local ? localBindingsFile() : bindingsFile();
    if (document == nullptr || from == to)
        return;
    Json source = document->fileJson(from);
    Json target = document->fileJson(to);
    if (!target.is_object())
        target = Json::object();
    setJsonAt(target, partOf(), jsonAt(source, partOf()));
    removeJsonAt(source, partOf());
    document->edit(tr("Move the binding of %1").arg(entity().name),
                   {document->changedFile(from, source), document->changedFile(to, target)});
    showBinding();
}

void LinkedServiceEditor::browse()
{
    if (m_bindingForm != nullptr)
        m_bindingForm->flush();
    if (m_workbench.document() == nullptr)
        return;
    const Result<Json> request = storeRequest(*m_workbench.document(), entity().name);
    if (!request)
        return;
    auto *const dialog = new BrowseDialog(m_workbench, *request, BrowseDialog::Wants::FileOrFolder, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void LinkedServiceEditor::setEntity(const EntityRef &entity)
{
    EntityEditor::setEntity(entity);
    if (m_scope->entity() != entity)
        m_scope->showEntity(entity);
    showBinding();
}

bool LinkedServiceEditor::reveal(const QString &property)
{
    if (!property.isEmpty()
        && (m_form->reveal(property) || (m_bindingForm != nullptr && m_bindingForm->reveal(property))))
        return true;
    m_kind->setFocus();
    return property.isEmpty();
}

} // namespace designer

#include "moc_LinkedServiceEditor.cpp"
