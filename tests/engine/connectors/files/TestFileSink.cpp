#include "engine/connectors/files/DelimitedTextWriter.h"
#include "engine/connectors/files/FileSink.h"
#include "tests/engine/connectors/files/TypedRows.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <sys/wait.h>
#include <unistd.h>

using namespace engine;
using tests::sinkColumn;
using tests::TypedRows;
using Answer = Sink::CommitAnswer;

// Files that are there whole or not at all.
class TestFileSink : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void oldFileStaysUntilTheCommit();
    void emptySourceWritesTheHeader();
    void makesFoldersAndTakesThemBack();
    void makesNamesAsDataFactoryDoes();
    void dividesRowsAmongFiles();
    void filesAreCalledAsTheSource();
    void refusesTwoSourcesOfOneName();
    void keepsTheRightsOfTheFileItReplaces();
    void failedLoadLeavesNothing_data();
    void failedLoadLeavesNothing();
    void leavesOutRowsWhenItMay();
    void loadIsFoundOnce();
    void settlesWhatADeadProcessLeft_data();
    void settlesWhatADeadProcessLeft();
    void waitsForTheProcessThatLoads();
    void oldNotesGo();
    void refusesPlacesThatCannotBe_data();
    void refusesPlacesThatCannotBe();
    void scriptsHaveNoMeaning();

private:
    QString path(const QString &name) const { return m_dir->filePath(name); }
    void write(const QString &name, const QByteArray &text) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
    }
    QByteArray content(const QString &name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(nothing)");
    }
    // All that is in the folder, what is hidden too, but the notes of loads.
    QStringList found(const QString &folder = {}) const
    {
        QStringList names;
        const QDir dir(path(folder));
        for (const QString &name : dir.entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot))
            if (name != u".slipway-loads")
                names += name;
        return names;
    }
    QStringList notes() const { return QDir(path(u".slipway-loads"_qs)).entryList(QDir::Files | QDir::Hidden); }
    FileTarget target(const QString &fileName = u"out.csv"_qs) const
    {
        FileTarget target;
        target.root = m_dir->path();
        target.fileName = fileName;
        target.extension = u".csv"_qs;
        return target;
    }
    static std::unique_ptr<FileSink> sink(const FileTarget &target, char quote = '"')
    {
        DelimitedTextFormat format;
        format.firstRowAsHeader = true;
        format.rowDelimiter = "\n";
        format.quote = quote;
        return std::make_unique<FileSink>(target,
                                          std::make_unique<DelimitedTextWriter>(format, DelimitedTextWriting{}));
    }
    static TypedRows rows(int count, int rowsInBatch = 3)
    {
        QList<TypedRows::Row> rows;
        for (int i = 1; i <= count; ++i)
            rows += TypedRows::Row{QByteArray::number(i)};
        return {{sinkColumn("n", InterimType::Int64)}, rows, rowsInBatch};
    }
    static Result<LoadResult> loadInto(FileSink &sink, TypedRows &rows, const LoadId &load = {})
    {
        if (const auto opened = sink.open({}); !opened)
            return opened.error();
        if (const auto defined = sink.define(rows.columns()); !defined)
            return defined.error();
        if (!load.isEmpty())
            sink.setLoad(load);
        if (const auto begun = sink.begin(); !begun)
            return begun.error();
        Result<LoadResult> loaded = sink.load(rows.order(), rows);
        if (loaded && !load.isEmpty()) {
            if (const auto noted = sink.writeLedger({load, u"R"_qs, u"Copy"_qs, 1, loaded->rowsWritten, {}}); !noted)
                return noted.error();
        }
        return loaded;
    }

    std::unique_ptr<QTemporaryDir> m_dir;
};

SLIPWAY_TEST(TestFileSink)

void TestFileSink::init() { m_dir = std::make_unique<QTemporaryDir>(); }

void TestFileSink::oldFileStaysUntilTheCommit()
{
    write(u"out.csv"_qs, "old");
    const auto made = sink(target());
    TypedRows ten = rows(10);
    const auto loaded = loadInto(*made, ten);
    VERIFY_OK(loaded);
    QCOMPARE(loaded->rowsWritten, 10);
    QCOMPARE(loaded->filesWritten, 1);
    QCOMPARE(content(u"out.csv"_qs), QByteArray("old"));
    QCOMPARE(found().size(), 2);
    QVERIFY(found().constFirst().startsWith(u".slipway-"));
    QVERIFY(made->commit().first == Answer::Committed);
    QCOMPARE(content(u"out.csv"_qs), QByteArray("n\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n"));
    QCOMPARE(loaded->bytesWritten, content(u"out.csv"_qs).size());
    QCOMPARE(found(), QStringList{u"out.csv"_qs});
}

