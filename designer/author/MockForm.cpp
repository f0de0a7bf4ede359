#include "designer/author/MockForm.h"

#include "designer/author/EarlierRunDialog.h"
#include "designer/document/FactoryDocument.h"
#include "designer/monitor/ActivityTableModel.h"
#include "designer/notebook/CodeView.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"

#include <QComboBox>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QSettings>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace designer {

using namespace engine;

namespace {

constexpr qint64 largestFile = 16 * 1024 * 1024; // bytes, as slipwayctl takes them
const QString lastFolderKey = QStringLiteral("debug/mocksFolder");

} // namespace

// --- MockModel ------------------------------------------------------------------------------------------------------

void MockModel::setActivities(const QList<MockedActivity> &activities)
{
    if (activities.size() != m_activities.size()) {
        beginResetModel();
        m_activities = activities;
        endResetModel();
        return;
    }
    for (int row = 0; row < rowCount(); ++row)
        change(row, activities.at(row));
}

void MockModel::change(int row, const MockedActivity &activity)
{
    if (m_activities.at(row) == activity)
        return;
    m_activities[row] = activity;
    emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

int MockModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(m_activities.size()); }

int MockModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant MockModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const MockedActivity &activity = m_activities.at(index.row());
    const int column = index.column();
    if (role == Qt::CheckStateRole && column == Outcome)
        return activity.isMocked ? Qt::Checked : Qt::Unchecked;
    if (role == Qt::ForegroundRole && (column == Type || (!activity.isMocked && column != Name)))
        return Theme::current().text2;
    if (role == Qt::DecorationRole && column == Status && activity.isMocked) {
        if (!outputOf(activity))
            return icon(QStringLiteral("triangle-alert"), IconRole::Warn);
        return activity.status == u"Failed" ? icon(QStringLiteral("circle-x"), IconRole::Bad)
                                            : icon(QStringLiteral("circle-check"), IconRole::Ok);
    }
    if (role == Qt::ToolTipRole && column == Name)
        return activity.path;
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case Name:
        return activity.path;
    case Type:
        return typeTitle(activity.type);
    case Outcome:
        return activity.isMocked ? tr("Mocked") : tr("Run");
    default:
        return !activity.isMocked ? QString() : activity.status == u"Failed" ? tr("Failed") : tr("Succeeded");
    }
}

bool MockModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::CheckStateRole || index.column() != Outcome || !checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    MockedActivity activity = m_activities.at(index.row());
    activity.isMocked = value.toInt() == Qt::Checked;
    change(index.row(), activity);
    return true;
}

QVariant MockModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Activity");
    case Type:
        return tr("Type");
    case Outcome:
        return tr("Run or mocked");
    default:
        return tr("Status");
    }
}

Qt::ItemFlags MockModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index) | Qt::ItemNeverHasChildren;
    return index.column() == Outcome ? flags | Qt::ItemIsUserCheckable : flags;
}

// --- MockForm -------------------------------------------------------------------------------------------------------

