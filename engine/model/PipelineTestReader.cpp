#include "engine/model/PipelineTest.h"

#include "engine/model/Expectation.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

#include <initializer_list>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct PipelineTestText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PipelineTest)
};

constexpr int longestTimeout = 24 * 3600; // seconds

Problem problemAt(const QString &file, const ValuePlace &place, const QString &message)
{
    return {Problem::Severity::Error,
            QStringLiteral("PipelineTest"),
            QStringLiteral("%1:%2:%3").arg(file).arg(place.line).arg(place.column),
            message,
            {}};
}

// Reads the tests of one document and says what is wrong with it.
class Reader
{
public:
    Reader(PipelineTestFile &into, QString file) : m_into(into), m_file(std::move(file)) { }

    void read()
    {
        const Json &root = m_into.document.json;
        if (!root.is_object())
            return problem({}, PipelineTestText::tr("A test is an object: pipeline, parameters, mocks, expect."));
        if (!root.contains("tests"))
            return readTest(root, {}, baseName());
        if (!checkKeys(root, {}, {"tests"}))
            return;
        const Json &tests = memberAt(root, "tests");
        if (!tests.is_array())
            return problem(QStringLiteral("/tests"), PipelineTestText::tr("\"tests\" must be a list of tests."));
        for (size_t i = 0; i < tests.size(); ++i) {
            const QString pointer = QStringLiteral("/tests/%1").arg(i);
            if (tests[i].is_object())
                readTest(tests[i], pointer, QStringLiteral("%1 #%2").arg(baseName()).arg(i + 1));
            else
                problem(pointer, PipelineTestText::tr("A test is an object: pipeline, parameters, mocks, expect."));
        }
    }

private:
    QString baseName() const
    {
        QString name = QFileInfo(m_file).fileName();
        return name.left(name.indexOf(QStringLiteral(".test.")));
    }

    void problem(const QString &pointer, const QString &message)
    {
        m_into.problems.append(problemAt(m_file, m_into.document.placeOf(pointer), message));
    }

    bool checkKeys(const Json &object, const QString &pointer, std::initializer_list<const char *> known)
    {
        QStringList names;
        for (const char *name : known)
            names.append(QLatin1String(name));
        bool isGood = true;
        for (const auto &member : object.items()) {
            const QString key = toQString(member.key());
            if (names.contains(key))
                continue;
            isGood = false;
            const QString near = nearestName(key, names);
            problem(pointerTo(pointer, key),
                    near.isEmpty()
                        ? PipelineTestText::tr("\"%1\" is not known here; there are: %2.")
                              .arg(key, names.join(QStringLiteral(", ")))
                        : PipelineTestText::tr("\"%1\" is not known here; did you mean \"%2\"?").arg(key, near));
        }
        return isGood;
    }

    // The member when it is there and of that kind; a problem when it is of another.
    const Json *member(const Json &object, const QString &pointer, const char *key, Json::value_t type)
    {
        const auto at = object.find(key);
        if (at == object.end() || (at->is_null() && type != Json::value_t::string))
            return nullptr;
        const bool isWhole = type == Json::value_t::number_integer && at->is_number_integer();
        if (at->type() == type || isWhole)
            return &*at;
        const QString expected = type == Json::value_t::object ? PipelineTestText::tr("an object")
            : type == Json::value_t::array                     ? PipelineTestText::tr("a list")
            : type == Json::value_t::string                    ? PipelineTestText::tr("a text")
                                                               : PipelineTestText::tr("a whole number");
        problem(pointerTo(pointer, QLatin1String(key)),
                PipelineTestText::tr("\"%1\" must be %2.").arg(QLatin1String(key), expected));
        return nullptr;
    }

    QString text(const Json &object, const QString &pointer, const char *key)
    {
        const Json *value = member(object, pointer, key, Json::value_t::string);
        return value ? toQString(value->get_ref<const std::string &>()) : QString();
    }

