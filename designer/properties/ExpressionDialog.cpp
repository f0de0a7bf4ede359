#include "designer/properties/ExpressionDialog.h"

#include "designer/document/FactoryDocument.h"
#include "designer/properties/EditScope.h"
#include "designer/properties/ExpressionWords.h"
#include "designer/properties/Field.h"
#include "designer/shell/PoolTask.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/Format.h"
#include "engine/base/Clock.h"
#include "engine/expression/Evaluator.h"
#include "engine/expression/Expression.h"
#include "engine/expression/ExpressionContext.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QTreeView>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

constexpr int wordRole = Qt::UserRole + 1;
constexpr int longestValue = 2000;
constexpr std::chrono::milliseconds pause{150};

// "character 12" → 12; 0 = it says none.
int positionIn(const QString &where)
{
    const qsizetype at = where.lastIndexOf(QLatin1String("character "));
    return at < 0 ? 0 : where.mid(at + 10).toInt();
}

Result<Json> valueOf(const QString &text, const Json &context)
{
    const Result<Expression> expression = Expression::parse(text);
    if (!expression)
        return expression.error();
    Result<ExpressionContext> values = ExpressionContext::make(context);
    if (!values)
        return values.error();
    return engine::evaluate(*expression, *values);
}

} // namespace

ExpressionDialog::ExpressionDialog(EditScope &scope, const QString &title, const QString &text, QWidget *parent)
    : Dialog(parent)
    , m_scope(scope)
    , m_text(new QPlainTextEdit(text))
    , m_syntax(label({}, "secondary"))
    , m_value(label({}))
    , m_valueOf(label(tr("Value with the defaults of the pipeline"), "secondary"))
    , m_search(searchField(
          QStringLiteral("wordSearch"), tr("Search functions and values"), tr("Shows only what has these letters")))
    , m_tree(new QTreeView)
    , m_words(new QStandardItemModel(this))
    , m_filter(new QSortFilterProxyModel(this))
    , m_help(label({}, "secondary"))
{
    setObjectName(QStringLiteral("expressionDialog"));
    setWindowTitle(tr("Dynamic content"));
    resize(scaled(900), scaled(560));
    name(m_text,
         QStringLiteral("expressionText"),
         tr("Expression"),
         tr("Begins with @, or has @{…} in other text; Ctrl+Enter takes it"));
    m_text->setFont(codeFont());
    m_text->setTabChangesFocus(true);
    m_syntax->setObjectName(QStringLiteral("expressionSyntax"));
    m_value->setObjectName(QStringLiteral("expressionValue"));
    m_value->setFont(codeFont());
    m_value->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    for (QLabel *const each : {m_syntax, m_value, m_help}) {
        each->setWordWrap(true);
        each->setTextInteractionFlags(Qt::TextSelectableByMouse);
        each->setFocusPolicy(Qt::NoFocus);
    }
    m_value->setMinimumHeight(scaled(70));
    m_help->setMinimumHeight(scaled(34));
    auto *const writing = new QVBoxLayout;
    writing->setSpacing(8);
    writing->addWidget(m_text, 1);
    writing->addWidget(m_syntax);
    writing->addWidget(lineAcross());
    writing->addWidget(m_valueOf);
    writing->addWidget(m_value);
    auto *const choosing = new QVBoxLayout;
    choosing->setSpacing(8);
    choosing->addWidget(m_search);
    choosing->addWidget(m_tree, 1);
    choosing->addWidget(m_help);
    auto *const halves = new QHBoxLayout;
    halves->setSpacing(16);
    halves->addLayout(writing, 3);
    halves->addLayout(choosing, 2);
    QPushButton *const cancel =
        pushButton(QStringLiteral("expressionCancel"), tr("Cancel"), {}, tr("Close and change nothing"));
    QPushButton *const take = primaryButton(QStringLiteral("expressionTake"),
                                            tr("OK"),
                                            QStringLiteral("check"),
                                            tr("Write it into the property (Ctrl+Enter)"));
    take->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return));
    auto *const buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(take);
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(20, 20, 20, 16);
    column->setSpacing(12);
    QLabel *const heading = titleLabel(title);
    heading->setWordWrap(true);
    column->addWidget(heading);
    column->addLayout(halves, 1);
    column->addLayout(buttons);
    makeTree();
    m_soon.setSingleShot(true);
    m_soon.setInterval(pause);
    connect(&m_soon, &QTimer::timeout, this, &ExpressionDialog::evaluateNow);
    connect(m_text, &QPlainTextEdit::textChanged, this, &ExpressionDialog::check);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(take, &QPushButton::clicked, this, &QDialog::accept);
    m_text->setFocus();
    m_text->moveCursor(QTextCursor::End);
    check();
    askForLastRun();
}

QString ExpressionDialog::text() const { return m_text->toPlainText(); }

void ExpressionDialog::makeTree()
{
    const FactoryDocument *const document = m_scope.document();
    if (document == nullptr)
        return;
    const Json file = document->json(m_scope.entity());
    for (const ExpressionGroup &group : expressionGroups(file, document->factory(), m_scope.absolute({}))) {
        auto *const parent = new QStandardItem(group.title);
        parent->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
        for (const ExpressionWord &word : group.words) {
            auto *const item = new QStandardItem(word.title);
            item->setEditable(false);
            item->setData(word.text, wordRole);
            item->setToolTip(word.help.isEmpty() ? word.title : word.title + u'\n' + word.help);
            parent->appendRow(item);
        }
        m_words->appendRow(parent);
    }
    m_filter->setSourceModel(m_words);
    m_filter->setRecursiveFilteringEnabled(true);
    m_filter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    name(m_tree,
         QStringLiteral("expressionWords"),
         tr("Functions and values"),
         tr("Enter or a double-click writes it at the cursor"));
    m_tree->setModel(m_filter);
    m_tree->setHeaderHidden(true);
    m_tree->setTextElideMode(Qt::ElideMiddle);
    m_tree->setUniformRowHeights(true);
    for (int row = 0; row < m_filter->rowCount();
         ++row) // the values, which are few; functions when they are looked for
        m_tree->setExpanded(m_filter->index(row, 0), m_filter->rowCount(m_filter->index(row, 0)) <= 8);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filter->setFilterFixedString(text);
        if (!text.isEmpty())
            m_tree->expandAll();
    });
    connect(m_tree, &QTreeView::activated, this, &ExpressionDialog::insert);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &now) {
        m_help->setText(now.data(Qt::ToolTipRole).toString().section(u'\n', 1));
    });
}

