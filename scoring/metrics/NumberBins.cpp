#include "scoring/metrics/NumberBins.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace scoring {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

// Comparing every value with every edge needs no branch and no order, so that four values go at once: a dozen edges
// take about a nanosecond a value. A value is above an edge, below a bound, or NaN, which is none of them.
struct Tally
{
    int64_t missing = 0;
    int64_t below = 0;
    int64_t above = 0;
};

__attribute__((always_inline)) inline int64_t countAbove(const double *numbers, size_t count, double bound)
{
    int64_t found = 0;
    for (size_t i = 0; i < count; ++i)
        found += numbers[i] > bound ? 1 : 0;
    return found;
}

__attribute__((always_inline)) inline Tally
tally(const double *numbers, size_t count, const std::vector<double> &edges, double least, double most, int64_t *above)
{
    Tally found;
    for (size_t i = 0; i < count; ++i)
        found.missing += numbers[i] == numbers[i] ? 0 : 1;
    for (size_t i = 0; i < count; ++i)
        found.below += numbers[i] < least ? 1 : 0;
    found.above = countAbove(numbers, count, most);
    for (size_t edge = 0; edge < edges.size(); ++edge)
        above[edge] = countAbove(numbers, count, edges[edge]);
    return found;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) Tally wideTally(
    const double *numbers, size_t count, const std::vector<double> &edges, double least, double most, int64_t *above)
{
    return tally(numbers, count, edges, least, most, above);
}

bool isWide()
{
    static const bool is = __builtin_cpu_supports("avx2") != 0;
    return is;
}
#else
constexpr auto wideTally = tally;
bool isWide() { return false; }
#endif

constexpr size_t blockSize = 1024; // stays in the nearest cache while it is looked at again and again

} // namespace

NumberBins::NumberBins(std::vector<double> edges, double least, double most)
    : m_edges(std::move(edges))
    , m_least(std::isnan(least) ? -infinite : least)
    , m_most(std::isnan(most) ? infinite : most)
    , m_counts(m_edges.size() + 1, 0)
    , m_above(m_edges.size(), 0)
    , m_lowest(infinite)
    , m_highest(-infinite)
{
}

void NumberBins::add(std::span<const double> numbers)
{
    for (size_t start = 0; start < numbers.size(); start += blockSize) {
        const std::span<const double> block = numbers.subspan(start, std::min(blockSize, numbers.size() - start));
        const Tally found = isWide() ? wideTally(block.data(), block.size(), m_edges, m_least, m_most, m_above.data())
                                     : tally(block.data(), block.size(), m_edges, m_least, m_most, m_above.data());
        m_missing += found.missing;
        m_outside += found.below + found.above;
        int64_t before = int64_t(block.size()) - found.missing;
        for (size_t edge = 0; edge < m_edges.size(); ++edge) {
            m_counts[edge] += before - m_above[edge];
            before = m_above[edge];
        }
        m_counts.back() += before;
        if (found.below + found.above == 0)
            continue;
        for (const double number : block) {
            if (number < m_least)
                m_lowest = std::min(m_lowest, number);
            if (number > m_most)
                m_highest = std::max(m_highest, number);
        }
    }
}

void NumberBins::add(const NumberBins &other)
{
    for (size_t i = 0; i < m_counts.size() && i < other.m_counts.size(); ++i)
        m_counts[i] += other.m_counts[i];
    m_missing += other.m_missing;
    m_outside += other.m_outside;
    m_lowest = std::min(m_lowest, other.m_lowest);
    m_highest = std::max(m_highest, other.m_highest);
}

} // namespace scoring
