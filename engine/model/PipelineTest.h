#pragma once

#include "engine/base/Json.h"
#include "engine/model/Expectation.h"
#include "engine/model/Factory.h"
#include "engine/model/PlacedJson.h"
#include "engine/model/Problem.h"

#include <optional>

namespace engine {

// What is made in the scratch copy of a factory before a test runs there.
struct TestFixture
{
    QString path; // in the factory folder, with "/"
    enum class Kind { File, Database } kind = Kind::File;
    QByteArray text; // of the file; the script of a database
    QString file; // read instead of `text`, or as a script before it; empty = none; beside the test's file
    bool operator==(const TestFixture &) const = default;
};

// The rows that a query on a bound database must give after the run.
struct TableExpectation
{
    QString linkedService;
    QString query;
    Json rows = Json::array();
    QString pointer; // of `rows` in the test's file
    bool operator==(const TableExpectation &) const = default;
};

// One test of a pipeline: what is given, what is expected. Read from `.slipway/tests/*.test.yaml|yml|json`.
struct PipelineTest
{
    QString name; // of the test, else made of the file's name
    QString file; // as it was named
    QString pointer; // of the test in its file: "" or "/tests/3"
    QString pipeline;
    Json parameters = Json::object();
    QString until; // the last activity that runs; empty = all
    Json mocks = Json::object(); // by activity path: {"status", "output", "error"}
    QString mocksFile; // recorded outcomes that come before `mocks`; empty = none; beside the test's file
    QStringList mocksChosen; // of the recorded outcomes; empty = all
    QList<TestFixture> fixtures;
    QStringList allow; // "postgresql", "network": what lies outside the scratch copy

    QString status = QStringLiteral("Succeeded"); // of the run
    Json activities = Json::object(); // by activity path: {"status", "output", "input", "error"}, each optional
    std::optional<Json> returnValue;
    QList<TableExpectation> tables;
    int timeoutSeconds = 60;

    QMap<QString, QString> paths; // of `activities` as they are written, made by resolveNames()
};

// What a run was, as far as a test looks at it.
struct ObservedRun
{
    QString status;
    QString message; // why it failed
    Json returnValue; // null = none
    Json activities = Json::array(); // {"path", "status", "input", "output", "error": {"errorCode", "message", …}}
};

struct PipelineTestFile
{
    QList<PipelineTest> tests; // those without an error
    QList<Problem> problems; // `where` is "<file>:<line>:<column>"
    PlacedJson document;
};

// Reads a file by its suffix. Pure, as all of these; any thread.
PipelineTestFile readPipelineTests(const QByteArray &text, const QString &file);

// The names in a test that the factory does not have: pipelines, activities, linked services. Mocks and activities may
// be named by path ("Loop/Load", "Loop[0]/Load") or, inside a container, by name alone; the names become paths.
QList<Problem> resolveNames(PipelineTest &test, const Factory &factory, const PlacedJson &document);

// Of the activities of a pipeline at any depth, in their order: "Loop/Choice/Load".
QStringList activityPaths(const Pipeline &pipeline);

// Where the run is not what the test expects; its tables are looked at by who knows the databases. A path without
// iterations means every one of them.
QList<Mismatch> compareRun(const PipelineTest &test, const ObservedRun &run);

struct UpdatedTests
{
    QByteArray text;
    int changed = 0;
    int kept = 0; // patterns, what was not there, and what is not written in the file
};
// The text of a test's file with what was found in place of what was expected; comments and everything else stay.
UpdatedTests withFoundValues(const QByteArray &text, const PlacedJson &document, const QList<Mismatch> &found);

// The outcomes in a recorded file, or those chosen of them. Errors: InvalidInput, NotFound names what is missing.
Result<Json> recordedMocks(const Json &recorded, const QStringList &chosen, const QString &file);

} // namespace engine
