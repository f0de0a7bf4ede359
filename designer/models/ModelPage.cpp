#include "designer/models/ModelPage.h"

#include "designer/models/CellTable.h"
#include "designer/models/ModelCharts.h"
#include "designer/models/ThresholdPanel.h"
#include "designer/monitor/MonitorTable.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/ElidedLabel.h"
#include "designer/widgets/Format.h"
#include "designer/widgets/TableHabits.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QInputDialog>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>

namespace designer {

using namespace engine;

namespace {

enum Chart { Roc, PrecisionRecall, Calibration, Gains, Scores, Weights, ChartCount };

QString signedText(double value) { return (value > 0 ? QStringLiteral("+") : QString()) + metricText(value); }

Cell number(std::optional<double> value) { return {metricText(value), value ? QVariant(*value) : QVariant(0.0)}; }

Cell exact(double value) { return {QString::number(value, 'g', 8), value, QString::number(value, 'g', 17)}; }

} // namespace

ModelPage::ModelPage(Workbench &workbench, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_name(new ElidedLabel)
    , m_about(new ElidedLabel({}, "secondary", Qt::ElideRight))
    , m_version(new QComboBox)
    , m_compare(new QComboBox)
    , m_alias(pushButton(QStringLiteral("modelAlias"),
                         tr("Alias…"),
                         QStringLiteral("bookmark"),
                         tr("Give this version a name such as champion; pipelines score with NAME@champion")))
    , m_export(pushButton(QStringLiteral("modelExport"),
                          tr("Export…"),
                          QStringLiteral("download"),
                          tr("Save the model's file, for other programs to score with")))
    , m_figures(new QFrame)
    , m_notes(label({}, "warn"))
    , m_tabs(new QTabWidget)
    , m_grid(new QGridLayout)
    , m_threshold(new ThresholdPanel)
{
    setObjectName(QStringLiteral("modelPage"));
    nameTabs(m_tabs, QStringLiteral("modelTabs"), tr("Parts of the model page"), tr("What of the model is shown"));
    m_tabs->setDocumentMode(true);
    m_metrics = makeTable(QStringLiteral("modelMetrics"), tr("Metrics"), tr("Measured on the test part"));
    m_coefficients = makeTable(
        QStringLiteral("modelCoefficients"), tr("Coefficients"), tr("The tooltip of a number has all its digits"));
    m_features = makeTable(QStringLiteral("modelFeatures"), tr("Features"), tr("What the model reads, as in training"));
    m_facts = makeTable(QStringLiteral("modelFacts"), tr("Card"), tr("Where the model comes from"));
    m_tabs->addTab(makeCurves(), tr("Curves"));
    m_tabs->addTab(m_metrics.view, tr("Metrics"));
    m_tabs->addTab(m_coefficients.view, tr("Coefficients"));
    m_tabs->addTab(m_features.view, tr("Features"));
    m_tabs->addTab(m_facts.view, tr("Card"));
    m_notes->setObjectName(QStringLiteral("modelNotes"));
    m_notes->setWordWrap(true);
    m_notes->setContentsMargins(16, 0, 16, 0);
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(makeHead());
    auto *const figures = new QHBoxLayout;
    figures->setContentsMargins(16, 0, 16, 0);
    figures->addWidget(m_figures);
    column->addLayout(figures);
    column->addWidget(m_notes);
    column->addWidget(m_tabs, 1);
    setLook(m_figures, "card");
    new QHBoxLayout(m_figures);
    connect(m_threshold, &ThresholdPanel::thresholdChanged, this, [this](double threshold) {
        m_charts.at(Scores)->setCut(threshold);
    });
}

QWidget *ModelPage::makeHead()
{
    auto *const head = new QWidget;
    auto *const row = new QHBoxLayout(head);
    row->setContentsMargins(12, 10, 16, 0);
    row->setSpacing(8);
    auto *const back = iconButton(QStringLiteral("modelBack"), QStringLiteral("chevron-left"), tr("All models"));
    m_name->setObjectName(QStringLiteral("modelName"));
    m_name->setFont(themeFont(TypeSize::Title, QFont::DemiBold));
    m_name->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    m_about->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    name(m_version, QStringLiteral("modelVersion"), tr("Version"), tr("Which version is shown"));
    name(m_compare, QStringLiteral("modelCompare"), tr("Compare with"), tr("Another version, drawn and listed beside"));
    m_compare->setMinimumContentsLength(12);
    row->addWidget(back);
    row->addWidget(m_name, 2);
    row->addWidget(m_version);
    row->addWidget(m_about, 3);
    row->addWidget(label(tr("Compare with"), "hint"));
    row->addWidget(m_compare);
    row->addWidget(m_alias);
    row->addWidget(m_export);
    connect(back, &QToolButton::clicked, this, &ModelPage::backRequested);
    connect(m_version, &QComboBox::activated, this, [this](int index) {
        emit versionRequested(m_version->itemData(index).toInt());
    });
    connect(m_compare, &QComboBox::activated, this, [this](int index) {
        emit comparisonRequested(m_compare->itemData(index).toInt());
    });
    connect(m_alias, &QPushButton::clicked, this, &ModelPage::askForAlias);
    connect(m_export, &QPushButton::clicked, this, &ModelPage::exportRequested);
    return head;
}

QWidget *ModelPage::makeCurves()
{
    auto *const content = new QWidget;
    content->setLayout(m_grid);
    m_grid->setContentsMargins(16, 12, 16, 16);
    m_grid->setSpacing(12);
    const QStringList names{QStringLiteral("rocChart"),
                            QStringLiteral("precisionRecallChart"),
                            QStringLiteral("calibrationChart"),
                            QStringLiteral("liftChart"),
                            QStringLiteral("scoresChart"),
                            QStringLiteral("weightsChart")};
    for (const QString &one : names)
        m_charts.append(new CurveChart(m_workbench, one, content));
    m_threshold->setParent(content);
    auto *const scroll = new QScrollArea;
    name(scroll, QStringLiteral("modelCurves"), tr("Curves"), tr("How good the model is, on the test part"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(content);
    return scroll;
}

ModelPage::Table ModelPage::makeTable(const QString &objectName, const QString &title, const QString &help)
{
    auto *const model = new CellTable(this);
    auto *const sorted = new QSortFilterProxyModel(this);
    sorted->setSourceModel(model);
    sorted->setSortRole(CellTable::sortRole);
    auto *const view = new QTableView;
    name(view, objectName, title, help);
    view->setModel(sorted);
    dressTable(view, Qt::UserRole, {});
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder); // as they come
    view->horizontalHeader()->setStretchLastSection(false);
    view->setSortingEnabled(true);
    new TableHabits(view, m_workbench.settings(), QStringLiteral("models/") + objectName); // the view owns it
    return {model, view};
}

// No title is cut off, and words at the end of a row have all the room there is.
void ModelPage::fill(const Table &table, const QStringList &columns, const QList<QList<Cell>> &rows)
{
    table.model->setContent(columns, rows);
    QHeaderView *const header = table.view->horizontalHeader();
    for (int column = 0; column < columns.size(); ++column)
        header->resizeSection(column, std::max(header->sectionSize(column), header->sectionSizeHint(column)));
}

void ModelPage::setCard(const ModelCard &card, const QList<int> &versions)
{
    m_card = card;
    m_other.reset();
    const QSignalBlocker quiet(m_version);
    m_version->clear();
    m_compare->clear();
    m_compare->addItem(tr("nothing"), 0);
    for (const int version : versions) {
        m_version->addItem(tr("Version %1").arg(version), version);
        if (version != card.version)
            m_compare->addItem(tr("Version %1").arg(version), version);
    }
    m_version->setCurrentIndex(m_version->findData(card.version));
    m_compare->setEnabled(versions.size() > 1);
    show();
}

void ModelPage::setOther(const std::optional<ModelCard> &other)
{
    m_other = other;
    m_compare->setCurrentIndex(m_compare->findData(other ? other->version : 0));
    show();
}

void ModelPage::show()
{
    m_name->setText(m_card.name);
    QStringList about;
    if (!m_card.aliases.isEmpty())
        about.append(u'@' + m_card.aliases.join(QStringLiteral(" @")));
    about.append(m_card.algorithm);
    if (const auto created = instantFromIso(m_card.created))
        about.append(timeText(*created, m_workbench.zone()));
    if (!m_card.author.isEmpty())
        about.append(m_card.author);
    about.removeAll(QString());
    m_about->setText(about.join(QStringLiteral(" · ")));
    m_notes->setText(m_card.notes.join(u'\n'));
    m_notes->setVisible(!m_card.notes.isEmpty());
    showFigures();
    showCharts();
    showMetrics();
    showCoefficients();
    showFeatures();
    showFacts();
}

void ModelPage::showFigures()
{
    auto *const row = static_cast<QHBoxLayout *>(m_figures->layout());
    while (QLayoutItem *const item = row->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    row->setContentsMargins(4, 8, 4, 8);
    row->setSpacing(0);
    const QStringList wanted = m_card.classes.isEmpty()
        ? QStringList{QStringLiteral("r2"), QStringLiteral("rmse"), QStringLiteral("mae"), QStringLiteral("mape")}
        : QStringList{QStringLiteral("accuracy"),
                      QStringLiteral("rocAuc"),
                      QStringLiteral("logLoss"),
                      QStringLiteral("brier"),
                      QStringLiteral("f1"),
                      QStringLiteral("ks")};
    bool isFirst = true;
    for (const QString &metric : wanted) {
        const auto value = m_card.test(metric);
        if (!value)
            continue;
        if (!isFirst)
            row->addWidget(lineDown());
        isFirst = false;
        auto *const figure = new QWidget;
        auto *const column = new QVBoxLayout(figure);
        column->setContentsMargins(12, 0, 12, 0);
        column->setSpacing(2);
        column->addWidget(label(metricTitle(metric), "secondary"));
        auto *const text = label(metricText(value));
        text->setFont(themeFont(TypeSize::Figure, QFont::DemiBold));
        text->setObjectName(QStringLiteral("figure_") + metric);
        text->setToolTip(QString::number(*value, 'g', 17));
        auto *const line = new QHBoxLayout;
        line->addWidget(text);
        if (m_other && m_other->test(metric)) {
            auto *const change = label(signedText(*value - *m_other->test(metric)), "secondary");
            change->setToolTip(tr("against version %1").arg(m_other->version));
            line->addWidget(change, 0, Qt::AlignBottom);
        }
        line->addStretch(1);
        column->addLayout(line);
        row->addWidget(figure, 1);
    }
    m_figures->setVisible(!isFirst);
}

void ModelPage::showCharts()
{
    const ModelCard *const other = m_other ? &*m_other : nullptr;
    const auto set = [&](Chart chart, bool isThere, const CurveChart::Content &content) {
        m_charts.at(chart)->setVisible(isThere);
        m_charts.at(chart)->setContent(content);
    };
    set(Roc, !m_card.roc.isEmpty(), rocContent(m_card, other));
    set(PrecisionRecall, !m_card.precisionRecall.isEmpty(), precisionRecallContent(m_card, other));
    set(Calibration, !m_card.calibration.isEmpty(), calibrationContent(m_card, other));
    set(Gains, !m_card.lift.isEmpty(), gainsContent(m_card, other));
    set(Scores, !m_card.scores.isEmpty(), scoresContent(m_card));
    set(Weights, !m_card.coefficients.isEmpty(), weightsContent(m_card, other));
    m_threshold->setCard(m_card);
    arrange();
    m_charts.at(Scores)->setCut(m_card.isBinary() ? std::optional(m_threshold->threshold()) : std::nullopt);
}

void ModelPage::arrange()
{
    constexpr int across = 3;
    const QList<QWidget *> order{m_charts.at(Roc),
                                 m_charts.at(PrecisionRecall),
                                 m_threshold,
                                 m_charts.at(Scores),
                                 m_charts.at(Calibration),
                                 m_charts.at(Gains)};
    while (QLayoutItem *const item = m_grid->takeAt(0))
        delete item;
    for (int row = 0; row < m_grid->rowCount(); ++row) {
        m_grid->setRowMinimumHeight(row, 0);
        m_grid->setRowStretch(row, 0);
    }
    int place = 0;
    for (QWidget *const one : order) {
        if (one->isHidden())
            continue;
        m_grid->addWidget(one, place / across, place % across);
        ++place;
    }
    int rows = (place + across - 1) / across;
    if (!m_charts.at(Weights)->isHidden())
        m_grid->addWidget(m_charts.at(Weights), rows++, 0, 1, across);
    for (int i = 0; i < across; ++i)
        m_grid->setColumnStretch(i, 1);
    for (int row = 0; row < rows; ++row)
        m_grid->setRowMinimumHeight(row, scaled(270));
    m_grid->setRowStretch(rows, 1);
}

void ModelPage::showMetrics()
{
    QStringList columns{tr("Metric"), tr("Test"), tr("Training")};
    if (m_other)
        columns += {tr("Test, version %1").arg(m_other->version), tr("Difference")};
    QList<QList<Cell>> rows;
    for (const ModelCard::Metric &metric : m_card.metrics) {
        QList<Cell> row{{metricTitle(metric.name), {}, metric.name}, number(metric.test), number(metric.train)};
        if (m_other) {
            const auto theirs = m_other->test(metric.name);
            const auto ours = m_card.test(metric.name);
            row.append(number(theirs));
            row.append(theirs && ours ? Cell{signedText(*ours - *theirs), *ours - *theirs} : number(std::nullopt));
        }
        rows.append(row);
    }
    fill(m_metrics, columns, rows);
    m_metrics.view->setColumnWidth(0, scaled(260));
}

void ModelPage::showCoefficients()
{
    const bool hasOutcomes = std::any_of(
        m_card.coefficients.begin(), m_card.coefficients.end(), [](const auto &one) { return !one.outcome.isEmpty(); });
    const bool hasErrors = std::any_of(m_card.coefficients.begin(), m_card.coefficients.end(), [](const auto &one) {
        return one.standardError.has_value();
    });
    QStringList columns;
    if (hasOutcomes)
        columns.append(tr("Class"));
    columns += {tr("Term"), tr("Coefficient")};
    if (hasErrors)
        columns +=
            {m_card.areErrorsApproximate ? tr("Standard error (approximate)") : tr("Standard error"), tr("Odds ratio")};
    if (m_other)
        columns += {tr("Version %1").arg(m_other->version), tr("Difference")};
    QList<QList<Cell>> rows;
    for (const ModelCard::Coefficient &one : m_card.coefficients) {
        QList<Cell> row;
        if (hasOutcomes)
            row.append({one.outcome});
        row.append({one.term});
        row.append(exact(one.value));
        if (hasErrors)
            row += {number(one.standardError), number(one.oddsRatio)};
        if (m_other) {
            const auto same = std::find_if(
                m_other->coefficients.begin(), m_other->coefficients.end(), [&](const ModelCard::Coefficient &theirs) {
                    return theirs.term == one.term && theirs.outcome == one.outcome;
                });
            const bool isThere = same != m_other->coefficients.end();
            row.append(isThere ? exact(same->value) : number(std::nullopt));
            row.append(isThere ? Cell{signedText(one.value - same->value), one.value - same->value}
                               : number(std::nullopt));
        }
        rows.append(row);
    }
    fill(m_coefficients, columns, rows);
    for (int column = 0; column < columns.size(); ++column)
        m_coefficients.view->setColumnWidth(column,
                                            std::max(scaled(column == (hasOutcomes ? 1 : 0) ? 240 : 150),
                                                     m_coefficients.view->horizontalHeader()->sectionSizeHint(column)));
    m_tabs->setTabVisible(2, !rows.isEmpty());
}

void ModelPage::showFeatures()
{
    QList<QList<Cell>> rows;
    for (const ModelCard::Feature &one : m_card.features)
        rows.append({{one.name},
                     {one.type},
                     {one.use},
                     {tr("%1 %").arg(QString::number(100 * one.missingRate, 'f', 1)), one.missingRate},
                     {one.range},
                     {one.centre}});
    fill(m_features,
         {tr("Feature"), tr("Type"), tr("Use"), tr("Missing"), tr("Range or levels"), tr("Mean ± deviation")},
         rows);
    m_features.view->setColumnWidth(0, scaled(200));
    m_features.view->setColumnWidth(4, scaled(320));
    m_features.view->horizontalHeader()->setStretchLastSection(true);
}

void ModelPage::showFacts()
{
    QList<QList<Cell>> rows;
    for (const auto &[what, text] : m_card.facts)
        rows.append({{what}, {text}});
    fill(m_facts, {tr("What"), tr("Value")}, rows);
    m_facts.view->setColumnWidth(0, scaled(240));
    m_facts.view->horizontalHeader()->setStretchLastSection(true);
}

void ModelPage::askForAlias()
{
    QInputDialog dialog(window());
    dialog.setObjectName(QStringLiteral("aliasDialog"));
    dialog.setWindowTitle(tr("Alias of version %1").arg(m_card.version));
    dialog.setLabelText(tr("Pipelines score with “%1@alias”. A name this version has already is taken away.")
                            .arg(m_card.name.left(60)));
    dialog.setComboBoxItems({QStringLiteral("champion"), QStringLiteral("challenger")});
    dialog.setComboBoxEditable(true);
    if (dialog.exec() != QDialog::Accepted)
        return;
    const QString alias = dialog.textValue().trimmed();
    if (!alias.isEmpty())
        emit aliasRequested(alias, !m_card.aliases.contains(alias));
}

} // namespace designer

#include "moc_ModelPage.cpp"
