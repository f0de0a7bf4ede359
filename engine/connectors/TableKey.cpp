#include "engine/connectors/TableKey.h"

#include "engine/connectors/SqlScript.h"

#include <QCoreApplication>

#include <algorithm>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct TableKeyText
{
    Q_DECLARE_TR_FUNCTIONS(engine::TableKey)
};

Error invalid(const QString &message)
{
    return {ErrorCode::InvalidInput, message, QStringLiteral("upsertSettings.keys")};
}

bool hasExactly(const TableKey &key, const QStringList &wanted)
{
    return key.columns.size() == wanted.size()
        && std::all_of(wanted.cbegin(), wanted.cend(), [&key](const QString &column) {
               return key.columns.contains(column, Qt::CaseInsensitive);
           });
}

} // namespace

Result<TableKey>
chooseKey(const QList<TableKey> &keys, const QStringList &wanted, const QStringList &loaded, const QString &table)
{
    const auto found = std::find_if(keys.cbegin(), keys.cend(), [&wanted](const TableKey &key) {
        return wanted.isEmpty() ? key.isPrimary : hasExactly(key, wanted);
    });
    if (found == keys.cend()) {
        if (wanted.isEmpty())
            return invalid(TableKeyText::tr("The table “%1” has no primary key to upsert by: name the columns of a "
                                            "unique index in upsertSettings.keys.")
                               .arg(table));
        QStringList there;
        for (const TableKey &key : keys)
            there += u'(' + key.columns.join(QStringLiteral(", ")) + u')';
        const QString which = there.isEmpty()
            ? TableKeyText::tr("It has no unique index at all.")
            : TableKeyText::tr("It has unique keys on: %1.").arg(there.join(QStringLiteral(", ")));
        return invalid(
            TableKeyText::tr("The table “%1” has no primary key or unique index on exactly (%2), so an upsert "
                             "cannot tell its rows apart: make one, or name other keys. %3")
                .arg(table, wanted.join(QStringLiteral(", ")), which));
    }
    for (const QString &column : found->columns) {
        if (!loaded.contains(column))
            return invalid(TableKeyText::tr("The key column “%1” of the upsert gets no value: map a column of the "
                                            "source to it.")
                               .arg(column));
    }
    return *found;
}

QByteArray tableDefinition(const QList<SinkColumn> &columns, const QStringList &keys)
{
    QStringList parts;
    for (const SinkColumn &column : columns)
        parts += quoteIdentifier(column.name) + u' ' + column.physicalType;
    QStringList quoted;
    for (const QString &key : keys)
        quoted += quoteIdentifier(key);
    if (!quoted.isEmpty())
        parts += QStringLiteral("PRIMARY KEY (%1)").arg(quoted.join(QStringLiteral(", ")));
    return parts.join(QStringLiteral(", ")).toUtf8();
}

} // namespace engine
