#pragma once

#include "scoring/Batch.h"
#include "scoring/training/LinearPipeline.h"

#include <QtGlobal>

#include <string>
#include <vector>

namespace scoring::pmml {

// Rows that try all of a pipeline: every level, small and large numbers, missing cells where they are replaced. The
// same pipeline gives the same rows.
class VerificationSample
{
public:
    explicit VerificationSample(const LinearPipeline &pipeline);
    Q_DISABLE_COPY_MOVE(VerificationSample)

    const InputBatch &batch() const { return m_batch; }

private:
    struct Column
    {
        std::vector<double> numbers;
        std::vector<std::string> kept;
        std::vector<std::string_view> texts;
    };
    static void fill(const PipelineFeature &feature, size_t index, int rows, Column &column);

    std::vector<Column> m_columns;
    InputBatch m_batch;
};

} // namespace scoring::pmml