    QStringList texts(const Json &object, const QString &pointer, const char *key)
    {
        QStringList list;
        const Json *value = member(object, pointer, key, Json::value_t::array);
        if (!value)
            return list;
        for (size_t i = 0; i < value->size(); ++i) {
            if ((*value)[i].is_string())
                list.append(toQString((*value)[i].get_ref<const std::string &>()));
            else
                problem(QStringLiteral("%1/%2/%3").arg(pointer, QLatin1String(key)).arg(i),
                        PipelineTestText::tr("This must be a text."));
        }
        return list;
    }

    void readTest(const Json &json, const QString &pointer, const QString &defaultName)
    {
        const qsizetype before = m_into.problems.size();
        PipelineTest test;
        test.file = m_file;
        test.pointer = pointer;
        checkKeys(json,
                  pointer,
                  {"name", "pipeline", "parameters", "until", "mocks", "mocksFrom", "fixtures", "allow", "expect"});
        test.name = text(json, pointer, "name");
        if (test.name.isEmpty())
            test.name = defaultName;
        test.pipeline = text(json, pointer, "pipeline");
        if (test.pipeline.isEmpty() && m_into.problems.size() == before)
            problem(pointer, PipelineTestText::tr("A test needs \"pipeline\", the name of the pipeline it runs."));
        if (const Json *parameters = member(json, pointer, "parameters", Json::value_t::object))
            test.parameters = *parameters;
        test.until = text(json, pointer, "until");
        readMocks(test, json, pointer);
        readFixtures(test, json, pointer);
        test.allow = texts(json, pointer, "allow");
        for (const QString &allowed : test.allow) {
            if (allowed != u"postgresql" && allowed != u"network")
                problem(pointerTo(pointer, QStringLiteral("allow")),
                        PipelineTestText::tr("\"%1\" cannot be allowed; only \"postgresql\" and \"network\" can.")
                            .arg(allowed));
        }
        if (const Json *expect = member(json, pointer, "expect", Json::value_t::object))
            readExpect(test, *expect, pointerTo(pointer, QStringLiteral("expect")));
        if (m_into.problems.size() == before)
            m_into.tests.append(test);
    }

    void readMocks(PipelineTest &test, const Json &json, const QString &pointer)
    {
        if (const Json *mocks = member(json, pointer, "mocks", Json::value_t::object)) {
            const QString at = pointerTo(pointer, QStringLiteral("mocks"));
            for (const auto &item : mocks->items()) {
                const QString path = pointerTo(at, toQString(item.key()));
                if (!item.value().is_object()) {
                    problem(path,
                            PipelineTestText::tr("The outcome of an activity is an object: status, output, "
                                                 "error."));
                    continue;
                }
                checkKeys(item.value(), path, {"status", "output", "error"});
                const QString status = stringAt(item.value(), "status", QStringLiteral("Succeeded"));
                if (status != u"Succeeded" && status != u"Failed")
                    problem(pointerTo(path, QStringLiteral("status")),
                            PipelineTestText::tr("The outcome is either Succeeded or Failed, not \"%1\".").arg(status));
                if (const Json *error = member(item.value(), path, "error", Json::value_t::object))
                    checkKeys(*error,
                              pointerTo(path, QStringLiteral("error")),
                              {"errorCode", "message", "failureType", "target", "details"});
            }
            test.mocks = *mocks;
        }
        if (const Json *from = member(json, pointer, "mocksFrom", Json::value_t::object)) {
            const QString at = pointerTo(pointer, QStringLiteral("mocksFrom"));
            checkKeys(*from, at, {"file", "activities"});
            test.mocksFile = text(*from, at, "file");
            test.mocksChosen = texts(*from, at, "activities");
            if (test.mocksFile.isEmpty())
                problem(at,
                        PipelineTestText::tr("\"mocksFrom\" needs \"file\", which slipwayctl test --record makes."));
        }
    }

