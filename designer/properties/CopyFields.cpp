#include "designer/properties/CopyFields.h"

#include "designer/document/EntityIndex.h"
#include "designer/document/FactoryDocument.h"
#include "designer/document/JsonPath.h"
#include "designer/properties/CopyRequest.h"
#include "designer/properties/EditScope.h"
#include "designer/properties/Records.h"
#include "designer/properties/RecordsField.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace designer {

using namespace engine;

namespace {

struct FieldText
{
    Q_DECLARE_TR_FUNCTIONS(designer::CopyFields)
};

QString text(const char *latin) { return QString::fromLatin1(latin); }

const QString sourcePlace = QStringLiteral("typeProperties.source");
const QString storePlace = QStringLiteral("typeProperties.source.storeSettings");

// --- Which files ----------------------------------------------------------------------------------------------------

QString filePathMode(const Json &store)
{
    if (store.contains("fileListPath"))
        return text("fileList");
    if (store.contains("wildcardFileName") || store.contains("wildcardFolderPath"))
        return text("wildcard");
    return text(store.contains("prefix") ? "prefix" : "dataset");
}

void setFilePathMode(Json &store, const QString &mode)
{
    if (!store.is_object())
        store = Json::object();
    for (const char *key : {"prefix", "wildcardFolderPath", "wildcardFileName", "fileListPath"})
        store.erase(key);
    if (mode == u"prefix")
        store["prefix"] = "";
    else if (mode == u"wildcard")
        store["wildcardFileName"] = "*";
    else if (mode == u"fileList")
        store["fileListPath"] = "";
}

bool hasPrefix(const Json &store)
{
    const QString type = stringAt(store, "type");
    return store.contains("prefix") || type.startsWith(u"AzureBlobStorage", Qt::CaseInsensitive)
        || type.startsWith(u"AmazonS3", Qt::CaseInsensitive);
}

QList<ChoiceField::Choice> filePathChoices(const Json &store)
{
    QList<ChoiceField::Choice> choices{{text("dataset"), FieldText::tr("File path in dataset")}};
    if (hasPrefix(store))
        choices.append({text("prefix"), FieldText::tr("Prefix")});
    choices.append({text("wildcard"), FieldText::tr("Wildcard file path")});
    choices.append({text("fileList"), FieldText::tr("List of files")});
    return choices;
}

// --- Which rows -----------------------------------------------------------------------------------------------------

bool isSqlServer(const Json &source)
{
    static const QStringList types{
        text("AzureSqlSource"), text("SqlServerSource"), text("SqlSource"), text("SqlMISource"), text("SqlDWSource")};
    return types.contains(stringAt(source, "type"), Qt::CaseInsensitive);
}

QString queryMode(const Json &source)
{
    if (source.contains("sqlReaderStoredProcedureName"))
        return text("storedProcedure");
    return text(source.contains("sqlReaderQuery") || source.contains("query") ? "query" : "table");
}

void setQueryMode(Json &source, const QString &mode)
{
    const QString before = shownText(memberAt(source, source.contains("query") ? "query" : "sqlReaderQuery"));
    for (const char *key : {"sqlReaderQuery", "query", "sqlReaderStoredProcedureName", "storedProcedureParameters"})
        source.erase(key);
    if (mode == u"query")
        source[isSqlServer(source) ? "sqlReaderQuery" : "query"] = toStdString(before);
    else if (mode == u"storedProcedure")
        source["sqlReaderStoredProcedureName"] = "";
}

QList<ChoiceField::Choice> queryChoices(const Json &source)
{
    QList<ChoiceField::Choice> choices{{text("table"), FieldText::tr("Table")},
                                       {text("query"), FieldText::tr("Query")}};
    if (isSqlServer(source) || source.contains("sqlReaderStoredProcedureName"))
        choices.append({text("storedProcedure"), FieldText::tr("Stored procedure")});
    return choices;
}

// A choice that stands for which members are there.
template <typename Choices> Field *modeField(EditScope &scope, const QString &place, Choices choicesOf)
{
    auto *const field =
        new ChoiceField(choicesOf(scope.at(place)), choicesOf(Json()).first().value, ChoiceField::Entry::Listed);
    QObject::connect(&scope, &EditScope::changed, field, [field, &scope, place, choicesOf] {
        field->setChoices(choicesOf(scope.at(place)));
    });
    return field;
}

using ReadMode = QString (*)(const Json &);
using SetMode = void (*)(Json &, const QString &);

FieldAccess modeAccess(EditScope &scope, const QString &place, const QString &title, ReadMode read, SetMode set)
{
    FieldAccess access;
    access.read = [&scope, place, read] { return Json(toStdString(read(scope.at(place)))); };
    access.write = [&scope, place, title, read, set](const Json &value, const QString &mergeKey) -> Result<> {
        scope.change(
            title,
            [&](Json &copy) {
                Json part = jsonAt(copy, place);
                if (read(part) == shownText(value))
                    return;
                set(part, shownText(value));
                setJsonAt(copy, place, part);
            },
            mergeKey);
        return {};
    };
    return access;
}

} // namespace

