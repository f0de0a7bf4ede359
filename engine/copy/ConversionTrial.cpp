#include "engine/copy/CopyTrial.h"

#include "engine/connectors/ValueText.h"
#include "engine/copy/ColumnMatch.h"
#include "engine/copy/Endpoints.h"
#include "engine/data/TypeConversion.h"
#include "engine/data/ValueConversion.h"

#include <QCoreApplication>

#include <cmath>

namespace engine {

namespace {

constexpr int mostSamples = 5;

// The context of this file's texts for translators.
struct ConversionTrialText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ConversionTrial)
};

Column oneValue(InterimType type)
{
    Column column;
    column.type = type;
    column.resize(1);
    return column;
}

bool isTemporal(InterimType type)
{
    return type == InterimType::DateTime || type == InterimType::DateTimeOffset || type == InterimType::TimeSpan;
}

bool isNumber(InterimType type)
{
    return type == InterimType::Decimal || storageOf(type) == Storage::Real
        || (storageOf(type) == Storage::Integer && !isTemporal(type) && type != InterimType::Boolean);
}

bool reads(InterimType type, std::string_view text)
{
    const auto converter = TextConverter::make(type, {});
    Column column = oneValue(type);
    Arena arena;
    return converter && converter->convert(text, column, 0, arena);
}

// Whether the text is a number that would fit after its fraction, or digits, are given up.
bool fitsWhenCut(std::string_view text, InterimType type)
{
    const auto converter = TextConverter::make(InterimType::Double, {});
    Column number = oneValue(InterimType::Double);
    Arena arena;
    if (!converter || !converter->convert(text, number, 0, arena) || !std::isfinite(number.reals[0]))
        return false;
    const double cut = std::trunc(number.reals[0]);
    if (type == InterimType::Decimal)
        return std::abs(cut) < 1e38;
    if (storageOf(type) == Storage::Real)
        return true;
    if (std::abs(cut) >= 0x1p63)
        return false;
    return reads(type, std::to_string(int64_t(cut)));
}

// Of a value that the conversion refused.
bool isLossy(const std::string &text, InterimType type)
{
    if (isNumber(type))
        return fitsWhenCut(text, type);
    if (type == InterimType::DateTime || type == InterimType::DateTimeOffset)
        return reads(InterimType::DateTimeOffset, text) || reads(InterimType::DateTime, text);
    return false;
}

// Of a converted value that the sink's column does not hold as it is.
bool isLossyInSink(const Column &value)
{
    if (value.type == InterimType::String)
        return value.bytes[0].find('\0') == std::string_view::npos; // else too long
    if (isTemporal(value.type) || storageOf(value.type) == Storage::Real)
        return true;
    std::string text;
    appendText(text, value, 0);
    return text.find('.') != std::string::npos;
}

class ConversionTrial
{
public:
    ConversionTrial(const CopyPlan &plan, const CancelToken &cancel)
        : m_plan(plan)
        , m_cancel(cancel)
        , m_source(makeSource(plan, cancel))
        , m_sink(makeSink(plan.sink))
    {
    }

    Result<ConversionPreview> look(int rows);

private:
    struct Way
    {
        int batchColumn = 0;
        InterimType type = InterimType::String;
        int sinkColumn = 0;
        std::optional<ValueConverter> converter;
        QString whyNone; // there is no way at all
    };

    Result<> open();
    Result<> makeWays(const ColumnMatch &match, const QList<SourceColumn> &source, const QList<SinkColumn> &sink);
    void lookAtRow(const RowBatch &batch, int row);
    bool lookAtValue(const Way &way, ConversionColumn &column, const RowBatch &batch, int row);
    static void addSample(ConversionColumn &column, const ConversionSample &sample);
    void addProblem(const RowProblem &problem);

    const CopyPlan &m_plan;
    CancelToken m_cancel;
    std::unique_ptr<Source> m_source;
    std::unique_ptr<Sink> m_sink;
    bool m_emptyIsNull = false;
    QList<ProjectedColumn> m_raw;
    std::vector<Way> m_ways; // by column of the preview
    ConversionPreview m_preview;
};

Result<>
ConversionTrial::makeWays(const ColumnMatch &match, const QList<SourceColumn> &source, const QList<SinkColumn> &sink)
{
    QMap<int, int> places; // source column → batch column
    for (int i = 0; i < match.projection.size(); ++i) {
        const ProjectedColumn &wanted = match.projection.at(i);
        const SourceColumn &from = source.at(wanted.source);
        const SinkColumn &to = sink.at(match.sinkColumns.at(i));
        if (!places.contains(wanted.source)) {
            places.insert(wanted.source, int(m_raw.size()));
            m_raw.append({wanted.source, from.type, {}, false});
        }
        Way way{places.value(wanted.source), wanted.type, match.sinkColumns.at(i), {}, {}};
        auto converter = ValueConverter::make(from.type,
                                              {.to = wanted.type,
                                               .format = wanted.format,
                                               .treatBooleanAsNumber = wanted.treatBooleanAsNumber,
                                               .culture = wanted.culture});
        if (converter)
            way.converter = *std::move(converter);
        else if (converter.error().code == ErrorCode::Unsupported)
            way.whyNone = converter.error().message;
        else
            return converter.error().at(from.name);
        m_ways.push_back(std::move(way));
        m_preview.columns.append({.source = from.name,
                                  .sourceType = toString(from.type),
                                  .sink = to.name,
                                  .sinkType = toString(wanted.type),
                                  .physicalType = to.physicalType,
                                  .nullable = to.nullable,
                                  .worst = {}});
    }
    return {};
}

