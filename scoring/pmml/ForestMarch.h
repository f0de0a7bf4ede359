#pragma once

#include "scoring/pmml/PmmlPlan.h"
#include "scoring/trees/TreeEnsemble.h"

#include <memory>
#include <vector>

namespace scoring::pmml {

// Blocks of rows on their way through a plan's forests: take() the rows, go(), then use() what came out. One per
// scorer.
class ForestMarch
{
public:
    static constexpr int blockRows = 512;

    explicit ForestMarch(const PmmlPlan &plan); // borrowed

    void take(int at, const Row &row); // `at`: in the block; the row's derived fields are in their slots
    void go(int rows);
    void use(int at, Row &row) const; // the sums of that row; none where it has to be scored tree by tree

private:
    struct Lane
    {
        const Forest *forest = nullptr;
        std::unique_ptr<trees::TreeMarch> march;
        std::vector<double> cells; // features × blockRows
        std::vector<const double *> columns;
        std::vector<double> sums; // blockRows × outputs
        std::vector<uint8_t> isAlone; // rows that miss what the trees need
    };
    std::vector<Lane> m_lanes;
};

} // namespace scoring::pmml
