#pragma once

#include "engine/base/Json.h"
#include "scoring/Field.h"
#include "scoring/trees/BoostedModel.h"

#include <optional>
#include <vector>

namespace scoring::trees {

// The parts of an XGBoost document. Unless said otherwise an empty optional is a damaged document.

// All numbers of an array; true and false are 1 and 0, null is NaN, "inf" and "-inf" are infinite.
std::optional<std::vector<double>> numbersIn(const engine::Json &array);

// gradient_booster.model.trees[…]; `weight` is multiplied into the leaves (dart).
std::optional<Tree> xgboostTree(const engine::Json &tree, int outputs, float weight);

// gradient_booster.model.cats: the category names of `inputs`, whose fields it completes. Files before 3.1 have none:
// there the cells are the codes.
bool readCategories(const engine::Json &cats, QList<Field> &inputs, std::vector<std::optional<CategoryCodes>> &codes);

} // namespace scoring::trees