MockForm::MockForm(Workbench &workbench, EntityRef pipeline, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_pipeline(std::move(pipeline))
    , m_model(new MockModel(this))
    , m_view(new QTableView)
    , m_title(label({}))
    , m_status(new QComboBox)
    , m_error(new QLineEdit)
    , m_output(new CodeView)
    , m_state(label({}, "secondary"))
    , m_note(label({}, "secondary"))
{
    setObjectName(QStringLiteral("mockForm"));
    name(m_view,
         QStringLiteral("mockTable"),
         tr("Activities: run or mocked"),
         tr("Space mocks the chosen activity, or lets it run"));
    m_view->setModel(m_model);
    m_view->setShowGrid(false);
    m_view->setWordWrap(false);
    m_view->setTabKeyNavigation(false);
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setDefaultSectionSize(measure::atLeast(measure::tableRow));
    QHeaderView *const header = m_view->horizontalHeader();
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setSectionResizeMode(MockModel::Name, QHeaderView::Stretch);
    const QList<int> widths{0, 132, 112, 128};
    for (int column = MockModel::Type; column < MockModel::ColumnCount; ++column)
        m_view->setColumnWidth(column, scaled(widths.at(column)));
    m_view->setMinimumSize(scaled(560), scaled(220));
    QPushButton *const file = pushButton(QStringLiteral("mocksFromFile"),
                                         tr("From file…"),
                                         QStringLiteral("file-text"),
                                         tr("Fill in outcomes from a JSON file, as slipwayctl takes them"));
    QPushButton *const run = pushButton(QStringLiteral("mocksFromRun"),
                                        tr("From an earlier run…"),
                                        QStringLiteral("history"),
                                        tr("Fill in how activities ended in an earlier run of this pipeline"));
    QPushButton *const none = pushButton(
        QStringLiteral("mocksNone"), tr("Run all"), {}, tr("Mock nothing; what is filled in stays for another time"));
    auto *const buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(file);
    buttons->addWidget(run);
    buttons->addWidget(none);
    buttons->addWidget(m_note, 1);
    m_note->setObjectName(QStringLiteral("mocksNote"));
    m_note->setWordWrap(true);
    auto *const halves = new QHBoxLayout;
    halves->setSpacing(16);
    halves->addWidget(m_view, 3);
    halves->addWidget(makeDetails(), 2);
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    QLabel *const about = label(
        tr("A mocked activity does not run: it ends at once with the status and output given here."), "secondary");
    about->setWordWrap(true);
    column->addWidget(about);
    column->addLayout(halves, 1);
    column->addLayout(buttons);
    connect(file, &QPushButton::clicked, this, &MockForm::askForFile);
    connect(run, &QPushButton::clicked, this, &MockForm::askForRun);
    connect(none, &QPushButton::clicked, this, [this] {
        for (int row = 0; row < m_model->rowCount(); ++row)
            m_model->setData(m_model->index(row, MockModel::Outcome), Qt::Unchecked, Qt::CheckStateRole);
        say("secondary", {});
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &MockForm::showCurrent);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &now) {
        if (now.isValid() && now.column() != MockModel::Outcome) // Space toggles it
            m_view->setCurrentIndex(now.siblingAtColumn(MockModel::Outcome));
    });
    connect(m_model, &QAbstractItemModel::dataChanged, this, &MockForm::showCurrent);
    if (const FactoryDocument *const document = workbench.document())
        m_model->setActivities(mockableActivities(document->factory().pipelines.value(m_pipeline.name)));
    m_view->setCurrentIndex(m_model->index(0, MockModel::Outcome));
    showCurrent();
}

QWidget *MockForm::makeDetails()
{
    m_details = new QWidget;
    auto *const column = new QVBoxLayout(m_details);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_title->setFont(themeFont(TypeSize::Body, QFont::DemiBold));
    name(m_status, QStringLiteral("mockStatus"), tr("Status"), tr("How the activity ends"));
    m_status->addItem(icon(QStringLiteral("circle-check"), IconRole::Ok), tr("Succeeded"), QStringLiteral("Succeeded"));
    m_status->addItem(icon(QStringLiteral("circle-x"), IconRole::Bad), tr("Failed"), QStringLiteral("Failed"));
    name(m_error, QStringLiteral("mockError"), tr("Error message"), tr("The message of the failure"));
    m_error->setPlaceholderText(tr("Error message"));
    m_output->setObjectName(QStringLiteral("mockOutput"));
    m_output->setAccessibleName(tr("Output as JSON"));
    m_output->setLanguage(QStringLiteral("json"));
    m_output->setMinimumSize(scaled(300), scaled(120));
    m_state->setObjectName(QStringLiteral("mockState"));
    m_state->setWordWrap(true);
    auto *const head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_title, 1);
    head->addWidget(m_status);
    column->addLayout(head);
    column->addWidget(m_error);
    column->addWidget(m_output, 1);
    column->addWidget(m_state);
    connect(m_status, &QComboBox::activated, this, &MockForm::edited);
    connect(m_error, &QLineEdit::textEdited, this, &MockForm::edited);
    connect(m_output, &CodeView::textEdited, this, &MockForm::edited);
    return m_details;
}

bool MockForm::isEmpty() const { return m_model->activities().isEmpty(); }

int MockForm::mockedCount() const
{
    const QList<MockedActivity> &all = m_model->activities();
    return int(std::count_if(all.begin(), all.end(), [](const MockedActivity &one) { return one.isMocked; }));
}

Result<Json> MockForm::mocks()
{
    Result<Json> mocks = mocksOf(m_model->activities());
    for (int row = 0; !mocks && row < m_model->rowCount(); ++row) {
        const MockedActivity &activity = m_model->activities().at(row);
        if (activity.isMocked && !outputOf(activity)) {
            m_view->setCurrentIndex(m_model->index(row, MockModel::Outcome));
            m_output->setFocus();
            break;
        }
    }
    return mocks;
}

void MockForm::restore(const Json &kept)
{
    QList<MockedActivity> activities = m_model->activities();
    designer::restore(activities, kept);
    m_model->setActivities(activities);
}

int MockForm::current() const
{
    const QModelIndex index = m_view->currentIndex();
    return index.isValid() ? index.row() : -1;
}

