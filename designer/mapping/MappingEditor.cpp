#include "designer/mapping/MappingEditor.h"

#include "designer/datasets/ParameterQuestion.h"
#include "designer/datasets/StoreRequest.h"
#include "designer/document/FactoryDocument.h"
#include "designer/document/JsonPath.h"
#include "designer/mapping/CopyPreviewDialog.h"
#include "designer/mapping/MappingSettings.h"
#include "designer/properties/EditScope.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/ElidedLabel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QToolButton>

#include <QScopedValueRollback>

namespace designer {

using namespace engine;

namespace {

const QString thresholdKey = QStringLiteral("mapping/threshold");
const QString settingsKey = QStringLiteral("mapping/settingsShown");
constexpr int settingsWidth = 380;

// Columns and types are chosen from what is known; columns may also be typed.
class MappingDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &, const QModelIndex &index) const override
    {
        const auto *model = qobject_cast<const MappingModel *>(index.model());
        auto *const box = new QComboBox(parent);
        box->addItems(model->choices(index));
        const bool isType = index.column() == MappingModel::SourceType || index.column() == MappingModel::SinkType;
        box->setEditable(!isType);
        name(box,
             QStringLiteral("mappingChoice"),
             model->headerData(index.column(), Qt::Horizontal).toString(),
             MappingEditor::tr("Choose what this row has here"));
        auto *const self = const_cast<MappingDelegate *>(this);
        connect(box, &QComboBox::activated, box, [self, box] {
            emit self->commitData(box);
            emit self->closeEditor(box);
        });
        return box;
    }

    void setEditorData(QWidget *editor, const QModelIndex &index) const override
    {
        auto *const box = static_cast<QComboBox *>(editor);
        const QString text = index.data(Qt::EditRole).toString();
        if (box->isEditable()) {
            box->setEditText(text);
            return;
        }
        if (box->findText(text, Qt::MatchFixedString) < 0)
            box->addItem(text);
        box->setCurrentIndex(box->findText(text, Qt::MatchFixedString));
    }

    void setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const override
    {
        model->setData(index, static_cast<QComboBox *>(editor)->currentText().trimmed());
    }
};

QString referenced(const Json &copy, const char *list)
{
    return stringAt(jsonAt(copy, QString::fromLatin1(list) + u"[0]"), "referenceName");
}

} // namespace

MappingEditor::MappingEditor(Workbench &workbench, EditScope &scope, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_scope(scope)
    , m_model(new MappingModel(this))
    , m_view(new QTableView)
    , m_sides(new ElidedLabel({}, "secondary"))
    , m_note(label({}, "warn"))
    , m_empty(label({}, "hint"))
    , m_settings(new MappingSettings(scope))
{
    setLook(this, "panel");
    setAttribute(Qt::WA_StyledBackground);
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto *const bar = new QHBoxLayout;
    bar->setContentsMargins(10, 6, 10, 6);
    bar->setSpacing(8);
    buildToolBar(bar);
    layout->addLayout(bar);
    m_note->setContentsMargins(12, 0, 12, 6);
    m_note->setWordWrap(true);
    m_note->setObjectName(QStringLiteral("mappingNote"));
    layout->addWidget(m_note);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    auto *const beside = new QHBoxLayout;
    beside->setSpacing(0);
    beside->addWidget(m_empty, 1);
    beside->addWidget(m_view, 1);
    beside->addWidget(m_settings);
    layout->addLayout(beside, 1);
    m_settings->setFixedWidth(scaled(settingsWidth));

    name(m_view,
         QStringLiteral("mappingTable"),
         tr("Mapping of columns"),
         tr("Space includes a column or leaves it out, F2 edits, Del deletes"));
    m_view->setTabKeyNavigation(false);
    m_view->setModel(m_model);
    m_view->setItemDelegate(new MappingDelegate(m_view));
    m_view->setShowGrid(false);
    m_view->setWordWrap(false);
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed
                            | QAbstractItemView::AnyKeyPressed | QAbstractItemView::SelectedClicked);
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setDefaultSectionSize(measure::atLeast(measure::tableRow));
    m_view->horizontalHeader()->setHighlightSections(false);
    m_view->horizontalHeader()->setFixedHeight(measure::atLeast(measure::tableHeader));
    m_view->horizontalHeader()->setMinimumSectionSize(36);
    const std::array<int, MappingModel::ColumnCount> widths{38, 150, 84, 36, 170, 96, 120, 76, 0};
    for (int i = 0; i < MappingModel::ColumnCount; ++i) {
        if (widths[size_t(i)] > 0)
            m_view->setColumnWidth(i, scaled(widths[size_t(i)]));
    }
    m_view->horizontalHeader()->setStretchLastSection(true);
    m_view->installEventFilter(this);

    connect(m_model, &MappingModel::edited, this, &MappingEditor::write);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        m_delete->setEnabled(!selectedRows().isEmpty());
    });
    connect(&scope, &EditScope::changed, this, &MappingEditor::refresh);
    connect(&scope, &EditScope::problemsChanged, this, [this] { m_model->setRows(marked(m_model->rows())); });
    showSettings(m_workbench.settings().value(settingsKey, false).toBool());
    if (FactoryDocument *const document = scope.document()) {
        connect(document, &FactoryDocument::entityChanged, this, [this](const EntityRef &entity) {
            if (entity.kind == EntityKind::Dataset
                && (entity.name == m_source.dataset || entity.name == m_sink.dataset))
                refresh();
        });
    }
    refresh();
}