    void readFixtures(PipelineTest &test, const Json &json, const QString &pointer)
    {
        const Json *fixtures = member(json, pointer, "fixtures", Json::value_t::object);
        if (!fixtures)
            return;
        const QString all = pointerTo(pointer, QStringLiteral("fixtures"));
        for (const auto &item : fixtures->items()) {
            TestFixture fixture;
            fixture.path = QDir::cleanPath(toQString(item.key()));
            const QString at = pointerTo(all, toQString(item.key()));
            if (fixture.path.isEmpty() || QDir::isAbsolutePath(fixture.path) || fixture.path == u"."
                || fixture.path == u".." || fixture.path.startsWith(QStringLiteral("../")))
                problem(at, PipelineTestText::tr("A fixture is made inside the factory folder: \"storage/in.csv\"."));
            if (!item.value().is_object()) {
                problem(at, PipelineTestText::tr("A fixture is an object: text or file, or sql for a database."));
                continue;
            }
            checkKeys(item.value(), at, {"text", "file", "sql"});
            const bool hasText = item.value().contains("text");
            fixture.kind = item.value().contains("sql") ? TestFixture::Kind::Database : TestFixture::Kind::File;
            fixture.file = text(item.value(), at, "file");
            const char *const key = fixture.kind == TestFixture::Kind::Database ? "sql" : "text";
            fixture.text = text(item.value(), at, key).toUtf8();
            // A script beside the test makes a database, too.
            if (fixture.kind == TestFixture::Kind::File && fixture.file.endsWith(QStringLiteral(".sql"))
                && !fixture.path.endsWith(QStringLiteral(".sql")))
                fixture.kind = TestFixture::Kind::Database;
            const bool isDatabase = fixture.kind == TestFixture::Kind::Database;
            if (hasText && (isDatabase || !fixture.file.isEmpty()))
                problem(at,
                        PipelineTestText::tr("A fixture has \"text\", or \"file\", or \"sql\" with or without a "
                                             "\"file\" of statements that come first."));
            if (!hasText && !isDatabase && fixture.file.isEmpty())
                problem(at, PipelineTestText::tr("A fixture is an object: text or file, or sql for a database."));
            test.fixtures.append(fixture);
        }
    }

    void readExpect(PipelineTest &test, const Json &expect, const QString &pointer)
    {
        checkKeys(expect, pointer, {"status", "activities", "returnValue", "tables", "timeoutSeconds"});
        if (const QString status = text(expect, pointer, "status"); !status.isEmpty()) {
            test.status = status;
            const QStringList known{QStringLiteral("Succeeded"), QStringLiteral("Failed"), QStringLiteral("Cancelled")};
            if (!known.contains(status))
                problem(pointerTo(pointer, QStringLiteral("status")), wrongStatus(status, known));
        }
        if (const Json *activities = member(expect, pointer, "activities", Json::value_t::object))
            readActivities(test, *activities, pointerTo(pointer, QStringLiteral("activities")));
        if (const auto at = expect.find("returnValue"); at != expect.end()) {
            test.returnValue = *at;
            checkPatterns(*at, pointerTo(pointer, QStringLiteral("returnValue")));
        }
        if (const Json *tables = member(expect, pointer, "tables", Json::value_t::array))
            readTables(test, *tables, pointerTo(pointer, QStringLiteral("tables")));
        if (const Json *seconds = member(expect, pointer, "timeoutSeconds", Json::value_t::number_integer)) {
            const qint64 value = intAt(expect, "timeoutSeconds");
            if (value < 1 || value > longestTimeout)
                problem(pointerTo(pointer, QStringLiteral("timeoutSeconds")),
                        PipelineTestText::tr("\"timeoutSeconds\" is between 1 and %1.").arg(longestTimeout));
            else
                test.timeoutSeconds = int(seconds->get<qint64>());
        }
    }

