#include "scoring/training/TrainingTarget.h"

#include "scoring/training/LevelCodes.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <set>

using engine::Error;
using engine::ErrorCode;
using engine::Result;

namespace scoring {

namespace {

struct TrainingTargetText
{
    Q_DECLARE_TR_FUNCTIONS(TrainingTargetText)
};

constexpr size_t mostClasses = 1000;

bool isMissing(const TrainingColumn &column, int row)
{
    return column.type == FieldType::Text ? column.codes[size_t(row)] < 0 : std::isnan(column.numbers[size_t(row)]);
}

Error refuse(const QString &message, const QString &column) { return Error{ErrorCode::InvalidInput, message, column}; }

QStringList classesOf(const TrainingColumn &column, const std::vector<int> &rows)
{
    QStringList classes;
    if (column.type == FieldType::Text) {
        std::set<std::string> texts;
        for (const int row : rows)
            texts.insert(column.texts[size_t(column.codes[size_t(row)])]);
        for (const std::string &text : texts)
            classes.append(QString::fromStdString(text));
        return classes;
    }
    std::set<double> numbers;
    for (const int row : rows)
        numbers.insert(column.numbers[size_t(row)] + 0.0);
    for (const double number : numbers)
        classes.append(shortestText(number));
    return classes;
}

Result<void> readWeights(const TrainingTable &table, const TrainingOptions &options, TrainingTarget &target)
{
    target.rowWeights.assign(target.rows.size(), 1);
    target.weights = target.rowWeights;
    if (options.weight.isEmpty())
        return {};
    const Result<int> at = table.require(options.weight);
    if (!at)
        return at.error();
    const TrainingColumn &column = table.columns()[size_t(*at)];
    if (column.type == FieldType::Text)
        return refuse(TrainingTargetText::tr("The weights in “%1” are texts.").arg(options.weight), options.weight);
    for (size_t i = 0; i < target.rows.size(); ++i) {
        const double weight = column.numbers[size_t(target.rows[i])];
        if (!(weight >= 0))
            return refuse(TrainingTargetText::tr("The weight “%1” of row %2 is missing or negative.")
                              .arg(options.weight)
                              .arg(qint64(target.rows[i]) + 1),
                          options.weight);
        target.rowWeights[i] = weight;
    }
    target.weights = target.rowWeights;
    return {};
}

// Rows of weight 0 say nothing; they do not count as rows of their class either.
Result<void> weighClasses(const TrainingOptions &options, TrainingTarget &target)
{
    const size_t classes = size_t(target.classes.size());
    target.classRows.assign(classes, 0);
    std::vector<double> sums(classes, 0);
    double total = 0;
    for (size_t i = 0; i < target.rows.size(); ++i) {
        const size_t k = size_t(target.values[i]);
        target.classRows[k] += target.rowWeights[i] > 0;
        sums[k] += 1;
        total += 1;
    }
    target.classWeights.assign(classes, 1);
    for (const QString &name : options.classWeights.keys()) {
        if (!target.classes.contains(name))
            return refuse(TrainingTargetText::tr("There is a weight for the class “%1”, which “%2” does not have.")
                              .arg(name, options.target),
                          options.target);
        if (const double weight = options.classWeights.value(name); !(weight >= 0) || std::isinf(weight))
            return refuse(TrainingTargetText::tr("The weight of the class “%1” is no number above 0.").arg(name),
                          options.target);
    }
    if (options.balanced && !options.classWeights.isEmpty())
        return refuse(TrainingTargetText::tr("Give class weights, or let them be balanced; not both."), {});
    for (size_t k = 0; k < classes; ++k) {
        if (target.classRows[k] < 2)
            return refuse(TrainingTargetText::tr("The class “%1” of “%2” has %n row(s) to train with; at least two are "
                                                 "needed.",
                                                 nullptr,
                                                 target.classRows[k])
                              .arg(target.classes.at(int(k)), options.target),
                          options.target);
        if (options.balanced)
            target.classWeights[k] = total / (double(classes) * sums[k]);
        else
            target.classWeights[k] = options.classWeights.value(target.classes.at(int(k)), 1);
    }
    for (size_t i = 0; i < target.rows.size(); ++i)
        target.weights[i] = target.rowWeights[i] * target.classWeights[size_t(target.values[i])];
    return {};
}

Result<void> readClasses(const TrainingColumn &column, const TrainingOptions &options, TrainingTarget &target)
{
    target.classes = classesOf(column, target.rows);
    if (target.classes.size() < 2)
        return refuse(TrainingTargetText::tr("“%1” is “%2” in all training rows: there is nothing to tell apart.")
                          .arg(options.target, target.classes.value(0)),
                      options.target);
    if (size_t(target.classes.size()) > mostClasses)
        return refuse(TrainingTargetText::tr("“%1” has %n different value(s), too many for classes. Use linear "
                                             "regression to predict a number.",
                                             nullptr,
                                             int(target.classes.size()))
                          .arg(options.target),
                      options.target);
    if (!options.positive.isEmpty() && !target.classes.contains(options.positive))
        return refuse(TrainingTargetText::tr("The positive class “%1” is no value of “%2”. There are: %3.")
                          .arg(options.positive, options.target, target.classes.join(QStringLiteral(", "))),
                      options.target);
    for (const int code : classCodes(column, target.rows, target.classes))
        target.values.push_back(code);
    return weighClasses(options, target);
}

Result<void> readNumbers(const TrainingColumn &column, const TrainingOptions &options, TrainingTarget &target)
{
    if (column.type == FieldType::Text)
        return refuse(TrainingTargetText::tr("“%1” holds texts; linear regression predicts a number. Use logistic "
                                             "regression for classes.")
                          .arg(options.target),
                      options.target);
    for (const int row : target.rows)
        target.values.push_back(column.numbers[size_t(row)]);
    const auto [least, most] = std::minmax_element(target.values.begin(), target.values.end());
    if (*least == *most)
        return refuse(TrainingTargetText::tr("“%1” is %2 in all training rows: there is nothing to learn.")
                          .arg(options.target, shortestText(*least)),
                      options.target);
    return {};
}

} // namespace

std::vector<int> classCodes(const TrainingColumn &column, std::span<const int> rows, const QStringList &classes)
{
    const LevelCodes levels(classes, column.type);
    std::vector<int> codes;
    codes.reserve(rows.size());
    std::vector<int> codeOfText;
    for (const std::string &text : column.texts)
        codeOfText.push_back(levels.find(text));
    for (const int row : rows) {
        if (isMissing(column, row)) {
            codes.push_back(-1);
            continue;
        }
        const int code = column.type == FieldType::Text ? codeOfText[size_t(column.codes[size_t(row)])]
                                                        : levels.find(column.numbers[size_t(row)]);
        codes.push_back(code < 0 ? -2 : code);
    }
    return codes;
}

Result<TrainingTarget>
readTarget(const TrainingTable &table, const std::vector<int> &rows, const TrainingOptions &options)
{
    const Result<int> at = table.require(options.target);
    if (!at)
        return at.error();
    const TrainingColumn &column = table.columns()[size_t(*at)];
    TrainingTarget target;
    target.type = column.type;
    for (const int row : rows) {
        if (isMissing(column, row))
            ++target.left;
        else
            target.rows.push_back(row);
    }
    if (target.rows.size() < 2)
        return refuse(TrainingTargetText::tr("%n training row(s) have a value of “%1”; at least two are needed.",
                                             nullptr,
                                             int(target.rows.size()))
                          .arg(options.target),
                      options.target);
    if (const Result<void> read = readWeights(table, options, target); !read)
        return read.error();
    const Result<void> read = options.algorithm == Algorithm::LogisticRegression ? readClasses(column, options, target)
                                                                                 : readNumbers(column, options, target);
    if (!read)
        return read.error();
    return target;
}

} // namespace scoring