void MappingEditor::buildToolBar(QHBoxLayout *bar)
{
    m_import = pushButton(QStringLiteral("importSchemas"),
                          tr("Import schemas"),
                          QStringLiteral("download"),
                          tr("Read the columns of source and sink"));
    m_autoMap = pushButton(QStringLiteral("autoMap"),
                           tr("Auto-map"),
                           QStringLiteral("wand-sparkles"),
                           tr("Map the columns that are not mapped yet: by the same name, then by likeness"));
    auto *const fresh = pushButton(QStringLiteral("newMapping"),
                                   tr("New mapping"),
                                   QStringLiteral("plus"),
                                   tr("Add a row and choose its columns"));
    m_delete =
        iconButton(QStringLiteral("deleteMapping"), QStringLiteral("trash-2"), tr("Delete the chosen rows (Del)"));
    m_reset = iconButton(QStringLiteral("resetMapping"),
                         QStringLiteral("rotate-ccw"),
                         tr("Reset: map by name when it runs, without a mapping"));
    m_delete->setEnabled(false);
    m_threshold = new QSpinBox;
    m_threshold->setRange(50, 100);
    m_threshold->setSingleStep(5);
    m_threshold->setSuffix(tr(" %"));
    m_threshold->setValue(m_workbench.settings().value(thresholdKey, 75).toInt());
    m_threshold->setFixedWidth(scaled(64));
    name(m_threshold,
         QStringLiteral("mappingThreshold"),
         tr("Least likeness"),
         tr("Auto-map takes similar names from this likeness on; 100 % takes the same names only"));
    m_sides->setTextInteractionFlags(Qt::NoTextInteraction);
    m_sides->setMinimumWidth(40);
    m_sides->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    for (QWidget *widget : {static_cast<QWidget *>(m_import), static_cast<QWidget *>(m_autoMap)})
        bar->addWidget(widget);
    bar->addWidget(label(tr("from"), "hint"));
    bar->addWidget(m_threshold);
    bar->addWidget(fresh);
    bar->addWidget(m_delete);
    bar->addWidget(m_reset);
    bar->addWidget(m_sides, 1);
    buildPreviews(bar);

    connect(m_import, &QPushButton::clicked, this, &MappingEditor::importSchemas);
    connect(m_autoMap, &QPushButton::clicked, this, &MappingEditor::autoMap);
    connect(fresh, &QPushButton::clicked, this, [this] {
        const QModelIndex index = m_model->index(m_model->append(), MappingModel::Source);
        showState();
        m_view->setFocus();
        m_view->setCurrentIndex(index);
        m_view->scrollTo(index);
        m_view->edit(index);
    });
    connect(m_delete, &QToolButton::clicked, this, &MappingEditor::removeSelected);
    connect(m_reset, &QToolButton::clicked, this, &MappingEditor::resetByName);
    connect(m_threshold, &QSpinBox::valueChanged, this, [this](int value) {
        m_workbench.settings().setValue(thresholdKey, value);
    });
}

