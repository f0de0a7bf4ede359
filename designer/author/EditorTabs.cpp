#include "designer/author/EditorTabs.h"

#include "designer/author/EntityIcon.h"
#include "designer/author/JsonEditor.h"
#include "designer/canvas/PipelineEditor.h"
#include "designer/datasets/DatasetEditor.h"
#include "designer/datasets/LinkedServiceEditor.h"
#include "designer/datasets/TriggerEditor.h"

#include "designer/document/FactoryDocument.h"
#include "designer/notebook/NotebookEditor.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/IconLabel.h"

#include <QCryptographicHash>
#include <QFontMetrics>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace designer {

namespace {

QString settingsKey(const QString &folder)
{
    const QByteArray hash = QCryptographicHash::hash(folder.toUtf8(), QCryptographicHash::Sha1).toHex().left(12);
    return QStringLiteral("author/tabs/") + QString::fromLatin1(hash);
}

// As long as a tab may be; in the weight of the tab that is shown, so that it fits when it is.
QString shortName(const EntityRef &ref)
{
    return QFontMetrics(themeFont(TypeSize::Body, QFont::DemiBold))
        .elidedText(ref.shownName(), Qt::ElideMiddle, scaled(220));
}

// The others are shown in the one way there is.
bool hasTwoViews(EntityKind kind) { return isMadeHere(kind) && kind != EntityKind::Notebook; }

// What a form would have to throw away to write its own is shown as text instead.
bool hasFormShape(const engine::Json &file)
{
    const auto isOr = [](const engine::Json &object, const char *member, engine::Json::value_t type) {
        return !object.contains(member) || object[member].is_null() || object[member].type() == type;
    };
    using Type = engine::Json::value_t;
    if (!file.is_object() || !isOr(file, "properties", Type::object))
        return false;
    const engine::Json &properties = engine::memberAt(file, "properties");
    return !properties.is_object()
        || (isOr(properties, "activities", Type::array) && isOr(properties, "typeProperties", Type::object));
}

} // namespace

EditorTabs::EditorTabs(Workbench &workbench, QWidget *parent)
    : QFrame(parent)
    , m_workbench(workbench)
    , m_bar(new QTabBar)
    , m_stack(new QStackedWidget)
    , m_empty(makeEmptyState())
{
    setObjectName(QStringLiteral("editorTabs"));
    name(m_bar,
         QStringLiteral("editorTabBar"),
         tr("Open entities"),
         tr("Go to an open entity (Ctrl+Page Up, Ctrl+Page Down)"));
    m_bar->setTabsClosable(true);
    m_bar->setMovable(true);
    m_bar->setElideMode(Qt::ElideNone); // see shortName()
    m_bar->setUsesScrollButtons(true);
    m_bar->setExpanding(false);
    m_bar->setDocumentMode(true);
    m_bar->setFocusPolicy(Qt::TabFocus);
    m_bar->setProperty("look", QStringLiteral("documents"));
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_bar->setMinimumHeight(measure::tab);
    column->addWidget(m_bar);
    column->addWidget(m_stack, 1);
    m_stack->addWidget(m_empty);
    connect(m_bar, &QTabBar::currentChanged, this, &EditorTabs::showTab);
    connect(m_bar, &QTabBar::tabCloseRequested, this, &EditorTabs::closeAt);
    connect(m_bar, &QTabBar::tabMoved, this, [this](int from, int to) {
        m_tabs.move(from, to);
        remember();
    });
    connect(&workbench, &Workbench::documentAboutToChange, this, [this] {
        m_isRestoring = true;
        while (!m_tabs.isEmpty())
            closeAt(0);
        m_isRestoring = false;
    });
    connect(&workbench, &Workbench::documentChanged, this, &EditorTabs::documentChanged);
    documentChanged();
}

void EditorTabs::setToolBar(QWidget *bar)
{
    auto *const column = qobject_cast<QVBoxLayout *>(layout());
    column->insertWidget(1, lineAcross());
    column->insertWidget(2, bar);
    column->insertWidget(3, lineAcross());
}

