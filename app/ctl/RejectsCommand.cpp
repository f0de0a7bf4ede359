#include "app/ctl/Commands.h"
#include "app/ctl/CopyPlaces.h"
#include "app/ctl/RejectPlaces.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QSaveFile>

#include <cstdio>

using namespace engine;

namespace ctl {

namespace {

constexpr qsizetype widestCell = 40;

// The context of this file's texts for translators.
struct RejectsCommandText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::RejectsCommand)
};

QString shown(const QString &text)
{
    const QString line = printable(text);
    return line.size() <= widestCell ? line : line.left(widestCell - 1) + QChar(0x2026);
}

QString usage()
{
    return RejectsCommandText::tr("Usage: slipwayctl rejects list|export RUN|FILE | show RUN|FILE ID | edit RUN|FILE "
                                  "ID,…|all COLUMN=VALUE … | reload RUN|FILE [ID,…]");
}

Result<QList<qint64>> idsFrom(const QString &text)
{
    QList<qint64> ids;
    if (text == u"all")
        return ids;
    for (const QString &part : text.split(u',', Qt::SkipEmptyParts)) {
        bool isNumber = false;
        ids.append(part.toLongLong(&isNumber));
        if (!isNumber)
            return Error{ErrorCode::InvalidInput, RejectsCommandText::tr("\"%1\" is no row's id.").arg(part), part};
    }
    return ids;
}

class RejectsCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("rejects"); }
    QString summary() const override
    {
        return RejectsCommandText::tr("The rows a copy has left out: see, correct, load them again, export them.");
    }
    QString arguments() const override { return QStringLiteral("list|show|edit|export|reload RUN|FILE …"); }

    void addOptions(QCommandLineParser &parser) const override
    {
        const auto add = [&](const char *key, const QString &text, const QString &value = {}) {
            if (value.isEmpty())
                parser.addOption({QLatin1String(key), text});
            else
                parser.addOption({QLatin1String(key), text, value});
        };
        add("activity",
            RejectsCommandText::tr("Which copy of the run, when there are several."),
            QStringLiteral("NAME"));
        add("state",
            RejectsCommandText::tr("Only rows that are Rejected, Corrected, Loading or Loaded."),
            QStringLiteral("STATE,…"));
        add("column", RejectsCommandText::tr("Only rows with a bad value there."), QStringLiteral("NAME"));
        add("reason", RejectsCommandText::tr("Only rows with this error code."), QStringLiteral("CODE"));
        add("limit", RejectsCommandText::tr("How many rows list shows (50)."), QStringLiteral("N"));
        add("null", RejectsCommandText::tr("edit: the column gets NULL."), QStringLiteral("COLUMN"));
        add("reset", RejectsCommandText::tr("edit: take the corrections back."));
        add("as-it-was", RejectsCommandText::tr("export: without the corrections."));
        add("out", RejectsCommandText::tr("export: into this file."), QStringLiteral("FILE"));
        add("to",
            RejectsCommandText::tr("reload of a FILE: where the rows go, as copy's --to."),
            QStringLiteral("SINK#TABLE"));
    }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const QStringList words = positional(parser);
        static const QStringList verbs = {QStringLiteral("list"),
                                          QStringLiteral("show"),
                                          QStringLiteral("edit"),
                                          QStringLiteral("export"),
                                          QStringLiteral("reload")};
        if (words.size() < 2 || !verbs.contains(words.first()))
            return session.failUsage(usage());
        auto place = placeOf(parser, session, words.at(1));
        if (!place)
            return session.fail(place.error());
        const QString &verb = words.first();
        if (verb == u"list" && words.size() == 2)
            return list(parser, session, **place);
        if (verb == u"export" && words.size() == 2)
            return exportRows(parser, session, **place);
        if (verb == u"reload" && words.size() <= 3)
            return reload(session, **place, words.value(2, QStringLiteral("all")));
        if (verb == u"show" && words.size() == 3)
            return show(session, **place, words.at(2));
        if (verb == u"edit" && words.size() >= 3)
            return edit(parser, session, **place, words);
        return session.failUsage(usage());
    }

