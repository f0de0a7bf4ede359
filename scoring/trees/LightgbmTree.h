#pragma once

#include "scoring/trees/LightgbmText.h"
#include "scoring/trees/TreeEnsemble.h"

#include <optional>

namespace scoring::trees {

struct LightgbmTree
{
    std::optional<Tree> tree;
    int line = 0; // where it is damaged when there is none
};

LightgbmTree lightgbmTree(const LightgbmText::Block &block);

} // namespace scoring::trees