QWidget *EditorTabs::makeEmptyState()
{
    auto *const page = new QWidget;
    auto *const column = new QVBoxLayout(page);
    column->addStretch(2);
    auto *const sign = new IconLabel(QStringLiteral("workflow"), IconRole::Hint, 40);
    column->addWidget(sign, 0, Qt::AlignHCenter);
    QLabel *const title = titleLabel(tr("Nothing is open"));
    column->addWidget(title, 0, Qt::AlignHCenter);
    column->addWidget(
        label(tr("Choose a pipeline, dataset or trigger on the left, or make a new pipeline."), "secondary"),
        0,
        Qt::AlignHCenter);
    QPushButton *const make = pushButton(
        QStringLiteral("emptyNewPipeline"), tr("New pipeline"), QStringLiteral("plus"), tr("Make an empty pipeline"));
    connect(make, &QPushButton::clicked, this, &EditorTabs::newPipelineRequested);
    column->addSpacing(8);
    column->addWidget(make, 0, Qt::AlignHCenter);
    column->addStretch(3);
    return page;
}

void EditorTabs::documentChanged()
{
    FactoryDocument *const document = m_workbench.document();
    if (!document)
        return;
    connect(document, &FactoryDocument::entityRemoved, this, [this](const EntityRef &ref) {
        if (const int index = indexOf(ref); index >= 0)
            closeAt(index);
    });
    connect(document, &FactoryDocument::entityRenamed, this, &EditorTabs::rename);
    connect(document, &FactoryDocument::dirtyChanged, this, &EditorTabs::markTabs);
    restore();
}

void EditorTabs::restore()
{
    const QString key = settingsKey(m_workbench.document()->folder());
    const QStringList open = m_workbench.settings().value(key).toStringList();
    const QString current = m_workbench.settings().value(key + QStringLiteral("Current")).toString();
    m_isRestoring = true;
    for (const QString &text : open) {
        const EntityRef ref = EntityRef::fromString(text);
        if (m_workbench.document()->contains(ref) && indexOf(ref) < 0) {
            m_tabs.append({ref, nullptr, nullptr, nullptr});
            m_bar->addTab(shortName(ref));
            m_bar->setTabToolTip(m_bar->count() - 1, ref.name);
        }
    }
    m_isRestoring = false;
    const int index = indexOf(EntityRef::fromString(current));
    if (index >= 0)
        m_bar->setCurrentIndex(index);
    showTab(m_bar->currentIndex());
    markTabs();
}

void EditorTabs::remember() const
{
    if (m_isRestoring || !m_workbench.document())
        return;
    QStringList open;
    for (const Tab &tab : m_tabs)
        open += tab.entity.toString();
    const QString key = settingsKey(m_workbench.document()->folder());
    m_workbench.settings().setValue(key, open);
    m_workbench.settings().setValue(key + QStringLiteral("Current"), current().toString());
}

int EditorTabs::indexOf(const EntityRef &ref) const
{
    for (int index = 0; index < int(m_tabs.size()); ++index) {
        if (m_tabs.at(index).entity == ref)
            return index;
    }
    return -1;
}

void EditorTabs::open(const EntityRef &ref, View view, const QString &property)
{
    if (!m_workbench.document() || !m_workbench.document()->contains(ref))
        return;
    int index = indexOf(ref);
    if (index < 0) {
        index = int(m_tabs.size());
        m_tabs.append({ref, nullptr, nullptr, nullptr});
        m_bar->addTab(shortName(ref));
        m_bar->setTabToolTip(index, ref.name);
    }
    m_bar->setCurrentIndex(index);
    showTab(index);
    if (view == View::Json || !isUnreadable(ref))
        setCurrentView(view);
    if (!property.isEmpty() && !currentEditor()->reveal(property)) {
        setCurrentView(View::Json); // the form has no field for it
        currentEditor()->reveal(property);
    }
    markTabs();
    remember();
}

void EditorTabs::showTab(int index)
{
    if (m_isRestoring)
        return;
    if (index < 0 || index >= m_tabs.size()) {
        m_stack->setCurrentWidget(m_empty);
        emit currentChanged();
        return;
    }
    Tab &tab = m_tabs[index];
    if (!tab.views) {
        tab.views = new QStackedWidget;
        tab.form = makeForm(tab.entity);
        tab.views->addWidget(tab.form);
        m_stack->addWidget(tab.views);
    }
    m_stack->setCurrentWidget(tab.views);
    if (isUnreadable(tab.entity) && currentView() == View::Form)
        showJson(index); // there is nothing to put into a form
    markTabs();
    remember();
    emit currentChanged();
}

