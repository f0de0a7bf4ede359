#pragma once

#include "scoring/Link.h"
#include "scoring/Model.h"
#include "scoring/training/LevelCodes.h"
#include "scoring/training/LinearPipelineModel.h"
#include "scoring/training/RowLoops.h"

#include <memory>
#include <vector>

namespace scoring {

// Scores with a trained linear pipeline, in blocks that stay in the first cache: quickly, column by column without a
// look at single cells; a block that has a cell without a score is gone through again with care. The same bits either
// way. See LinearPipelineModel.h.
class LinearScorer final : public Scorer
{
public:
    LinearScorer(std::shared_ptr<const LinearPipelineModel> model, const ScoreOptions &options);

    void score(const InputBatch &rows, OutputBatch &scored) override;
    // Only if no row needs a closer look; false: one does, and `scored` holds nothing.
    bool scoreQuickly(const InputBatch &rows, OutputBatch &scored);

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
        RowLoops::Term term; // of a continuous feature
        std::vector<double> table; // rows × (levels + 1): the first of each row is that of no level
    };
    enum class Found { Value, Missing, NoScore };

    void makeOutputs(OutputChoice choice);
    void makeColumns(int rows, OutputBatch &scored) const;
    void prepare();
    // False: some cell or result needs a closer look, nothing is to be kept.
    bool addQuickly(const InputBatch &rows, int first, int count);
    size_t addNumbersQuickly(const InputBatch &rows, int first, int count, size_t feature);
    bool addLevelsQuickly(const InputColumn &column, int first, int count, size_t feature);
    void startMargins(int count);
    void addNumbers(size_t feature, const double *numbers, int count, int k);
    void addLevels(size_t feature, const int32_t *codes, int count);
    void readCells(const InputBatch &rows, int first, int count, OutputBatch &scored);
    void readNumbers(int feature, const InputColumn &column, int first, int count, OutputBatch &scored);
    void readCodes(int feature, const InputColumn &column, int first, int count, OutputBatch &scored);
    Found judge(int feature, bool bad, bool missing, int row, const QString &shown, OutputBatch &scored);
    void refuse(int row, int feature, const QString &reason, bool fails, OutputBatch &scored);
    void addFused(int count);
    void addUnfused(int count);
    void checkMargins(int first, int count, OutputBatch &scored);
    void write(int first, int count, OutputBatch &scored);
    void computeProbabilities(int first, int count, OutputBatch &scored);
    void writeLabels(int first, int count, OutputColumn &labels) const;
    int decide(int row) const;

    const std::shared_ptr<const LinearPipelineModel> m_model;
    const LinearPipeline &m_pipeline;
    const bool m_fused;
    const RowLoops &m_loops;
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
    std::vector<double> m_scratch; // classes × block
    std::vector<const double *> m_probabilities; // of each class in the block: there, or in an output's column already
    std::vector<double> m_row; // of all classes in one row
    std::vector<int32_t> m_codes;
    std::vector<const double *> m_columns;
    std::vector<uint8_t> m_refused; // 1: the row has no score; empty: all have one
};

} // namespace scoring
