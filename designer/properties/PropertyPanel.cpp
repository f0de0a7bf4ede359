#include "designer/properties/PropertyPanel.h"

#include "designer/document/FactoryDocument.h"
#include "designer/document/JsonPath.h"
#include "designer/mapping/MappingEditor.h"
#include "designer/properties/ActivityAccess.h"
#include "designer/properties/EditScope.h"
#include "designer/properties/FieldFactory.h"
#include "designer/properties/Fields.h"
#include "designer/properties/KernelLine.h"
#include "designer/properties/PipelineForms.h"
#include "designer/properties/PropertyForm.h"
#include "designer/properties/RecordsField.h"
#include "designer/properties/ReferenceFields.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "engine/model/ActivityDescriptor.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace designer {

using namespace engine;
using Kind = PropertyDescriptor::Kind;

namespace {

const QString pipelineKind = QStringLiteral("pipeline");
const QString jsonPrefix = QStringLiteral("json:");

// What every activity has, whatever its type: name, description, state.
QList<PropertyDescriptor> commonProperties()
{
    QList<PropertyDescriptor> found;
    for (const PropertyDescriptor &property : activityDescriptors().first().properties) {
        if (property.tab == u"General" && !property.path.startsWith(u"policy."))
            found.append(property);
    }
    return found;
}

// A choice of one: shown when the file says another one, so that it can be put right.
bool isOneWay(const PropertyDescriptor &property)
{
    return property.kind == Kind::Choice && property.choices.size() == 1 && !property.defaultValue.is_null();
}

} // namespace

PropertyPanel::PropertyPanel(Workbench &workbench, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_scope(new EditScope(workbench, this))
    , m_tabs(new QTabBar)
    , m_stack(new QStackedWidget)
    , m_gone(label(tr("Choose an activity on the canvas to see its properties."), "hint"))
{
    setLook(this, "panel");
    setAttribute(Qt::WA_StyledBackground);
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    name(m_tabs, QStringLiteral("propertyTabs"), tr("Properties"), tr("Groups of properties"));
    m_tabs->setExpanding(false);
    m_tabs->setUsesScrollButtons(true);
    m_tabs->setFocusPolicy(Qt::TabFocus);
    m_tabs->setMinimumHeight(measure::tab);
    auto *const tabs = new QHBoxLayout;
    tabs->setContentsMargins(6, 0, 0, 0);
    tabs->addWidget(m_tabs, 1);
    layout->addLayout(tabs);
    layout->addWidget(lineAcross());
    layout->addWidget(m_stack, 1);
    m_gone->setAlignment(Qt::AlignCenter);
    m_gone->setWordWrap(true);
    m_stack->addWidget(m_gone);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int index) {
        if (index < 0 || index >= m_pages.size())
            return;
        flush();
        makePage(index);
        m_stack->setCurrentWidget(m_pages[index].widget);
        m_wantedTab = m_pages[index].tab;
    });
    connect(m_scope, &EditScope::changed, this, &PropertyPanel::scopeChanged);
    connect(m_scope, &EditScope::problemsChanged, this, &PropertyPanel::showBadges);
    connect(m_scope, &EditScope::activityRenamed, this, &PropertyPanel::activityRenamed);
}

PropertyPanel::~PropertyPanel() = default;

void PropertyPanel::showActivity(const EntityRef &pipeline, const QString &activity)
{
    if (m_scope->entity() == pipeline && m_scope->activity() == activity)
        return;
    flush();
    m_scope->showActivity(pipeline, activity);
}

void PropertyPanel::showPipeline(const EntityRef &pipeline)
{
    if (m_scope->entity() == pipeline && m_scope->activity().isEmpty())
        return;
    flush();
    m_scope->showEntity(pipeline);
}

void PropertyPanel::clear()
{
    flush();
    m_scope->clear();
}

void PropertyPanel::flush()
{
    for (const Page &page : std::as_const(m_pages)) {
        if (page.form != nullptr)
            page.form->flush();
    }
}