void TestFileSink::emptySourceWritesTheHeader()
{
    const auto made = sink(target());
    TypedRows none = rows(0);
    const auto loaded = loadInto(*made, none);
    VERIFY_OK(loaded);
    QCOMPARE(loaded->filesWritten, 1);
    QVERIFY(made->commit().first == Answer::Committed);
    QCOMPARE(content(u"out.csv"_qs), QByteArray("n\n"));
}

void TestFileSink::makesFoldersAndTakesThemBack()
{
    FileTarget deep = target();
    deep.folder = u"a/b"_qs;
    {
        const auto made = sink(deep);
        TypedRows two = rows(2);
        VERIFY_OK(loadInto(*made, two));
        QVERIFY(QFileInfo::exists(path(u"a/b"_qs)));
        made->rollBack();
    }
    QVERIFY(found().isEmpty());
    const auto made = sink(deep);
    TypedRows two = rows(2);
    VERIFY_OK(loadInto(*made, two));
    QVERIFY(made->commit().first == Answer::Committed);
    QCOMPARE(content(u"a/b/out.csv"_qs), QByteArray("n\n1\n2\n"));
}

void TestFileSink::makesNamesAsDataFactoryDoes()
{
    const auto made = sink(target({}));
    TypedRows two = rows(2);
    VERIFY_OK(loadInto(*made, two));
    QVERIFY(made->commit().first == Answer::Committed);
    const QStringList names = found();
    QCOMPARE(names.size(), 1);
    static const QRegularExpression form(u"^data_[0-9a-f-]{36}_[0-9a-f-]{36}\\.csv$"_qs);
    QVERIFY2(form.match(names.constFirst()).hasMatch(), qPrintable(names.constFirst()));
}

void TestFileSink::dividesRowsAmongFiles()
{
    FileTarget divided = target({});
    divided.maxRowsPerFile = 4;
    divided.namePrefix = u"part"_qs;
    const auto made = sink(divided);
    write(u"part_00001.csv"_qs, "old");
    write(u"part_00007.csv"_qs, "another's");
    TypedRows ten = rows(10);
    const auto loaded = loadInto(*made, ten);
    VERIFY_OK(loaded);
    QCOMPARE(loaded->filesWritten, 3);
    QCOMPARE(content(u"part_00001.csv"_qs), QByteArray("old"));
    QVERIFY(made->commit().first == Answer::Committed);
    QCOMPARE(found(),
             (QStringList{u"part_00000.csv"_qs, u"part_00001.csv"_qs, u"part_00002.csv"_qs, u"part_00007.csv"_qs}));
    QCOMPARE(content(u"part_00000.csv"_qs), QByteArray("n\n1\n2\n3\n4\n"));
    QCOMPARE(content(u"part_00001.csv"_qs), QByteArray("n\n5\n6\n7\n8\n"));
    QCOMPARE(content(u"part_00002.csv"_qs), QByteArray("n\n9\n10\n"));
    QCOMPARE(content(u"part_00007.csv"_qs), QByteArray("another's"));
}

void TestFileSink::filesAreCalledAsTheSource()
{
    FileTarget named = target({});
    named.naming = FileTarget::Naming::AsSource;
    named.sourceFolder = u"in"_qs;
    named.folder = u"out"_qs;
    const auto made = sink(named);
    TypedRows five = rows(5, 1);
    five.setFiles({u"in/a.txt.gz"_qs, u"in/a.txt.gz"_qs, u"in/2024/b.parquet"_qs, u"in/c.d"_qs, u"in/c.d"_qs});
    const auto loaded = loadInto(*made, five);
    VERIFY_OK(loaded);
    QCOMPARE(loaded->filesWritten, 3);
    QVERIFY(made->commit().first == Answer::Committed);
    QCOMPARE(content(u"out/a.csv"_qs), QByteArray("n\n1\n2\n"));
    QCOMPARE(content(u"out/2024/b.csv"_qs), QByteArray("n\n3\n"));
    QCOMPARE(content(u"out/c.d.csv"_qs), QByteArray("n\n4\n5\n"));
}