void MappingEditor::buildPreviews(QHBoxLayout *bar)
{
    using Part = CopyPreviewDialog::Part;
    const auto add = [&](const char *objectName, const QString &text, const QString &help, Part part) {
        auto *const button = pushButton(QString::fromLatin1(objectName), text, QStringLiteral("eye"), help);
        connect(button, &QPushButton::clicked, this, [this, part] { preview(int(part)); });
        bar->addWidget(button);
    };
    bar->addWidget(label(tr("Preview"), "hint"));
    add("previewSource", tr("Source"), tr("Preview source: its first 1,000 rows"), Part::Source);
    add("previewSink", tr("Sink"), tr("Preview sink: its first 1,000 rows as they are now"), Part::Sink);
    add("previewConversion",
        tr("Conversion"),
        tr("Preview conversion: what the copy would make of 1,000 rows, column by column"),
        Part::Conversion);
    m_settingsButton = iconButton(QStringLiteral("conversionSettings"),
                                  QStringLiteral("settings-2"),
                                  tr("Type conversion settings, and the collection of JSON"));
    m_settingsButton->setCheckable(true);
    bar->addWidget(m_settingsButton);
    connect(m_settingsButton, &QToolButton::toggled, this, &MappingEditor::showSettings);
}

void MappingEditor::showSettings(bool shown)
{
    m_settingsButton->setChecked(shown);
    m_settings->setVisible(shown);
    m_workbench.settings().setValue(settingsKey, shown);
}

