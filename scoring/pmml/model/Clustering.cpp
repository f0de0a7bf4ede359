#include "scoring/pmml/model/Comparison.h"
#include "scoring/pmml/model/ModelElement.h"

#include <QCoreApplication>

#include <cmath>

namespace scoring::pmml {

namespace {

struct ClusteringText
{
    Q_DECLARE_TR_FUNCTIONS(ClusteringText)
};

class Clustering : public Evaluator
{
public:
    void evaluate(Row &row, Outcome &outcome) const override
    {
        double *x = row.scratch.data() + scratch;
        if (!comparison.coordinates(row, x))
            return;
        for (size_t i = 0; i < clusters; ++i) {
            outcome.affinity[i] = comparison.measure(x, centers.data() + i * comparison.size());
            if (outcome.entity < 0
                || comparison.isBetter(outcome.affinity[i], outcome.affinity[size_t(outcome.entity)]))
                outcome.entity = int(i);
        }
        outcome.value = Value::ofText(ids[size_t(outcome.entity)]);
    }

    Comparison comparison;
    std::vector<double> centers; // clusters × coordinates
    std::vector<int32_t> ids;
    size_t clusters = 0;
    int scratch = 0;
};

std::vector<double> readCenter(ModelContext &context, const Comparison &comparison, const Node &cluster)
{
    const Node array = cluster.child("Array");
    std::vector<double> center;
    size_t i = 0;
    for (const std::string &word : context.reading.words(array)) {
        if (i < comparison.size() && comparison.isText(i)) {
            center.push_back(double(context.reading.texts.intern(word)));
        } else {
            const auto number = parseNumber(word);
            if (!number)
                context.reading.fail(array,
                                     ClusteringText::tr("A centre has %1 where a number is due.").arg(quoted(word)));
            center.push_back(number.value_or(0));
        }
        ++i;
    }
    if (center.size() != comparison.size())
        context.reading.fail(cluster,
                             ClusteringText::tr("A cluster's centre has %1 coordinates where %2 are due.")
                                 .arg(center.size())
                                 .arg(comparison.size()));
    return center;
}

} // namespace

std::unique_ptr<Evaluator> readClustering(ModelContext &context)
{
    Reading &reading = context.reading;
    ModelElement &model = context.model;
    if (context.node.attributeOr("modelClass", "centerBased") != "centerBased") {
        reading.refuse(context.node, ClusteringText::tr("clusters that are distributions"));
        return nullptr;
    }
    auto clustering = std::make_unique<Clustering>();
    clustering->comparison.read(context, context.node, "ClusteringField");
    for (const Node each : context.node) {
        if (!each.is("Cluster") || reading.failed())
            continue;
        const std::vector<double> center = readCenter(context, clustering->comparison, each);
        clustering->centers.insert(clustering->centers.end(), center.begin(), center.end());
        const auto id = each.attribute("id");
        const auto name = each.attribute("name");
        const std::string number = std::to_string(++clustering->clusters);
        model.entities.push_back(reading.texts.intern(id ? *id : std::string_view(number)));
        model.entityNames.push_back(name ? reading.texts.intern(*name) : model.entities.back());
    }
    if (clustering->clusters == 0)
        reading.fail(context.node, ClusteringText::tr("The model has no clusters."));
    clustering->ids = model.entities;
    model.affinities = clustering->clusters;
    clustering->scratch = reading.newScratch(context.node, clustering->comparison.size());
    return clustering;
}

} // namespace scoring::pmml