EntityEditor *EditorTabs::makeForm(const EntityRef &ref)
{
    switch (ref.kind) {
    case EntityKind::Pipeline:
        return new PipelineEditor(m_workbench, ref);
    case EntityKind::Dataset:
        return new DatasetEditor(m_workbench, ref);
    case EntityKind::Notebook:
        return new NotebookEditor(m_workbench, ref);
    case EntityKind::LinkedService:
        return new LinkedServiceEditor(m_workbench, ref);
    case EntityKind::Trigger:
        return new TriggerEditor(m_workbench, ref);
    default:
        return new JsonEditor(m_workbench, ref); // it has no form
    }
}

EntityRef EditorTabs::current() const
{
    const int index = m_bar->currentIndex();
    return index >= 0 && index < m_tabs.size() ? m_tabs.at(index).entity : EntityRef();
}

EntityEditor *EditorTabs::currentEditor() const
{
    const int index = m_bar->currentIndex();
    if (index < 0 || index >= m_tabs.size() || !m_tabs.at(index).views)
        return nullptr;
    return qobject_cast<EntityEditor *>(m_tabs.at(index).views->currentWidget());
}

EditorTabs::View EditorTabs::currentView() const
{
    const int index = m_bar->currentIndex();
    const bool isShown = index >= 0 && index < m_tabs.size();
    const bool isJson =
        isShown && m_tabs.at(index).json && m_tabs.at(index).views->currentWidget() == m_tabs.at(index).json;
    return isJson || (isShown && !isMadeHere(m_tabs.at(index).entity.kind)) ? View::Json : View::Form;
}

void EditorTabs::setCurrentView(View view)
{
    const int index = m_bar->currentIndex();
    if (index < 0 || index >= m_tabs.size() || !hasTwoViews(m_tabs.at(index).entity.kind))
        return;
    const Tab &tab = m_tabs.at(index);
    if (view == View::Json || isUnreadable(tab.entity))
        showJson(index);
    else
        tab.views->setCurrentWidget(tab.form);
    if (view == View::Form && isUnreadable(tab.entity))
        m_workbench.tell(
            {.level = Message::Level::Hint,
             .text = tr("%1 has no form until its JSON can be read: correct it here.").arg(tab.entity.name),
             .about = QStringLiteral("unreadable")});
    emit currentChanged();
}

void EditorTabs::showJson(int index)
{
    Tab &tab = m_tabs[index];
    if (!tab.json) {
        tab.json = new JsonEditor(m_workbench, tab.entity);
        tab.views->addWidget(tab.json);
    }
    tab.views->setCurrentWidget(tab.json);
}

bool EditorTabs::isUnreadable(const EntityRef &ref) const
{
    const FactoryDocument *const document = m_workbench.document();
    return hasTwoViews(ref.kind) && document && document->contains(ref) && !hasFormShape(document->json(ref));
}

void EditorTabs::closeCurrent()
{
    if (m_bar->currentIndex() >= 0)
        closeAt(m_bar->currentIndex());
}

void EditorTabs::closeAt(int index)
{
    const Tab tab = m_tabs.takeAt(index);
    m_bar->removeTab(index);
    if (tab.views) {
        m_stack->removeWidget(tab.views);
        tab.views->hide();
        tab.views->deleteLater();
    }
    showTab(m_bar->currentIndex());
    remember();
}

void EditorTabs::step(int by)
{
    const int count = m_bar->count();
    if (count > 1)
        m_bar->setCurrentIndex((m_bar->currentIndex() + by + count) % count);
}

void EditorTabs::rename(const EntityRef &from, const EntityRef &to)
{
    const int index = indexOf(from);
    if (index < 0)
        return;
    Tab &tab = m_tabs[index];
    tab.entity = to;
    m_bar->setTabToolTip(index, to.name);
    if (tab.form)
        tab.form->setEntity(to);
    if (tab.json)
        tab.json->setEntity(to);
    markTabs();
    remember();
    emit currentChanged();
}

void EditorTabs::markTabs()
{
    const FactoryDocument *const document = m_workbench.document();
    for (int index = 0; index < int(m_tabs.size()); ++index) {
        const EntityRef &ref = m_tabs.at(index).entity;
        const bool isDirty = document && document->isDirty(ref);
        m_bar->setTabIcon(
            index,
            icon(entityIcon(document, ref), index == m_bar->currentIndex() ? IconRole::Text : IconRole::Secondary));
        m_bar->setTabText(index, isDirty ? shortName(ref) + QStringLiteral(" •") : shortName(ref));
    }
}

} // namespace designer

#include "moc_EditorTabs.cpp"
