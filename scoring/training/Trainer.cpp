#include "scoring/training/Trainer.h"

#include "scoring/training/Chunks.h"
#include "scoring/training/FitQuality.h"
#include "scoring/training/LinearSolver.h"
#include "scoring/training/TrainingTarget.h"

#include <QCoreApplication>

#include <cmath>
#include <numeric>

using engine::CancelToken;
using engine::Error;
using engine::ErrorCode;
using engine::Result;

namespace scoring {

namespace {

struct TrainerText
{
    Q_DECLARE_TR_FUNCTIONS(TrainerText)
};

constexpr int mostForNewton = 2000; // parameters; above it the Hessian is not made
constexpr int sampleRows = 20'000; // of a first guess

Result<void> checkOptions(const TrainingOptions &options)
{
    if (options.penalty && !(options.C > 0 && std::isfinite(options.C)))
        return Error{ErrorCode::InvalidInput,
                     TrainerText::tr("C (1 / λ) is to be a number above 0; it is %1.").arg(options.C),
                     {}};
    if (!(options.threshold >= 0 && options.threshold <= 1))
        return Error{ErrorCode::InvalidInput, TrainerText::tr("The threshold is to be between 0 and 1."), {}};
    if (options.objective == Objective::PenalisedIntercept && !options.penalty)
        return Error{ErrorCode::InvalidInput,
                     TrainerText::tr("Without a penalty the intercept cannot be penalised either."),
                     {}};
    return {};
}

// The sum of what the loss of one row can change the gradient by: the gradient is measured by it.
double weightOf(const LinearLoss::Problem &problem)
{
    double sum = std::accumulate(problem.weights.begin(), problem.weights.end(), 0.0);
    if (problem.family != LossFamily::Squares)
        return sum;
    double squares = 0;
    for (size_t i = 0; i < problem.targets.size(); ++i)
        squares += problem.weights[i] * problem.targets[i] * problem.targets[i];
    return sum > 0 ? sum * std::max(1.0, std::sqrt(squares / sum)) : 0;
}

// Newton on a sample comes close to the optimum in a fraction of the time: of many rows, three full steps are left.
Eigen::VectorXd firstGuess(const LinearLoss &loss, const SolverOptions &options)
{
    const LinearLoss::Problem &problem = loss.problem();
    const int rows = problem.design->rows();
    const int step = rows / std::max(sampleRows, 50 * loss.parameters());
    const Eigen::VectorXd zero = Eigen::VectorXd::Zero(loss.parameters());
    if (step < 3 || problem.family == LossFamily::Squares || problem.ridge.isZero())
        return zero;
    const DesignMatrix some = problem.design->everyNth(step);
    LinearLoss::Problem smaller = problem;
    smaller.design = &some;
    smaller.C = problem.C * step;
    smaller.targets.clear();
    smaller.weights.clear();
    for (int i = 0; i < rows; i += step) {
        smaller.targets.push_back(problem.targets[size_t(i)]);
        smaller.weights.push_back(problem.weights[size_t(i)]);
    }
    SolverOptions rough = options;
    rough.gradientTolerance = 1e-6 * weightOf(smaller) * smaller.C;
    const Solution guess = minimiseByNewton(LinearLoss(std::move(smaller)), zero, rough);
    return guess.theta.allFinite() ? guess.theta : zero;
}

struct Fit
{
    std::vector<double> coefficients; // outputs × p
    std::vector<double> intercepts;
    Solution solution;
    double gradientNorm = 0;
    double tolerance = 0;
};

Result<Fit> solve(const LinearLoss &loss, const TrainingOptions &options, const CancelToken &cancel)
{
    const LinearLoss::Problem &problem = loss.problem();
    Fit fit;
    fit.tolerance = 1e-10 * (1 + problem.C * weightOf(problem));
    SolverOptions solver;
    solver.mostIterations = options.mostIterations;
    solver.gradientTolerance = fit.tolerance;
    solver.cancel = cancel;
    fit.solution = loss.parameters() <= mostForNewton
        ? minimiseByNewton(loss, firstGuess(loss, solver), solver)
        : minimiseByLbfgs(loss, Eigen::VectorXd::Zero(loss.parameters()), solver);
    if (cancel.isCancelled())
        return Error{ErrorCode::Cancelled, TrainerText::tr("The training was cancelled."), {}};
    const DesignMatrix &design = *problem.design;
    const int size = design.parameters();
    fit.coefficients.resize(size_t(problem.outputs) * size_t(design.width()));
    fit.intercepts.resize(size_t(problem.outputs));
    for (int k = 0; k < problem.outputs; ++k) {
        const Eigen::VectorXd own = fit.solution.theta.segment(Eigen::Index(k) * size, size);
        design.toPipeline(own, fit.coefficients.data() + size_t(k) * size_t(design.width()), fit.intercepts[size_t(k)]);
        const Eigen::VectorXd slope =
            design.gradientOfPipeline(fit.solution.gradient.segment(Eigen::Index(k) * size, size));
        fit.gradientNorm = std::max(fit.gradientNorm, slope.cwiseAbs().maxCoeff());
    }
    // What any data leave open is chosen so that the outputs sum to 0.
    if (problem.family == LossFamily::Softmax) {
        const double mean = std::accumulate(fit.intercepts.begin(), fit.intercepts.end(), 0.0) / problem.outputs;
        for (double &intercept : fit.intercepts)
            intercept -= mean;
    }
    return fit;
}

LinearLoss::Problem problemOf(const DesignMatrix &design, const TrainingTarget &target, const TrainingOptions &options)
{
    LinearLoss::Problem problem;
    problem.design = &design;
    problem.targets = target.values;
    problem.weights = target.weights;
    problem.C = options.penalty ? options.C : 1;
    problem.ridge = Eigen::VectorXd::Zero(design.parameters());
    problem.threads = threadsToUse(options.threads);
    if (options.penalty) {
        for (int j = 0; j < design.width(); ++j)
            problem.ridge[j] = 1 / (design.spread(j) * design.spread(j));
        if (options.objective == Objective::PenalisedIntercept && design.hasIntercept())
            problem.ridge[design.width()] = 1;
    }
    const int classes = int(target.classes.size());
    if (classes == 0) {
        problem.family = LossFamily::Squares;
    } else if (classes > 2 && options.objective == Objective::FreeIntercept) {
        problem.family = LossFamily::Softmax;
        problem.outputs = classes;
    }
    return problem;
}

void addFit(const Fit &fit, TrainedPipeline &trained)
{
    TrainingReport &report = trained.report;
    LinearPipeline &pipeline = trained.pipeline;
    pipeline.coefficients.insert(pipeline.coefficients.end(), fit.coefficients.begin(), fit.coefficients.end());
    pipeline.intercepts.insert(pipeline.intercepts.end(), fit.intercepts.begin(), fit.intercepts.end());
    report.converged = report.converged && fit.solution.converged;
    report.iterations += fit.solution.iterations;
    report.objective += fit.solution.value;
    report.gradientNorm = std::max(report.gradientNorm, fit.gradientNorm);
    report.gradientTolerance = std::max(report.gradientTolerance, fit.tolerance);
    report.solver = fit.solution.solver;
}

Result<void> finish(const TrainingOptions &options, TrainingReport &report)
{
    if (report.converged)
        return {};
    const QString message =
        TrainerText::tr("The training has not converged: after %n step(s) the gradient is %1, which "
                        "is above %2. Standardise the features, or use a stronger penalty.",
                        nullptr,
                        report.iterations)
            .arg(report.gradientNorm, 0, 'g', 3)
            .arg(report.gradientTolerance, 0, 'g', 3);
    if (!options.acceptUnfinished)
        return Error{ErrorCode::Conflict, message, {}};
    report.warnings.append(message);
    return {};
}

TrainedPipeline begin(const TrainingOptions &options, const TrainingTarget &target, const FeatureFit &features)
{
    TrainedPipeline trained;
    trained.pipeline.name = options.name;
    trained.pipeline.target = options.target;
    trained.pipeline.targetType = target.type;
    trained.pipeline.features = features.features;
    trained.pipeline.columns = features.columns;
    trained.pipeline.classes = target.classes;
    if (target.classes.size() == 2)
        trained.pipeline.link = LinearLink::Logit;
    else if (target.classes.size() > 2)
        trained.pipeline.link =
            options.objective == Objective::FreeIntercept ? LinearLink::Softmax : LinearLink::OneVsRest;
    trained.pipeline.positive =
        options.positive.isEmpty() ? int(target.classes.size()) - 1 : int(target.classes.indexOf(options.positive));
    trained.pipeline.threshold = options.threshold;
    trained.report.converged = true;
    trained.report.rows = int(target.rows.size());
    trained.report.rowsWithoutTarget = target.left;
    trained.report.classRows = target.classRows;
    trained.report.classWeights = target.classWeights;
    trained.report.warnings = features.warnings;
    if (target.left > 0)
        trained.report.warnings.append(
            TrainerText::tr("%n row(s) have no “%1” and were left out.", nullptr, target.left).arg(options.target));
    return trained;
}

} // namespace

Result<TrainedPipeline> trainLinear(const TrainingTable &table,
                                    const std::vector<int> &rows,
                                    const TrainingOptions &options,
                                    const CancelToken &cancel)
{
    if (const Result<void> checked = checkOptions(options); !checked)
        return checked.error();
    const Result<TrainingTarget> target = readTarget(table, rows, options);
    if (!target)
        return target.error();
    const Result<FeatureFit> features = fitFeatures(table, target->rows, options);
    if (!features)
        return features.error();
    const bool centred = options.intercept && options.objective == Objective::FreeIntercept;
    const DesignMatrix design(table, target->rows, *features, options.intercept, centred);
    TrainedPipeline trained = begin(options, *target, *features);
    const bool oneVersusRest = trained.pipeline.link == LinearLink::OneVsRest;
    for (int k = 0; k < (oneVersusRest ? int(target->classes.size()) : 1); ++k) {
        LinearLoss::Problem problem = problemOf(design, *target, options);
        if (oneVersusRest) {
            for (size_t i = 0; i < problem.targets.size(); ++i) {
                // As liblinear does it: the weight of a class is that of its own rows in its own problem.
                problem.weights[i] = int(problem.targets[i]) == k ? target->weights[i] : target->rowWeights[i];
                problem.targets[i] = int(problem.targets[i]) == k ? 1 : 0;
            }
        }
        const LinearLoss loss(std::move(problem));
        const Result<Fit> fit = solve(loss, options, cancel);
        if (!fit)
            return fit.error();
        if (!options.penalty && !target->classes.isEmpty() && isSeparated(loss, fit->solution))
            return separationError(design, *target, trained.pipeline, fit->solution);
        addFit(*fit, trained);
        if (k == 0)
            describeDesign(loss, trained);
        addErrors(loss, fit->solution, options.penalty, trained);
    }
    if (const Result<void> finished = finish(options, trained.report); !finished)
        return finished.error();
    return trained;
}

double oddsRatio(double coefficient) { return std::exp(coefficient); }

double twoSidedP(double z) { return std::erfc(std::fabs(z) / std::sqrt(2.0)); }

} // namespace scoring