Field *filePathModeField(EditScope &scope) { return modeField(scope, storePlace, filePathChoices); }

FieldAccess filePathModeAccess(EditScope &scope)
{
    return modeAccess(scope, storePlace, FieldText::tr("Change file path type"), filePathMode, setFilePathMode);
}

Field *queryModeField(EditScope &scope) { return modeField(scope, sourcePlace, queryChoices); }

FieldAccess queryModeAccess(EditScope &scope)
{
    return modeAccess(scope, sourcePlace, FieldText::tr("Change what is read"), queryMode, setQueryMode);
}

RecordsField *additionalColumnsField()
{
    return new RecordsField(
        {{.title = FieldText::tr("Name"), .isCode = true, .width = 260},
         {.title = FieldText::tr("Value"),
          .choices = {text("$$FILEPATH"), text("$$COLUMN:")},
          .isCode = true,
          .takesExpressions = true}},
        {.objectName = text("additionalColumns"),
         .title = FieldText::tr("Additional columns"),
         .newText = FieldText::tr("New column"),
         .empty = FieldText::tr("No additional columns. $$FILEPATH adds the path of the file, $$COLUMN:name a copy of "
                                "another column.")},
        {.read = records::ofNamedList,
         .write = records::namedList,
         .mistake = records::nameMistake,
         .fresh =
             [](const QList<Record> &rows) {
                 return Record{{records::freeName(text("column"), rows), text("$$FILEPATH")}};
             },
         .removesEmpty = true,
         .summary = FieldText::tr("Additional columns")});
}

// --- Options of the engine ------------------------------------------------------------------------------------------

namespace {

std::string optionKey(const PropertyDescriptor &property) { return toStdString(property.path.section(u'.', -1)); }

} // namespace

Field *engineOptionField(const PropertyDescriptor &property)
{
    auto *const field = new NumberField(property.minimum, property.maximum);
    field->setTakesExpressions(false);
    field->setPlaceholder(FieldText::tr("no limit"));
    return field;
}

FieldAccess engineOptionAccess(const PropertyDescriptor &property, EditScope &scope)
{
    FieldAccess access;
    access.read = [&scope, key = optionKey(property)]() -> Json {
        const FactoryDocument *const document = scope.document();
        if (document == nullptr)
            return {};
        const Json options = document->fileJson(optionsFile(scope.entity().name));
        return memberAt(memberAt(options, scope.activity().toUtf8().constData()), key.c_str());
    };
    access.write = [&scope, key = optionKey(property), title = property.label](const Json &value,
                                                                               const QString &mergeKey) -> Result<> {
        FactoryDocument *const document = scope.document();
        if (document == nullptr)
            return {};
        const QString file = optionsFile(scope.entity().name);
        Json options = document->fileJson(file);
        if (!options.is_object())
            options = Json::object();
        Json &own = options[toStdString(scope.activity())];
        if (!own.is_object())
            own = Json::object();
        if (value.is_null())
            own.erase(key);
        else
            own[key] = value;
        if (own.empty())
            options.erase(toStdString(scope.activity()));
        const FileChange change =
            options.empty() ? FileChange{file, std::nullopt} : document->changedFile(file, options);
        document->edit(FieldText::tr("Change %1").arg(title), {change}, mergeKey);
        return {};
    };
    return access;
}