void MockForm::showCurrent()
{
    const int row = current();
    m_details->setEnabled(row >= 0);
    if (row < 0 || m_isSetting) {
        showMistake();
        return;
    }
    const QScopedValueRollback setting(m_isSetting, true);
    const MockedActivity &activity = m_model->activities().at(row);
    m_title->setText(fontMetrics().elidedText(tr("Output of %1").arg(activity.path), Qt::ElideMiddle, scaled(240)));
    m_title->setToolTip(activity.path);
    m_status->setCurrentIndex(activity.status == u"Failed" ? 1 : 0);
    if (m_error->text() != activity.error)
        m_error->setText(activity.error);
    m_error->setVisible(activity.status == u"Failed");
    if (m_output->text() != activity.output)
        m_output->setText(activity.output);
    showMistake();
}

// Whoever says how it ends wants it to end so.
void MockForm::edited()
{
    const int row = current();
    if (m_isSetting || row < 0)
        return;
    const QScopedValueRollback setting(m_isSetting, true);
    MockedActivity activity = m_model->activities().at(row);
    activity.status = m_status->currentData().toString();
    activity.error = m_error->text();
    activity.output = m_output->text();
    activity.isMocked = true;
    activity.iterations = Json::object();
    m_error->setVisible(activity.status == u"Failed");
    m_model->change(row, activity);
    showMistake();
}

void MockForm::showMistake()
{
    const int row = current();
    if (row < 0) {
        m_state->clear();
        return;
    }
    const MockedActivity &activity = m_model->activities().at(row);
    const Result<Json> output = outputOf(activity);
    const QStringList place = output ? QStringList() : output.error().where.split(u':');
    const int line = place.size() >= 3 ? place.at(place.size() - 2).toInt() : 0;
    m_output->markLine(line);
    QString text;
    if (!output)
        text = line > 0 ? tr("Line %1, column %2: %3").arg(line).arg(place.last(), output.error().message)
                        : output.error().message;
    else if (activity.iterations.size() > 1)
        text = tr("Each of its %n iteration(s) has its own output, as in that run; this is the first. What is typed "
                  "here is for all of them.",
                  nullptr,
                  int(activity.iterations.size()));
    else if (activity.output.trimmed().isEmpty())
        text = tr("JSON, like {\"rowsCopied\": 3}; empty is {}.");
    m_state->setText(text);
    setLook(m_state, output ? "secondary" : "bad");
}

void MockForm::say(const char *look, const QString &text)
{
    m_note->setText(text);
    m_note->setToolTip(text);
    setLook(m_note, look);
}

void MockForm::askForFile()
{
    const QString last =
        m_workbench.settings()
            .value(lastFolderKey, m_workbench.document() ? m_workbench.document()->folder() : QString())
            .toString();
    const QString path =
        QFileDialog::getOpenFileName(this, tr("Outcomes of activities"), last, tr("JSON (*.json);;All files (*)"));
    if (path.isEmpty())
        return;
    m_workbench.settings().setValue(lastFolderKey, QFileInfo(path).absolutePath());
    takeFile(path);
}

void MockForm::takeFile(const QString &path)
{
    const QString shown = QFileInfo(path).fileName();
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return say("bad", tr("Cannot read %1: %2").arg(shown, file.errorString()));
    if (file.size() > largestFile)
        return say("bad", tr("%1 is larger than %2 MiB.").arg(shown).arg(largestFile / 1024 / 1024));
    const Result<Json> outcomes = outcomesIn(file.readAll(), shown);
    if (!outcomes)
        return say("bad", tr("%1 (%2)").arg(outcomes.error().message, outcomes.error().where));
    takeOutcomes(*outcomes, {}, shown);
}

void MockForm::askForRun()
{
    const QString chosen = current() >= 0 ? m_model->activities().at(current()).path : QString();
    auto *const dialog = new EarlierRunDialog(m_workbench, m_pipeline.name, chosen, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        takeOutcomes(dialog->outcomes(), dialog->only(), tr("the run of %1").arg(dialog->when()));
    });
    dialog->open();
}

void MockForm::takeOutcomes(const Json &outcomes, const QString &only, const QString &source)
{
    QList<MockedActivity> activities = m_model->activities();
    const TakenOutcomes taken = take(activities, outcomes, only);
    m_model->setActivities(activities);
    QStringList parts{tr("%n outcome(s) from %1.", nullptr, taken.count).arg(source)};
    if (!taken.notEnded.isEmpty() && only.isEmpty())
        parts.append(tr("Neither succeeded nor failed there: %1.").arg(taken.notEnded.join(QStringLiteral(", "))));
    if (!taken.unknown.isEmpty())
        parts.append(tr("Not in this pipeline: %1.").arg(taken.unknown.join(QStringLiteral(", "))));
    say(taken.count > 0 ? "secondary" : "bad", parts.join(u' '));
}

} // namespace designer

#include "moc_MockForm.cpp"