void TestFileSink::refusesTwoSourcesOfOneName()
{
    FileTarget named = target({});
    named.naming = FileTarget::Naming::AsSource;
    const auto made = sink(named);
    TypedRows two = rows(2, 1);
    two.setFiles({u"a.txt"_qs, u"a.json"_qs});
    const auto loaded = loadInto(*made, two);
    QVERIFY(!loaded);
    QVERIFY2(loaded.error().message.contains(u"a.json"), qPrintable(loaded.error().message));
    made->rollBack();
    QVERIFY(found().isEmpty());
}

void TestFileSink::keepsTheRightsOfTheFileItReplaces()
{
    write(u"out.csv"_qs, "old");
    QVERIFY(QFile::setPermissions(path(u"out.csv"_qs), QFile::ReadOwner | QFile::WriteOwner));
    const auto made = sink(target());
    TypedRows two = rows(2);
    VERIFY_OK(loadInto(*made, two));
    QVERIFY(made->commit().first == Answer::Committed);
    QCOMPARE(QFile::permissions(path(u"out.csv"_qs)) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
}

void TestFileSink::failedLoadLeavesNothing_data()
{
    QTest::addColumn<QString>("how");
    for (const QString &how : {u"source"_qs, u"value"_qs, u"cancel"_qs, u"folder"_qs, u"destroyed"_qs})
        QTest::newRow(qPrintable(how)) << how;
}

void TestFileSink::failedLoadLeavesNothing()
{
    QFETCH(QString, how);
    write(u"out_00000.csv"_qs, "old");
    FileTarget divided = target();
    divided.maxRowsPerFile = 2;
    auto made = sink(divided, 0);
    QList<TypedRows::Row> values{{"1"}, {"2"}, {"3"}, {"4"}, {how == u"value" ? "5\n" : "5"}};
    TypedRows five({sinkColumn("n")}, values, 1);
    if (how == u"source")
        five.endWith({ErrorCode::Io, u"gone"_qs, {}});
    CancelToken cancel;
    VERIFY_OK(made->open(cancel));
    VERIFY_OK(made->define(five.columns()));
    VERIFY_OK(made->begin());
    if (how == u"cancel")
        cancel.cancel();
    const auto loaded = made->load(five.order(), five);
    const bool isLoaded = how == u"folder" || how == u"destroyed";
    QCOMPARE(loaded.ok(), isLoaded);
    if (how == u"source")
        QVERIFY(made->failureName().isEmpty()); // it is not the sink's
    if (how == u"value") {
        QVERIFY(made->rowProblem());
        QCOMPARE(made->rowProblem()->row, 5);
        QCOMPARE(made->rowProblem()->column, u"n"_qs);
    }
    if (how == u"folder") { // in the way of the last file
        QVERIFY(QDir(m_dir->path()).mkdir(u"out_00002.csv"_qs));
        QVERIFY(made->commit().first == Answer::RolledBack);
        QVERIFY(QDir(m_dir->path()).rmdir(u"out_00002.csv"_qs));
    } else if (how == u"destroyed") {
        made.reset();
    } else {
        made->rollBack();
    }
    QCOMPARE(found(), QStringList{u"out_00000.csv"_qs});
    QCOMPARE(content(u"out_00000.csv"_qs), QByteArray("old"));
    QVERIFY(notes().isEmpty());
}

void TestFileSink::leavesOutRowsWhenItMay()
{
    struct Kept final : RowRejecter
    {
        QList<RowProblem> problems;
        Result<> reject(const RowProblem &problem) override
        {
            problems += problem;
            return {};
        }
    } kept;
    const auto made = sink(target(), 0);
    made->setRejecter(&kept);
    TypedRows five({sinkColumn("n")}, {{"1"}, {"2\n"}, {"3"}, {"\r"}, {"5"}}, 3);
    const auto loaded = loadInto(*made, five);
    VERIFY_OK(loaded);
    QCOMPARE(loaded->rowsWritten, 3);
    QVERIFY(made->commit().first == Answer::Committed);
    QCOMPARE(content(u"out.csv"_qs), QByteArray("n\n1\n3\n5\n"));
    QCOMPARE(kept.problems.size(), 2);
    QCOMPARE(kept.problems.at(1).row, 4);
}

void TestFileSink::loadIsFoundOnce()
{
    const LoadId load = LoadId::create();
    QVERIFY(!*sink(target())->findLoad(load));
    QVERIFY(found().isEmpty() && notes().isEmpty()); // asking makes nothing
    {
        const auto made = sink(target());
        TypedRows two = rows(2);
        VERIFY_OK(loadInto(*made, two, load));
        QVERIFY(made->commit().first == Answer::Committed);
    }
    const auto known = sink(target())->findLoad(load);
    VERIFY_OK(known);
    QVERIFY(*known);
    QCOMPARE((*known)->rowsWritten, 2);
    QCOMPARE((*known)->activity, u"Copy"_qs);
    QVERIFY(!*sink(target())->findLoad(LoadId::create()));

    const auto again = sink(target());
    VERIFY_OK(again->open({}));
    again->setLoad(load);
    VERIFY_OK(again->begin());
    QVERIFY(*again->findLoad(load)); // inside its own load too
    again->rollBack();
    QVERIFY(*sink(target())->findLoad(load));
    QCOMPARE(content(u"out.csv"_qs), QByteArray("n\n1\n2\n"));
}

void TestFileSink::settlesWhatADeadProcessLeft_data()
{
    QTest::addColumn<QString>("place");
    QTest::addColumn<int>("files");
    QTest::addColumn<bool>("isLoaded");
    for (const int files : {1, 3}) {
        const auto row = [files](const char *place, bool isLoaded) {
            QTest::addRow("%s %d", place, files) << QString::fromLatin1(place) << files << isLoaded;
        };
        row("while writing", false);
        row("before the note", false);
        row("before the commit", false);
        row("after the commit", true);
        row("temporary files removed", false);
    }
}

// A child dies at the place; another sink, asked or not, brings the folder in order.
void TestFileSink::settlesWhatADeadProcessLeft()
{
    QFETCH(QString, place);
    QFETCH(int, files);
    QFETCH(bool, isLoaded);
    const LoadId load = LoadId::create();
    FileTarget divided = target(files == 1 ? u"part_00000.csv"_qs : QString());
    divided.maxRowsPerFile = files == 1 ? 0 : 4;
    divided.namePrefix = u"part"_qs;
    write(u"part_00000.csv"_qs, "old");
    const pid_t child = ::fork();
    if (child == 0) {
        if (place == u"after the commit") // of several files the second is not renamed yet
            ::setenv("SLIPWAY_CRASH_AT", "copy.file-renamed", 1);
        const auto made = sink(divided);
        TypedRows ten = rows(10);
        if (place == u"while writing")
            ten.endWith({ErrorCode::Io, u"gone"_qs, {}});
        const auto loaded = loadInto(*made, ten, place == u"before the note" ? LoadId() : load);
        if (place == u"after the commit")
            (void)made->commit();
        ::_exit(loaded || place == u"while writing" ? 9 : 1);
    }
    int status = 0;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QVERIFY(WIFEXITED(status) && WEXITSTATUS(status) == 9);
    if (place == u"temporary files removed") { // by a tidy user
        for (const QString &name : found())
            if (name.startsWith(u".slipway-"))
                QVERIFY(QFile::remove(path(name)));
    }
    for (const bool isAsked : {true, false}) {
        if (isAsked) {
            const auto answer = sink(divided)->findLoad(load);
            VERIFY_OK(answer);
            QCOMPARE(answer->has_value(), isLoaded);
        } else {
            const auto other = sink(target(u"other.csv"_qs)); // anybody's load looks after the others
            TypedRows one = rows(1);
            VERIFY_OK(loadInto(*other, one));
            QVERIFY(other->commit().first == Answer::Committed);
            QVERIFY(QFile::remove(path(u"other.csv"_qs)));
        }
        if (place == u"before the note" && isAsked)
            continue; // its load had another name
        const QStringList expected = isLoaded && files == 3
            ? QStringList{u"part_00000.csv"_qs, u"part_00001.csv"_qs, u"part_00002.csv"_qs}
            : QStringList{u"part_00000.csv"_qs};
        QCOMPARE(found(), expected);
        const QByteArray first = files == 3 ? "n\n1\n2\n3\n4\n" : "n\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n";
        QCOMPARE(content(u"part_00000.csv"_qs), isLoaded ? first : QByteArray("old"));
    }
}

void TestFileSink::waitsForTheProcessThatLoads()
{
    const LoadId load = LoadId::create();
    const auto first = sink(target());
    TypedRows two = rows(2);
    VERIFY_OK(loadInto(*first, two, load));
    CancelToken cancel;
    cancel.cancel();
    const auto second = sink(target());
    VERIFY_OK(second->open(cancel));
    const auto answer = second->findLoad(load); // waits until it is told not to
    QVERIFY(!answer);
    QVERIFY(answer.error().code == ErrorCode::Cancelled);
    const auto other = sink(target(u"other.csv"_qs));
    TypedRows one = rows(1);
    VERIFY_OK(loadInto(*other, one)); // does not touch what somebody works on
    QVERIFY(other->commit().first == Answer::Committed);
    QVERIFY(first->commit().first == Answer::Committed);
    QVERIFY(*sink(target())->findLoad(load));
}

void TestFileSink::oldNotesGo()
{
    const LoadId load = LoadId::create();
    const auto copy = [this](const LoadId &name) {
        const auto made = sink(target());
        TypedRows one = rows(1);
        VERIFY_OK(loadInto(*made, one, name));
        QVERIFY(made->commit().first == Answer::Committed);
    };
    copy(load);
    copy(LoadId::create());
    QCOMPARE(notes().size(), 2);
    QFile note(path(u".slipway-loads/"_qs + load.text() + u".json"));
    QVERIFY(note.open(QIODevice::ReadWrite));
    QVERIFY(note.setFileTime(QDateTime::currentDateTime().addDays(-31), QFileDevice::FileModificationTime));
    note.close();
    copy(LoadId::create());
    QCOMPARE(notes().size(), 2);
    QVERIFY(!notes().contains(load.text() + u".json"));
}

void TestFileSink::refusesPlacesThatCannotBe_data()
{
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("said");
    QTest::newRow("a folder of that name") << QString() << u"folder"_qs << u"is a folder"_qs;
    QTest::newRow("a file in the way") << u"file/deep"_qs << u"x"_qs << u"is a file"_qs;
    QTest::newRow("a link in the way") << u"out"_qs << u"x"_qs << u"leads out"_qs;
    QTest::newRow("a link out") << QString() << u"secret"_qs << u"is a link"_qs;
    QTest::newRow("up") << u".."_qs << u"x"_qs << u"leads out"_qs;
    QTest::newRow("up by name") << QString() << u"../x"_qs << u"leads out"_qs;
    QTest::newRow("a link inside") << QString() << u"inside"_qs << u"is a link"_qs;
}

void TestFileSink::refusesPlacesThatCannotBe()
{
    QFETCH(QString, folder);
    QFETCH(QString, name);
    QFETCH(QString, said);
    const QTemporaryDir outside;
    QFile secret(outside.filePath(u"secret"_qs));
    QVERIFY(secret.open(QIODevice::WriteOnly));
    QVERIFY(QDir(m_dir->path()).mkdir(u"folder"_qs));
    write(u"file"_qs, "old");
    QVERIFY(QFile::link(outside.path(), path(u"out"_qs)));
    QVERIFY(QFile::link(secret.fileName(), path(u"secret"_qs)));
    QVERIFY(QFile::link(u"file"_qs, path(u"inside"_qs)));
    FileTarget bad = target(name);
    bad.folder = folder;
    const auto made = sink(bad);
    TypedRows one = rows(1);
    const auto loaded = loadInto(*made, one);
    QVERIFY(!loaded);
    QVERIFY2(loaded.error().message.contains(said), qPrintable(loaded.error().message));
    QVERIFY(!made->failureName().isEmpty());
    made->rollBack();
    QCOMPARE(content(u"file"_qs), QByteArray("old"));
    QCOMPARE(QDir(outside.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
             QStringList{u"secret"_qs});
    QCOMPARE(found().size(), 5); // nothing new
}

void TestFileSink::scriptsHaveNoMeaning()
{
    const auto made = sink(target());
    VERIFY_OK(made->open({}));
    VERIFY_OK(made->begin());
    QVERIFY(!made->runScript(u"delete from t"_qs));
}

#include "TestFileSink.moc"
