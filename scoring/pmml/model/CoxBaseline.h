#pragma once

#include "scoring/pmml/field/Value.h"

#include <vector>

namespace scoring::pmml {

struct ModelContext;
class Node;
class Reading;
struct Row;

// The baseline of a Cox regression: cumulative hazard over time, one curve or one for each stratum.
class CoxBaseline
{
public:
    void read(ModelContext &context);

    // Cumulative hazard at the row's end time: baseline * exp(eta - reference). NaN beyond the stratum's last time,
    // for an unknown stratum, and where the time is missing. Before the first event it is 0.
    double hazard(const Row &row, double eta, double reference) const;

private:
    struct Step
    {
        double time = 0;
        double hazard = 0;
    };
    struct Curve
    {
        Value stratum;
        double maxTime = 0;
        std::vector<Step> steps; // by time
    };
    static Curve readCurve(Reading &reading, const Node &node);

    int m_timeSlot = -1;
    int m_strataSlot = -1;
    std::vector<Curve> m_curves;
};

} // namespace scoring::pmml
