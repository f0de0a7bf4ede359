#include "designer/author/ProblemsPanel.h"

#include "designer/document/FactoryDocument.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"
#include "engine/model/ProblemPlace.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMap>
#include <QPushButton>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace designer {

using engine::Problem;

namespace {

// A line above it that was added or taken away makes it no other problem.
bool isSame(Problem a, const Problem &b)
{
    a.line = b.line;
    a.column = b.column;
    return a == b;
}

// "pipeline/Flow.json:12", as editors and compilers write it.
QString placeOf(const Problem &problem)
{
    const QString file = engine::fileOf(problem);
    return problem.line > 0 ? QStringLiteral("%1:%2").arg(file).arg(problem.line) : file;
}

} // namespace

void ProblemModel::setProblems(const QList<Problem> &problems)
{
    // What begins and ends alike stays; a list that is typed into does not jump.
    qsizetype head = 0;
    while (head < m_problems.size() && head < problems.size() && isSame(m_problems.at(head), problems.at(head)))
        ++head;
    qsizetype tail = 0;
    while (tail < m_problems.size() - head && tail < problems.size() - head
           && isSame(m_problems.at(m_problems.size() - 1 - tail), problems.at(problems.size() - 1 - tail)))
        ++tail;
    if (const qsizetype gone = m_problems.size() - head - tail; gone > 0) {
        beginRemoveRows({}, int(head), int(head + gone - 1));
        m_problems.remove(head, gone);
        endRemoveRows();
    }
    if (const qsizetype come = problems.size() - head - tail; come > 0) {
        beginInsertRows({}, int(head), int(head + come - 1));
        for (qsizetype row = head; row < head + come; ++row)
            m_problems.insert(row, problems.at(row));
        endInsertRows();
    }
    if (m_problems == problems)
        return;
    m_problems = problems; // only their lines are others
    emit dataChanged(index(0, PlaceColumn), index(rowCount() - 1, PlaceColumn));
}

int ProblemModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(m_problems.size()); }

int ProblemModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant ProblemModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Problem &found = m_problems.at(index.row());
    if (role == Qt::DecorationRole && index.column() == MessageColumn) {
        switch (found.severity) {
        case Problem::Severity::Error:
            return icon(QStringLiteral("circle-x"), IconRole::Bad);
        case Problem::Severity::Warning:
            return icon(QStringLiteral("triangle-alert"), IconRole::Warn);
        case Problem::Severity::Hint:
            return icon(QStringLiteral("info"), IconRole::Run);
        }
    }
    if (role == Qt::AccessibleTextRole && index.column() == MessageColumn)
        return QString(engine::toString(found.severity) + QStringLiteral(": ") + found.message);
    if (role == Qt::ForegroundRole && index.column() != MessageColumn)
        return Theme::current().text2;
    if (role == Qt::ToolTipRole)
        return QString(found.message + u'\n' + found.where + (found.fix.isEmpty() ? QString() : u'\n' + found.fix));
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case MessageColumn:
        return found.message;
    case PlaceColumn:
        return placeOf(found);
    case FixColumn:
        return found.fix;
    default:
        return {};
    }
}

QVariant ProblemModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case MessageColumn:
        return tr("Problem");
    case PlaceColumn:
        return tr("Where");
    case FixColumn:
        return tr("What to do");
    default:
        return {};
    }
}

ProblemsPanel::ProblemsPanel(Workbench &workbench, QWidget *parent)
    : QFrame(parent)
    , m_workbench(workbench)
    , m_model(new ProblemModel(this))
    , m_title(label({}))
    , m_empty(label(tr("No problems. This factory can be published."), "secondary"))
    , m_fix(pushButton(QStringLiteral("fixProblem"),
                       tr("Fix"),
                       QStringLiteral("wrench"),
                       tr("Apply what ends the chosen problem (Ctrl+.)")))
    , m_fixAll(
          pushButton(QStringLiteral("fixAllOfKind"), tr("Fix all of this kind"), {}, tr("In every file; one step")))
    , m_view(new QTableView)
{
    setObjectName(QStringLiteral("problemsPanel"));
    designer::setLook(this, "panel");
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *const head = new QHBoxLayout;
    head->setContentsMargins(12, 4, 8, 4);
    m_title->setFont(themeFont(TypeSize::Body, QFont::DemiBold));
    QToolButton *const copy =
        iconButton(QStringLiteral("copyProblems"), QStringLiteral("copy"), tr("Copy all problems as text"));
    QToolButton *const close =
        iconButton(QStringLiteral("closeProblems"), QStringLiteral("x"), tr("Close the list of problems"));
    head->addWidget(m_title, 1);
    m_fix->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Period));
    head->addWidget(m_fix);
    head->addWidget(m_fixAll);
    head->addWidget(copy);
    head->addWidget(close);
    column->addWidget(lineAcross());
    column->addLayout(head);

    name(m_view, QStringLiteral("problemsView"), tr("Problems"), tr("Enter goes to the problem"));
    m_view->setModel(m_model);
    m_view->setShowGrid(false);
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setDefaultSectionSize(qMax(measure::tableRow, fontMetrics().height() + 12));
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setTabKeyNavigation(false);
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->setWordWrap(false);
    m_view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_view->horizontalHeader()->setSectionResizeMode(ProblemModel::MessageColumn, QHeaderView::Stretch);
    m_view->setColumnWidth(ProblemModel::PlaceColumn, scaled(320));
    m_view->setColumnWidth(ProblemModel::FixColumn, scaled(320));
    m_empty->setAlignment(Qt::AlignCenter);
    column->addWidget(m_view, 1);
    column->addWidget(m_empty, 1);
    setFocusProxy(m_view);

    connect(close, &QToolButton::clicked, this, &ProblemsPanel::closed);
    connect(copy, &QToolButton::clicked, this, [this] {
        QStringList lines;
        for (int row = 0; row < m_model->rowCount(); ++row) {
            const Problem &found = m_model->problem(row);
            const QString place = placeOf(found) + QStringLiteral(": ") + engine::pathOf(found);
            lines += QStringList{engine::toString(found.severity), place, found.message, found.fix}.join(u'\t');
        }
        QApplication::clipboard()->setText(lines.join(u'\n'));
    });
    connect(m_view, &QTableView::activated, this, [this](const QModelIndex &index) { goTo(index.row()); });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &ProblemsPanel::showFixes);
    connect(m_fix, &QPushButton::clicked, this, [this] {
        if (m_view->currentIndex().isValid())
            fix({m_model->problem(m_view->currentIndex().row())});
    });
    connect(m_fixAll, &QPushButton::clicked, this, [this] { fix(ofSameKind()); });
    connect(&workbench, &Workbench::documentChanged, this, &ProblemsPanel::documentChanged);
    documentChanged();
}

