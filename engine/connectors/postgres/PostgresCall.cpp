#include "engine/connectors/NearNames.h"
#include "engine/connectors/postgres/PostgresSession.h"
#include "engine/connectors/SqlScript.h"

#include <QCoreApplication>
#include <QMap>

namespace engine {

namespace {

struct PostgresCallText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PostgresCall)
};

struct Argument
{
    QString name;
    QString mode; // i in, o out, b both, v variadic, t a column of the result
    QString type; // as SQL spells it
    bool hasDefault = false;
    bool isInput() const { return mode == u"i" || mode == u"b" || mode == u"v"; }
};

struct Routine
{
    QString schema;
    QString name;
    bool isProcedure = false;
    QList<Argument> arguments;
    QString qualified() const { return qualifiedName(schema, name); }
};

// Every routine of that name, upper and lower case the same as in SQL Server, without a schema those of the search
// path.
Result<QList<Routine>> findRoutines(PostgresConnection &connection, const QString &schema, const QString &name)
{
    const QByteArray place =
        schema.isEmpty() ? "n.nspname = ANY(current_schemas(false))" : "lower(n.nspname) = lower($2)";
    QList<QString> given{name};
    if (!schema.isEmpty())
        given.append(schema);
    const auto rows = connection.query(
        "SELECT p.oid, n.nspname, p.proname, p.prokind, p.pronargs - p.pronargdefaults, a.name, coalesce(a.mode, 'i'), "
        "format_type(a.type, NULL) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace LEFT JOIN LATERAL "
        "unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargnames, p.proargmodes) WITH ORDINALITY AS "
        "a(type, name, mode, place) ON true WHERE p.prokind IN ('p', 'f') AND lower(p.proname) = lower($1) AND "
            + place + " ORDER BY p.proname <> $1, p.oid, a.place",
        given);
    if (!rows)
        return rows.error();
    QList<Routine> routines;
    QString last;
    int inputs = 0;
    for (int row = 0; row < rows->count(); ++row) {
        if (rows->text(row, 0) != last) {
            last = rows->text(row, 0);
            inputs = 0;
            routines.append({rows->text(row, 1), rows->text(row, 2), rows->text(row, 3) == u"p", {}});
        }
        if (rows->text(row, 7).isNull())
            continue; // it has no arguments
        Argument argument{rows->text(row, 5), rows->text(row, 6), rows->text(row, 7)};
        if (argument.isInput())
            argument.hasDefault = inputs++ >= rows->integer(row, 4); // those at the end have
        routines.last().arguments.append(argument);
    }
    return routines;
}

const SqlParameter *valueFor(const Argument &argument, const QList<SqlParameter> &parameters)
{
    for (const SqlParameter &parameter : parameters) {
        if (parameter.name.compare(argument.name, Qt::CaseInsensitive) == 0)
            return &parameter;
    }
    return nullptr;
}

// Why the routine cannot be called so; empty = it can.
QString misfit(const Routine &routine, const QList<SqlParameter> &parameters)
{
    QStringList names;
    for (const Argument &argument : routine.arguments) {
        names.append(argument.name);
        const bool isNeeded = argument.isInput() && !argument.hasDefault;
        if (isNeeded && argument.name.isEmpty())
            return PostgresCallText::tr("a parameter of it has no name: give it one in the database");
        if (isNeeded && !valueFor(argument, parameters))
            return PostgresCallText::tr("its parameter “%1” has no value and no default").arg(argument.name);
    }
    for (const SqlParameter &parameter : parameters) {
        if (!names.contains(parameter.name, Qt::CaseInsensitive))
            return PostgresCallText::tr("it has no parameter “%1”").arg(parameter.name);
    }
    return {};
}

// A null text is NULL. Whatever standard_conforming_strings says, backslashes stay what they are.
QString quoteLiteral(QString text)
{
    if (text.isNull())
        return QStringLiteral("NULL");
    const bool hasEscapes = text.contains(u'\\');
    text.replace(u'\'', QStringLiteral("''"));
    if (hasEscapes)
        text.replace(u'\\', QStringLiteral("\\\\"));
    return (hasEscapes ? QStringLiteral(" E'") : QStringLiteral("'")) + text + u'\'';
}

PostgresCall callOf(const Routine &routine, const QList<SqlParameter> &parameters)
{
    PostgresCall call;
    QStringList arguments;
    QStringList literals;
    call.isProcedure = routine.isProcedure;
    for (const Argument &argument : routine.arguments) {
        const SqlParameter *value = valueFor(argument, parameters);
        if (argument.isInput() && value) {
            call.parameters.append({postgresText(value->value), 0});
            call.names.append(argument.name);
            call.types.append(argument.type);
            arguments.append(QStringLiteral("%1 => $%2::%3")
                                 .arg(quoteIdentifier(argument.name))
                                 .arg(call.parameters.size())
                                 .arg(argument.type));
            literals.append(
                QStringLiteral("%1 => %2::%3")
                    .arg(quoteIdentifier(argument.name), quoteLiteral(call.parameters.last().text), argument.type));
        } else if (routine.isProcedure && argument.mode == u"o") {
            arguments.append(QStringLiteral("%1 => NULL").arg(quoteIdentifier(argument.name)));
            literals.append(arguments.last());
        }
    }
    const QString start =
        (routine.isProcedure ? QStringLiteral("CALL ") : QStringLiteral("SELECT * FROM ")) + routine.qualified();
    call.text = start + u'(' + arguments.join(QStringLiteral(", ")) + u')';
    call.literalText = start + u'(' + literals.join(QStringLiteral(", ")) + u')';
    return call;
}

} // namespace

Result<PostgresCall>
planPostgresCall(PostgresConnection &connection, const QString &procedure, const QList<SqlParameter> &parameters)
{
    const QString where = QStringLiteral("storedProcedureName");
    const QStringList parts = partsOfSqlName(procedure);
    const QString schema = parts.size() > 1 ? parts.at(parts.size() - 2) : QString();
    const auto routines = findRoutines(connection, schema, parts.last());
    if (!routines)
        return routines.error();
    if (routines->isEmpty()) {
        QStringList names;
        const auto others = connection.query(
            "SELECT DISTINCT n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = "
            "p.pronamespace WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ORDER BY 1 LIMIT "
            "50");
        for (int i = 0; others && i < others->count(); ++i)
            names.append(others->text(i, 0));
        return Error{ErrorCode::NotFound,
                     PostgresCallText::tr("The database has no procedure or function “%1”. %2")
                         .arg(procedure, suggestName(parts.join(u'.'), names))
                         .trimmed(),
                     where};
    }
    QList<Routine> fitting;
    QString reason;
    for (const Routine &routine : *routines) {
        const QString why = misfit(routine, parameters);
        if (why.isEmpty())
            fitting.append(routine);
        else if (reason.isEmpty())
            reason = why;
    }
    if (fitting.isEmpty())
        return Error{ErrorCode::InvalidInput,
                     PostgresCallText::tr("“%1” cannot be called so: %2.").arg(procedure, reason),
                     QStringLiteral("storedProcedureParameters")};
    const auto named = [&fitting](const Routine &routine) { return routine.name == fitting.first().name; };
    if (std::count_if(fitting.cbegin(), fitting.cend(), named) > 1)
        return Error{ErrorCode::InvalidInput,
                     PostgresCallText::tr("More than one “%1” in the database takes these parameters: give the one "
                                          "that is meant a name of its own.")
                         .arg(procedure),
                     where};
    return callOf(fitting.first(), parameters);
}

} // namespace engine
