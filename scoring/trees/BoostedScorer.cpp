#include "scoring/trees/BoostedScorer.h"

#include "scoring/trees/MarginLinks.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>

namespace scoring::trees {

namespace {

struct ScorerText
{
    Q_DECLARE_TR_FUNCTIONS(ScorerText)
};

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

bool isMissingText(std::string_view text) { return text.data() == nullptr; }

} // namespace

BoostedScorer::BoostedScorer(std::shared_ptr<const BoostedModel> model, OutputChoice choice, int rounds)
    : m_model(std::move(model))
    , m_trees(m_model->trees())
    , m_choice(choice)
    , m_rounds(rounds)
    , m_treeCount(rounds > 0 ? m_trees.roundEnds[size_t(rounds) - 1] : 0)
    , m_isFloat(m_trees.ensemble.shape().precision == Precision::Float)
    , m_march(m_trees.ensemble)
    , m_columns(size_t(m_trees.inputs.size()))
    , m_coded(size_t(m_trees.inputs.size()))
{
    declareOutputs();
}

void BoostedScorer::declareOutputs()
{
    const QStringList &classes = m_model->description().classes;
    const int outputs = m_trees.ensemble.shape().outputs;
    const FieldType number = m_isFloat ? FieldType::Float : FieldType::Double;
    if (m_choice == OutputChoice::Leaf) {
        for (int tree = 1; tree <= m_treeCount; ++tree)
            m_outputs << OutputField{QStringLiteral("leaf(%1)").arg(tree), FieldType::Integer, OutputKind::Leaf, {}};
        return;
    }
    if (m_choice == OutputChoice::Raw || classes.isEmpty()) {
        const bool isRaw = m_choice == OutputChoice::Raw;
        const QString name = isRaw ? QStringLiteral("margin") : QStringLiteral("prediction");
        for (int k = 0; k < outputs; ++k) {
            const QString category = classes.size() == outputs ? classes[k] : QString();
            const QString of = category.isEmpty() ? QString::number(k + 1) : category;
            m_outputs << OutputField{outputs == 1 ? name : QStringLiteral("%1(%2)").arg(name, of),
                                     number,
                                     isRaw ? OutputKind::Raw : OutputKind::Value,
                                     category};
        }
        return;
    }
    if (m_choice != OutputChoice::Probability)
        m_outputs << OutputField{QStringLiteral("label"), FieldType::Integer, OutputKind::Label, {}};
    if (m_choice != OutputChoice::Label && m_trees.meaning != Meaning::Sign)
        for (const QString &category : classes)
            m_outputs << OutputField{
                QStringLiteral("probability(%1)").arg(category), number, OutputKind::Probability, category};
}

void BoostedScorer::refuse(int row, int input, const QString &reason, OutputBatch &scored)
{
    if (m_refused[size_t(row)] != 0)
        return; // one reason is enough
    m_refused[size_t(row)] = 1;
    scored.problems.push_back({row, m_trees.inputs[input].name, reason});
}

void BoostedScorer::takeCategories(const InputBatch &rows, int input, OutputBatch &scored)
{
    const CategoryCodes &codes = *m_trees.codes[size_t(input)];
    const InputColumn &column = rows.columns[size_t(input)];
    std::vector<double> &coded = m_coded[size_t(input)];
    coded.assign(size_t(rows.rows), missing);
    m_columns[size_t(input)] = coded.data();
    for (size_t row = 0; row < size_t(rows.rows); ++row) {
        if (!column.texts.empty()) {
            const std::string_view text = column.texts[row];
            if (isMissingText(text))
                continue;
            if (const auto found = codes.texts.find(text); found != codes.texts.end())
                coded[row] = found->second;
            else if (codes.refusesUnseen)
                refuse(int(row),
                       input,
                       ScorerText::tr("\"%1\" is no category the model was trained with.")
                           .arg(QString::fromUtf8(text.data(), qsizetype(text.size()))),
                       scored);
        } else if (!column.numbers.empty() && !std::isnan(column.numbers[row])) {
            if (const auto found = codes.numbers.find(column.numbers[row]); found != codes.numbers.end())
                coded[row] = found->second;
            else if (codes.refusesUnseen)
                refuse(int(row),
                       input,
                       ScorerText::tr("%1 is no category the model was trained with.").arg(column.numbers[row]),
                       scored);
        }
    }
}

void BoostedScorer::takeColumn(const InputBatch &rows, int input, OutputBatch &scored)
{
    m_columns[size_t(input)] = nullptr;
    if (size_t(input) >= rows.columns.size())
        return;
    const InputColumn &column = rows.columns[size_t(input)];
    for (size_t row = 0; row < column.invalid.size(); ++row)
        if (column.invalid[row] != 0)
            refuse(int(row), input, ScorerText::tr("The cell has a value the field cannot hold."), scored);
    if (m_trees.codes[size_t(input)]) {
        takeCategories(rows, input, scored);
        return;
    }
    if (column.numbers.empty())
        return;
    m_columns[size_t(input)] = column.numbers.data();
    if (!m_trees.refusesInfinity)
        return;
    // A float holds less than a double: what becomes infinite there is refused as well.
    constexpr double largest = double(std::numeric_limits<float>::max());
    for (size_t row = 0; row < size_t(rows.rows); ++row)
        if (std::abs(column.numbers[row]) > largest)
            refuse(int(row), input, ScorerText::tr("The value is infinite, or too large for the model."), scored);
}

void BoostedScorer::addLinear(int rows)
{
    const auto outputs = size_t(m_trees.ensemble.shape().outputs);
    const std::vector<float> &weights = m_trees.linear;
    for (size_t row = 0; row < size_t(rows); ++row) {
        for (size_t k = 0; k < outputs; ++k) {
            float sum = weights[m_columns.size() * outputs + k] + float(m_margins[row * outputs + k]);
            for (size_t input = 0; input < m_columns.size(); ++input)
                if (m_columns[input] != nullptr && !std::isnan(m_columns[input][row]))
                    sum += float(m_columns[input][row]) * weights[input * outputs + k];
            m_margins[row * outputs + k] = sum;
        }
    }
}

void BoostedScorer::score(const InputBatch &rows, OutputBatch &scored)
{
    const auto outputs = size_t(m_trees.ensemble.shape().outputs);
    const auto count = size_t(rows.rows);
    scored.rows = rows.rows;
    scored.problems.clear();
    scored.columns.resize(size_t(m_outputs.size()));
    for (OutputColumn &column : scored.columns)
        column.numbers.resize(count);
    m_refused.assign(count, 0);
    for (int input = 0; input < int(m_trees.inputs.size()); ++input)
        takeColumn(rows, input, scored);
    std::ranges::stable_sort(scored.problems, {}, &RowProblem::row);

    if (m_choice == OutputChoice::Leaf) {
        m_leaves.resize(count * size_t(m_treeCount));
        m_march.leaves(m_columns, rows.rows, 0, m_treeCount, m_leaves.data());
        for (size_t tree = 0; tree < size_t(m_treeCount); ++tree)
            for (size_t row = 0; row < count; ++row)
                scored.columns[tree].numbers[row] = m_leaves[row * size_t(m_treeCount) + tree];
    } else {
        m_margins.resize(count * outputs);
        for (size_t row = 0; row < count; ++row)
            std::ranges::copy(m_trees.base, m_margins.begin() + std::ptrdiff_t(row * outputs));
        if (m_trees.linear.empty())
            m_march.add(m_columns, rows.rows, 0, m_treeCount, m_margins.data());
        else
            addLinear(rows.rows);
        if (m_trees.averages && m_rounds > 0)
            for (double &margin : m_margins)
                margin /= m_rounds;
        if (m_choice == OutputChoice::Raw)
            writeMargins(rows.rows, scored);
        else if (m_model->description().classes.isEmpty())
            writeNumbers(rows.rows, scored);
        else
            writeClasses(rows.rows, scored);
    }
    for (const RowProblem &problem : scored.problems)
        for (OutputColumn &column : scored.columns)
            column.numbers[size_t(problem.row)] = missing;
}

void BoostedScorer::writeMargins(int rows, OutputBatch &scored) const
{
    const auto outputs = scored.columns.size();
    for (size_t k = 0; k < outputs; ++k)
        for (size_t row = 0; row < size_t(rows); ++row)
            scored.columns[k].numbers[row] = m_margins[row * outputs + k];
}

void BoostedScorer::writeNumbers(int rows, OutputBatch &scored) const
{
    const auto outputs = scored.columns.size();
    for (size_t k = 0; k < outputs; ++k)
        for (size_t row = 0; row < size_t(rows); ++row) {
            const double margin = m_margins[row * outputs + k];
            if (m_trees.leavesAreShares) {
                scored.columns[k].numbers[row] = margin;
                continue;
            }
            scored.columns[k].numbers[row] =
                m_isFloat ? double(numberOf(m_trees.meaning, float(margin))) : numberOf(m_trees.meaning, margin);
        }
}

void BoostedScorer::writeClasses(int rows, OutputBatch &scored) const
{
    const auto outputs = size_t(m_trees.ensemble.shape().outputs);
    const size_t classes = size_t(m_model->description().classes.size());
    const bool hasLabel = m_choice != OutputChoice::Probability;
    const size_t firstProbability = hasLabel ? 1 : 0;
    const bool hasProbabilities = scored.columns.size() > firstProbability;
    std::vector<double> shares(classes);
    for (size_t row = 0; row < size_t(rows); ++row) {
        const std::span<const double> margins(m_margins.data() + row * outputs, outputs);
        if (m_trees.leavesAreShares && classes == 2)
            shares = {1 - margins[0], margins[0]};
        else if (m_trees.leavesAreShares)
            std::ranges::copy(margins, shares.begin());
        else if (m_isFloat)
            sharesOf<float>(m_trees.meaning, float(m_trees.slope), margins, shares);
        else
            sharesOf<double>(m_trees.meaning, m_trees.slope, margins, shares);
        if (hasLabel)
            scored.columns[0].numbers[row] = double(std::ranges::max_element(shares) - shares.begin());
        if (hasProbabilities)
            for (size_t k = 0; k < classes; ++k)
                scored.columns[firstProbability + k].numbers[row] = shares[k];
    }
}

} // namespace scoring::trees
