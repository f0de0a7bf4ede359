#include "scoring/training/LinearScorer.h"

#include "engine/base/WideRegisters.h"

#include <QCoreApplication>

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

// margins += coefficient * (numbers − mean) / scale, row by row in this order of operations.
void addNumbers(double *margins, const double *numbers, int count, double coefficient, double mean, double scale)
{
    if (mean == 0 && scale == 1) {
        for (int i = 0; i < count; ++i)
            margins[i] += coefficient * numbers[i];
        return;
    }
    for (int i = 0; i < count; ++i)
        margins[i] += coefficient * ((numbers[i] - mean) / scale);
}

} // namespace

LinearScorer::LinearScorer(std::shared_ptr<const LinearPipelineModel> model, const ScoreOptions &options)
    : m_model(std::move(model))
    , m_pipeline(m_model->pipeline())
    , m_fused(options.fused)
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
}

void LinearScorer::score(const InputBatch &rows, OutputBatch &scored)
{
    engine::clearUpperHalves();
    scored.rows = rows.rows;
    scored.problems.clear();
    scored.columns.resize(m_slots.size());
    for (size_t j = 0; j < m_slots.size(); ++j) {
        OutputColumn &column = scored.columns[j];
        if (m_outputs.at(int(j)).type != FieldType::Text) {
            column.numbers.resize(size_t(rows.rows));
            continue;
        }
        column.codes.resize(size_t(rows.rows));
        if (column.texts.empty()) {
            for (const QString &category : m_pipeline.classes)
                column.texts.push_back(category.toStdString());
        }
    }
    for (int first = 0; first < rows.rows; first += blockRows) {
        const int count = std::min(blockRows, rows.rows - first);
        m_refused.assign(size_t(count), 0);
        m_first = first;
        readCells(rows, first, count, scored);
        for (int k = 0; k < m_pipeline.rows(); ++k) // + 0.0: no negative zero to begin with
            std::fill_n(&m_margins[size_t(k) * blockRows], count, m_pipeline.intercepts[size_t(k)] + 0.0);
        if (m_fused)
            addFused(count);
        else
            addUnfused(count);
        checkMargins(first, count, scored);
        write(first, count, scored);
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
        const PipelineFeature &feature = m_pipeline.features.at(int(f));
        const Prepared &prepared = m_features[f];
        const Cells &cells = m_cells[f];
        for (int k = 0; k < m_pipeline.rows(); ++k) {
            double *const margins = &m_margins[size_t(k) * blockRows];
            if (feature.use == FieldUse::Continuous) {
                for (const int column : prepared.columns)
                    addNumbers(
                        margins, cells.numbers, count, m_pipeline.coefficient(k, column), feature.mean, feature.scale);
                continue;
            }
            const double *const table = &prepared.table[size_t(k) * (prepared.columnOfLevel.size() + 1) + 1];
            for (int i = 0; i < count; ++i)
                margins[i] += table[cells.codes[size_t(i)]];
        }
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

int LinearScorer::decide(const double *probabilities) const
{
    if (m_pipeline.link == LinearLink::Logit) {
        const int positive = m_pipeline.positive;
        const double p = probabilities[positive];
        const bool is = p > m_pipeline.threshold || (p == m_pipeline.threshold && positive == 0);
        return is ? positive : 1 - positive;
    }
    return int(std::max_element(probabilities, probabilities + m_pipeline.rows()) - probabilities);
}

// Column by column: with two classes a row costs one exponential and two divisions, and nothing else should show.
void LinearScorer::writeTwoProbabilities(int first, int count, OutputBatch &scored)
{
    m_probabilities.resize(2 * size_t(blockRows));
    double *const of0 = m_probabilities.data();
    double *const of1 = of0 + blockRows;
    for (int i = 0; i < count; ++i) {
        const TwoProbabilities both = logistic(m_margins[size_t(i)]);
        of0[i] = both.of0;
        of1[i] = both.of1;
    }
    for (size_t j = 0; j < m_slots.size(); ++j) {
        const double *const from = m_slots[j].index == 0 ? of0 : of1;
        double *const to = scored.columns[j].numbers.data() + first;
        std::copy_n(from, count, to);
        for (int i = 0; i < count; ++i) {
            if (m_refused[size_t(i)] != 0)
                to[i] = nothing;
        }
    }
}

void LinearScorer::write(int first, int count, OutputBatch &scored)
{
    const bool probabilitiesOnly =
        std::all_of(m_slots.begin(), m_slots.end(), [](const Slot &slot) { return slot.holds == Holds::Probability; });
    if (probabilitiesOnly && m_pipeline.link == LinearLink::Logit) {
        writeTwoProbabilities(first, count, scored);
        return;
    }
    const int classes = int(m_pipeline.classes.size());
    std::vector<double> row(size_t(std::max(classes, m_pipeline.rows())));
    for (int i = 0; i < count; ++i) {
        const bool refused = m_refused[size_t(i)] != 0;
        if (m_pipeline.link == LinearLink::Logit) {
            const TwoProbabilities both = logistic(m_margins[size_t(i)]);
            row[0] = both.of0;
            row[1] = both.of1;
        } else {
            for (int k = 0; k < m_pipeline.rows(); ++k)
                row[size_t(k)] = m_margins[size_t(k) * blockRows + size_t(i)];
            if (m_pipeline.link == LinearLink::Softmax)
                softmax(row);
            else if (m_pipeline.link == LinearLink::OneVsRest)
                oneVsRest(row);
        }
        for (size_t j = 0; j < m_slots.size(); ++j) {
            OutputColumn &column = scored.columns[j];
            const Slot slot = m_slots[j];
            const size_t at = size_t(first + i);
            if (slot.holds != Holds::Label) {
                const double value = slot.holds == Holds::Margin ? m_margins[size_t(slot.index) * blockRows + size_t(i)]
                                                                 : row[size_t(slot.index)];
                column.numbers[at] = refused ? nothing : value;
                continue;
            }
            const int label = refused ? -1 : decide(row.data());
            if (m_pipeline.targetType == FieldType::Text)
                column.codes[at] = label;
            else
                column.numbers[at] = refused ? nothing : m_labels[size_t(label)];
        }
    }
}

} // namespace scoring
