#include "designer/mapping/ConversionPreview.h"

#include "designer/properties/CopyRequest.h"
#include "designer/properties/EditScope.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/Format.h"
#include "designer/widgets/TableHabits.h"

#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

constexpr int rowsAsked = 1000;
const QString route = QStringLiteral("/slipway/v1/copies/conversion");

QTableView *plainTable(const QString &objectName, const QString &title, const QString &help)
{
    auto *const view = new QTableView;
    name(view, objectName, title, help);
    view->setTabKeyNavigation(false);
    view->setShowGrid(false);
    view->setWordWrap(false);
    view->setTextElideMode(Qt::ElideMiddle);
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view->verticalHeader()->hide();
    view->verticalHeader()->setDefaultSectionSize(measure::atLeast(measure::tableRow));
    view->horizontalHeader()->setHighlightSections(false);
    view->horizontalHeader()->setFixedHeight(measure::atLeast(measure::tableHeader));
    view->horizontalHeader()->setStretchLastSection(true);
    return view;
}

void setWidths(QTableView *view, std::initializer_list<int> widths)
{
    int column = 0;
    for (const int width : widths)
        view->setColumnWidth(column++, scaled(width));
}

QString sampleText(const Json &answer)
{
    const int rows = int(intAt(answer, "rows"));
    const QString sampling = stringAt(answer, "sampling");
    if (sampling == u"all" || !boolAt(answer, "more"))
        return ConversionPreview::tr("%Ln row(s), all there are", nullptr, rows);
    if (sampling == u"spread")
        return ConversionPreview::tr("%Ln row(s) from all over the source", nullptr, rows);
    return ConversionPreview::tr("the first %Ln row(s); there are more", nullptr, rows);
}

QString listed(const Json &names)
{
    QStringList list;
    for (const Json &one : names.is_array() ? names : Json::array()) {
        if (one.is_string())
            list.append(toQString(one.get_ref<const std::string &>()));
    }
    const qsizetype more = list.size() - 8;
    if (more > 0) {
        list = list.first(8);
        list.append(ConversionPreview::tr("and %n more", nullptr, int(more)));
    }
    return list.join(QStringLiteral(", "));
}

QStringList notesOf(const Json &answer)
{
    QStringList notes;
    const Json &problems = memberAt(answer, "rowProblems");
    if (const int ragged = int(intAt(answer, "ragged")); ragged > 0) {
        QString text = ConversionPreview::tr("%Ln row(s) have too many or too few columns.", nullptr, ragged);
        if (problems.is_array() && !problems.empty())
            text += u' '
                + ConversionPreview::tr("Row %1: %2")
                      .arg(countText(intAt(problems[0], "row")), stringAt(problems[0], "message"));
        notes.append(text);
    }
    if (const QString ignored = listed(memberAt(answer, "ignored")); !ignored.isEmpty())
        notes.append(ConversionPreview::tr("Not copied: %1.").arg(ignored));
    if (const QString unmapped = listed(memberAt(answer, "unmapped")); !unmapped.isEmpty())
        notes.append(ConversionPreview::tr("Sink columns that get nothing: %1.").arg(unmapped));
    return notes;
}

} // namespace

