#pragma once

#include "scoring/Link.h"
#include "scoring/Model.h"
#include "scoring/training/LevelCodes.h"
#include "scoring/training/LinearPipelineModel.h"

#include <memory>
#include <vector>

namespace scoring {

// Scores with a trained linear pipeline, in blocks that stay in the first cache. See LinearPipelineModel.h.
class LinearScorer final : public Scorer
{
public:
    LinearScorer(std::shared_ptr<const LinearPipelineModel> model, const ScoreOptions &options);

    void score(const InputBatch &rows, OutputBatch &scored) override;

private:
    // One feature's cells in a block: numbers, or codes of levels (−1: all its columns are 0).
    struct Cells
    {
        const double *numbers = nullptr;
        std::vector<double> replaced; // owns `numbers` where a cell was replaced
        std::vector<int32_t> codes;
    };
    struct Prepared
    {
        std::vector<int> columns; // design columns of the feature
        std::vector<int> columnOfLevel; // −1: left out
        LevelCodes codes;
        int imputeCode = -1;
        std::vector<double> table; // rows × (levels + 1): the first of each row is that of no level
    };
    enum class Found { Value, Missing, NoScore };

    void makeOutputs(OutputChoice choice);
    void prepare();
    void readCells(const InputBatch &rows, int first, int count, OutputBatch &scored);
    void readNumbers(int feature, const InputColumn &column, int first, int count, OutputBatch &scored);
    void readCodes(int feature, const InputColumn &column, int first, int count, OutputBatch &scored);
    Found judge(int feature, bool bad, bool missing, int row, const QString &shown, OutputBatch &scored);
    void refuse(int row, int feature, const QString &reason, bool fails, OutputBatch &scored);
    void addFused(int count);
    void addUnfused(int count);
    void checkMargins(int first, int count, OutputBatch &scored);
    void write(int first, int count, OutputBatch &scored);
    void writeTwoProbabilities(int first, int count, OutputBatch &scored);
    int decide(const double *probabilities) const;

    const std::shared_ptr<const LinearPipelineModel> m_model;
    const LinearPipeline &m_pipeline;
    const bool m_fused;
    std::vector<double> m_labels; // of numeric classes
    std::vector<Prepared> m_features;
    // What a column of the output batch holds.
    enum class Holds { Label, Value, Probability, Margin };
    struct Slot
    {
        Holds holds = Holds::Label;
        int index = 0; // class or row
    };
    std::vector<Slot> m_slots;

    // Scratch of one block.
    int m_first = 0; // its first row in the batch
    std::vector<Cells> m_cells;
    std::vector<double> m_margins; // rows × block
    std::vector<double> m_design; // one row of the design matrix, unfused only
    std::vector<double> m_probabilities; // of two classes, 2 × block
    std::vector<uint8_t> m_refused; // 1: the row has no score
};

} // namespace scoring
