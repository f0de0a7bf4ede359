#pragma once

#include "scoring/pmml/xml/Document.h"

#include <string_view>
#include <vector>

namespace scoring::pmml {

struct ModelContext;
struct Row;

// How alike two points are: the ComparisonMeasure of clusters and of nearest neighbours. Coordinates are numbers; of
// text fields the codes of the texts, which can be equal or not.
class Comparison
{
public:
    // The measure, and one coordinate for each child of `node` called `element`.
    void read(ModelContext &context, const Node &node, std::string_view element);

    size_t size() const { return m_coordinates.size(); }
    int slot(size_t i) const { return m_coordinates[i].slot; }
    bool isText(size_t i) const { return m_coordinates[i].isText; }
    bool isSimilarity() const { return m_isSimilarity; }
    bool isBetter(double a, double b) const { return m_isSimilarity ? a > b : a < b; }

    // The row's coordinates, NaN where missing. False when all are.
    bool coordinates(const Row &row, double *x) const;
    static double coordinateOf(const Row &row, int slot, bool isText);

    // Distance or similarity; missing coordinates of x are left out and made up for by the others' weight.
    double measure(const double *x, const double *y) const;

private:
    enum class Metric : uint8_t {
        Euclidean,
        SquaredEuclidean,
        Chebychev,
        CityBlock,
        Minkowski,
        SimpleMatching,
        Jaccard,
        Tanimoto,
        BinarySimilarity
    };
    enum class Compare : uint8_t { AbsoluteDifference, GaussianSimilarity, Delta, Equal };
    struct Coordinate
    {
        int slot = -1;
        bool isText = false;
        double weight = 1;
        double missingWeight = 1;
        Compare compare = Compare::AbsoluteDifference;
        double scale = 1;
    };
    Compare compareOf(ModelContext &context, const Node &node, std::string_view fallback) const;
    void readMetric(ModelContext &context, const Node &node);
    double compared(const Coordinate &coordinate, double x, double y) const;
    double binary(const double *x, const double *y) const;

    Metric m_metric = Metric::Euclidean;
    bool m_isSimilarity = false;
    double m_power = 2; // of Minkowski
    double m_c[4] = {1, 0, 0, 0}; // 11 10 01 00 of binary similarity
    double m_d[4] = {1, 1, 1, 1};
    std::vector<Coordinate> m_coordinates;
};

} // namespace scoring::pmml
