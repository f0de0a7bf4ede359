#include "scoring/training/RowLoops.h"

#include "scoring/Exponential.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

#define INLINE __attribute__((always_inline)) inline

namespace scoring {

namespace {

using Lanes = double __attribute__((vector_size(32))); // four sums at once, whatever the registers hold

INLINE void
addTermIn(double *__restrict margins, const double *__restrict numbers, int rows, const RowLoops::Term &term)
{
    const auto [coefficient, mean, scale, impute] = term;
    if (mean == 0 && scale == 1) {
        for (int i = 0; i < rows; ++i) {
            const double x = numbers[i] != numbers[i] ? impute : numbers[i];
            margins[i] += coefficient * x;
        }
        return;
    }
    for (int i = 0; i < rows; ++i) {
        const double x = numbers[i] != numbers[i] ? impute : numbers[i];
        margins[i] += coefficient * ((x - mean) / scale);
    }
}

INLINE void
addColumnsIn(double *__restrict margins, const double *const *columns, const double *coefficients, int count, int rows)
{
    int j = 0;
    for (; j + 8 <= count; j += 8) {
        const double *const *x = columns + j;
        const double *const c = coefficients + j;
        const double c0 = c[0], c1 = c[1], c2 = c[2], c3 = c[3], c4 = c[4], c5 = c[5], c6 = c[6], c7 = c[7];
        const double *const __restrict x0 = x[0], *const __restrict x1 = x[1], *const __restrict x2 = x[2],
                                       *const __restrict x3 = x[3], *const __restrict x4 = x[4],
                                       *const __restrict x5 = x[5], *const __restrict x6 = x[6],
                                       *const __restrict x7 = x[7];
        for (int i = 0; i < rows; ++i) {
            double z = margins[i];
            z += c0 * x0[i];
            z += c1 * x1[i];
            z += c2 * x2[i];
            z += c3 * x3[i];
            z += c4 * x4[i];
            z += c5 * x5[i];
            z += c6 * x6[i];
            z += c7 * x7[i];
            margins[i] = z;
        }
    }
    for (; j + 2 <= count; j += 2) {
        const double c0 = coefficients[j], c1 = coefficients[j + 1];
        const double *const __restrict x0 = columns[j], *const __restrict x1 = columns[j + 1];
        for (int i = 0; i < rows; ++i)
            margins[i] = (margins[i] + c0 * x0[i]) + c1 * x1[i];
    }
    for (; j < count; ++j) {
        const double c0 = coefficients[j];
        const double *const __restrict x0 = columns[j];
        for (int i = 0; i < rows; ++i)
            margins[i] += c0 * x0[i];
    }
}

INLINE bool areFiniteIn(const double *numbers, int rows)
{
    constexpr uint64_t infinite = 0x7ffULL << 52;
    uint64_t seen = 0; // the exponent of what is not finite runs over into the sign
    for (int i = 0; i < rows; ++i)
        seen |= (std::bit_cast<uint64_t>(numbers[i]) & infinite) + (1ULL << 52);
    return (seen >> 63) == 0;
}

INLINE void logisticIn(const double *__restrict margins, int rows, double *__restrict of0, double *__restrict of1)
{
    for (int i = 0; i < rows; ++i) {
        const double z = margins[i];
        const double e = exponential(-std::fabs(z));
        const double larger = 1 / (1 + e);
        const double smaller = e / (1 + e);
        of0[i] = z >= 0 ? smaller : larger;
        of1[i] = z >= 0 ? larger : smaller;
    }
}

template <bool isCurved>
INLINE void logisticLossIn(const double *__restrict margins,
                           const double *__restrict targets,
                           const double *__restrict weights,
                           double *__restrict losses,
                           double *__restrict slopes,
                           double *__restrict curvatures,
                           int rows)
{
    for (int i = 0; i < rows; ++i) {
        const double sign = targets[i] != 0 ? 1.0 : -1.0;
        const double z = margins[i] * sign; // of the row's own class
        const double distance = std::fabs(z);
        const double e = exponential(-distance);
        const double larger = 1 / (1 + e);
        const double smaller = e * larger;
        const double wrong = z >= 0 ? smaller : larger; // probability of the other class
        losses[i] = weights[i] * (logOfOnePlus(e) + 0.5 * (distance - z));
        slopes[i] = -sign * (weights[i] * wrong);
        if constexpr (isCurved)
            curvatures[i] = weights[i] * (smaller * larger);
    }
}

INLINE void load(Lanes &lanes, const double *from) { std::memcpy(&lanes, from, sizeof lanes); }

INLINE double total(const Lanes &lanes) { return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]); }

INLINE double sumIn(const double *numbers, int rows)
{
    Lanes sums{};
    Lanes some{};
    int i = 0;
    for (; i + 4 <= rows; i += 4) {
        load(some, numbers + i);
        sums += some;
    }
    double rest = 0;
    for (; i < rows; ++i)
        rest += numbers[i];
    return total(sums) + rest;
}

