#include "designer/properties/PropertyForm.h"

#include "designer/document/JsonPath.h"
#include "designer/properties/EditScope.h"
#include "designer/properties/ExpressionDialog.h"
#include "designer/properties/Field.h"
#include "designer/properties/FieldFactory.h"
#include "designer/properties/Fields.h"
#include "designer/properties/RecordTable.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/ReadingOrder.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QPointer>
#include <QResizeEvent>
#include <QShortcut>
#include <QToolButton>

namespace designer {

using namespace engine;

namespace {

constexpr int labelWidth = 150;
constexpr int fieldWidth = 520;
constexpr int twoColumnsFrom = 1000;

QString words(const Problem &problem)
{
    return problem.fix.isEmpty() ? problem.message : problem.message + u' ' + problem.fix;
}

} // namespace

PropertyForm::PropertyForm(EditScope &scope, QWidget *parent)
    : QScrollArea(parent)
    , m_scope(scope)
    , m_content(new QWidget)
    , m_grid(new QGridLayout(m_content))
{
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    setLook(m_content, "panel");
    m_grid->setContentsMargins(16, 12, 16, 12);
    m_grid->setHorizontalSpacing(40);
    m_grid->setVerticalSpacing(8);
    setWidget(m_content);
    connect(&scope, &EditScope::problemsChanged, this, &PropertyForm::showProblems);
    connect(&scope, &EditScope::changed, this, &PropertyForm::showProblems);
}

Field *PropertyForm::add(const PropertyDescriptor &property) { return add(property, makeField(property, m_scope)); }

Field *PropertyForm::add(const PropertyDescriptor &property, Field *field, FieldAccess access)
{
    auto *const row = new QWidget(m_content);
    auto *const layout = new QGridLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setHorizontalSpacing(8);
    layout->setVerticalSpacing(2);
    const bool isWide = field->isWide();
    auto *const problem = label({}, "bad");
    problem->setWordWrap(true);
    problem->setTextInteractionFlags(Qt::TextSelectableByMouse);
    problem->setFocusPolicy(Qt::NoFocus);
    problem->setVisible(false);
    problem->setObjectName(QStringLiteral("problem:") + property.path);
    if (!isWide) {
        auto *const title = label(property.isRequired ? property.label + u" *" : property.label, "secondary");
        title->setWordWrap(true);
        title->setFixedWidth(scaled(labelWidth));
        title->setMinimumHeight(measure::control);
        title->setToolTip(property.help);
        title->setBuddy(field->editor());
        layout->addWidget(title, 0, 0, Qt::AlignTop);
        layout->setColumnStretch(1, 100);
        layout->setColumnStretch(2, 1);
        field->setMaximumWidth(scaled(fieldWidth));
        problem->setMaximumWidth(scaled(fieldWidth));
    }
    name(field->editor(), QStringLiteral("field:") + property.path, property.label, property.help);
    layout->addWidget(field, 0, 1);
    layout->addWidget(problem, 1, 1);

    auto *const binding = new FieldBinding(m_scope, property.path, tr("Change %1").arg(property.label), field, access);
    connect(binding, &FieldBinding::messageChanged, this, &PropertyForm::showProblems);
    if (QWidget *const dynamic = dynamicButton(property, binding)) {
        layout->addWidget(dynamic, 0, 2, Qt::AlignTop);
        layout->setColumnStretch(2, 0);
        layout->setColumnStretch(3, 1);
    }
    if (!m_scope.entity().isEmpty() && m_scope.entity().kind != EntityKind::Dataset) {
        for (RecordTable *table : field->findChildren<RecordTable *>())
            table->offerDynamicContent(m_scope);
    }
    m_rows.append({property.path, binding, row, problem, isWide, false});
    return field;
}

// "Add dynamic content", where a property takes an expression as its text. Null where it does not.
QWidget *PropertyForm::dynamicButton(const PropertyDescriptor &property, FieldBinding *binding)
{
    using Kind = PropertyDescriptor::Kind;
    static const QList<Kind> kinds = {
        Kind::Text, Kind::LongText, Kind::Code, Kind::Integer, Kind::Duration, Kind::Expression};
    if (!property.takesExpressions || !kinds.contains(property.kind) || m_scope.activity().isEmpty()
        || qobject_cast<JsonField *>(binding->field()) != nullptr)
        return nullptr;
    auto *const button = iconButton(QStringLiteral("addDynamic:") + property.path,
                                    QStringLiteral("square-function"),
                                    tr("Add dynamic content to %1 (Alt+Shift+D)").arg(property.label));
    auto *const key = new QShortcut(QKeySequence(Qt::ALT | Qt::SHIFT | Qt::Key_D), binding->field());
    key->setContext(Qt::WidgetWithChildrenShortcut);
    connect(key, &QShortcut::activated, button, &QToolButton::click);
    connect(button, &QToolButton::clicked, this, [this, binding, title = property.label] {
        binding->flush();
        const Json before = binding->field()->value();
        auto *const dialog = new ExpressionDialog(m_scope, title, shownText(before), window());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        const QPointer<FieldBinding> target(binding);
        connect(dialog, &QDialog::accepted, this, [this, target, dialog, before, kind = m_scope.where()] {
            if (!target || m_scope.where() != kind)
                return; // something else is shown meanwhile
            const QString text = dialog->text();
            if (text == shownText(before))
                return;
            const bool isObject = before.is_object() && stringAt(before, "type") == u"Expression";
            Json value = dynamicValue(text, before);
            if (isObject) {
                value = before;
                value["value"] = toStdString(text);
            }
            target->put(text.isEmpty() && !isObject ? Json() : value);
        });
        dialog->open();
    });
    return button;
}

void PropertyForm::addWidget(QWidget *widget) { m_rows.append({{}, nullptr, widget, nullptr, true, false}); }

void PropertyForm::addRow(const QString &title, const QString &help, QWidget *widget)
{
    auto *const row = new QWidget(m_content);
    auto *const layout = new QGridLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setHorizontalSpacing(8);
    auto *const heading = label(title, "secondary");
    heading->setFixedWidth(scaled(labelWidth));
    heading->setMinimumHeight(measure::control);
    heading->setToolTip(help);
    layout->addWidget(heading, 0, 0, Qt::AlignTop);
    layout->addWidget(widget, 0, 1);
    layout->setColumnStretch(1, 1);
    m_rows.append({{}, nullptr, row, nullptr, false, false});
}

void PropertyForm::addHeading(const QString &text)
{
    auto *const heading = label(text);
    heading->setFont(themeFont(TypeSize::Body, QFont::DemiBold));
    heading->setContentsMargins(0, m_rows.isEmpty() ? 0 : 12, 0, 2);
    addWidget(heading);
}

void PropertyForm::setRowVisible(const Field *field, bool visible) { setRowsVisible({{field, visible}}); }

void PropertyForm::setRowsVisible(const QHash<const Field *, bool> &visible)
{
    bool isChanged = false;
    for (Row &row : m_rows) {
        const auto wanted = row.binding == nullptr ? visible.cend() : visible.constFind(row.binding->field());
        if (wanted == visible.cend() || row.isHidden != *wanted)
            continue;
        row.isHidden = !*wanted;
        isChanged = true;
    }
    if (!isChanged)
        return;
    m_columns = 0;
    arrange();
}

void PropertyForm::setRowVisible(const QString &path, bool visible)
{
    for (const Row &row : std::as_const(m_rows)) {
        if (row.path == path && row.binding != nullptr) {
            setRowVisible(row.binding->field(), visible);
            return;
        }
    }
}

// One table alone has the whole page.
bool PropertyForm::isPage() const
{
    return m_rows.size() == 1 && m_rows.first().isWide && m_rows.first().binding != nullptr;
}

void PropertyForm::finish()
{
    if (isPage())
        m_rows.first().binding->field()->setFills(true);
    m_columns = 0;
    readAsMade(*widget()); // two columns are one list
    arrange();
    showProblems();
}

void PropertyForm::resizeEvent(QResizeEvent *event)
{
    QScrollArea::resizeEvent(event);
    arrange();
}

// Runs of narrow rows stand in two columns, wide ones across.
void PropertyForm::arrange()
{
    const int columns = !m_isSingle && viewport()->width() >= twoColumnsFrom ? 2 : 1;
    if (columns == m_columns)
        return;
    m_columns = columns;
    for (const Row &row : std::as_const(m_rows))
        m_grid->removeWidget(row.widget);
    for (int i = 0; i < m_grid->rowCount(); ++i)
        m_grid->setRowStretch(i, 0);
    int line = 0;
    qsizetype at = 0;
    while (at < m_rows.size()) {
        QList<QWidget *> run;
        while (at < m_rows.size() && !m_rows[at].isWide) {
            m_rows[at].widget->setVisible(!m_rows[at].isHidden);
            if (!m_rows[at].isHidden)
                run.append(m_rows[at].widget);
            ++at;
        }
        const int height = int((run.size() + columns - 1) / columns);
        for (int i = 0; i < run.size(); ++i)
            m_grid->addWidget(run[i], line + i % height, i / height, Qt::AlignTop);
        line += height;
        if (at < m_rows.size()) {
            const Row &wide = m_rows[at++];
            wide.widget->setVisible(!wide.isHidden);
            if (!wide.isHidden)
                m_grid->addWidget(wide.widget, line++, 0, 1, columns);
        }
    }
    m_grid->setColumnStretch(0, 1);
    m_grid->setColumnStretch(1, columns == 2 ? 1 : 0);
    m_grid->setRowStretch(isPage() ? line - 1 : line, 1);
}

int PropertyForm::rowOf(const QString &path) const
{
    int best = -1;
    for (int i = 0; i < m_rows.size(); ++i) {
        const Row &row = m_rows[i];
        if (row.binding == nullptr || row.path.isEmpty() || row.isHidden)
            continue;
        if (isWithin(path, row.path) && (best < 0 || row.path.size() > m_rows[best].path.size()))
            best = i;
    }
    for (int i = 0; best < 0 && !path.isEmpty() && i < m_rows.size(); ++i) {
        if (m_rows[i].binding != nullptr && isWithin(m_rows[i].path, path))
            best = i; // the whole of what this row shows a part of
    }
    return best;
}

bool PropertyForm::hasPlace(const QString &path) const { return rowOf(path) >= 0; }

bool PropertyForm::reveal(const QString &path)
{
    const int row = rowOf(path);
    if (row < 0)
        return false;
    ensureWidgetVisible(m_rows[row].widget);
    m_rows[row].binding->field()->editor()->setFocus(Qt::OtherFocusReason);
    return true;
}

void PropertyForm::flush()
{
    for (const Row &row : std::as_const(m_rows)) {
        if (row.binding != nullptr)
            row.binding->flush();
    }
}

void PropertyForm::showProblems()
{
    QHash<int, QStringList> texts;
    QHash<int, Problem::Severity> severities;
    int count = 0;
    for (const Problem &problem : m_scope.problems()) {
        const int row = rowOf(problem.where);
        if (row < 0)
            continue;
        ++count;
        if (texts[row].isEmpty() || problem.severity < severities[row])
            severities[row] = problem.severity;
        texts[row].append(words(problem));
    }
    for (int i = 0; i < m_rows.size(); ++i) {
        const Row &row = m_rows[i];
        if (row.binding == nullptr)
            continue;
        const QString own = row.binding->message();
        const QString text = own.isEmpty() ? texts.value(i).join(u'\n') : own;
        const bool isError = !own.isEmpty() || severities.value(i, Problem::Severity::Hint) == Problem::Severity::Error;
        if (row.problem->text() != text) {
            row.problem->setText(text);
            row.problem->setVisible(!text.isEmpty());
        }
        if (!text.isEmpty())
            setLook(row.problem, isError ? "bad" : "warn");
        row.binding->field()->setWrong(!text.isEmpty() && isError);
        count += own.isEmpty() ? 0 : 1;
    }
    if (count == m_problemCount)
        return;
    m_problemCount = count;
    emit problemCountChanged();
}

} // namespace designer

#include "moc_PropertyForm.cpp"
