#include "engine/copy/AdditionalColumns.h"

#include "engine/connectors/NearNames.h"

#include <QCoreApplication>
#include <QUrl>

#include <algorithm>

namespace engine {
namespace {

struct AdditionalColumnsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::AdditionalColumns)
};

constexpr QStringView nullPartition = u"__HIVE_DEFAULT_PARTITION__";

// The path below a folder; the whole one when it is elsewhere.
QString below(const QString &path, const QString &folder)
{
    return !folder.isEmpty() && path.startsWith(folder + u'/') ? path.mid(folder.size() + 1) : path;
}

struct Partition
{
    QString name;
    QString value;
};

// "year=2026/month=05/a.csv": the folders alone count.
QList<Partition> partitionsOf(const QString &path)
{
    QList<Partition> partitions;
    const QStringList folders = path.split(u'/', Qt::SkipEmptyParts);
    for (qsizetype i = 0; i + 1 < folders.size(); ++i) {
        const qsizetype sign = folders.at(i).indexOf(u'=');
        if (sign > 0)
            partitions.append(
                {folders.at(i).left(sign), QUrl::fromPercentEncoding(folders.at(i).mid(sign + 1).toUtf8())});
    }
    return partitions;
}

} // namespace

AdditionalColumns::AdditionalColumns(std::unique_ptr<Source> source, AdditionalColumnsPlan plan)
    : m_source(std::move(source))
    , m_plan(std::move(plan))
    , m_added(m_plan.columns)
{
}

AdditionalColumns::~AdditionalColumns() = default;

// The folders of the first file name the columns; those of the others have to name the same.
Result<> AdditionalColumns::addPartitions()
{
    m_firstPartition = m_added.size();
    if (!m_plan.partitionRoot)
        return {};
    const auto namesIn = [](const QList<Partition> &partitions) {
        QStringList names;
        for (const Partition &partition : partitions)
            names += partition.name;
        return names;
    };
    QStringList names;
    QString first;
    const Json fingerprint = m_source->fingerprint();
    for (const Json &file : memberAt(fingerprint, "files")) {
        const QString path = below(stringAt(file, "path"), m_plan.storeRoot);
        const QStringList found = namesIn(partitionsOf(below(path, *m_plan.partitionRoot)));
        if (first.isEmpty()) {
            first = path;
            names = found;
        } else if (found != names) {
            return Error{ErrorCode::InvalidInput,
                         AdditionalColumnsText::tr("The folders of %1 name other columns than those of %2: the files "
                                                   "of one source are in folders of the same names.")
                             .arg(path, first),
                         path};
        }
    }
    for (const QString &name : names)
        m_added.append({AdditionalColumn::Kind::Literal, name, {}, false});
    return {};
}

Result<QList<SourceColumn>> AdditionalColumns::open()
{
    auto columns = m_source->open();
    if (!columns)
        return columns;
    m_sourceColumns = int(columns->size());
    m_added = m_plan.columns;
    if (const Result<> partitions = addPartitions(); !partitions)
        return partitions.error();
    QStringList names;
    for (const SourceColumn &column : *columns)
        names += column.name;
    m_repeated.clear();
    const QStringList own = names;
    for (const AdditionalColumn &column : m_added) {
        if (names.contains(column.name))
            return Error{ErrorCode::InvalidInput,
                         AdditionalColumnsText::tr("The source has a column “%1” already: give the additional one "
                                                   "another name.")
                             .arg(column.name),
                         {}};
        names += column.name;
        SourceColumn added{column.name, InterimType::String};
        qsizetype repeated = -1;
        if (column.kind == AdditionalColumn::Kind::Column) {
            repeated = own.indexOf(column.value);
            if (repeated < 0)
                return Error{ErrorCode::InvalidInput,
                             AdditionalColumnsText::tr("The source has no column “%1”, which “%2” is to repeat. %3")
                                 .arg(column.value, column.name, suggestName(column.value, own)),
                             {}};
            added.type = columns->at(repeated).type;
        }
        m_repeated.push_back(int(repeated));
        columns->append(added);
    }
    return columns;
}

Result<> AdditionalColumns::project(const QList<ProjectedColumn> &columns)
{
    m_filled.clear();
    m_width = size_t(columns.size());
    QList<ProjectedColumn> own;
    for (qsizetype place = 0; place < columns.size(); ++place) {
        ProjectedColumn column = columns.at(place);
        const int added = column.source - m_sourceColumns;
        if (added >= 0 && m_repeated.at(size_t(added)) < 0) {
            auto converter =
                TextConverter::make(column.type, {column.format, column.treatBooleanAsNumber, column.culture});
            if (!converter)
                return converter.error().at(m_added.at(added).name);
            m_filled.push_back({size_t(place), added, *std::move(converter)});
            continue;
        }
        if (added >= 0)
            column.source = m_repeated.at(size_t(added));
        own += column;
    }
    return m_source->project(own);
}

