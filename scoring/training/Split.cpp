#include "scoring/training/Split.h"

#include <QCoreApplication>

#include <cmath>
#include <numeric>
#include <random>

using engine::Error;
using engine::ErrorCode;
using engine::Result;

namespace scoring {

namespace {

struct SplitText
{
    Q_DECLARE_TR_FUNCTIONS(SplitText)
};

} // namespace

std::vector<int> permutation(int rows, uint32_t seed)
{
    std::mt19937 random(seed);
    std::vector<int> order(size_t(std::max(rows, 0)));
    std::iota(order.begin(), order.end(), 0);
    for (uint32_t i = order.empty() ? 0 : uint32_t(order.size() - 1); i > 0; --i) {
        uint32_t mask = i;
        for (int shift = 1; shift < 32; shift *= 2)
            mask |= mask >> shift;
        uint32_t j = 0;
        do {
            j = uint32_t(random()) & mask;
        } while (j > i);
        std::swap(order[i], order[j]);
    }
    return order;
}

Result<Split> splitRows(int rows, double testShare, uint32_t seed)
{
    Split split;
    if (testShare == 0) {
        split.train.resize(size_t(rows));
        std::iota(split.train.begin(), split.train.end(), 0);
        return split;
    }
    const double tests = std::ceil(double(rows) * testShare);
    if (!(testShare > 0 && testShare < 1) || tests >= rows)
        return Error{ErrorCode::InvalidInput,
                     SplitText::tr("A test part of %1 of %n row(s) leaves none to train with. Give a share between 0 "
                                   "and 1.",
                                   nullptr,
                                   rows)
                         .arg(testShare),
                     {}};
    const std::vector<int> order = permutation(rows, seed);
    split.test.assign(order.begin(), order.begin() + int(tests));
    split.train.assign(order.begin() + int(tests), order.end());
    return split;
}

} // namespace scoring
