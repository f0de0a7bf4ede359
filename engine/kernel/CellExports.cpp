#include "engine/kernel/BoundTables.h"
#include "engine/kernel/CellRun.h"

#include "scoring/ModelFile.h"
#include "scoring/registry/ModelDrift.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QUuid>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace engine {

namespace {

struct CellExportsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::CellExports)
};

Error optionError(const QList<StatementOption> &options, const QString &name, const QString &message)
{
    for (const StatementOption &option : options) {
        if (option.name == name)
            return errorAt(option.position, message);
    }
    return {ErrorCode::InvalidInput, message, {}};
}

} // namespace

Result<> CellRun::run(const ExportModel &out)
{
    const Result<KernelModel> model = m_world.models.find(out.model);
    if (!model)
        return model.error();
    const Result<QString> path = file(out.file);
    if (!path)
        return path.error();
    const qsizetype position = m_cell.startOf(out.file.first);
    const scoring::ModelFormat format = scoring::formatNamed(*path).value_or(scoring::ModelFormat::Pmml);
    const Result<QByteArray> written = scoring::writeModel(*model->model, format, *path);
    if (!written)
        return errorAt(position, written.error().message, written.error().code);
    QDir().mkpath(QFileInfo(*path).absolutePath());
    const auto write = [position](const QString &name, const QByteArray &content) -> Result<> {
        QSaveFile target(name);
        if (!target.open(QIODevice::WriteOnly) || target.write(content) != content.size() || !target.commit())
            return errorAt(position,
                           CellExportsText::tr("%1 cannot be written: %2.").arg(name, target.errorString()),
                           ErrorCode::Io);
        return {};
    };
    if (Result<> done = write(*path, *written); !done || !model->card)
        return done;
    return write(scoring::cardPathFor(*path), toPretty(model->card->json)); // who imports it sees drift, too
}

// The rows go into a file beside it, which then takes its place: nobody sees half a file.
Result<> CellRun::run(const ExportRows &out)
{
    const Result<QMap<QString, Json>> given = values(out.options,
                                                     {QStringLiteral("uri"),
                                                      QStringLiteral("format"),
                                                      QStringLiteral("header"),
                                                      QStringLiteral("overwrite"),
                                                      QStringLiteral("field_delimiter"),
                                                      QStringLiteral("compression")});
    if (!given)
        return given.error();
    const auto text = [&given](const char *name, const QString &fallback = {}) {
        const Json value = given->value(QLatin1String(name));
        return value.is_string() ? toQString(value.get_ref<const std::string &>()) : fallback;
    };
    const QString path = m_world.context.pathHere(text("uri"));
    if (path.isEmpty())
        return errorAt(out.position, CellExportsText::tr("EXPORT DATA needs uri = 'file' in its OPTIONS."));
    const QString format = text("format", QStringLiteral("CSV")).toUpper();
    QStringList settings;
    if (format == u"CSV") {
        const Json header = given->value(QStringLiteral("header"), true);
        settings = {QStringLiteral("FORMAT csv"),
                    header == true ? QStringLiteral("HEADER true") : QStringLiteral("HEADER false"),
                    QStringLiteral("DELIMITER ") + duckText(text("field_delimiter", QStringLiteral(",")))};
    } else if (format == u"PARQUET" || format == u"JSON") {
        settings = {QStringLiteral("FORMAT ") + format.toLower()};
    } else {
        return optionError(out.options,
                           QStringLiteral("format"),
                           CellExportsText::tr("The format is CSV, PARQUET or JSON, not %1.").arg(format));
    }
    if (const QString compression = text("compression").toLower(); !compression.isEmpty())
        settings += QStringLiteral("COMPRESSION ") + duckText(compression);
    if (QFileInfo::exists(path) && given->value(QStringLiteral("overwrite")) != true)
        return optionError(out.options,
                           QStringLiteral("uri"),
                           CellExportsText::tr("%1 is there already: overwrite = true replaces it.").arg(path));
    QueryRewriter rewriter(m_cell, m_world);
    const Result<MappedText> query = rewriter.rewrite(out.query);
    if (!query)
        return query.error();
    const QString folder = QFileInfo(path).absolutePath();
    if (!QDir().mkpath(folder))
        return optionError(
            out.options, QStringLiteral("uri"), CellExportsText::tr("The folder %1 cannot be made.").arg(folder));
    const QString part = folder + QStringLiteral("/.") + QFileInfo(path).fileName() + u'.'
        + QUuid::createUuid().toString(QUuid::Id128).left(8);
    const QString begin = QStringLiteral("COPY (");
    const QString sql = begin + QString::fromUtf8(query->text())
        + QStringLiteral("\n) TO %1 (%2)").arg(duckText(part), settings.join(QStringLiteral(", ")));
    const Result<ShownTable> copied = show(sql, {}, false); // says how many rows
    if (!copied) {
        QFile::remove(part);
        return rewriter.placed(copied.error(), *query, begin.size());
    }
    if (std::rename(QFile::encodeName(part).constData(), QFile::encodeName(path).constData()) != 0) {
        const QString why = QString::fromLocal8Bit(std::strerror(errno));
        QFile::remove(part);
        return optionError(
            out.options, QStringLiteral("uri"), CellExportsText::tr("%1 cannot be written: %2.").arg(path, why));
    }
    return {};
}

} // namespace engine