// The document has something else for us: other pages when it is of another kind; the fields follow by themselves.
void PropertyPanel::scopeChanged()
{
    if (m_scope->json().is_null()) {
        m_tabs->setVisible(false);
        m_gone->setText(m_scope->isEmpty() ? tr("Choose an activity on the canvas to see its properties.")
                                           : tr("What was shown here is gone."));
        m_stack->setCurrentWidget(m_gone);
        return;
    }
    m_tabs->setVisible(true);
    if (m_scope->activity().isEmpty()) {
        QStringList tabs{QStringLiteral("Parameters"),
                         QStringLiteral("Variables"),
                         QStringLiteral("Settings"),
                         QStringLiteral("General")};
        if (m_makeOutput)
            tabs.insert(3, QStringLiteral("Output"));
        rebuild(pipelineKind, tabs);
    } else {
        const QString type = stringAt(m_scope->json(), "type");
        if (const ActivityDescriptor *const descriptor = activityDescriptor(type))
            rebuild(descriptor->type, descriptor->tabs());
        else
            rebuild(jsonPrefix + type,
                    {QStringLiteral("General"), QStringLiteral("JSON"), QStringLiteral("User properties")});
    }
    if (m_tabs->currentIndex() >= 0 && m_pages[m_tabs->currentIndex()].widget != nullptr)
        m_stack->setCurrentWidget(m_pages[m_tabs->currentIndex()].widget);
    showConditions();
    countMapped();
    showBadges();
}

// Until the Mapping tab is opened, which counts by itself and knows more.
void PropertyPanel::countMapped()
{
    const FactoryDocument *const document = m_scope->document();
    for (const Page &page : std::as_const(m_pages)) {
        if (page.tab != u"Mapping" || page.widget != nullptr || document == nullptr)
            continue;
        const auto fieldsOf = [&](const char *list) {
            const QString dataset = stringAt(m_scope->at(QString::fromLatin1(list) + u"[0]"), "referenceName");
            return fieldsOfDataset(document->json({EntityKind::Dataset, dataset}));
        };
        const QList<MappingRow> rows = mappingRows(
            m_scope->at(QStringLiteral("typeProperties.translator")), fieldsOf("inputs"), fieldsOf("outputs"), {});
        const auto mapped =
            std::count_if(rows.begin(), rows.end(), [](const MappingRow &row) { return row.isMapped(); });
        m_mapped = rows.isEmpty() ? QString() : QStringLiteral("%1/%2").arg(mapped).arg(rows.size());
    }
}

void PropertyPanel::rebuild(const QString &kind, const QStringList &tabs)
{
    if (kind == m_kind)
        return;
    m_kind = kind;
    const QString wanted = m_wantedTab;
    const QSignalBlocker quiet(m_tabs);
    while (m_tabs->count() > 0)
        m_tabs->removeTab(0);
    for (const Page &page : std::as_const(m_pages)) {
        page.badge->deleteLater();
        if (page.widget == nullptr)
            continue;
        m_stack->removeWidget(page.widget);
        page.widget->deleteLater();
    }
    m_pages.clear();
    m_conditions.clear();
    m_mapped.clear();
    for (const QString &tab : tabs) {
        Page page;
        page.tab = tab;
        m_tabs->addTab(pipelineTabTitle(tab));
        page.badge = label({}, "count");
        page.badge->setParent(m_tabs);
        page.badge->setAlignment(Qt::AlignCenter);
        page.badge->hide();
        m_pages.append(page);
    }
    const int index = std::max(0, int(tabs.indexOf(wanted)));
    m_tabs->setCurrentIndex(index);
    makePage(index);
    m_stack->setCurrentWidget(m_pages[index].widget);
}

void PropertyPanel::makePage(int index)
{
    Page &page = m_pages[index];
    if (page.widget != nullptr)
        return;
    if (page.tab == u"Output" && m_kind == pipelineKind)
        page.widget = m_makeOutput();
    else if (m_kind == pipelineKind)
        page.widget = makePipelinePage(page);
    else if (page.tab == u"JSON")
        page.widget = makeJsonPage(page);
    else
        page.widget = makeActivityPage(page);
    if (page.form != nullptr) {
        page.form->finish();
        connect(page.form, &PropertyForm::problemCountChanged, this, &PropertyPanel::showBadges);
    }
    m_stack->addWidget(page.widget);
    showConditions();
}

PropertyForm *PropertyPanel::newForm(Page &page)
{
    page.form = new PropertyForm(*m_scope);
    return page.form;
}