private:
    static Result<std::unique_ptr<RejectPlace>>
    placeOf(const QCommandLineParser &parser, Session &session, const QString &word)
    {
        if (QFileInfo(word).isFile()) {
            std::optional<CopySink> sink;
            if (const QString to = parser.value(QStringLiteral("to")); !to.isEmpty()) {
                const auto read = sinkFrom(to, QStringLiteral("--to"));
                if (!read)
                    return read.error();
                sink = *read;
            }
            return fileRejects(QFileInfo(word).absoluteFilePath(), sink);
        }
        if (const Result<QString> factory = session.factory(); !factory)
            return factory.error();
        return runRejects(session, word, parser.value(QStringLiteral("activity")));
    }

    static Result<RejectQuery> queryOf(const QCommandLineParser &parser)
    {
        RejectQuery query{.limit = 50};
        for (const QString &name : parser.value(QStringLiteral("state")).split(u',', Qt::SkipEmptyParts)) {
            const auto state = rejectStateFromString(name);
            if (!state)
                return Error{ErrorCode::InvalidInput,
                             RejectsCommandText::tr("There is no state \"%1\" of a rejected row.").arg(name),
                             QStringLiteral("--state")};
            query.states.append(*state);
        }
        if (parser.isSet(QStringLiteral("column")))
            query.column = parser.value(QStringLiteral("column"));
        query.reason = parser.value(QStringLiteral("reason"));
        if (const QString limit = parser.value(QStringLiteral("limit")); !limit.isEmpty())
            query.limit = std::clamp<qint64>(limit.toLongLong(), 1, 1000);
        return query;
    }

    static int list(const QCommandLineParser &parser, const Session &session, RejectPlace &place)
    {
        const auto query = queryOf(parser);
        if (!query)
            return session.fail(query.error());
        const auto page = place.page(*query);
        if (!page)
            return session.fail(page.error());
        session.print(toJson(*page));
        QList<QStringList> rows;
        for (const RejectedRow &row : page->rows)
            rows.append({QString::number(row.id),
                         number(row.row),
                         shown(row.column),
                         shown(row.value),
                         toString(row.state),
                         printable(row.message)});
        session.say(table({RejectsCommandText::tr("Id"),
                           RejectsCommandText::tr("Row"),
                           RejectsCommandText::tr("Column"),
                           RejectsCommandText::tr("Value"),
                           RejectsCommandText::tr("State"),
                           RejectsCommandText::tr("Why")},
                          rows));
        const RejectSummary &summary = page->summary;
        session.say(RejectsCommandText::tr("%1 rejected, %2 corrected, %3 loaded")
                        .arg(number(summary.rejected), number(summary.corrected), number(summary.loaded)));
        if (summary.counted > summary.kept)
            session.say(RejectsCommandText::tr("%1 more were counted and not kept.")
                            .arg(number(summary.counted - summary.kept)));
        if (!summary.canReload && !summary.whyNot.isEmpty())
            session.say(summary.whyNot);
        return Done;
    }

    static int show(const Session &session, RejectPlace &place, const QString &id)
    {
        const auto ids = idsFrom(id);
        if (!ids)
            return session.fail(ids.error());
        // Pages of a run are asked for by filter; the row is looked for among them.
        RejectQuery query{.order = RejectQuery::Order::Id, .limit = 1000};
        while (true) {
            const auto page = place.page(query);
            if (!page)
                return session.fail(page.error());
            for (const RejectedRow &row : page->rows) {
                if (ids->contains(row.id)) {
                    say(session, page->columns, row);
                    return Done;
                }
            }
            query.offset += query.limit;
            if (query.offset >= page->total)
                return session.fail(
                    {ErrorCode::NotFound, RejectsCommandText::tr("There is no rejected row %1.").arg(id), id});
        }
    }

    static void say(const Session &session, const QList<RejectColumn> &columns, const RejectedRow &row)
    {
        session.print(toJson(row));
        session.say(RejectsCommandText::tr("Row %1, line %2 of %3: %4")
                        .arg(number(row.row), number(row.line), printable(row.file), toString(row.state)));
        session.say(printable(row.message));
        for (qsizetype i = 0; i < columns.size(); ++i) {
            const QString &name = columns.at(i).name;
            const auto textOf = [](const std::optional<QString> &text) {
                return text ? printable(*text) : QStringLiteral("NULL");
            };
            QString line = QStringLiteral("  %1 = ").arg(printable(name));
            if (row.fields && i < row.fields->size())
                line += textOf(row.fields->at(i));
            if (const auto value = row.values.constFind(name); value != row.values.constEnd())
                line += QStringLiteral(" → ") + textOf(*value);
            session.say(line);
        }
        if (row.problem)
            session.say(printable(row.problem->message));
    }

    static int
    edit(const QCommandLineParser &parser, const Session &session, RejectPlace &place, const QStringList &words)
    {
        const auto ids = idsFrom(words.at(2));
        if (!ids)
            return session.fail(ids.error());
        RejectedRow::Values values;
        for (const QString &word : words.mid(3)) {
            const qsizetype equals = word.indexOf(u'=');
            if (equals < 1)
                return session.failUsage(usage());
            values.insert(word.left(equals), word.mid(equals + 1));
        }
        for (const QString &column : parser.values(QStringLiteral("null")))
            values.insert(column, std::nullopt);
        const auto changed = place.edit(*ids, values, parser.isSet(QStringLiteral("reset")));
        if (!changed)
            return session.fail(changed.error());
        session.print(*changed);
        for (const Json &row : memberAt(*changed, "rows")) {
            if (const Json &problem = memberAt(row, "problem"); problem.is_object())
                session.say(
                    printable(QStringLiteral("%1: %2").arg(intAt(row, "id")).arg(stringAt(problem, "message"))));
        }
        session.say(RejectsCommandText::tr("%1 rows can be loaded, %2 cannot")
                        .arg(number(intAt(*changed, "ok")), number(intAt(*changed, "notOk"))));
        return intAt(*changed, "notOk") == 0 || parser.isSet(QStringLiteral("reset")) ? Done : CheckFailed;
    }

    static int exportRows(const QCommandLineParser &parser, const Session &session, RejectPlace &place)
    {
        const auto query = queryOf(parser);
        if (!query)
            return session.fail(query.error());
        const auto csv = place.csv(*query, !parser.isSet(QStringLiteral("as-it-was")));
        if (!csv)
            return session.fail(csv.error());
        const QString out = parser.value(QStringLiteral("out"));
        if (out.isEmpty()) {
            std::fwrite(csv->constData(), 1, size_t(csv->size()), stdout);
            return Done;
        }
        QSaveFile file(out);
        if (!file.open(QIODevice::WriteOnly) || file.write(*csv) != csv->size() || !file.commit())
            return session.fail({ErrorCode::Io,
                                 RejectsCommandText::tr("\"%1\" cannot be written: %2").arg(out, file.errorString()),
                                 out});
        return Done;
    }

    static int reload(const Session &session, RejectPlace &place, const QString &word)
    {
        const auto ids = idsFrom(word);
        if (!ids)
            return session.fail(ids.error());
        const auto record = place.reload(*ids);
        if (!record)
            return session.fail(record.error());
        session.print(toJson(*record));
        session.say(RejectsCommandText::tr("%1 of %2 rows loaded, %3 refused again")
                        .arg(number(record->loaded), number(record->rows), number(record->refused)));
        if (!record->error.isEmpty())
            session.say(printable(record->error.message));
        return record->state == ReloadRecord::State::Loaded && record->refused == 0 ? Done : CheckFailed;
    }
};

} // namespace

std::unique_ptr<Command> makeRejectsCommand() { return std::make_unique<RejectsCommand>(); }

} // namespace ctl
