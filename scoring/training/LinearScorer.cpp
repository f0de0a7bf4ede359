#include "scoring/training/LinearScorer.h"

#include "engine/base/WideRegisters.h"

#include <QCoreApplication>

#include <algorithm>
#include <limits>

namespace scoring {

namespace {

struct LinearScorerText
{
    Q_DECLARE_TR_FUNCTIONS(LinearScorerText)
};

constexpr int blockRows = 1024; // 8 KiB for each column: a handful of them stays in the first cache
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

bool isFinite(double number) { return std::fabs(number) <= std::numeric_limits<double>::max(); }

QString shownText(std::string_view text)
{
    constexpr qsizetype longest = 60;
    const QString shown = QString::fromUtf8(text.data(), qsizetype(text.size()));
    return shown.size() > longest ? QString(shown.left(longest) + QStringLiteral("…")) : shown;
}

} // namespace

LinearScorer::LinearScorer(std::shared_ptr<const LinearPipelineModel> model, const ScoreOptions &options)
    : m_model(std::move(model))
    , m_pipeline(m_model->pipeline())
    , m_fused(options.fused)
    , m_loops(RowLoops::best())
{
    makeOutputs(options.output);
    prepare();
}

void LinearScorer::makeOutputs(OutputChoice choice)
{
    const auto add = [this](OutputField field, Slot slot) {
        m_outputs.append(std::move(field));
        m_slots.push_back(slot);
    };
    const bool numeric = m_pipeline.link == LinearLink::Identity;
    if (numeric && choice != OutputChoice::Raw)
        add({m_pipeline.target, FieldType::Double, OutputKind::Value, {}}, {Holds::Value, 0});
    else if (choice == OutputChoice::All || choice == OutputChoice::Label)
        add({m_pipeline.target, m_pipeline.targetType, OutputKind::Label, {}}, {Holds::Label, 0});
    if (!numeric && (choice == OutputChoice::All || choice == OutputChoice::Probability)) {
        for (int k = 0; k < m_pipeline.classes.size(); ++k) {
            const QString &category = m_pipeline.classes.at(k);
            add({QStringLiteral("probability(%1)").arg(category), FieldType::Double, OutputKind::Probability, category},
                {Holds::Probability, k});
        }
    }
    if (choice == OutputChoice::Raw) {
        for (int k = 0; k < m_pipeline.rows(); ++k) {
            const bool single = m_pipeline.rows() == 1;
            const QString category = numeric ? QString() : m_pipeline.classes.at(single ? 1 : k);
            const QString name = single ? QStringLiteral("margin") : QStringLiteral("margin(%1)").arg(category);
            add({name, FieldType::Double, OutputKind::Raw, category}, {Holds::Margin, k});
        }
    }
}

void LinearScorer::prepare()
{
    for (const QString &category : m_pipeline.classes)
        m_labels.push_back(numberOfText(category));
    for (const PipelineFeature &feature : m_pipeline.features) {
        Prepared prepared;
        prepared.codes = LevelCodes(feature.levels, feature.type);
        prepared.columnOfLevel.assign(size_t(feature.levels.size()), -1);
        if (feature.imputeLevel)
            prepared.imputeCode = int(feature.levels.indexOf(*feature.imputeLevel));
        prepared.term = {0, feature.mean, feature.scale, feature.imputeValue.value_or(nothing)};
        m_features.push_back(std::move(prepared));
    }
    for (int j = 0; j < m_pipeline.width(); ++j) {
        const DesignColumn &column = m_pipeline.columns.at(j);
        Prepared &prepared = m_features[size_t(column.feature)];
        prepared.columns.push_back(j);
        if (column.level >= 0)
            prepared.columnOfLevel[size_t(column.level)] = j;
    }
    for (Prepared &prepared : m_features) {
        const size_t width = prepared.columnOfLevel.size() + 1;
        prepared.table.assign(size_t(m_pipeline.rows()) * width, 0);
        for (int k = 0; k < m_pipeline.rows(); ++k) {
            for (size_t level = 0; level + 1 < width; ++level) {
                if (prepared.columnOfLevel[level] >= 0)
                    prepared.table[size_t(k) * width + level + 1] =
                        m_pipeline.coefficient(k, prepared.columnOfLevel[level]);
            }
        }
    }
    m_cells.resize(m_features.size());
    m_margins.resize(size_t(m_pipeline.rows()) * blockRows);
    m_design.resize(size_t(m_pipeline.width()));
    m_codes.resize(blockRows);
    m_scratch.resize(size_t(m_pipeline.classes.size()) * blockRows);
    m_probabilities.resize(size_t(m_pipeline.classes.size()));
    m_row.resize(size_t(m_pipeline.rows()));
}

void LinearScorer::makeColumns(int rows, OutputBatch &scored) const
{
    scored.rows = rows;
    scored.problems.clear();
    scored.columns.resize(m_slots.size());
    for (size_t j = 0; j < m_slots.size(); ++j) {
        OutputColumn &column = scored.columns[j];
        if (m_outputs.at(int(j)).type != FieldType::Text) {
            column.numbers.resize(size_t(rows));
            continue;
        }
        column.codes.resize(size_t(rows));
        if (column.texts.empty()) {
            for (const QString &category : m_pipeline.classes)
                column.texts.push_back(category.toStdString());
        }
    }
}

bool LinearScorer::scoreQuickly(const InputBatch &rows, OutputBatch &scored)
{
    engine::clearUpperHalves();
    makeColumns(rows.rows, scored);
    m_refused.clear();
    for (int first = 0; first < rows.rows; first += blockRows) {
        const int count = std::min(blockRows, rows.rows - first);
        if (!addQuickly(rows, first, count))
            return false;
        write(first, count, scored);
    }
    return true;
}

void LinearScorer::score(const InputBatch &rows, OutputBatch &scored)
{
    engine::clearUpperHalves();
    makeColumns(rows.rows, scored);
    for (int first = 0; first < rows.rows; first += blockRows) {
        const int count = std::min(blockRows, rows.rows - first);
        m_first = first;
        m_refused.clear();
        if (!m_fused || !addQuickly(rows, first, count)) {
            m_refused.assign(size_t(count), 0);
            readCells(rows, first, count, scored);
            startMargins(count);
            if (m_fused)
                addFused(count);
            else
                addUnfused(count);
            checkMargins(first, count, scored);
        }
        write(first, count, scored);
    }
}

void LinearScorer::startMargins(int count)
{
    for (int k = 0; k < m_pipeline.rows(); ++k) // + 0.0: no negative zero to begin with
        std::fill_n(&m_margins[size_t(k) * blockRows], count, m_pipeline.intercepts[size_t(k)] + 0.0);
}

// What is missing and not replaced, or infinite, makes the margin so too: one look at the margins is enough.
bool LinearScorer::addQuickly(const InputBatch &rows, int first, int count)
{
    startMargins(count);
    for (size_t f = 0; f < m_features.size(); ++f) {
        const InputColumn &column = rows.columns[f];
        if (!column.invalid.empty())
            return false;
        if (m_pipeline.features.at(int(f)).use == FieldUse::Continuous) {
            if (!m_features[f].columns.empty())
                f = addNumbersQuickly(rows, first, count, f);
            else if (!m_loops.areFinite(column.numbers.data() + first, count))
                return false;
        } else if (!addLevelsQuickly(column, first, count, f)) {
            return false;
        }
    }
    for (int k = 0; k < m_pipeline.rows(); ++k)
        if (!m_loops.areFinite(&m_margins[size_t(k) * blockRows], count))
            return false;
    return true;
}

// From this feature on as many as go together: those that are taken as they are. The last one that was added.
size_t LinearScorer::addNumbersQuickly(const InputBatch &rows, int first, int count, size_t feature)
{
    const auto isPlain = [&](size_t f) {
        const Prepared &prepared = m_features[f];
        return prepared.columns.size() == 1 && m_pipeline.features.at(int(f)).use == FieldUse::Continuous
            && prepared.term.mean == 0 && prepared.term.scale == 1 && std::isnan(prepared.term.impute)
            && rows.columns[f].invalid.empty();
    };
    size_t end = feature;
    m_columns.clear();
    while (end < m_features.size() && isPlain(end))
        m_columns.push_back(rows.columns[end++].numbers.data() + first);
    for (int k = 0; k < m_pipeline.rows(); ++k) {
        double *const margins = &m_margins[size_t(k) * blockRows];
        if (end > feature) {
            const int column = m_features[feature].columns.front();
            m_loops.addColumns(margins,
                               m_columns.data(),
                               &m_pipeline.coefficients[size_t(k) * size_t(m_pipeline.width()) + size_t(column)],
                               int(m_columns.size()),
                               count);
        } else {
            addNumbers(feature, rows.columns[feature].numbers.data() + first, count, k);
        }
    }
    return end > feature ? end - 1 : feature;
}

void LinearScorer::addNumbers(size_t feature, const double *numbers, int count, int k)
{
    RowLoops::Term term = m_features[feature].term;
    for (const int column : m_features[feature].columns) {
        term.coefficient = m_pipeline.coefficient(k, column);
        m_loops.addTerm(&m_margins[size_t(k) * blockRows], numbers, count, term);
    }
}

bool LinearScorer::addLevelsQuickly(const InputColumn &column, int first, int count, size_t feature)
{
    const PipelineFeature &described = m_pipeline.features.at(int(feature));
    const Prepared &prepared = m_features[feature];
    constexpr int32_t unscored = -2;
    const int32_t missing = described.imputeLevel ? prepared.imputeCode : unscored;
    const bool all = described.type == FieldType::Text
        ? prepared.codes.findAll(column.texts.subspan(size_t(first), size_t(count)), missing, m_codes.data())
        : prepared.codes.findAll(column.numbers.subspan(size_t(first), size_t(count)), missing, m_codes.data());
    if (!all && described.badCell != BadCell::Zeros)
        return false;
    if (missing == unscored && *std::min_element(m_codes.begin(), m_codes.begin() + count) == unscored)
        return false;
    addLevels(feature, m_codes.data(), count);
    return true;
}

void LinearScorer::addLevels(size_t feature, const int32_t *codes, int count)
{
    const Prepared &prepared = m_features[feature];
    for (int k = 0; k < m_pipeline.rows(); ++k) {
        double *const margins = &m_margins[size_t(k) * blockRows];
        const double *const table = &prepared.table[size_t(k) * (prepared.columnOfLevel.size() + 1) + 1];
        for (int i = 0; i < count; ++i)
            margins[i] += table[codes[i]];
    }
}

void LinearScorer::readCells(const InputBatch &rows, int first, int count, OutputBatch &scored)
{
    for (int feature = 0; feature < int(m_features.size()); ++feature) {
        const InputColumn &column = rows.columns[size_t(feature)];
        if (m_pipeline.features.at(feature).use == FieldUse::Continuous)
            readNumbers(feature, column, first, count, scored);
        else
            readCodes(feature, column, first, count, scored);
    }
}

LinearScorer::Found
LinearScorer::judge(int feature, bool bad, bool missing, int row, const QString &shown, OutputBatch &scored)
{
    const PipelineFeature &described = m_pipeline.features.at(feature);
    if (bad && (described.badCell == BadCell::Fail || described.badCell == BadCell::NoScore)) {
        const QString reason = shown.isNull()
            ? LinearScorerText::tr("The cell holds no value of the kind that “%1” has.").arg(described.name)
            : LinearScorerText::tr("The model does not know the value “%1” of “%2”.").arg(shown, described.name);
        refuse(row, feature, reason, described.badCell == BadCell::Fail, scored);
        return Found::NoScore;
    }
    const bool imputed =
        described.use == FieldUse::Continuous ? described.imputeValue.has_value() : described.imputeLevel.has_value();
    if (missing && !imputed) {
        refuse(row, feature, LinearScorerText::tr("The value of “%1” is missing.").arg(described.name), false, scored);
        return Found::NoScore;
    }
    return Found::Missing;
}

void LinearScorer::readNumbers(int feature, const InputColumn &column, int first, int count, OutputBatch &scored)
{
    Cells &cells = m_cells[size_t(feature)];
    cells.numbers = column.numbers.data() + first;
    bool plain = column.invalid.empty();
    if (plain) {
        int unusable = 0;
        for (int i = 0; i < count; ++i)
            unusable += !isFinite(cells.numbers[i]);
        plain = unusable == 0;
    }
    if (plain)
        return;
    cells.replaced.assign(cells.numbers, cells.numbers + count);
    for (int i = 0; i < count; ++i) {
        const double number = cells.replaced[size_t(i)];
        const bool invalid = !column.invalid.empty() && column.invalid[size_t(first + i)] != 0;
        if (isFinite(number) && !invalid)
            continue;
        const bool infinite = !invalid && !std::isnan(number);
        const QString shown = infinite ? QString::fromLatin1(number > 0 ? "∞" : "-∞") : QString();
        const Found found = judge(feature, invalid || infinite, true, first + i, shown, scored);
        cells.replaced[size_t(i)] =
            found == Found::Missing ? *m_pipeline.features.at(feature).imputeValue : 0; // 0: no score anyway
    }
    cells.numbers = cells.replaced.data();
}

void LinearScorer::readCodes(int feature, const InputColumn &column, int first, int count, OutputBatch &scored)
{
    const PipelineFeature &described = m_pipeline.features.at(feature);
    const Prepared &prepared = m_features[size_t(feature)];
    const bool text = described.type == FieldType::Text;
    std::vector<int32_t> &codes = m_cells[size_t(feature)].codes;
    codes.resize(size_t(count));
    for (int i = 0; i < count; ++i) {
        const size_t at = size_t(first + i);
        const bool invalid = !column.invalid.empty() && column.invalid[at] != 0;
        const bool missing = !invalid && (text ? column.texts[at].data() == nullptr : std::isnan(column.numbers[at]));
        int code = -1;
        if (!missing && !invalid) {
            code = text ? prepared.codes.find(column.texts[at]) : prepared.codes.find(column.numbers[at]);
            if (code >= 0) {
                codes[size_t(i)] = code;
                continue;
            }
        }
        if (!missing && described.badCell == BadCell::Zeros) {
            codes[size_t(i)] = -1;
            continue;
        }
        const QString shown = missing || invalid ? QString()
            : text                               ? shownText(column.texts[at])
                                                 : shortestText(column.numbers[at]);
        const Found found = judge(feature, !missing, true, first + i, shown, scored);
        codes[size_t(i)] = found == Found::Missing ? prepared.imputeCode : -1;
    }
}

void LinearScorer::refuse(int row, int feature, const QString &reason, bool fails, OutputBatch &scored)
{
    uint8_t &refused = m_refused[size_t(row - m_first)];
    if (refused) // the first reason is enough, unless this one ends all
    {
        if (!fails)
            return;
    }
    refused = 1;
    scored.problems.push_back({row, feature < 0 ? QString() : m_pipeline.features.at(feature).name, reason, fails});
}

void LinearScorer::addFused(int count)
{
    for (size_t f = 0; f < m_features.size(); ++f) {
        if (m_pipeline.features.at(int(f)).use != FieldUse::Continuous) {
            addLevels(f, m_cells[f].codes.data(), count);
            continue;
        }
        for (int k = 0; k < m_pipeline.rows(); ++k)
            addNumbers(f, m_cells[f].numbers, count, k);
    }
}

void LinearScorer::addUnfused(int count)
{
    for (int i = 0; i < count; ++i) {
        for (int j = 0; j < m_pipeline.width(); ++j) {
            const DesignColumn &column = m_pipeline.columns.at(j);
            const PipelineFeature &feature = m_pipeline.features.at(column.feature);
            const Cells &cells = m_cells[size_t(column.feature)];
            m_design[size_t(j)] = column.level >= 0 ? (cells.codes[size_t(i)] == column.level ? 1.0 : 0.0)
                                                    : (cells.numbers[i] - feature.mean) / feature.scale;
        }
        for (int k = 0; k < m_pipeline.rows(); ++k) {
            double margin = m_margins[size_t(k) * blockRows + size_t(i)];
            for (int j = 0; j < m_pipeline.width(); ++j)
                margin += m_pipeline.coefficient(k, j) * m_design[size_t(j)];
            m_margins[size_t(k) * blockRows + size_t(i)] = margin;
        }
    }
}

void LinearScorer::checkMargins(int first, int count, OutputBatch &scored)
{
    for (int k = 0; k < m_pipeline.rows(); ++k) {
        const double *const margins = &m_margins[size_t(k) * blockRows];
        int beyond = 0;
        for (int i = 0; i < count; ++i)
            beyond += !isFinite(margins[i]);
        for (int i = 0; beyond > 0 && i < count; ++i) {
            if (!isFinite(margins[i]))
                refuse(first + i,
                       -1,
                       LinearScorerText::tr("The values are so large that the result overflows."),
                       false,
                       scored);
        }
    }
}

// Of a row of the block.
int LinearScorer::decide(int row) const
{
    const auto probability = [&](int category) { return m_probabilities[size_t(category)][row]; };
    if (m_pipeline.link == LinearLink::Logit) {
        const int positive = m_pipeline.positive;
        const double p = probability(positive);
        const bool is = p > m_pipeline.threshold || (p == m_pipeline.threshold && positive == 0);
        return is ? positive : 1 - positive;
    }
    int most = 0;
    for (int k = 1; k < m_pipeline.rows(); ++k)
        most = probability(k) > probability(most) ? k : most;
    return most;
}

// With two classes straight into the columns of the output: a row costs one exponential and two divisions, and nothing
// else should show.
void LinearScorer::computeProbabilities(int first, int count, OutputBatch &scored)
{
    const size_t classes = m_probabilities.size();
    for (size_t k = 0; k < classes; ++k)
        m_probabilities[k] = &m_scratch[k * blockRows];
    if (m_pipeline.link == LinearLink::Logit) {
        double *to[2] = {m_scratch.data(), m_scratch.data() + blockRows};
        for (size_t j = 0; j < m_slots.size(); ++j)
            if (m_slots[j].holds == Holds::Probability)
                to[m_slots[j].index] = scored.columns[j].numbers.data() + first;
        m_loops.logistic(m_margins.data(), count, to[0], to[1]);
        m_probabilities = {to[0], to[1]};
        return;
    }
    for (int i = 0; i < count; ++i) {
        for (size_t k = 0; k < classes; ++k)
            m_row[k] = m_margins[k * blockRows + size_t(i)];
        if (m_pipeline.link == LinearLink::Softmax)
            softmax(m_row);
        else
            oneVsRest(m_row);
        for (size_t k = 0; k < classes; ++k)
            m_scratch[k * blockRows + size_t(i)] = m_row[k];
    }
}

void LinearScorer::writeLabels(int first, int count, OutputColumn &labels) const
{
    for (int i = 0; i < count; ++i) {
        const int label = decide(i);
        if (m_pipeline.targetType == FieldType::Text)
            labels.codes[size_t(first + i)] = label;
        else
            labels.numbers[size_t(first + i)] = m_labels[size_t(label)];
    }
}

void LinearScorer::write(int first, int count, OutputBatch &scored)
{
    const bool isAsked = std::ranges::any_of(
        m_slots, [](const Slot &slot) { return slot.holds == Holds::Label || slot.holds == Holds::Probability; });
    if (isAsked)
        computeProbabilities(first, count, scored);
    for (size_t j = 0; j < m_slots.size(); ++j) {
        OutputColumn &column = scored.columns[j];
        const Slot slot = m_slots[j];
        if (slot.holds == Holds::Label) {
            writeLabels(first, count, column);
            continue;
        }
        double *const to = column.numbers.data() + first;
        const double *const from = slot.holds == Holds::Probability
            ? m_probabilities[size_t(slot.index)]
            : &m_margins[size_t(slot.holds == Holds::Margin ? slot.index : 0) * blockRows];
        if (to != from)
            std::copy_n(from, count, to);
    }
    for (size_t i = 0; i < m_refused.size(); ++i) {
        if (m_refused[i] == 0)
            continue;
        for (size_t j = 0; j < m_slots.size(); ++j) {
            if (m_outputs.at(int(j)).type == FieldType::Text)
                scored.columns[j].codes[size_t(first) + i] = -1;
            else
                scored.columns[j].numbers[size_t(first) + i] = nothing;
        }
    }
}

} // namespace scoring