QWidget *PropertyPanel::makeActivityPage(Page &page)
{
    const ActivityDescriptor *const descriptor = activityDescriptor(m_kind);
    if (descriptor == nullptr) {
        ActivityDescriptor unknown;
        unknown.properties = commonProperties();
        for (const PropertyDescriptor &property : activityDescriptors().first().properties) {
            if (property.kind == Kind::UserProperties)
                unknown.properties.append(property);
        }
        PropertyForm *const form = newForm(page);
        for (int i = 0; i < unknown.properties.size(); ++i) {
            if (unknown.properties[i].tab == page.tab)
                addActivityRow(*form, unknown, i);
        }
        return form;
    }
    if (page.tab == u"Mapping") {
        auto *const mapping = new MappingEditor(m_workbench, *m_scope);
        connect(mapping, &MappingEditor::mappedChanged, this, [this](int mapped, int all) {
            m_mapped = all > 0 ? QStringLiteral("%1/%2").arg(mapped).arg(all) : QString();
            showBadges();
        });
        return mapping;
    }
    PropertyForm *const form = newForm(page);
    for (int i = 0; i < descriptor->properties.size(); ++i) {
        if (descriptor->properties[i].tab == page.tab)
            addActivityRow(*form, *descriptor, i);
    }
    return form;
}

void PropertyPanel::addActivityRow(PropertyForm &form, const ActivityDescriptor &descriptor, int property)
{
    const PropertyDescriptor &shown = descriptor.properties[property];
    Field *const field = form.add(shown, makeField(shown, *m_scope), accessOf(shown, *m_scope));
    if (!shown.shownWhen.isEmpty() || shown.kind == Kind::Arguments || isOneWay(shown))
        m_conditions.append({&form, field, shown});
    if (const auto *arguments = qobject_cast<ArgumentsField *>(field))
        connect(arguments, &ArgumentsField::declarationsChanged, this, &PropertyPanel::showConditions);
    if (shown.kind == Kind::NotebookPath)
        form.addRow(tr("Kernel"), tr("Of the linked service's binding on this machine."), new KernelLine(*m_scope));
}

QWidget *PropertyPanel::makeJsonPage(Page &page)
{
    PropertyForm *const form = newForm(page);
    form->setSingleColumn(true);
    form->addWidget(
        label(tr("This build has no form for this type of activity, and does not run it. It is kept as it is."),
              "secondary"));
    FieldAccess access;
    access.read = [this] { return m_scope->json(); };
    access.write = [this](const Json &value, const QString &mergeKey) -> Result<> {
        m_scope->change(
            tr("Change %1").arg(m_scope->activity()), [&](Json &activity) { activity = value; }, mergeKey);
        return {};
    };
    access.waitsForFocusOut = true;
    form->add({.tab = page.tab,
               .path = QStringLiteral("typeProperties"),
               .label = tr("JSON"),
               .help = tr("The activity as it stands in the pipeline's file.")},
              new JsonField,
              access);
    return form;
}

QWidget *PropertyPanel::makePipelinePage(Page &page)
{
    PropertyForm *const form = newForm(page);
    form->setSingleColumn(true);
    if (page.tab == u"General") {
        form->setSingleColumn(false);
        addEntityIdentity(*form, *m_scope);
        addEntityFolder(*form, *m_scope);
        form->add({.path = QStringLiteral("annotations"),
                   .kind = Kind::Strings,
                   .label = tr("Annotations"),
                   .help = tr("Words by which runs are found again.")});
    } else {
        addPipelinePage(*form, page.tab);
    }
    return form;
}

// Rows that mean nothing as things are.
void PropertyPanel::showConditions()
{
    if (m_kind == pipelineKind || m_scope->json().is_null())
        return;
    ActivityDescriptor common; // of a type without a form
    common.properties = commonProperties();
    const ActivityDescriptor *const known = activityDescriptor(m_kind);
    const ActivityDescriptor &descriptor = known == nullptr ? common : *known;
    QHash<PropertyForm *, QHash<const Field *, bool>> rows;
    for (const Condition &condition : std::as_const(m_conditions)) {
        bool isShown = descriptor.applies(condition.property, m_scope->json());
        if (const auto *arguments = qobject_cast<const ArgumentsField *>(condition.field))
            isShown = isShown && arguments->isNeeded();
        if (isOneWay(condition.property)) {
            const QString written = shownText(m_scope->at(condition.property.path));
            isShown = !written.isEmpty() && !condition.property.choices.contains(written);
        }
        rows[condition.form].insert(condition.field, isShown);
    }
    for (auto form = rows.cbegin(); form != rows.cend(); ++form)
        form.key()->setRowsVisible(*form);
}