void MappingEditor::preview(int part)
{
    auto *const dialog = new CopyPreviewDialog(m_scope, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
    dialog->go(CopyPreviewDialog::Part(part));
}

const Json &MappingEditor::translator() const { return m_scope.at(QStringLiteral("typeProperties.translator")); }

// The document has something new: what the user just wrote stays in its rows, all else is laid out again.
void MappingEditor::refresh()
{
    const Json &copy = m_scope.json();
    if (copy.is_null() || m_isWriting)
        return;
    const QString place = m_scope.where();
    const auto follow = [&](Side &side, const QString &dataset) {
        if (place != m_place || side.dataset != dataset) {
            side = {dataset, {}, false, {}};
            ++m_request; // answers about other datasets are void
            m_pending = 0;
        }
        if (!side.isImported && m_scope.document() != nullptr)
            side.fields = fieldsOfDataset(m_scope.document()->json({EntityKind::Dataset, dataset}));
    };
    follow(m_source, referenced(copy, "inputs"));
    follow(m_sink, referenced(copy, "outputs"));
    m_place = place;
    m_model->setFields(sourceFields(), m_sink.fields);
    m_model->setRows(marked(mappingRows(translator(), sourceFields(), m_sink.fields, m_likeness)));
    showState();
}

QList<SchemaField> MappingEditor::sourceFields() const
{
    return fieldsBelow(m_source.fields, stringAt(translator(), "collectionReference"));
}

void MappingEditor::write(const QString &title)
{
    {
        const QScopedValueRollback writing(m_isWriting, true);
        const QList<MappingRow> rows = m_model->rows();
        const Json next = translatorOf(translator(), rows, sourceFields(), m_sink.fields);
        m_scope.set(QStringLiteral("typeProperties.translator"), next, title);
        // Rows keep their places; each remembers its entry as it is written now.
        QList<MappingRow> kept = rows;
        const Json &mappings = memberAt(translator(), "mappings");
        size_t at = 0;
        for (MappingRow &row : kept) {
            row.origin = row.isMapped() && mappings.is_array() && at < mappings.size() ? mappings[at++] : Json();
            row.matchedBy = matchedByText(row.source, row.sink, m_likeness);
        }
        m_model->setRows(marked(kept));
    }
    showState();
}

QList<MappingRow> MappingEditor::marked(QList<MappingRow> rows) const
{
    QHash<int, Problem> problems;
    for (const Problem &problem : m_scope.problems()) {
        const QString list = QStringLiteral("typeProperties.translator.mappings[");
        const bool isKnownBetter = problem.code == u"UnknownColumn" && (m_source.isImported || m_sink.isImported);
        if (!problem.where.startsWith(list) || isKnownBetter)
            continue;
        const int row = problem.where.mid(list.size()).section(u']', 0, 0).toInt();
        if (!problems.contains(row) || problem.severity < problems[row].severity)
            problems.insert(row, problem);
    }
    int at = 0;
    for (MappingRow &row : rows) {
        if (row.isBadMark) {
            row.mark.clear();
            row.isBadMark = false;
        }
        if (!row.isMapped() || row.origin.is_null())
            continue;
        const auto problem = problems.constFind(at++);
        if (problem == problems.cend())
            continue;
        if (row.mark.isEmpty() || problem->severity == Problem::Severity::Error)
            row.mark = problem->message;
        row.isBadMark = problem->severity == Problem::Severity::Error;
    }
    return rows;
}

void MappingEditor::importSchemas()
{
    if (m_pending > 0) { // it is the Cancel button meanwhile
        ++m_request;
        m_pending = 0;
        showState();
        return;
    }
    ++m_request;
    m_source.error.clear();
    m_sink.error.clear();
    importSide(m_source, m_source.dataset);
    importSide(m_sink, m_sink.dataset);
    showState();
}

void MappingEditor::importSide(Side &side, const QString &dataset)
{
    FactoryDocument *const document = m_scope.document();
    if (document == nullptr)
        return;
    if (dataset.isEmpty()) {
        side.error = &side == &m_source ? tr("Choose a source dataset first.") : tr("Choose a sink dataset first.");
        return;
    }
    const Json file = document->json({EntityKind::Dataset, dataset});
    Result<Json> body = datasetRequest(*document, file);
    if (!body) {
        side.error = body.error().message;
        return;
    }
    const bool isSource = &side == &m_source;
    const Json reference = m_scope.at(isSource ? QStringLiteral("inputs[0]") : QStringLiteral("outputs[0]"));
    const auto parameters = askParameters(m_workbench,
                                          {EntityKind::Dataset, dataset},
                                          jsonAt(file, QStringLiteral("properties.parameters")),
                                          memberAt(reference, "parameters"),
                                          window());
    if (!parameters)
        return;
    (*body)["parameters"] = *parameters;
    ++m_pending;
    m_workbench.engine().post(
        QStringLiteral("/slipway/v1/datasets/schema"),
        *body,
        this,
        [this, isSource, naming = namingOf(file), request = m_request](const Result<Json> &answer) {
            if (request != m_request)
                return;
            Side &asked = isSource ? m_source : m_sink;
            --m_pending;
            if (answer) {
                asked.fields = fieldsOfAnswer(*answer, naming);
                asked.isImported = true;
            } else {
                asked.error = QStringLiteral("%1: %2").arg(asked.dataset, answer.error().message);
            }
            sideImported();
        });
}

void MappingEditor::sideImported()
{
    const bool wasByName = isMappedByName(translator());
    refresh();
    // A mapping that does not say anything yet gets what fits; one that is there stays as it is.
    if (m_pending == 0 && m_source.isImported && m_sink.isImported && wasByName)
        autoMap();
}

void MappingEditor::autoMap()
{
    if (m_source.fields.isEmpty() || m_sink.fields.isEmpty()) {
        if (m_pending == 0)
            importSchemas();
        return;
    }
    const QList<MappingRow> rows =
        autoMapped(m_model->rows(), sourceFields(), m_sink.fields, double(m_threshold->value()) / 100, m_likeness);
    m_model->setRows(rows);
    write(tr("Auto-map"));
}

void MappingEditor::resetByName()
{
    m_scope.set(QStringLiteral("typeProperties.translator"), translatorByName(translator()), tr("Reset mapping"));
    refresh();
}

QList<int> MappingEditor::selectedRows() const
{
    QList<int> rows;
    for (const QModelIndex &index : m_view->selectionModel()->selectedRows())
        rows.append(index.row());
    return rows;
}

void MappingEditor::removeSelected()
{
    const QList<int> rows = selectedRows();
    if (rows.isEmpty())
        return;
    const int next = *std::min_element(rows.begin(), rows.end());
    m_model->remove(rows);
    refresh();
    if (m_model->rowCount() > 0)
        m_view->setCurrentIndex(m_model->index(std::min(next, m_model->rowCount() - 1), MappingModel::Source));
}

void MappingEditor::showState()
{
    int mapped = 0;
    for (const MappingRow &row : m_model->rows())
        mapped += row.isMapped() ? 1 : 0;
    const int all = m_model->rowCount();
    emit mappedChanged(mapped, all);

    const bool isBusy = m_pending > 0;
    m_import->setText(isBusy ? tr("Cancel") : tr("Import schemas"));
    m_import->setIcon(icon(isBusy ? QStringLiteral("x") : QStringLiteral("download"), IconRole::Text));
    m_reset->setEnabled(!isMappedByName(translator()));
    const QString missing = tr("not chosen");
    m_sides->setText(isBusy ? tr("Reading the schemas…")
                            : QStringLiteral("%1 → %2").arg(m_source.dataset.isEmpty() ? missing : m_source.dataset,
                                                            m_sink.dataset.isEmpty() ? missing : m_sink.dataset));
    m_sides->setToolTip(m_sides->text());

    QStringList notes;
    bool isBad = false;
    for (const QString &error : {m_source.error, m_sink.error}) {
        if (!error.isEmpty())
            notes.append(error);
        isBad = isBad || !error.isEmpty();
    }
    if (isDynamicTranslator())
        notes.append(tr("The mapping is dynamic content: edit it in the JSON view, or reset it."));
    if (const QStringList required = requiredButUnmapped(m_model->rows(), m_sink.fields); !required.isEmpty())
        notes.append(
            tr("Not mapped, but the sink takes no empty value there: %1.").arg(required.join(QStringLiteral(", "))));
    const QStringList collections = collectionsIn(m_source.fields);
    if (!collections.isEmpty() && stringAt(translator(), "collectionReference").isEmpty())
        notes.append(tr("One row for each element of an array? Name it as the collection reference below: %1.")
                         .arg(collections.join(QStringLiteral(", "))));
    if (all > 0 && isMappedByName(translator()))
        notes.append(tr("Without a mapping, columns of exactly the same name are brought together when it runs."));
    m_note->setText(notes.join(u'\n'));
    m_note->setVisible(!notes.isEmpty());
    setLook(m_note, isBad ? "bad" : "warn");
    m_empty->setVisible(all == 0);
    m_view->setVisible(all > 0);
    m_empty->setText(m_source.dataset.isEmpty() || m_sink.dataset.isEmpty()
                         ? tr("Choose the datasets on the tabs Source and Sink, then import their schemas here.")
                         : tr("Import the schemas to see the columns of both sides."));
}

bool MappingEditor::isDynamicTranslator() const
{
    return !translator().is_null() && ValueSource::fromJson(translator()).isExpression;
}

void MappingEditor::reveal(const QString &path)
{
    if (path != u"typeProperties.translator" && m_settings->hasPlace(path)
        && !path.startsWith(u"typeProperties.translator.mappings")) {
        showSettings(true);
        m_settings->reveal(path);
        return;
    }
    m_view->setFocus();
    const QString list = QStringLiteral("typeProperties.translator.mappings[");
    if (!path.startsWith(list))
        return;
    int wanted = path.mid(list.size()).section(u']', 0, 0).toInt();
    for (int row = 0; row < m_model->rowCount(); ++row) {
        if (!m_model->rows()[row].isMapped() || wanted-- > 0)
            continue;
        const QModelIndex index =
            m_model->index(row, path.contains(u".source") ? MappingModel::Source : MappingModel::Sink);
        m_view->setCurrentIndex(index);
        m_view->scrollTo(index);
        return;
    }
}

bool MappingEditor::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_view || (event->type() != QEvent::KeyPress && event->type() != QEvent::ShortcutOverride))
        return QWidget::eventFilter(watched, event);
    auto *const key = static_cast<QKeyEvent *>(event);
    const bool isSpace = key->keyCombination() == QKeyCombination(Qt::Key_Space);
    const bool isDelete = key->keyCombination() == QKeyCombination(Qt::Key_Delete);
    if (!isSpace && !isDelete)
        return QWidget::eventFilter(watched, event);
    event->accept();
    if (event->type() == QEvent::ShortcutOverride)
        return true;
    if (isDelete) {
        removeSelected();
    } else if (const QList<int> rows = selectedRows(); !rows.isEmpty()) {
        const int current = m_view->currentIndex().row();
        m_model->setIncluded(rows, !m_model->rows()[std::max(0, current)].isIncluded);
    }
    return true;
}

} // namespace designer

#include "moc_MappingEditor.cpp"
