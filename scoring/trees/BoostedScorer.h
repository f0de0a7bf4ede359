#pragma once

#include "scoring/trees/BoostedModel.h"

#include <memory>
#include <vector>

namespace scoring::trees {

// Scores with trees: cells to numbers, numbers to margins, margins to what they mean.
class BoostedScorer final : public Scorer
{
public:
    BoostedScorer(std::shared_ptr<const BoostedModel> model, OutputChoice choice, int rounds);

    void score(const InputBatch &rows, OutputBatch &scored) override;

private:
    void declareOutputs();
    void takeColumn(const InputBatch &rows, int input, OutputBatch &scored);
    void takeCategories(const InputBatch &rows, int input, OutputBatch &scored);
    void refuse(int row, int input, const QString &reason, OutputBatch &scored);
    void addLinear(int rows);
    void writeMargins(int rows, OutputBatch &scored) const;
    void writeNumbers(int rows, OutputBatch &scored) const;
    void writeClasses(int rows, OutputBatch &scored) const;

    std::shared_ptr<const BoostedModel> m_model;
    const BoostedTrees &m_trees;
    OutputChoice m_choice;
    int m_rounds;
    int m_treeCount = 0;
    bool m_isFloat;
    TreeMarch m_march;

    std::vector<const double *> m_columns; // of the batch, by input
    std::vector<std::vector<double>> m_coded; // codes of categories, by input
    std::vector<double> m_margins; // rows × outputs
    std::vector<int32_t> m_leaves; // rows × trees
    std::vector<uint8_t> m_refused; // rows without a score
};

} // namespace scoring::trees