QList<Problem> ProblemsPanel::ofSameKind() const
{
    QList<Problem> found;
    const QModelIndex current = m_view->currentIndex();
    if (!current.isValid())
        return found;
    const Problem &chosen = m_model->problem(current.row());
    for (int row = 0; chosen.repair && row < m_model->rowCount(); ++row) {
        const Problem &other = m_model->problem(row);
        if (other.code == chosen.code && other.repair && other.repair->isSafe == chosen.repair->isSafe)
            found.append(other);
    }
    return found;
}

void ProblemsPanel::showFixes()
{
    const QModelIndex current = m_view->currentIndex();
    const bool canEdit = m_workbench.document() && !m_workbench.document()->isReadOnly();
    const bool hasFix = canEdit && current.isValid() && m_model->problem(current.row()).repair.has_value();
    const int count = hasFix ? int(ofSameKind().size()) : 0;
    m_fix->setEnabled(hasFix);
    const QString title = hasFix ? m_model->problem(current.row()).repair->title : QString();
    m_fix->setText(title.isEmpty() ? tr("Fix") : fontMetrics().elidedText(title, Qt::ElideMiddle, scaled(260)));
    m_fix->setToolTip(title.isEmpty() ? tr("Nothing can be applied to this problem by itself")
                                      : tr("%1 (Ctrl+.)").arg(title));
    m_fixAll->setVisible(count > 1);
    m_fixAll->setText(tr("Fix all %n of this kind", nullptr, count));
}

// From the end of each file to its beginning, so that places of list elements
// still mean the same.
void ProblemsPanel::fix(const QList<Problem> &problems)
{
    FactoryDocument *const document = m_workbench.document();
    if (document == nullptr || problems.isEmpty())
        return;
    QMap<QString, QByteArray> texts;
    int fixed = 0;
    QString refusal;
    for (auto problem = problems.crbegin(); problem != problems.crend(); ++problem) {
        const QString file = engine::fileOf(*problem);
        if (!texts.contains(file))
            texts.insert(file, document->content(file));
        if (const engine::Result<QByteArray> text = engine::applyFix(texts[file], *problem->repair)) {
            texts[file] = *text;
            ++fixed;
        } else {
            refusal = text.error().message;
        }
    }
    QList<FileChange> changes;
    for (auto text = texts.cbegin(); text != texts.cend(); ++text) {
        if (*text != document->content(text.key()))
            changes.append({text.key(), *text});
    }
    if (!changes.isEmpty())
        document->edit(fixed == 1 ? problems.first().repair->title : tr("Fix %n problem(s)", nullptr, fixed), changes);
    if (!refusal.isEmpty())
        m_workbench.tell({.level = Message::Level::Warning, .text = refusal, .about = QStringLiteral("fix")});
    document->checkNow();
}

void ProblemsPanel::documentChanged()
{
    if (FactoryDocument *const document = m_workbench.document())
        connect(document, &FactoryDocument::problemsChanged, this, &ProblemsPanel::showProblems);
    showProblems();
}

void ProblemsPanel::showProblems()
{
    const FactoryDocument *const document = m_workbench.document();
    m_model->setProblems(document ? document->problems() : QList<Problem>());
    const int count = m_model->rowCount();
    m_title->setText(tr("%n problem(s)", nullptr, count));
    m_view->setVisible(count > 0);
    m_empty->setVisible(count == 0);
    showFixes();
}

void ProblemsPanel::goTo(int row)
{
    if (row < 0 || row >= m_model->rowCount() || !m_workbench.document())
        return;
    m_view->selectRow(row);
    const QString file = engine::fileOf(m_model->problem(row));
    const auto ref = m_workbench.document()->entityAt(file);
    if (ref)
        m_workbench.go(entityLink(ref->toString(), engine::pathOf(m_model->problem(row))));
    else
        m_workbench.tell({.level = Message::Level::Hint,
                          .text = tr("“%1” is no pipeline, dataset, notebook, linked service or "
                                     "trigger: edit the file itself.")
                                      .arg(file),
                          .about = QStringLiteral("problem")});
}

void ProblemsPanel::goToNext(int step)
{
    const int count = m_model->rowCount();
    if (count == 0)
        return;
    const QModelIndex current = m_view->currentIndex();
    const int from = current.isValid() ? current.row() : (step > 0 ? -1 : count);
    goTo((from + step + count) % count);
}

void ProblemsPanel::focusList() { m_view->setFocus(Qt::ShortcutFocusReason); }

} // namespace designer

#include "moc_ProblemsPanel.cpp"