std::optional<QString> AdditionalColumns::valueOf(int column, const QString &file) const
{
    const AdditionalColumn &added = m_added.at(column);
    if (column >= m_firstPartition) {
        const QList<Partition> partitions = partitionsOf(below(file, *m_plan.partitionRoot));
        const qsizetype index = column - m_firstPartition;
        if (index >= partitions.size() || partitions.at(index).value == nullPartition)
            return std::nullopt;
        return partitions.at(index).value;
    }
    if (added.kind == AdditionalColumn::Kind::FilePath)
        return below(file, m_plan.filePathFolder);
    return added.isNull ? std::nullopt : std::optional(added.value);
}

// Behind those of the source, when these are as many as its columns.
void AdditionalColumns::addFields(RowProblem::Fields &fields, const QString &file) const
{
    if (fields.size() != size_t(m_sourceColumns))
        return;
    for (int i = 0; i < m_added.size(); ++i) {
        const int repeated = m_repeated.at(size_t(i));
        if (repeated >= 0) {
            const std::optional<QByteArray> field = fields.at(size_t(repeated));
            fields.push_back(field);
        } else {
            const std::optional<QString> value = valueOf(i, file);
            fields.push_back(value ? std::optional(value->toUtf8()) : std::nullopt);
        }
    }
}

std::optional<RowProblem::Fields> AdditionalColumns::fieldsOf(const RowProblem &row) const
{
    auto fields = m_source->fieldsOf(row);
    if (fields)
        addFields(*fields, row.file);
    return fields;
}

// The same value in every row: converted once, into the batch's own memory.
Result<> AdditionalColumns::fill(RowBatch &batch, const Added &added, Column &column) const
{
    const std::optional<QString> value = valueOf(added.column, batch.file);
    column.type = added.converter.type();
    column.resize(0);
    column.resize(batch.rows);
    if (!value || batch.rows == 0)
        return {};
    const std::string_view text = batch.arena.copy(value->toStdString());
    if (!added.converter.convert(text, column, 0, batch.arena))
        return Error{
            ErrorCode::InvalidInput,
            AdditionalColumnsText::tr("The additional column “%1” has the value “%2”, which is no %3: %4.")
                .arg(m_added.at(added.column).name, *value, toString(column.type), added.converter.reason(text)),
            batch.file};
    const auto repeat = [](auto &values) {
        if (!values.empty())
            std::fill(values.begin() + 1, values.end(), values.front());
    };
    repeat(column.valid);
    repeat(column.integers);
    repeat(column.reals);
    repeat(column.bytes);
    repeat(column.offsets);
    return {};
}

// What is wrong with a row of the source is told with all the columns.
std::variant<bool, Source::ReadError> AdditionalColumns::readSource(RowBatch &batch)
{
    auto answer = m_source->read(batch);
    auto *const failed = std::get_if<ReadError>(&answer);
    auto *const problem = failed ? std::get_if<RowProblem>(&failed->what) : nullptr;
    if (problem && problem->fields)
        addFields(*problem->fields, problem->file);
    return answer;
}

std::variant<bool, Source::ReadError> AdditionalColumns::read(RowBatch &batch)
{
    if (m_filled.empty())
        return readSource(batch);
    // The source finds its own columns again, with their memory.
    std::vector<Column> added(m_filled.size());
    if (batch.columns.size() == m_width) {
        std::vector<Column> own;
        size_t next = 0;
        for (size_t place = 0; place < batch.columns.size(); ++place) {
            const bool isAdded = next < m_filled.size() && m_filled[next].place == place;
            if (isAdded)
                added[next++] = std::move(batch.columns[place]);
            else
                own.push_back(std::move(batch.columns[place]));
        }
        batch.columns = std::move(own);
    }
    std::variant<bool, ReadError> answer = readSource(batch);
    const bool *const more = std::get_if<bool>(&answer);
    if (!more || !*more)
        return answer;
    for (size_t i = 0; i < m_filled.size(); ++i) {
        if (const Result<> filled = fill(batch, m_filled[i], added[i]); !filled) {
            batch.clear();
            return ReadError{filled.error()};
        }
        batch.columns.insert(batch.columns.begin() + std::ptrdiff_t(m_filled[i].place), std::move(added[i]));
    }
    return answer;
}

} // namespace engine
