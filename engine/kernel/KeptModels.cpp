#include "engine/kernel/KeptModels.h"

#include "engine/kernel/ComputedTable.h"
#include "engine/kernel/ModelTables.h"

#include "scoring/ModelFile.h"
#include "scoring/pmml/PmmlWriter.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <algorithm>
#include <cmath>

namespace engine {

namespace {

struct KeptModelsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::KeptModels)
};

QString originOf(const scoring::ModelVersion &version)
{
    const QString number = KeptModelsText::tr("version %1").arg(version.version);
    return version.aliases.isEmpty()
        ? number
        : KeptModelsText::tr("%1 (%2)").arg(number, version.aliases.join(QStringLiteral(", ")));
}

// ML.FEATURE_INFO as the card has it, which knows no median.
QString featureInfoOf(const scoring::ModelCard &card)
{
    ComputedTable table(ModelTables::featureColumns());
    const QString null = QStringLiteral("NULL");
    for (const scoring::FeatureProfile &feature : card.features()) {
        const bool isNumber = feature.use == scoring::FieldUse::Continuous;
        const qint64 known = feature.rows - feature.missing;
        const double ofSample = known > 1 ? std::sqrt(double(known) / double(known - 1)) : 1;
        QStringList cells{ComputedTable::text(feature.name)};
        if (isNumber)
            cells << ComputedTable::number(feature.least) << ComputedTable::number(feature.most)
                  << ComputedTable::number(feature.mean) << null << ComputedTable::number(feature.deviation * ofSample)
                  << null;
        else
            cells << null << null << null << null << null << ComputedTable::whole(feature.levels.size());
        table.addRow(cells << ComputedTable::whole(feature.missing));
    }
    return table.subquery();
}

// ML.EVALUATE as the card has it: of the rows that were kept out, else of the training rows.
QString evaluationOf(const scoring::ModelCard &card)
{
    const Json &metrics = memberAt(card.json, "metrics");
    const Json &measured = memberAt(metrics, memberAt(metrics, "test").is_object() ? "test" : "train");
    if (!measured.is_object())
        return {};
    const Json &averages = memberAt(measured, "macro"); // of more than two classes
    QList<ComputedTable::Column> columns;
    QStringList cells;
    const auto add = [&](const char *name, const char *member) {
        const Json &own = memberAt(measured, member);
        const Json &value = own.is_null() ? memberAt(averages, member) : own;
        columns += {QString::fromLatin1(name), QStringLiteral("DOUBLE")};
        cells += value.is_number() ? ComputedTable::number(value.get<double>()) : QStringLiteral("NULL");
    };
    if (measured.contains("accuracy")) {
        add("precision", "precision");
        add("recall", "recall");
        add("accuracy", "accuracy");
        add("f1_score", "f1");
        add("log_loss", "logLoss");
        add("roc_auc", "rocAuc");
    } else {
        add("mean_absolute_error", "mae");
        add("mean_squared_error", "mse");
        add("mean_squared_log_error", "msle");
        add("median_absolute_error", "medianAe");
        add("r2_score", "r2");
        add("explained_variance", "explainedVariance");
    }
    ComputedTable table(columns);
    table.addRow(cells);
    return table.subquery();
}

} // namespace

QStringList KeptModels::names() const
{
    if (!isThere() || !QFileInfo(m_registry.folder()).isDir())
        return {};
    const Result<QStringList> names = m_registry.names();
    return names ? *names : QStringList();
}

// As the registry has it; empty when it has no such name.
QString KeptModels::spelledAs(const QString &name) const
{
    const QStringList kept = names();
    if (kept.contains(name))
        return name;
    const auto similar = std::find_if(kept.begin(), kept.end(), [&name](const QString &other) {
        return other.compare(name, Qt::CaseInsensitive) == 0;
    });
    return similar == kept.end() ? QString() : *similar;
}

Result<std::optional<scoring::ModelVersion>> KeptModels::find(const QString &text) const
{
    Result<scoring::ModelReference> reference = scoring::modelReference(text);
    if (!isThere() || !reference)
        return std::optional<scoring::ModelVersion>();
    const QString spelled = spelledAs(reference->name);
    if (spelled.isEmpty())
        return std::optional<scoring::ModelVersion>();
    reference->name = spelled;
    const Result<scoring::ModelVersion> version = m_registry.find(*reference);
    if (!version)
        return version.error();
    return std::optional(*version);
}

Result<KernelModel> KeptModels::read(const scoring::ModelVersion &version)
{
    if (const auto found = m_read.constFind(version.folder); found != m_read.cend()) {
        KernelModel model = *found;
        model.kept = version; // its aliases may have moved
        model.origin = originOf(version);
        return model;
    }
    const Result<scoring::ModelPtr> file = m_registry.model(version);
    if (!file)
        return file.error();
    KernelModel model{version.name, *file, originOf(version), version};
    if (Result<scoring::ModelCard> card = m_registry.card(version)) { // without it, the model still scores
        model.featureInfo = featureInfoOf(*card);
        model.evaluation = evaluationOf(*card);
        model.card = std::make_shared<const scoring::ModelCard>(*std::move(card));
    }
    m_read.insert(version.folder, model);
    return model;
}

Result<KernelModel> KeptModels::keep(KernelModel model, scoring::ModelCard card)
{
    if (const QString spelled = spelledAs(model.name); !spelled.isEmpty())
        model.name = spelled;
    const Result<QByteArray> file = scoring::writePmml(*model.model, model.name);
    if (!file)
        return file.error();
    const Result<std::unique_ptr<scoring::Scorer>> scorer = model.model->scorer({});
    if (!scorer)
        return scorer.error();
    scoring::ModelRegistry::NewVersion version;
    version.name = model.name;
    version.card = card;
    version.model = *file;
    if (Result<QByteArray> onnx = scoring::writeModel(*model.model, scoring::ModelFormat::Onnx, model.name))
        version.onnx = *std::move(onnx); // not all can be said in it
    version.inputs = model.model->inputs();
    version.outputs = (*scorer)->outputs();
    const Result<scoring::ModelVersion> added = m_registry.add(std::move(version));
    if (!added)
        return added.error();
    model.kept = *added;
    model.origin = originOf(*added);
    model.evaluation = evaluationOf(card);
    card.json["name"] = toStdString(added->name); // as it lies in the registry
    card.json["version"] = added->version;
    model.card = std::make_shared<const scoring::ModelCard>(std::move(card));
    m_read.insert(added->folder, model);
    return model;
}

} // namespace engine
