#include "scoring/training/LinearPipelineModel.h"
#include "scoring/training/LinearScorer.h"

#include <QCoreApplication>
#include <QSet>

#include <cmath>

using engine::Error;
using engine::ErrorCode;
using engine::Result;

namespace scoring {

namespace {

struct LinearPipelineText
{
    Q_DECLARE_TR_FUNCTIONS(LinearPipelineText)
};

Error damaged(const QString &what)
{
    return Error{
        ErrorCode::InvalidInput, LinearPipelineText::tr("The model is damaged: %1. Train it again.").arg(what), {}};
}

bool allFinite(const std::vector<double> &numbers)
{
    return std::all_of(numbers.begin(), numbers.end(), [](double number) { return std::isfinite(number); });
}

bool areDistinct(const QStringList &texts) { return QSet<QString>(texts.begin(), texts.end()).size() == texts.size(); }

Result<void> checkFeature(const PipelineFeature &feature)
{
    if (!std::isfinite(feature.mean) || !std::isfinite(feature.scale) || feature.scale == 0
        || (feature.imputeValue && !std::isfinite(*feature.imputeValue)))
        return damaged(LinearPipelineText::tr("a preparation of “%1” is no number").arg(feature.name));
    if (feature.use == FieldUse::Continuous)
        return feature.type == FieldType::Text
            ? damaged(LinearPipelineText::tr("the text “%1” is taken for a number").arg(feature.name))
            : Result<void>();
    if (feature.levels.isEmpty() || !areDistinct(feature.levels))
        return damaged(LinearPipelineText::tr("“%1” has no levels, or one of them twice").arg(feature.name));
    for (const QString &level : feature.levels) {
        if (feature.type != FieldType::Text && std::isnan(numberOfText(level)))
            return damaged(LinearPipelineText::tr("the level “%1” of “%2” is no number").arg(level, feature.name));
    }
    if (feature.imputeLevel && !feature.levels.contains(*feature.imputeLevel))
        return damaged(LinearPipelineText::tr("“%1” replaces missing values by an unknown level").arg(feature.name));
    return {};
}

Result<void> checkColumns(const LinearPipeline &pipeline)
{
    std::pair<int, int> last{-1, -1};
    for (const DesignColumn &column : pipeline.columns) {
        if (column.feature < 0 || column.feature >= pipeline.features.size())
            return damaged(LinearPipelineText::tr("“%1” belongs to no feature").arg(column.name));
        const PipelineFeature &feature = pipeline.features.at(column.feature);
        const bool categorical = feature.use == FieldUse::Categorical;
        if (categorical ? column.level < 0 || column.level >= feature.levels.size() : column.level != -1)
            return damaged(LinearPipelineText::tr("“%1” has no level").arg(column.name));
        const std::pair<int, int> place{column.feature, column.level};
        if (place <= last)
            return damaged(LinearPipelineText::tr("“%1” is out of order").arg(column.name));
        last = place;
    }
    return {};
}

Result<void> checkClasses(const LinearPipeline &pipeline)
{
    const qsizetype classes = pipeline.classes.size();
    const int rows = pipeline.rows();
    bool fits = false;
    switch (pipeline.link) {
    case LinearLink::Identity:
        fits = rows == 1 && classes == 0;
        break;
    case LinearLink::Logit:
        fits = rows == 1 && classes == 2 && (pipeline.positive == 0 || pipeline.positive == 1);
        break;
    case LinearLink::Softmax:
        fits = rows == classes && classes >= 2;
        break;
    case LinearLink::OneVsRest:
        fits = rows == classes && classes > 2;
        break;
    }
    if (!fits || !areDistinct(pipeline.classes))
        return damaged(LinearPipelineText::tr("its rows do not fit its classes"));
    for (const QString &category : pipeline.classes) {
        if (pipeline.targetType != FieldType::Text && std::isnan(numberOfText(category)))
            return damaged(LinearPipelineText::tr("the class “%1” is no number").arg(category));
    }
    if (pipeline.link == LinearLink::Logit && !(pipeline.threshold >= 0 && pipeline.threshold <= 1))
        return damaged(LinearPipelineText::tr("its threshold is no probability"));
    return {};
}

Model::Description describe(const LinearPipeline &pipeline)
{
    Model::Description description;
    description.name = pipeline.name;
    description.algorithm = pipeline.link == LinearLink::Identity ? LinearPipelineText::tr("Linear regression")
                                                                  : LinearPipelineText::tr("Logistic regression");
    description.target = pipeline.target;
    description.classes = pipeline.classes;
    for (const PipelineFeature &feature : pipeline.features) {
        Field field;
        field.name = feature.name;
        field.type = feature.type;
        field.use = feature.use;
        field.levels = feature.levels;
        description.inputs.append(field);
    }
    return description;
}

} // namespace

LinearPipelineModel::LinearPipelineModel(Description description, LinearPipeline pipeline)
    : Model(std::move(description))
    , m_pipeline(std::move(pipeline))
{
}

Result<std::shared_ptr<const LinearPipelineModel>> LinearPipelineModel::make(LinearPipeline pipeline)
{
    QSet<QString> names;
    for (const PipelineFeature &feature : pipeline.features) {
        if (names.contains(feature.name))
            return damaged(LinearPipelineText::tr("the feature “%1” is there twice").arg(feature.name));
        names.insert(feature.name);
        if (const Result<void> checked = checkFeature(feature); !checked)
            return checked.error();
    }
    if (pipeline.coefficients.size() != pipeline.intercepts.size() * size_t(pipeline.width())
        || !allFinite(pipeline.coefficients) || !allFinite(pipeline.intercepts))
        return damaged(LinearPipelineText::tr("its coefficients are incomplete"));
    if (const Result<void> checked = checkColumns(pipeline); !checked)
        return checked.error();
    if (const Result<void> checked = checkClasses(pipeline); !checked)
        return checked.error();
    Description description = describe(pipeline);
    return std::shared_ptr<const LinearPipelineModel>(
        new LinearPipelineModel(std::move(description), std::move(pipeline)));
}

Result<std::unique_ptr<Scorer>> LinearPipelineModel::scorer(const ScoreOptions &options) const
{
    if (options.output == OutputChoice::Leaf)
        return Error{ErrorCode::Unsupported, LinearPipelineText::tr("A linear model has no leaves."), {}};
    if (options.output == OutputChoice::Probability && m_pipeline.link == LinearLink::Identity)
        return Error{ErrorCode::Unsupported,
                     LinearPipelineText::tr("This model predicts a number, so that it has no probabilities."),
                     {}};
    if (options.iterations)
        return Error{ErrorCode::Unsupported,
                     LinearPipelineText::tr("Only boosted trees can be scored with some of their iterations."),
                     {}};
    return std::unique_ptr<Scorer>(std::make_unique<LinearScorer>(
        std::static_pointer_cast<const LinearPipelineModel>(shared_from_this()), options));
}

} // namespace scoring
