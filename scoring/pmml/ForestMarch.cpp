#include "scoring/pmml/ForestMarch.h"

#include <algorithm>
#include <cmath>

namespace scoring::pmml {

ForestMarch::ForestMarch(const PmmlPlan &plan)
{
    for (const Forest &forest : plan.forests) {
        Lane lane;
        lane.forest = &forest;
        lane.march = std::make_unique<trees::TreeMarch>(forest.ensemble());
        lane.cells.resize(forest.fields().size() * size_t(blockRows));
        for (size_t f = 0; f < forest.fields().size(); ++f)
            lane.columns.push_back(lane.cells.data() + f * size_t(blockRows));
        lane.sums.resize(size_t(blockRows) * forest.outputs());
        lane.isAlone.resize(size_t(blockRows));
        m_lanes.push_back(std::move(lane));
    }
}

void ForestMarch::take(int at, const Row &row)
{
    for (Lane &lane : m_lanes) {
        bool alone = row.invalidInput >= 0;
        const std::vector<int> &fields = lane.forest->fields();
        for (size_t f = 0; f < fields.size(); ++f) {
            const double x = Forest::coordinate(row.values[size_t(fields[f])]);
            lane.cells[f * size_t(blockRows) + size_t(at)] = x;
            alone = alone || (lane.forest->needsAll() && std::isnan(x));
        }
        lane.isAlone[size_t(at)] = alone ? 1 : 0;
    }
}

void ForestMarch::go(int rows)
{
    for (Lane &lane : m_lanes) {
        std::fill(lane.sums.begin(), lane.sums.end(), 0.0);
        lane.march->add(lane.columns, rows, 0, lane.forest->ensemble().size(), lane.sums.data());
    }
}

void ForestMarch::use(int at, Row &row) const
{
    for (size_t i = 0; i < m_lanes.size(); ++i) {
        const Lane &lane = m_lanes[i];
        row.forestSums[i] = lane.isAlone[size_t(at)] ? nullptr : lane.sums.data() + size_t(at) * lane.forest->outputs();
    }
}

} // namespace scoring::pmml
