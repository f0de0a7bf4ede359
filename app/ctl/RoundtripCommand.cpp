#include "app/ctl/Commands.h"
#include "engine/model/Roundtrip.h"

#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct RoundtripCommandText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::RoundtripCommand)
};

struct Totals
{
    int files = 0;
    int identical = 0;
    int differing = 0;
    int invalid = 0;
    int edited = 0;
};

class RoundtripCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("roundtrip"); }
    QString summary() const override
    {
        return RoundtripCommandText::tr("Read and write again every JSON file below DIR, in memory; 1 when one differs "
                                        "(invalid ones are listed and count as 0).");
    }
    QString arguments() const override { return QStringLiteral("DIR"); }

    void addOptions(QCommandLineParser &parser) const override
    {
        parser.addOption({QStringLiteral("edit"),
                          RoundtripCommandText::tr("Change the description of each pipeline too, in memory: only the "
                                                   "lines of it may change.")});
    }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const QStringList words = positional(parser);
        if (words.size() != 1)
            return session.failUsage(RoundtripCommandText::tr("Usage: slipwayctl roundtrip DIR [--edit]"));
        const QDir root(QFileInfo(words.first()).absoluteFilePath());
        if (!QFileInfo(words.first()).isDir())
            return session.fail({ErrorCode::NotFound,
                                 RoundtripCommandText::tr("There is no folder %1.").arg(words.first()),
                                 words.first()});
        Totals totals;
        Json list = Json::array();
        for (const QString &path : filesBelow(root)) {
            const Roundtrip result = check(root, path, parser.isSet(QStringLiteral("edit")));
            count(result, totals);
            if (result.outcome == Roundtrip::Outcome::Identical)
                continue;
            const bool isInvalid = result.outcome == Roundtrip::Outcome::Invalid;
            session.say(QStringLiteral("%1  %2  %3")
                            .arg(isInvalid ? RoundtripCommandText::tr("invalid") : RoundtripCommandText::tr("differs"),
                                 printable(result.where),
                                 printable(result.message)));
            list.push_back({{"file", toStdString(path)},
                            {"outcome", isInvalid ? "invalid" : "differing"},
                            {"where", toStdString(result.where)},
                            {"message", toStdString(result.message)}});
        }
        if (parser.isSet(QStringLiteral("edit")))
            session.say(RoundtripCommandText::tr("%n pipeline(s) edited", nullptr, totals.edited));
        // The last line is for programs as well: it is the same in every language.
        session.say(QStringLiteral("%1 files, %2 identical, %3 differing, %4 invalid")
                        .arg(totals.files)
                        .arg(totals.identical)
                        .arg(totals.differing)
                        .arg(totals.invalid));
        session.print({{"files", totals.files},
                       {"identical", totals.identical},
                       {"differing", totals.differing},
                       {"invalid", totals.invalid},
                       {"edited", totals.edited},
                       {"results", list}});
        return totals.differing == 0 ? Done : CheckFailed;
    }

private:
    // Every JSON file, hidden folders included; what git keeps for itself is nobody's document.
    static QStringList filesBelow(const QDir &root)
    {
        QStringList paths;
        QDirIterator each(root.path(),
                          {QStringLiteral("*.json")},
                          QDir::Files | QDir::Hidden | QDir::NoSymLinks,
                          QDirIterator::Subdirectories);
        while (each.hasNext()) {
            const QString path = root.relativeFilePath(each.next());
            if (!path.startsWith(u".git/") && !path.contains(u"/.git/"))
                paths.append(path);
        }
        std::sort(paths.begin(), paths.end());
        return paths;
    }

    static Roundtrip check(const QDir &root, const QString &path, bool withEdit)
    {
        QFile file(root.filePath(path));
        if (!file.open(QIODevice::ReadOnly))
            return {Roundtrip::Outcome::Invalid, path, file.errorString(), false};
        const QByteArray text = file.readAll();
        return withEdit ? roundtripEdit(text, path) : roundtrip(text, path);
    }

    static void count(const Roundtrip &result, Totals &totals)
    {
        ++totals.files;
        totals.edited += result.isEdited ? 1 : 0;
        switch (result.outcome) {
        case Roundtrip::Outcome::Identical:
            ++totals.identical;
            break;
        case Roundtrip::Outcome::Differing:
            ++totals.differing;
            break;
        case Roundtrip::Outcome::Invalid:
            ++totals.invalid;
            break;
        }
    }
};

} // namespace

std::unique_ptr<Command> makeRoundtripCommand() { return std::make_unique<RoundtripCommand>(); }

} // namespace ctl
