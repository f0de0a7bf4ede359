#include "app/ctl/CopyLoad.h"

#include <QCoreApplication>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct CopyLoadText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::CopyLoad)
};

// Of a sink that is a table; nullptr of others.
LoadOptions *optionsOf(CopySink &sink)
{
    return std::visit(
        [](auto &described) -> LoadOptions * {
            if constexpr (requires { described.options; })
                return &described.options;
            else
                return nullptr;
        },
        sink);
}

} // namespace

void addLoadOptions(QCommandLineParser &parser)
{
    parser.addOption({QStringLiteral("write-behavior"),
                      CopyLoadText::tr("insert (the default), or upsert: a row replaces the one with its key."),
                      CopyLoadText::tr("HOW")});
    parser.addOption({QStringLiteral("keys"),
                      CopyLoadText::tr("The columns an upsert goes by, of a unique index (the primary key)."),
                      CopyLoadText::tr("COLUMN,…")});
    parser.addOption({QStringLiteral("create"), CopyLoadText::tr("Make the table when it is not there.")});
    parser.addOption({QStringLiteral("retries"),
                      CopyLoadText::tr("How often to begin again when the sink is busy or gone for a moment (0)."),
                      CopyLoadText::tr("N")});
}

Result<> readLoadOptions(const QCommandLineParser &parser, CopyPlan &plan)
{
    LoadOptions read;
    const QString behavior = parser.value(QStringLiteral("write-behavior"));
    if (behavior.compare(u"upsert", Qt::CaseInsensitive) == 0)
        read.behavior = LoadOptions::Behavior::Upsert;
    else if (!behavior.isEmpty() && behavior.compare(u"insert", Qt::CaseInsensitive) != 0)
        return Error{ErrorCode::InvalidInput, CopyLoadText::tr("--write-behavior takes insert or upsert."), {}};
    const QStringList keys = parser.value(QStringLiteral("keys")).split(u',', Qt::SkipEmptyParts);
    for (const QString &key : keys)
        read.keys += key.trimmed();
    if (!keys.isEmpty() && read.behavior != LoadOptions::Behavior::Upsert)
        return Error{
            ErrorCode::InvalidInput, CopyLoadText::tr("--keys means something with --write-behavior upsert only."), {}};
    read.makesTable = parser.isSet(QStringLiteral("create"));
    bool isNumber = true;
    if (const QString retries = parser.value(QStringLiteral("retries")); !retries.isEmpty())
        plan.retry.count = retries.toInt(&isNumber);
    if (!isNumber || plan.retry.count < 0)
        return Error{ErrorCode::InvalidInput, CopyLoadText::tr("--retries takes a number from 0 on."), {}};
    plan.retry.wait = std::chrono::seconds(1);
    LoadOptions *const options = optionsOf(plan.sink);
    if (options)
        *options = read;
    else if (read.makesTable || read.behavior != LoadOptions::Behavior::Insert)
        return Error{ErrorCode::InvalidInput, CopyLoadText::tr("--write-behavior and --create are for a table."), {}};
    return {};
}

} // namespace ctl
