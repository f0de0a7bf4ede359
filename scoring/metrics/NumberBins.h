#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace scoring {

// Numbers counted by the bins of a profile: values up to and with edges[0], up to edges[1] … and above the last edge.
// Adds up; the order of the values never changes a result.
class NumberBins
{
public:
    // `least` and `most`: outside of them a value is counted as outside too; NaN = no bound.
    NumberBins(std::vector<double> edges, double least, double most);
    NumberBins() = default;

    void add(std::span<const double> numbers); // NaN = missing
    void add(const NumberBins &other); // of the same edges and bounds

    const std::vector<int64_t> &counts() const { return m_counts; } // edges + 1
    int64_t missing() const { return m_missing; }
    int64_t outside() const { return m_outside; }
    // The farthest values outside; infinite (+ and −) when there is none on that side.
    double lowest() const { return m_lowest; }
    double highest() const { return m_highest; }

private:
    std::vector<double> m_edges;
    double m_least = 0;
    double m_most = 0;
    std::vector<int64_t> m_counts{0};
    std::vector<int64_t> m_above; // scratch: values above each edge
    int64_t m_missing = 0;
    int64_t m_outside = 0;
    double m_lowest = 0;
    double m_highest = 0;
};

} // namespace scoring
