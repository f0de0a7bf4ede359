#include "app/ctl/Commands.h"
#include "app/ctl/ProblemText.h"
#include "engine/model/ProblemPlace.h"
#include "engine/model/Validator.h"
#include "engine/notebook/NotebookJob.h"
#include "engine/service/EngineSettings.h"

#include <QCoreApplication>
#include <QDir>
#include <QSaveFile>

#include <algorithm>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct ValidateCommandText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::ValidateCommand)
};

// What one file is changed by.
struct Applied
{
    QString where;
    QString title;
};

// Of one file, the last first, so that the places of those before stay what they are. A second fix of one place waits
// for the next round.
Result<QList<Applied>> repairFile(const QString &folder, const QString &file, const QList<Problem> &problems)
{
    const QString path = folder + u'/' + file;
    Result<QByteArray> text = FolderTree(folder).read(file);
    if (!text)
        return text.error();
    QList<Applied> applied;
    QStringList touched;
    for (auto problem = problems.crbegin(); problem != problems.crend(); ++problem) {
        QStringList paths;
        for (const FixEdit &edit : problem->repair->edits)
            paths.append(edit.path);
        const bool isTouched = std::any_of(paths.cbegin(), paths.cend(), [&touched](const QString &changed) {
            return std::any_of(touched.cbegin(), touched.cend(), [&changed](const QString &other) {
                return other.startsWith(changed) || changed.startsWith(other);
            });
        });
        if (isTouched)
            continue;
        const Result<QByteArray> repaired = applyFix(*text, *problem->repair);
        if (!repaired || *repaired == *text)
            continue;
        text = *repaired;
        touched += paths;
        applied.prepend({problem->where, problem->repair->title});
    }
    if (applied.isEmpty())
        return applied;
    QSaveFile saved(path);
    if (!saved.open(QIODevice::WriteOnly) || saved.write(*text) != text->size() || !saved.commit())
        return Error{ErrorCode::Io,
                     ValidateCommandText::tr("%1 cannot be written: %2. Look whether there is space and a right to.")
                         .arg(path, saved.errorString()),
                     path};
    return applied;
}

// Applies the safe fixes until none is left; each round may make room for others.
Result<QList<Applied>> repairFolder(const QString &folder, const KnownMachine &machine)
{
    constexpr int mostRounds = 16;
    QList<Applied> all;
    for (int round = 0; round < mostRounds; ++round) {
        QMap<QString, QList<Problem>> byFile;
        for (const Problem &problem : validate(readFactory(FolderTree(folder)).factory, machine)) {
            if (problem.repair && problem.repair->isSafe)
                byFile[fileOf(problem)].append(problem);
        }
        const qsizetype before = all.size();
        for (auto problems = byFile.cbegin(); problems != byFile.cend(); ++problems) {
            const Result<QList<Applied>> applied = repairFile(folder, problems.key(), *problems);
            if (!applied)
                return applied.error();
            all += *applied;
        }
        if (all.size() == before)
            break;
    }
    return all;
}

// As the engine would find them, with the Python of its settings.
QStringList installedKernels(const Session &session)
{
    NotebookEnvironment environment;
    environment.kernelFolders = {ownKernelsFolder()};
    if (const Result<EngineSettings> settings = EngineSettings::read(session.places().settings))
        environment.python = settings->python;
    return findKernelSpecs(environment).keys();
}

class ValidateCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("validate"); }
    QString summary() const override { return ValidateCommandText::tr("Check the factory folder; needs no engine."); }

    void addOptions(QCommandLineParser &parser) const override
    {
        parser.addOption({QStringLiteral("fix"),
                          ValidateCommandText::tr("Correct what can have been meant in one way only, and say what.")});
    }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const Result<QString> folder = session.factoryFolder();
        if (!folder)
            return session.fail(folder.error());
        const KnownMachine machine{.kernels = installedKernels(session)};
        QList<Applied> applied;
        if (parser.isSet(QStringLiteral("fix"))) {
            const Result<QList<Applied>> repaired = repairFolder(*folder, machine);
            if (!repaired)
                return session.fail(repaired.error());
            applied = *repaired;
        }
        const FolderTree tree(*folder);
        const FactoryReading reading = checkFactory(tree, machine);
        return report(*folder, reading.factory, reading.problems, applied, session);
    }

private:
    static int report(const QString &folder,
                      const Factory &factory,
                      const QList<Problem> &problems,
                      const QList<Applied> &applied,
                      const Session &session)
    {
        Json corrected = Json::array();
        for (const Applied &one : applied) {
            corrected.push_back({{"where", toStdString(one.where)}, {"title", toStdString(one.title)}});
            session.say(ValidateCommandText::tr("corrected %1\n         %2").arg(one.where, one.title));
        }
        int errors = 0;
        Json list = Json::array();
        for (const Problem &problem : problems) {
            errors += problem.severity == Problem::Severity::Error ? 1 : 0;
            list.push_back(toJson(problem));
            session.say(problemText(list.back()));
        }
        session.say(
            ValidateCommandText::tr("%n pipeline(s)", nullptr, int(factory.pipelines.size())) + QStringLiteral(", ")
            + ValidateCommandText::tr("%n dataset(s)", nullptr, int(factory.datasets.size())) + QStringLiteral(", ")
            + ValidateCommandText::tr("%n linked service(s)", nullptr, int(factory.linkedServices.size()))
            + QStringLiteral(", ") + ValidateCommandText::tr("%n trigger(s)", nullptr, int(factory.triggers.size()))
            + QStringLiteral(": ")
            + (errors == 0 ? ValidateCommandText::tr("no errors")
                           : ValidateCommandText::tr("%n error(s)", nullptr, errors)));
        session.print(Json{{"factory", toStdString(folder)},
                           {"errors", errors},
                           {"corrected", corrected},
                           {"problems", list},
                           {"pipelines", factory.pipelines.size()},
                           {"datasets", factory.datasets.size()},
                           {"linkedServices", factory.linkedServices.size()},
                           {"triggers", factory.triggers.size()}});
        return errors == 0 ? Done : CheckFailed;
    }
};

} // namespace

std::unique_ptr<Command> makeValidateCommand() { return std::make_unique<ValidateCommand>(); }

} // namespace ctl