// --- PreCopyField ---------------------------------------------------------------------------------------------------

PreCopyField::PreCopyField(EditScope &scope, QWidget *parent)
    : LongTextField(Font::Code, 4, parent)
    , m_scope(scope)
    , m_button(pushButton(QStringLiteral("dryRun"),
                          tr("Dry run"),
                          QStringLiteral("flask-conical"),
                          tr("Run the script, take it back, and say what it would change")))
    , m_result(label({}, "secondary"))
{
    // The text, and what it would do below it.
    auto *const row = static_cast<QHBoxLayout *>(layout());
    QWidget *const area = editor();
    row->removeWidget(area);
    auto *const column = new QVBoxLayout;
    column->setSpacing(6);
    column->addWidget(area);
    auto *const below = new QHBoxLayout;
    below->setSpacing(8);
    m_result->setObjectName(QStringLiteral("dryRunResult"));
    m_result->setWordWrap(true);
    m_result->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_result->setFocusPolicy(Qt::NoFocus);
    below->addWidget(m_button, 0, Qt::AlignTop);
    below->addWidget(m_result, 1);
    column->addLayout(below);
    row->addLayout(column);
    connect(m_button, &QPushButton::clicked, this, &PreCopyField::dryRun);
    connect(this, &Field::edited, this, &PreCopyField::forget);
}

// What was said was of another script.
void PreCopyField::forget()
{
    ++m_request;
    m_isAsking = false;
    m_button->setText(tr("Dry run"));
    say("secondary", {});
}

void PreCopyField::setValue(const Json &value)
{
    if (shownText(value) != shownText(this->value()))
        forget();
    LongTextField::setValue(value);
}

void PreCopyField::say(const char *look, const QString &text)
{
    m_result->setText(text);
    setLook(m_result, look);
}

void PreCopyField::dryRun()
{
    if (m_isAsking) { // the button says Cancel meanwhile
        ++m_request;
        m_isAsking = false;
        m_button->setText(tr("Dry run"));
        say("secondary", tr("Cancelled."));
        return;
    }
    emit committed(); // what is typed is what runs
    const Result<Json> body = copyRequest(m_scope, window());
    if (!body) {
        say(body.error().code == ErrorCode::Cancelled ? "secondary" : "bad", body.error().message);
        return;
    }
    m_isAsking = true;
    m_button->setText(tr("Cancel"));
    say("secondary", tr("Running the script, to take it back…"));
    m_scope.workbench().engine().post(QStringLiteral("/slipway/v1/copies/dryrun"),
                                      *body,
                                      this,
                                      [this, request = ++m_request](const Result<Json> &answer) {
                                          if (request == m_request)
                                              answered(answer);
                                      });
}

void PreCopyField::answered(const Result<Json> &answer)
{
    m_isAsking = false;
    m_button->setText(tr("Dry run"));
    if (!answer) {
        say("bad", answer.error().message);
        return;
    }
    QStringList lines{stringAt(*answer, "sentence")};
    const Json &statements = memberAt(*answer, "statements");
    if (statements.is_array() && statements.size() > 1) {
        for (const Json &statement : statements)
            lines.append(QStringLiteral("• ") + stringAt(statement, "sentence"));
    }
    lines.append(tr("Nothing was changed."));
    say(intAt(*answer, "rows") == 0 ? "secondary" : "warn", lines.join(u'\n'));
}

} // namespace designer

#include "moc_CopyFields.cpp"
