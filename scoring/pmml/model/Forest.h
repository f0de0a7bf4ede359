#pragma once

#include "scoring/pmml/field/Scope.h"
#include "scoring/pmml/model/Mining.h"
#include "scoring/pmml/Row.h"
#include "scoring/trees/TreeEnsemble.h"

#include <memory>
#include <optional>
#include <vector>

namespace scoring::pmml {

// The trees of a MiningModel as the ensemble that native model files are scored with: blocks of rows march through all
// trees together. Made where every segment is a plain tree: tests of one field against a number, a value or a set.
// The sums are those that scoring tree by tree gives, to the last bit.
class Forest
{
public:
    // None when one of the segments is not plain, or the answers are not sums of the trees' ones.
    static std::optional<Forest> make(const Mining &mining, const ModelElement &model, const Texts &texts);

    // Fields the trees look at: slots in Row::values.
    const std::vector<int> &fields() const { return m_slots; }
    const trees::TreeEnsemble &ensemble() const { return *m_ensemble; }
    size_t outputs() const { return m_outputs; }
    // A row that misses one of the fields has to be scored tree by tree.
    bool needsAll() const { return m_needsAll; }

    // A cell as the trees compare it; NaN when it is missing.
    static double coordinate(const Value &value)
    {
        return value.isNumber() ? value.number : value.isText() ? double(value.text) : notANumber;
    }

private:
    std::vector<int> m_slots;
    std::shared_ptr<const trees::TreeEnsemble> m_ensemble;
    size_t m_outputs = 1;
    bool m_needsAll = true;
};

} // namespace scoring::pmml