void PropertyPanel::showBadges()
{
    QHash<QString, int> counts;
    for (const Problem &problem : m_scope->problems()) {
        if (problem.severity != Problem::Severity::Hint)
            ++counts[tabOf(problem.where)];
    }
    for (int i = 0; i < m_pages.size(); ++i) {
        const Page &page = m_pages[i];
        const int count = std::max(counts.value(page.tab), page.form ? page.form->problemCount() : 0);
        const bool isMapping = page.tab == u"Mapping";
        const QString text = count > 0 && !isMapping ? QString::number(count) : isMapping ? m_mapped : QString();
        if (page.badge->text() == text && page.badge->isHidden() == text.isEmpty())
            continue;
        page.badge->setText(text);
        page.badge->setToolTip(isMapping ? tr("Mapped columns") : tr("%n problem(s)", nullptr, count));
        setLook(page.badge, isMapping ? "count" : "countBad");
        page.badge->adjustSize();
        m_tabs->setTabButton(i, QTabBar::RightSide, text.isEmpty() ? nullptr : page.badge);
        page.badge->setVisible(!text.isEmpty());
        m_tabs->setTabText(i, m_tabs->tabText(i)); // lays the bar out again
    }
}

QString PropertyPanel::tabOf(const QString &path) const
{
    if (m_kind == pipelineKind)
        return pipelineTabOf(path);
    if (m_kind.startsWith(jsonPrefix)) {
        if (isWithin(path, QStringLiteral("userProperties")))
            return QStringLiteral("User properties");
        for (const PropertyDescriptor &property : commonProperties()) {
            if (isWithin(path, property.path))
                return QStringLiteral("General");
        }
        return QStringLiteral("JSON");
    }
    const ActivityDescriptor *const descriptor = activityDescriptor(m_kind);
    if (descriptor == nullptr)
        return {};
    const PropertyDescriptor *best = nullptr;
    for (const PropertyDescriptor &property : descriptor->properties) {
        if (descriptor->applies(property, m_scope->json()) && isWithin(path, property.path)
            && (best == nullptr || property.path.size() > best->path.size()))
            best = &property;
    }
    for (const PropertyDescriptor &property : descriptor->properties) {
        if (best == nullptr && !path.isEmpty() && isWithin(property.path, path))
            best = &property;
    }
    return best == nullptr ? QStringLiteral("General") : best->tab;
}

bool PropertyPanel::reveal(const QString &path)
{
    const QString inner = m_scope->relative(path).value_or(path);
    const QString tab = tabOf(inner);
    bool isShown = false;
    for (int i = 0; i < m_pages.size(); ++i) {
        if (m_pages[i].tab != tab)
            continue;
        m_tabs->setCurrentIndex(i);
        makePage(i);
        m_stack->setCurrentWidget(m_pages[i].widget);
        if (m_pages[i].form != nullptr)
            isShown = m_pages[i].form->reveal(inner) || isShown;
        else if (auto *const mapping = qobject_cast<MappingEditor *>(m_pages[i].widget)) {
            mapping->reveal(inner);
            isShown = true;
        }
    }
    return isShown || inner.isEmpty();
}

void PropertyPanel::setOutput(std::function<QWidget *()> make)
{
    m_makeOutput = std::move(make);
    m_kind.clear(); // its tabs are other ones now
    scopeChanged();
}

QString PropertyPanel::currentTab() const
{
    const int index = m_tabs->currentIndex();
    return index >= 0 && index < m_pages.size() ? m_pages[index].tab : QString();
}

void PropertyPanel::setCurrentTab(const QString &tab)
{
    m_wantedTab = tab;
    for (int i = 0; i < m_pages.size(); ++i) {
        if (m_pages[i].tab == tab)
            m_tabs->setCurrentIndex(i);
    }
}

} // namespace designer

#include "moc_PropertyPanel.cpp"
