#pragma once

#include <bit>
#include <cstdint>

namespace scoring {

// e^x and ln(1 + e) as links and losses need them. Additions, multiplications and one division in a fixed order, no
// branches and no tables: a compiler makes vector instructions of a loop over rows, and the bits are the same whatever
// the processor and the width of its vectors, which those of the C library are not. Whoever includes this is compiled
// with -ffp-contract=off.

// Of x ≤ 0; within 0.52 of the last digit's unit, gradually down to 0 like every double. NaN stays NaN.
inline double exponential(double x)
{
    constexpr double shifter = 0x1.8p52; // added and taken away, it rounds to a whole number
    constexpr double lastExponent = -746; // below it nothing is left
    x = x < lastExponent ? lastExponent : x;
    const double k = (x * 0x1.71547652b82fep+0 + shifter) - shifter;
    const double high = x - k * 0x1.62e42fefa3000p-1; // exact: ln 2 in 41 bits
    const double low = k * 0x1.3de6af278ece6p-42;
    const double r = high - low; // |r| ≤ ln 2 / 2
    const double rest = (high - r) - low;
    double q = 0x1.1f730349868cep-29;
    q = q * r + 0x1.af4de97ca4194p-26;
    q = q * r + 0x1.27e4db646b17ep-22;
    q = q * r + 0x1.71de0231960ebp-19;
    q = q * r + 0x1.a01a01a6d889cp-16;
    q = q * r + 0x1.a01a01abe7fe1p-13;
    q = q * r + 0x1.6c16c16c162d4p-10;
    q = q * r + 0x1.11111111100dcp-7;
    q = q * r + 0x1.5555555555556p-5;
    q = q * r + 0x1.5555555555557p-3;
    q = q * r + 0x1p-1;
    const double one = 1 + r;
    const double lost = r - (one - 1);
    const double mantissa = one + (lost + (r * r * q + rest * one));
    // 2^k in two halves, so that a result near to 0 is rounded once.
    const double half = k * 0.5 + shifter;
    const double other = (k - (half - shifter)) + shifter;
    const double scale = std::bit_cast<double>((std::bit_cast<uint64_t>(half) + 1023) << 52);
    const double rescale = std::bit_cast<double>((std::bit_cast<uint64_t>(other) + 1023) << 52);
    return mantissa * scale * rescale;
}

// Of 0 ≤ e ≤ 1; within two units of the last digit.
inline double logOfOnePlus(double e)
{
    const double s = e / (2 + e);
    const double u = s * s;
    double p = 0x1.4b0a26c5f2aefp-4;
    p = p * u + 0x1.687a6e7c95176p-5;
    p = p * u + 0x1.eb905e8575054p-5;
    p = p * u + 0x1.10ac75dc602b1p-4;
    p = p * u + 0x1.3b18b294bebf9p-4;
    p = p * u + 0x1.745cf0b0e03bdp-4;
    p = p * u + 0x1.c71c727143318p-4;
    p = p * u + 0x1.24924923d44c6p-3;
    p = p * u + 0x1.999999999a3ddp-3;
    p = p * u + 0x1.5555555555555p-2;
    return 2 * (s + s * (u * p));
}

} // namespace scoring
