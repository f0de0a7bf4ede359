#pragma once

#include "scoring/Field.h"
#include "scoring/training/LinearPipeline.h"

#include <QMap>
#include <QString>
#include <QStringList>

#include <optional>

namespace scoring {

enum class Algorithm : uint8_t { LogisticRegression, LinearRegression };

enum class NumberImpute : uint8_t { Median, Mean, MostFrequent, Constant, None };
enum class LevelImpute : uint8_t { MostFrequent, Constant, None };

enum class Objective : uint8_t {
    FreeIntercept, // scikit-learn's lbfgs and newton solvers: the intercept is not penalised; K classes: softmax
    PenalisedIntercept // liblinear: the intercept is penalised as any coefficient; K classes: one versus rest
};

// How features are prepared. Those not named in `rules` follow the plain members.
struct Preparation
{
    NumberImpute numbers = NumberImpute::Median;
    double constantNumber = 0;
    LevelImpute levels = LevelImpute::MostFrequent;
    QString constantLevel = QStringLiteral("missing");
    bool standardise = true;
    bool dropFirstLevel = false; // the first level becomes the reference that the others are compared with
    BadCell badCell = BadCell::NoScore;
    BadCell unseenLevel = BadCell::Zeros;

    struct Rule
    {
        std::optional<FieldUse> use{};
        std::optional<NumberImpute> numbers{};
        std::optional<double> constantNumber{};
        std::optional<LevelImpute> levels{};
        std::optional<QString> constantLevel{};
        std::optional<bool> standardise{};
        std::optional<BadCell> badCell{}; // and of levels not seen
    };
    QMap<QString, Rule> rules{}; // by column
    int mostLevels = 10'000; // more in one feature are an error
};

// What to minimise: C · Σ weight · loss + ½ ‖coefficients‖² (see Objective), or Σ weight · loss alone. The loss is
// −ln p of the true class, or half the squared difference.
struct TrainingOptions
{
    QString name{}; // of the model
    Algorithm algorithm = Algorithm::LogisticRegression;
    QString target{}; // column
    QStringList features{}; // columns; empty = all but target and weight
    QStringList categorical{}; // number columns to take as categories; texts always are
    QString weight{}; // column of row weights; empty = all 1
    Preparation preparation{};

    Objective objective = Objective::FreeIntercept;
    bool penalty = true; // false: no penalty, C means nothing
    double C = 1; // 1 / λ
    bool intercept = true;
    bool balanced = false; // class weight: rows / (classes × rows of the class)
    QMap<QString, double> classWeights{}; // by class; others 1; not together with `balanced`

    QString positive{}; // class; empty = the last one
    double threshold = 0.5;

    int mostIterations = 0; // 0 = 200 Newton steps, 5,000 of L-BFGS
    bool acceptUnfinished = false; // a model that has not converged is a warning, no error
    int threads = 0; // 0 = one for each core; results do not depend on it
};

} // namespace scoring
