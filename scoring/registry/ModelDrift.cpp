#include "scoring/registry/ModelDrift.h"

#include "scoring/registry/MlflowFolder.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

using engine::Error;
using engine::ErrorCode;
using engine::memberAt;
using engine::Result;
using engine::stringAt;

namespace scoring {

namespace {

struct ModelDriftText
{
    Q_DECLARE_TR_FUNCTIONS(scoring::ModelDrift)
};

constexpr qint64 largestCard = 256 * 1024 * 1024;

// The output a profile of scores is about: "value", or "probability(yes)".
int outputOf(const FeatureProfile &score, const QList<OutputField> &outputs)
{
    for (int i = 0; i < outputs.size(); ++i) {
        const OutputField &output = outputs.at(i);
        const bool isIt = output.kind == OutputKind::Probability
            ? score.name == QStringLiteral("probability(%1)").arg(output.category)
            : output.kind == OutputKind::Value && score.name == u"value" && output.type != FieldType::Text;
        if (isIt)
            return i;
    }
    return -1;
}

} // namespace

QString cardPathFor(const QString &modelFile) { return modelFile + QStringLiteral(".card.json"); }

Result<ModelCard> cardBeside(const QString &modelFile)
{
    QString path = cardPathFor(modelFile);
    const QString folder = QFileInfo(modelFile).path();
    if (!QFileInfo(path).isFile() && isMlflowFolder(folder))
        path = folder + QStringLiteral("/card.json");
    QFile file(path);
    if (!file.exists())
        return Error{ErrorCode::NotFound, ModelDriftText::tr("There is no model card beside %1.").arg(modelFile), path};
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io, ModelDriftText::tr("%1 cannot be read: %2").arg(path, file.errorString()), path};
    if (file.size() > largestCard)
        return Error{ErrorCode::InvalidInput, ModelDriftText::tr("%1 is too large.").arg(path), path};
    Result<engine::Json> json = engine::parseJson(file.readAll(), path);
    if (!json)
        return json.error();
    return ModelCard{*std::move(json)};
}

std::optional<ModelDrift> ModelDrift::of(const ModelCard &card, const Model &model, const QList<OutputField> &outputs)
{
    ModelDrift drift;
    drift.m_model = card.name();
    drift.m_version = int(engine::intAt(card.json, "version"));
    const QList<FeatureProfile> known = card.features();
    bool isAny = false;
    for (const Field &input : model.inputs()) {
        const auto profile = std::find_if(known.begin(), known.end(), [&input](const FeatureProfile &candidate) {
            return candidate.name == input.name;
        });
        const bool fits = profile != known.end() && profile->rows > 0
            && (profile->use == FieldUse::Categorical || input.type != FieldType::Text);
        drift.m_features.append(fits ? *profile : FeatureProfile{});
        if (!fits)
            continue;
        isAny = true;
        // Levels are compared as the model gets them, whatever the training table had.
        if (input.type == FieldType::Text || profile->type == FieldType::Text)
            drift.m_features.last().type = input.type;
    }
    const QList<FeatureProfile> scores = card.scores();
    const QString positive = stringAt(memberAt(card.json, "target"), "positive");
    for (const FeatureProfile &score : scores) {
        const int output = outputOf(score, outputs);
        const bool isOther =
            scores.size() == 2 && !positive.isEmpty() && score.name != QStringLiteral("probability(%1)").arg(positive);
        if (output < 0 || isOther || score.rows == 0)
            continue;
        drift.m_scores.append(score);
        drift.m_outputs.push_back(output);
    }
    if (!isAny && drift.m_scores.isEmpty())
        return std::nullopt;
    return drift;
}

void ModelDrift::count(DriftCounter &counter, const InputBatch &rows, const OutputBatch &scored) const
{
    counter.addRows(rows);
    for (size_t score = 0; score < m_outputs.size(); ++score) {
        const std::vector<double> &numbers = scored.columns[size_t(m_outputs[score])].numbers;
        counter.addScores(int(score), std::span(numbers).first(std::min(numbers.size(), size_t(rows.rows))));
    }
}

DriftReport ModelDrift::report(const DriftCounter &counter) const
{
    DriftReport report = counter.report();
    report.model = m_model;
    report.version = m_version;
    return report;
}

} // namespace scoring