void ExpressionDialog::insert(const QModelIndex &index)
{
    const QString word = index.data(wordRole).toString();
    if (word.isEmpty())
        return; // a group
    const InsertedWord inserted = insertedWord(text(), m_text->textCursor().position(), word);
    QTextCursor cursor = m_text->textCursor();
    cursor.select(QTextCursor::Document); // so that undo knows it
    cursor.insertText(inserted.text);
    cursor.setPosition(int(inserted.cursor));
    m_text->setTextCursor(cursor);
    m_text->setFocus(Qt::OtherFocusReason);
}

void ExpressionDialog::check()
{
    const Result<Expression> parsed = Expression::parse(text());
    QList<QTextEdit::ExtraSelection> marks;
    if (parsed) {
        const bool isExpression = designer::isDynamic(Json(toStdString(text())));
        m_syntax->setText(isExpression || text().isEmpty() ? QString()
                                                           : tr("This is plain text; an expression begins with @."));
        setLook(m_syntax, "secondary");
    } else {
        const int position = positionIn(parsed.error().where);
        m_syntax->setText(position > 0 ? tr("Character %1: %2").arg(position).arg(parsed.error().message)
                                       : parsed.error().message);
        setLook(m_syntax, "bad");
        QTextEdit::ExtraSelection mark;
        mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        mark.format.setUnderlineColor(Theme::current().bad);
        mark.format.setBackground(Theme::current().badBg);
        mark.cursor = QTextCursor(m_text->document());
        const int end = int(text().size());
        const int from = std::clamp(position - 1, 0, std::max(0, end - 1));
        mark.cursor.setPosition(from);
        mark.cursor.setPosition(std::min(end, from + 1), QTextCursor::KeepAnchor);
        marks.append(mark);
    }
    m_text->setExtraSelections(marks);
    m_soon.start();
}

// The outputs it is tried with; nothing is waited for.
void ExpressionDialog::askForLastRun()
{
    Workbench &workbench = m_scope.workbench();
    if (workbench.factory().isEmpty() || !workbench.engine().isRunning())
        return;
    const Json wish{{"factory", toStdString(workbench.factory().text())},
                    {"pipelines", Json::array({toStdString(m_scope.entity().name)})},
                    {"debug", "all"},
                    {"orderBy", "start"},
                    {"order", "desc"},
                    {"limit", 1}};
    workbench.engine().post(QStringLiteral("/slipway/v1/runs/query"), wish, this, [this](const Result<Json> &runs) {
        if (!runs || !memberAt(*runs, "value").is_array() || memberAt(*runs, "value").empty())
            return;
        const Json &run = memberAt(*runs, "value")[0];
        m_parameters = memberAt(run, "parameters");
        const QString id = stringAt(run, "runId");
        const std::optional<Instant> start = instantFromIso(stringAt(run, "start"));
        m_scope.workbench().engine().get(
            QStringLiteral("/slipway/v1/runs/%1/activityrecords").arg(id),
            this,
            [this, start](const Result<Json> &records) {
                if (!records || !memberAt(*records, "value").is_array())
                    return;
                for (const Json &record : memberAt(*records, "value")) {
                    const QString activity = stringAt(record, "name");
                    m_outputs[toStdString(activity)] = {{"output", memberAt(record, "output")},
                                                        {"status", memberAt(record, "status")},
                                                        {"error", memberAt(record, "error")}};
                }
                const QString when = start ? timeText(*start, m_scope.workbench().zone()) : QString();
                m_valueOf->setText(when.isEmpty() ? tr("Value with the outputs of the last run")
                                                  : tr("Value with the outputs of the last run, %1").arg(when));
                evaluateNow();
            });
    });
}

void ExpressionDialog::evaluateNow()
{
    const FactoryDocument *const document = m_scope.document();
    const QString written = text();
    const int request = ++m_request;
    if (document == nullptr || !designer::isDynamic(Json(toStdString(written))) || !Expression::parse(written)) {
        showValue("secondary", {});
        return;
    }
    const Json context =
        expressionValues(document->json(m_scope.entity()), document->factory(), m_outputs, m_parameters);
    onPool(
        this,
        [written, context] { return valueOf(written, context); },
        [this, request](const Result<Json> &value) {
            if (request != m_request)
                return;
            if (!value) {
                showValue("secondary", tr("Not known before it runs: %1").arg(value.error().message));
                return;
            }
            QString shown = QString::fromUtf8(toPretty(*value)).trimmed();
            if (shown.size() > longestValue)
                shown = shown.left(longestValue) + u'…';
            showValue("", tr("%1 (%2)").arg(shown, expression::typeName(*value)));
        });
}

void ExpressionDialog::showValue(const char *look, const QString &text)
{
    m_value->setText(text);
    setLook(m_value, look);
}

} // namespace designer

#include "moc_ExpressionDialog.cpp"
