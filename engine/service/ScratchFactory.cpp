#include "engine/service/ScratchFactory.h"

#include "engine/base/CancelToken.h"
#include "engine/connectors/postgres/PostgresSession.h"
#include "engine/connectors/sqlite/SqliteSession.h"
#include "engine/copy/DatasetPlan.h"
#include "engine/model/FileTree.h"
#include "engine/sqlite/Database.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct ScratchFactoryText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ScratchFactory)
};

constexpr SqlLimits tableLimits{.rows = 10'000, .bytes = 16 << 20, .timeout = std::chrono::seconds(30)};

Result<> writeFile(const QString &path, const QByteArray &content)
{
    QFile file(path);
    if (!QDir().mkpath(QFileInfo(path).path()) || !file.open(QIODevice::WriteOnly)
        || file.write(content) != content.size() || !file.flush())
        return Error{ErrorCode::Io, ScratchFactoryText::tr("Cannot write %1: %2").arg(path, file.errorString()), path};
    return {};
}

// The bindings as a test has them that may not leave its copy.
QByteArray withoutNetwork(const QByteArray &text)
{
    Result<Json> bindings = parseJson(text, bindingsFile());
    if (!bindings || !bindings->is_object())
        return text; // said when the factory is read
    Json &web = (*bindings)["web"];
    if (web.is_null())
        web = Json::object();
    if (web.is_object())
        web["calls"] = "refused";
    if (const auto services = bindings->find("linkedServices"); services != bindings->end() && services->is_object()) {
        for (Json &binding : *services) {
            if (memberAt(binding, "limits").is_object())
                binding["limits"]["network"] = false;
        }
    }
    return toPretty(*bindings);
}

bool isBelow(const QString &path, const QString &folder)
{
    const QString canonical = QFileInfo(folder).canonicalFilePath();
    return !canonical.isEmpty() && (path == canonical || path.startsWith(canonical + u'/'));
}

} // namespace

ScratchFactory::ScratchFactory(QString from, QString folder, Bindings bindings)
    : m_from(std::move(from))
    , m_folder(std::move(folder))
    , m_bindings(std::move(bindings))
{
}

Result<ScratchFactory> ScratchFactory::make(const QString &from, const QString &to, Reach reach)
{
    const FolderTree tree(from);
    for (const QString &file : tree.files()) {
        if (file.startsWith(QStringLiteral(".slipway/tests/")))
            continue;
        const Result<QByteArray> content = tree.read(file);
        if (!content)
            return content.error();
        const bool isCut = file == bindingsFile() && reach == Reach::CopyOnly;
        const Result<> written = writeFile(to + u'/' + file, isCut ? withoutNetwork(*content) : *content);
        if (!written)
            return written.error();
    }
    if (reach == Reach::CopyOnly && !tree.read(bindingsFile())) {
        if (const Result<> written = writeFile(to + u'/' + bindingsFile(), withoutNetwork("{}")); !written)
            return written.error();
    }
    if (!QDir().mkpath(to))
        return Error{ErrorCode::Io, ScratchFactoryText::tr("Cannot make the folder %1.").arg(to), to};
    Bindings bindings = readBindings(FolderTree(to)).bindings;
    for (const Binding &binding : bindings.entries()) {
        // Paths out of the folder are accepted from .slipway/local alone, which is not here.
        if (const auto *folder = std::get_if<FolderBinding>(&binding);
            folder != nullptr && QDir::isRelativePath(folder->root))
            QDir(to).mkpath(folder->root);
    }
    return ScratchFactory(from, to, std::move(bindings));
}

Result<QByteArray> ScratchFactory::read(const QString &file, const QString &beside) const
{
    const QFileInfo info(QDir(beside).filePath(file));
    if (QDir::isAbsolutePath(file) || !info.isFile())
        return Error{ErrorCode::NotFound,
                     ScratchFactoryText::tr("There is no file \"%1\" beside the test, in %2.").arg(file, beside),
                     file};
    const QString canonical = info.canonicalFilePath();
    if (!isBelow(canonical, m_from) && !isBelow(canonical, beside))
        return Error{ErrorCode::InvalidInput,
                     ScratchFactoryText::tr("\"%1\" is outside the factory folder; put the file into it.").arg(file),
                     file};
    QFile opened(canonical);
    if (!opened.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io, ScratchFactoryText::tr("Cannot read %1: %2").arg(file, opened.errorString()), file};
    return opened.readAll();
}

Result<> ScratchFactory::add(const TestFixture &fixture, const QString &beside) const
{
    QByteArray content;
    if (!fixture.file.isEmpty()) {
        Result<QByteArray> file = read(fixture.file, beside);
        if (!file)
            return file.error();
        content = *std::move(file);
    }
    const QString path = m_folder + u'/' + fixture.path;
    if (fixture.kind == TestFixture::Kind::File)
        return writeFile(path, content + fixture.text);
    if (!QDir().mkpath(QFileInfo(path).path()))
        return Error{ErrorCode::Io, ScratchFactoryText::tr("Cannot make the folder of %1.").arg(path), path};
    Result<Database> database = Database::open(path);
    if (!database)
        return database.error();
    for (const QByteArray &script : {content, fixture.text}) {
        if (const Result<> done = database->exec(script); !done)
            return Error{
                ErrorCode::InvalidInput,
                ScratchFactoryText::tr("The database %1 cannot be made: %2").arg(fixture.path, done.error().message),
                fixture.file.isEmpty() ? fixture.path : fixture.file};
    }
    return {};
}

QStringList ScratchFactory::outsideBindings() const
{
    QStringList names;
    const QMap<QString, Binding> entries = m_bindings.entries();
    for (auto entry = entries.cbegin(); entry != entries.cend(); ++entry) {
        if (std::holds_alternative<PostgresBinding>(entry.value()))
            names.append(entry.key());
    }
    return names;
}

Result<Json> ScratchFactory::rows(const TableExpectation &table) const
{
    const std::optional<Binding> binding = m_bindings.find(table.linkedService);
    if (!binding)
        return Error{ErrorCode::NotFound,
                     ScratchFactoryText::tr("%1 is not bound; add it to %2.").arg(table.linkedService, bindingsFile()),
                     table.linkedService};
    const Result<StorePlan> store = planStore(table.linkedService, *binding, m_folder);
    if (!store)
        return store.error();
    const CancelToken cancel;
    std::unique_ptr<SqlSession> session;
    if (const auto *sqlite = std::get_if<SqlitePlace>(&*store))
        session = std::make_unique<SqliteSession>(sqlite->file, cancel);
    else if (const auto *postgres = std::get_if<PostgresPlace>(&*store))
        session = std::make_unique<PostgresSession>(postgres->connection, cancel);
    else
        return Error{ErrorCode::InvalidInput,
                     ScratchFactoryText::tr("%1 is a folder, which has no tables.").arg(table.linkedService),
                     table.linkedService};
    if (const Result<> opened = session->open(); !opened)
        return opened.error();
    bool isTooLarge = false;
    Result<SqlRows> rows = session->query(table.query, tableLimits, &isTooLarge);
    if (!rows)
        return rows.error();
    if (isTooLarge || rows->more)
        return Error{ErrorCode::InvalidInput,
                     ScratchFactoryText::tr("The query gives more than %1 rows; ask for less.").arg(tableLimits.rows),
                     table.query};
    return std::move(rows->rows);
}

} // namespace engine