    static QString wrongStatus(const QString &status, const QStringList &known)
    {
        return PipelineTestText::tr("\"%1\" is no status; there are: %2.")
            .arg(status, known.join(QStringLiteral(", ")));
    }

    void readActivities(PipelineTest &test, const Json &activities, const QString &pointer)
    {
        static const QStringList known{QStringLiteral("Succeeded"),
                                       QStringLiteral("Failed"),
                                       QStringLiteral("Skipped"),
                                       QStringLiteral("Cancelled"),
                                       QStringLiteral("Inactive"),
                                       QStringLiteral("NotRun")};
        for (const auto &item : activities.items()) {
            const QString at = pointerTo(pointer, toQString(item.key()));
            if (item.value().is_object()) {
                checkKeys(item.value(), at, {"status", "output", "input", "error"});
                for (const char *part : {"output", "input", "error"})
                    checkPatterns(memberAt(item.value(), part), pointerTo(at, QLatin1String(part)));
            }
            const bool isText = item.value().is_string();
            const Json &status = isText ? item.value() : memberAt(item.value(), "status");
            if (!isText && !item.value().is_object())
                problem(at,
                        PipelineTestText::tr("What is expected of an activity is its status, or an object: "
                                             "status, output, input, error."));
            else if (status.is_string() && !known.contains(toQString(status.get_ref<const std::string &>())))
                problem(isText ? at : pointerTo(at, QStringLiteral("status")),
                        wrongStatus(toQString(status.get_ref<const std::string &>()), known));
            else if (!status.is_string() && !status.is_null())
                problem(pointerTo(at, QStringLiteral("status")), PipelineTestText::tr("This must be a text."));
        }
        test.activities = activities;
    }

    void readTables(PipelineTest &test, const Json &tables, const QString &pointer)
    {
        for (size_t i = 0; i < tables.size(); ++i) {
            const QString at = QStringLiteral("%1/%2").arg(pointer).arg(i);
            if (!tables[i].is_object()) {
                problem(at, PipelineTestText::tr("A table is an object: linkedService, query, rows."));
                continue;
            }
            checkKeys(tables[i], at, {"linkedService", "query", "rows"});
            TableExpectation table;
            table.linkedService = text(tables[i], at, "linkedService");
            table.query = text(tables[i], at, "query");
            table.pointer = pointerTo(at, QStringLiteral("rows"));
            const Json *rows = member(tables[i], at, "rows", Json::value_t::array);
            if (table.linkedService.isEmpty() || table.query.isEmpty() || !rows) {
                problem(at, PipelineTestText::tr("A table needs linkedService, query and rows."));
                continue;
            }
            table.rows = *rows;
            checkPatterns(*rows, table.pointer);
            test.tables.append(table);
        }
    }

    void checkPatterns(const Json &expected, const QString &pointer)
    {
        if (const QString wrong = patternProblem(expected); !wrong.isEmpty())
            return problem(pointer, wrong);
        if (expected.is_object()) {
            for (const auto &item : expected.items())
                checkPatterns(item.value(), pointerTo(pointer, toQString(item.key())));
        } else if (expected.is_array()) {
            for (size_t i = 0; i < expected.size(); ++i)
                checkPatterns(expected[i], QStringLiteral("%1/%2").arg(pointer).arg(i));
        }
    }

    PipelineTestFile &m_into;
    QString m_file;
};

} // namespace

PipelineTestFile readPipelineTests(const QByteArray &text, const QString &file)
{
    PipelineTestFile read;
    const bool isJson = file.endsWith(QStringLiteral(".json"), Qt::CaseInsensitive);
    Result<PlacedJson> document = isJson ? parsePlacedJson(text, file) : parseYaml(text, file);
    if (!document) {
        read.problems.append({Problem::Severity::Error,
                              QStringLiteral("PipelineTest"),
                              document.error().where,
                              document.error().message,
                              {}});
        return read;
    }
    read.document = *std::move(document);
    Reader(read, file).read();
    return read;
}

} // namespace engine