INLINE double largestMagnitudeIn(const double *numbers, int rows)
{
    uint64_t seen[4] = {}; // without their sign, doubles are in the order of their bits
    for (int i = 0; i < rows; ++i) {
        const uint64_t bits = std::bit_cast<uint64_t>(numbers[i]) & ~(1ULL << 63);
        seen[i % 4] = bits > seen[i % 4] ? bits : seen[i % 4];
    }
    for (int lane = 1; lane < 4; ++lane)
        seen[0] = seen[lane] > seen[0] ? seen[lane] : seen[0];
    return std::bit_cast<double>(seen[0]);
}

template <int n> INLINE void addSome(double *sums, const double *factors, const double *const *columns, int rows)
{
    Lanes lanes[n]{};
    int i = 0;
    for (; i + 4 <= rows; i += 4) {
        Lanes factor;
        load(factor, factors + i);
        for (int j = 0; j < n; ++j) {
            Lanes some;
            load(some, columns[j] + i);
            lanes[j] += factor * some;
        }
    }
    for (int j = 0; j < n; ++j) {
        double rest = 0;
        for (int k = i; k < rows; ++k)
            rest += factors[k] * columns[j][k];
        sums[j] += total(lanes[j]) + rest;
    }
}

INLINE void addProductsIn(double *sums, const double *factors, const double *const *columns, int count, int rows)
{
    int j = 0;
    for (; j + 8 <= count; j += 8)
        addSome<8>(sums + j, factors, columns + j, rows);
    if (j + 4 <= count) {
        addSome<4>(sums + j, factors, columns + j, rows);
        j += 4;
    }
    if (j + 2 <= count) {
        addSome<2>(sums + j, factors, columns + j, rows);
        j += 2;
    }
    if (j < count)
        addSome<1>(sums + j, factors, columns + j, rows);
}

INLINE void multiplyIn(double *__restrict products, const double *__restrict a, const double *__restrict b, int rows)
{
    for (int i = 0; i < rows; ++i)
        products[i] = a[i] * b[i];
}

// The same bodies, once for each width.
#define LOOPS(name, width)                                                                                             \
    namespace name {                                                                                                   \
    width void addTerm(double *margins, const double *numbers, int rows, const RowLoops::Term &term)                   \
    {                                                                                                                  \
        addTermIn(margins, numbers, rows, term);                                                                       \
    }                                                                                                                  \
    width void addColumns(double *margins, const double *const *columns, const double *factors, int count, int rows)   \
    {                                                                                                                  \
        addColumnsIn(margins, columns, factors, count, rows);                                                          \
    }                                                                                                                  \
    width bool areFinite(const double *numbers, int rows) { return areFiniteIn(numbers, rows); }                       \
    width void logistic(const double *margins, int rows, double *of0, double *of1)                                     \
    {                                                                                                                  \
        logisticIn(margins, rows, of0, of1);                                                                           \
    }                                                                                                                  \
    width void logisticLoss(const RowLoops::Loss &loss, int rows)                                                      \
    {                                                                                                                  \
        const auto [margins, targets, weights, losses, slopes, curvatures] = loss;                                     \
        if (curvatures)                                                                                                \
            logisticLossIn<true>(margins, targets, weights, losses, slopes, curvatures, rows);                         \
        else                                                                                                           \
            logisticLossIn<false>(margins, targets, weights, losses, slopes, nullptr, rows);                           \
    }                                                                                                                  \
    width double sum(const double *numbers, int rows) { return sumIn(numbers, rows); }                                 \
    width double largestMagnitude(const double *numbers, int rows) { return largestMagnitudeIn(numbers, rows); }       \
    width void addProducts(double *sums, const double *factors, const double *const *columns, int count, int rows)     \
    {                                                                                                                  \
        addProductsIn(sums, factors, columns, count, rows);                                                            \
    }                                                                                                                  \
    width void multiply(double *products, const double *a, const double *b, int rows)                                  \
    {                                                                                                                  \
        multiplyIn(products, a, b, rows);                                                                              \
    }                                                                                                                  \
    constexpr RowLoops all{&addTerm,                                                                                   \
                           &addColumns,                                                                                \
                           &areFinite,                                                                                 \
                           &logistic,                                                                                  \
                           &logisticLoss,                                                                              \
                           &sum,                                                                                       \
                           &largestMagnitude,                                                                          \
                           &addProducts,                                                                               \
                           &multiply};                                                                                 \
    }

LOOPS(everywhere, )
#if defined(__x86_64__)
LOOPS(avx2, __attribute__((target("avx2"))))
#endif

} // namespace

const RowLoops &RowLoops::plain() { return everywhere::all; }

const RowLoops &RowLoops::best()
{
#if defined(__x86_64__)
    static const bool isWide = __builtin_cpu_supports("avx2") != 0;
    return isWide ? avx2::all : everywhere::all;
#else
    return everywhere::all;
#endif
}

} // namespace scoring
