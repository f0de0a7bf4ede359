#pragma once

#include "scoring/onnx/OnnxOperator.h"

#include <string>
#include <vector>

namespace scoring::onnx {

// The labels of a classifier, and how they are written for rows.
class Classes
{
public:
    Classes(const Node &node, const char *integers); // the attribute of integer labels; texts: classlabels_strings

    size_t size() const { return m_texts.empty() ? m_numbers.size() : m_texts.size(); }
    void shapeLabels(Tensor &labels, int rows) const;
    void put(Tensor &labels, size_t row, size_t label) const;

private:
    std::vector<std::string> m_texts;
    std::vector<double> m_numbers;
};

// How a single score becomes those of two classes.
enum class SecondClass : uint8_t {
    None, // it stays one
    Complement, // 1 − s and s
    Opposite // −s and s, or the logistic function of both
};

// Applies post_transform to the scores of one row and writes them; `scores` may grow to two.
void writeScores(
    const std::string &how, SecondClass second, std::vector<float> &scores, Tensor &to, size_t row, size_t rows);

} // namespace scoring::onnx
