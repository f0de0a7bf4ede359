#include "scoring/training/FitQuality.h"

#include <QCoreApplication>

#include <Eigen/Eigenvalues>

#include <cmath>
#include <limits>

using engine::Error;
using engine::ErrorCode;

namespace scoring {

namespace {

struct FitQualityText
{
    Q_DECLARE_TR_FUNCTIONS(FitQualityText)
};

constexpr double smallestShare = 1e-11; // of a column that the ones before it do not explain
constexpr Eigen::Index mostForEigenvalues = 1000;

// Aᵀ W A of the design matrix, its diagonal scaled to 1; columns of zeros stay zero.
Eigen::MatrixXd gram(const LinearLoss &loss)
{
    LinearLoss::Problem squares = loss.problem();
    squares.family = LossFamily::Squares;
    squares.outputs = 1;
    squares.C = 1;
    squares.ridge.setZero();
    const LinearLoss plain(std::move(squares));
    Eigen::MatrixXd matrix = plain.evaluate(Eigen::VectorXd::Zero(plain.parameters()), true).hessian;
    const Eigen::VectorXd diagonal = matrix.diagonal();
    const Eigen::VectorXd scale =
        (diagonal.array() > 0).select(diagonal.array().max(1e-300).sqrt().inverse(), 0.0).matrix();
    matrix = scale.asDiagonal() * matrix * scale.asDiagonal();
    return matrix;
}

// Which columns follow from those before them: Gaussian elimination in the order given, the intercept first.
std::vector<Eigen::Index> dependentColumns(Eigen::MatrixXd matrix, bool intercept)
{
    std::vector<Eigen::Index> order;
    if (intercept)
        order.push_back(matrix.rows() - 1);
    for (Eigen::Index j = 0; j < matrix.rows() - (intercept ? 1 : 0); ++j)
        order.push_back(j);
    std::vector<Eigen::Index> dependent;
    for (const Eigen::Index j : order) {
        const double pivot = matrix(j, j);
        if (!(pivot > smallestShare)) {
            dependent.push_back(j);
            continue;
        }
        const Eigen::VectorXd column = matrix.col(j);
        matrix.noalias() -= column * column.transpose() / pivot;
    }
    return dependent;
}

// A column in which all rows of a class lie on one side of all others, or a level that only one class has.
bool separates(const DesignMatrix &design, const TrainingTarget &target, int column, int category)
{
    double least[2] = {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
    double most[2] = {-least[0], -least[0]};
    for (int i = 0; i < design.rows(); ++i) {
        if (target.weights[size_t(i)] == 0)
            continue;
        const int side = int(target.values[size_t(i)]) == category ? 1 : 0;
        const double value = design.value(i, column);
        least[side] = std::min(least[side], value);
        most[side] = std::max(most[side], value);
    }
    return (most[0] <= least[1] || most[1] <= least[0]) && std::min(least[0], least[1]) < std::max(most[0], most[1]);
}

} // namespace

bool isSeparated(const LinearLoss &loss, const Solution &solution)
{
    if (solution.separated)
        return true;
    if (solution.largestMargin < 15 || solution.hessian.size() == 0)
        return false;
    // A direction that the data decide at the start, and that nothing decides any more at the end.
    int atStart = 0;
    int atEnd = 0;
    const Eigen::VectorXd zero = Eigen::VectorXd::Zero(loss.parameters());
    solveSymmetric(loss.evaluate(zero, true).hessian, zero, &atStart);
    solveSymmetric(solution.hessian, zero, &atEnd);
    return atEnd < atStart;
}

Error separationError(const DesignMatrix &design,
                      const TrainingTarget &target,
                      const LinearPipeline &pipeline,
                      const Solution &solution)
{
    const int size = design.parameters();
    const int outputs = int(solution.theta.size()) / size;
    int named = -1;
    for (int j = 0; j < design.width() && named < 0; ++j) {
        for (int k = 0; k < int(target.classes.size()) && named < 0; ++k) {
            if (separates(design, target, j, k))
                named = j;
        }
    }
    if (named < 0) {
        const Eigen::Map<const Eigen::MatrixXd> theta(solution.theta.data(), size, outputs);
        Eigen::Index most = 0;
        theta.topRows(design.width()).cwiseAbs().rowwise().maxCoeff().maxCoeff(&most);
        named = int(most);
    }
    const QString column = pipeline.columns.at(named).name;
    return Error{
        ErrorCode::InvalidInput,
        FitQualityText::tr("“%1” separates the classes of “%2”: without a penalty its coefficient grows without "
                           "end. Use a penalty, or leave the column out.")
            .arg(column, pipeline.target),
        column};
}

void describeDesign(const LinearLoss &loss, TrainedPipeline &trained)
{
    TrainingReport &report = trained.report;
    const DesignMatrix &design = *loss.problem().design;
    report.parameters = design.parameters();
    report.rank = report.parameters;
    if (design.parameters() > mostForEigenvalues)
        return; // it would take longer than the training
    const Eigen::MatrixXd matrix = gram(loss);
    for (const Eigen::Index j : dependentColumns(matrix, design.hasIntercept()))
        report.dependent.append(j == design.width() ? FitQualityText::tr("intercept")
                                                    : trained.pipeline.columns.at(int(j)).name);
    report.rank = report.parameters - int(report.dependent.size());
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(matrix, Eigen::EigenvaluesOnly);
    const double least = eigen.eigenvalues().minCoeff();
    const double most = eigen.eigenvalues().maxCoeff();
    report.condition = least > most * smallestShare ? std::sqrt(most / least) : std::numeric_limits<double>::infinity();
    if (!report.dependent.isEmpty() && loss.problem().ridge.isZero())
        report.warnings.append(
            FitQualityText::tr("These columns follow from the others, so that their coefficients are not unique; the "
                               "shortest solution was taken: %1.")
                .arg(report.dependent.join(QStringLiteral(", "))));
}

void addErrors(const LinearLoss &loss, const Solution &solution, bool penalty, TrainedPipeline &trained)
{
    TrainingReport &report = trained.report;
    const LinearLoss::Problem &problem = loss.problem();
    const DesignMatrix &design = *problem.design;
    if (solution.hessian.size() == 0 || solution.hessian.rows() > mostForEigenvalues)
        return;
    double variance = 1;
    if (problem.family == LossFamily::Squares) {
        LinearLoss::Problem plain = problem;
        plain.ridge.setZero();
        plain.C = 1;
        const double squares = 2 * LinearLoss(std::move(plain)).evaluate(solution.theta, false).value;
        const int free = report.rows - report.rank;
        if (free < 1)
            return;
        variance = squares / free;
        report.residualDeviation = std::sqrt(variance);
    }
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(solution.hessian / problem.C);
    const double bound = eigen.eigenvalues().maxCoeff() * 1e-12;
    const Eigen::VectorXd inverse =
        (eigen.eigenvalues().array() > bound).select(eigen.eigenvalues().array().inverse(), 0.0).matrix();
    const Eigen::MatrixXd covariance =
        variance * eigen.eigenvectors() * inverse.asDiagonal() * eigen.eigenvectors().transpose();
    const Eigen::MatrixXd toPipeline = design.toPipelineMatrix();
    const int size = design.parameters();
    for (int k = 0; k < problem.outputs; ++k) {
        const Eigen::MatrixXd own = toPipeline
            * covariance.block(Eigen::Index(k) * size, Eigen::Index(k) * size, size, size) * toPipeline.transpose();
        for (int j = 0; j < design.width(); ++j)
            report.coefficientErrors.push_back(std::sqrt(std::max(0.0, own(j, j))));
        report.interceptErrors.push_back(
            design.hasIntercept() ? std::sqrt(std::max(0.0, own(design.width(), design.width()))) : 0);
    }
    report.approximateErrors = penalty || report.rank < report.parameters;
}

} // namespace scoring