Result<> ConversionTrial::open()
{
    const auto source = m_source->open();
    if (!source)
        return source.error();
    auto sink = m_sink->open(m_cancel);
    if (!sink)
        return sink.error();
    if (m_sink->makesColumns()) {
        sink = proposeColumns(m_plan, *source);
        if (!sink)
            return sink.error();
        if (const Result<> defined = m_sink->define(*sink); !defined)
            return defined;
    }
    const auto match = matchColumns(m_plan, *source, *sink);
    if (!match)
        return match.error();
    m_preview.ignored = match->ignored;
    for (int i = 0; i < sink->size(); ++i) {
        if (!match->sinkColumns.contains(i))
            m_preview.unmapped.append(sink->at(i).name);
    }
    m_emptyIsNull = std::holds_alternative<CsvFileSource>(m_plan.source);
    if (const Result<> made = makeWays(*match, *source, *sink); !made)
        return made;
    return m_source->project(m_raw);
}

void ConversionTrial::addSample(ConversionColumn &column, const ConversionSample &sample)
{
    QList<ConversionSample> &worst = column.worst;
    for (const ConversionSample &known : std::as_const(worst)) {
        if (known.value == sample.value && known.isLossy == sample.isLossy)
            return; // five different ones say more
    }
    if (worst.size() < mostSamples) {
        worst.append(sample);
    } else if (!sample.isLossy) {
        for (qsizetype i = worst.size() - 1; i >= 0; --i) {
            if (worst.at(i).isLossy) {
                worst[i] = sample;
                break;
            }
        }
    }
    std::stable_sort(worst.begin(), worst.end(), [](const auto &a, const auto &b) { return a.isLossy < b.isLossy; });
}

bool ConversionTrial::lookAtValue(const Way &way, ConversionColumn &column, const RowBatch &batch, int row)
{
    const Column &from = batch.columns[size_t(way.batchColumn)];
    const bool isText = from.type == InterimType::String;
    const bool isNull = !from.valid[size_t(row)]
        || (m_emptyIsNull && isText && way.type != InterimType::String && from.bytes[size_t(row)].empty());
    ConversionSample sample{.row = batch.rowNumbers[size_t(row)],
                            .line = batch.lineNumbers.empty() ? 0 : batch.lineNumbers[size_t(row)],
                            .file = batch.file,
                            .value = displayedValue(from, row),
                            .message = {}};
    if (isNull && column.nullable) {
        ++column.nulls;
        return true;
    }
    if (isNull) {
        sample.value = QStringLiteral("NULL");
        sample.message = ConversionTrialText::tr("The column “%1” must have a value (NOT NULL).").arg(column.sink);
    } else if (!way.converter) {
        sample.message = way.whyNone;
    } else {
        Column value = oneValue(way.type);
        Arena arena;
        if (!way.converter->convert(from, row, value, 0, arena)) {
            std::string text;
            appendText(text, from, row);
            sample.isLossy = isLossy(text, way.type);
            sample.message =
                ConversionTrialText::tr("It is no %1: %2.").arg(toString(way.type), way.converter->reason(from, row));
        } else if (const auto refused = m_sink->refusal(way.sinkColumn, value)) {
            sample.isLossy = isLossyInSink(value);
            sample.message = *refused;
        } else {
            ++column.ok;
            return true;
        }
    }
    ++(sample.isLossy ? column.lossy : column.failing);
    addSample(column, sample);
    return false;
}

void ConversionTrial::lookAtRow(const RowBatch &batch, int row)
{
    bool isGood = true;
    for (size_t i = 0; i < m_ways.size(); ++i)
        isGood = lookAtValue(m_ways[i], m_preview.columns[qsizetype(i)], batch, row) && isGood;
    ++m_preview.rows;
    ++(isGood ? m_preview.good : m_preview.bad);
}

void ConversionTrial::addProblem(const RowProblem &problem)
{
    ++m_preview.rows;
    ++m_preview.bad;
    ++m_preview.ragged;
    if (m_preview.rowProblems.size() < mostSamples)
        m_preview.rowProblems.append({problem.row, problem.line, problem.file, problem.value, false, problem.message});
}

Result<ConversionPreview> ConversionTrial::look(int rows)
{
    if (const Result<> opened = open(); !opened)
        return opened.error();
    RowBatch batch;
    while (m_preview.rows < rows) {
        if (m_cancel.isCancelled())
            return Error{ErrorCode::Cancelled, {}, {}};
        const auto answer = m_source->read(batch);
        if (const auto *more = std::get_if<bool>(&answer)) {
            if (!*more)
                return m_preview;
            const int room = int(std::min<qint64>(batch.rows, rows - m_preview.rows));
            for (int row = 0; row < room; ++row)
                lookAtRow(batch, row);
            if (room < batch.rows) {
                m_preview.more = true;
                return m_preview;
            }
            continue;
        }
        const auto &what = std::get<Source::ReadError>(answer).what;
        if (const auto *error = std::get_if<Error>(&what))
            return *error;
        addProblem(std::get<RowProblem>(what));
    }
    const auto next = m_source->read(batch);
    const bool *more = std::get_if<bool>(&next);
    m_preview.more = !more || *more;
    return m_preview;
}

} // namespace

Result<ConversionPreview> previewConversion(const CopyPlan &plan, int rows, const CancelToken &cancel)
{
    return ConversionTrial(plan, cancel).look(rows);
}

} // namespace engine
