#pragma once

#include "engine/base/Result.h"

#include <cstdint>
#include <vector>

namespace scoring {

// Row numbers, 0-based, in the order in which the split draws them.
struct Split
{
    std::vector<int> train;
    std::vector<int> test;
};

// NumPy's RandomState(seed).permutation(rows), number for number.
std::vector<int> permutation(int rows, uint32_t seed);

// scikit-learn's train_test_split(test_size=testShare, random_state=seed) without stratification, row for row: the
// first ceil(rows × testShare) of the permutation are the test rows, the next ones the training rows. 0 = all rows
// train, in their order. Errors: InvalidInput: a share outside of [0, 1), or one that leaves no row to train with.
engine::Result<Split> splitRows(int rows, double testShare, uint32_t seed);

} // namespace scoring