ConversionPreview::ConversionPreview(EditScope &scope, QWidget *parent)
    : QWidget(parent)
    , m_scope(scope)
    , m_model(new ConversionModel(this))
    , m_sorted(new QSortFilterProxyModel(this))
    , m_worst(new WorstValues(this))
    , m_button(pushButton(QStringLiteral("loadConversion"),
                          tr("Refresh"),
                          QStringLiteral("refresh-cw"),
                          tr("Convert 1,000 rows again as the copy would")))
    , m_state(label({}, "secondary"))
    , m_notes(label({}, "secondary"))
    , m_empty(label({}, "hint"))
    , m_worstTitle(label({}, "secondary"))
    , m_content(new QWidget)
{
    setLook(this, "panel");
    setAttribute(Qt::WA_StyledBackground);
    m_state->setWordWrap(true);
    m_state->setObjectName(QStringLiteral("conversionState"));
    m_notes->setWordWrap(true);
    m_notes->setObjectName(QStringLiteral("conversionNotes"));
    m_notes->hide();
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setText(tr("Refresh converts 1,000 rows as the copy would, and writes nothing."));

    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(ConversionModel::sortRole);
    m_view = plainTable(QStringLiteral("conversionTable"),
                        tr("Conversion by column"),
                        tr("Choose a column to see its worst values; Ctrl+C copies the selected rows"));
    m_view->setModel(m_sorted);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setItemDelegateForColumn(ConversionModel::Share, new ShareDelegate(m_view));
    m_view->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder); // as they are mapped
    m_view->setSortingEnabled(true);
    setWidths(m_view, {150, 84, 150, 180, 150, 68, 68, 76, 68});
    new TableHabits(m_view, scope.workbench().settings(), QStringLiteral("mapping/conversion")); // the view owns it

    m_worstView = plainTable(QStringLiteral("worstValues"),
                             tr("Worst values"),
                             tr("Values that would be refused, with their row and the reason; Ctrl+C copies"));
    m_worstView->setModel(m_worst);
    setWidths(m_worstView, {190, 220, 90});
    new TableHabits(m_worstView, scope.workbench().settings(), QStringLiteral("mapping/worst")); // the view owns it
    m_worstView->setFixedHeight(m_worstView->horizontalHeader()->height()
                                + 5 * m_worstView->verticalHeader()->defaultSectionSize() + 4);

    auto *const head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_button);
    head->addWidget(m_state, 1);
    auto *const tables = new QVBoxLayout(m_content);
    tables->setContentsMargins(0, 0, 0, 0);
    tables->setSpacing(6);
    tables->addWidget(m_view, 1);
    tables->addWidget(m_worstTitle);
    tables->addWidget(m_worstView);
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 8, 16, 8);
    layout->addLayout(head);
    layout->addWidget(m_notes);
    layout->addWidget(m_empty, 1);
    layout->addWidget(m_content, 1);
    m_content->hide();
    connect(m_button, &QPushButton::clicked, this, &ConversionPreview::load);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ConversionPreview::showWorst);
}

void ConversionPreview::say(const char *look, const QString &text)
{
    m_state->setText(text);
    setLook(m_state, look);
}

void ConversionPreview::load()
{
    if (m_isAsking) { // the button says Cancel meanwhile
        ++m_request;
        m_isAsking = false;
        m_button->setText(tr("Refresh"));
        say("secondary", tr("Cancelled."));
        return;
    }
    Result<Json> body = copyRequest(m_scope, window());
    if (!body) {
        say(body.error().code == ErrorCode::Cancelled ? "secondary" : "bad", body.error().message);
        return;
    }
    (*body)["rows"] = rowsAsked;
    m_isAsking = true;
    m_button->setText(tr("Cancel"));
    say("secondary", tr("Converting…"));
    m_scope.workbench().engine().post(route, *body, this, [this, request = ++m_request](const Result<Json> &answer) {
        if (request != m_request)
            return;
        m_isAsking = false;
        m_button->setText(tr("Refresh"));
        if (answer)
            showAnswer(*answer);
        else
            say("bad", answer.error().message);
    });
}

void ConversionPreview::showAnswer(const Json &answer)
{
    const qint64 bad = intAt(answer, "bad");
    const QString sample = sampleText(answer);
    say(bad > 0 ? "warn" : "ok",
        bad > 0
            ? tr("%1 of %2 rows would be refused: %3.").arg(countText(bad), countText(intAt(answer, "rows")), sample)
            : tr("Every value converts: %1.").arg(sample));
    const QStringList notes = notesOf(answer);
    m_notes->setText(notes.join(u'\n'));
    m_notes->setVisible(!notes.isEmpty());
    m_model->setColumns(memberAt(answer, "columns"));
    const bool hasColumns = m_model->rowCount() > 0;
    m_content->setVisible(hasColumns);
    m_empty->setVisible(!hasColumns);
    m_empty->setText(tr("No column is mapped."));
    // The first column that has bad values, else the first.
    int chosen = 0;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        if (!m_model->worst(row).empty()) {
            chosen = row;
            break;
        }
    }
    if (hasColumns)
        m_view->setCurrentIndex(m_sorted->mapFromSource(m_model->index(chosen, ConversionModel::Source)));
    showWorst();
}

void ConversionPreview::showWorst()
{
    const QModelIndex current = m_sorted->mapToSource(m_view->currentIndex());
    const Json &worst = m_model->worst(current.row());
    m_worst->setValues(worst);
    const QString column = m_model->index(current.row(), ConversionModel::Source).data().toString();
    m_worstTitle->setText(!current.isValid()  ? QString()
                              : worst.empty() ? tr("No bad values in %1.").arg(column)
                                              : tr("The worst values of %1").arg(column));
    m_worstView->setVisible(!worst.empty());
}

} // namespace designer

#include "moc_ConversionPreview.cpp"
