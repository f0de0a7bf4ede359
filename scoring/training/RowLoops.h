#pragma once

namespace scoring {

// The loops over the rows of a block that scoring and training spend their time in, made for the widest vectors this
// processor has. Every version computes the same numbers in the same order: same bits on any processor. Any thread.
struct RowLoops
{
    // One number column's part of the margins.
    struct Term
    {
        double coefficient = 0;
        double mean = 0;
        double scale = 1;
        double impute = 0; // instead of NaN; may be NaN itself
    };
    // margins += coefficient · (number − mean) / scale, in this order of operations.
    void (*addTerm)(double *margins, const double *numbers, int rows, const Term &term);
    // margins = (margins + coefficients[0] · columns[0]) + coefficients[1] · columns[1] …
    void (*addColumns)(double *margins, const double *const *columns, const double *coefficients, int count, int rows);
    bool (*areFinite)(const double *numbers, int rows);
    // Both classes' probabilities; see logistic() in Link.h.
    void (*logistic)(const double *margins, int rows, double *of0, double *of1);

    // What the logistic loss of a block needs of each row; targets are 1 or 0. All are rows × 1.
    struct Loss
    {
        const double *margins;
        const double *targets;
        const double *weights;
        double *losses;
        double *slopes; // first derivatives by the margins
        double *curvatures; // second ones; null = not asked for
    };
    void (*logisticLoss)(const Loss &loss, int rows);
    // The numbers of a block, in four sums that are added at the end.
    double (*sum)(const double *numbers, int rows);
    double (*largestMagnitude)(const double *numbers, int rows); // 0 of none; of NaN: anything
    // sums[j] += factors · columns[j], each in four sums that are added at the end.
    void (*addProducts)(double *sums, const double *factors, const double *const *columns, int count, int rows);
    void (*multiply)(double *products, const double *a, const double *b, int rows);

    static const RowLoops &best();
    static const RowLoops &plain(); // those every processor has
};

} // namespace scoring
