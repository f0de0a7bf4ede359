#pragma once

#include "scoring/pmml/field/DeclaredField.h"
#include "scoring/pmml/field/Scope.h"
#include "scoring/pmml/field/Texts.h"
#include "scoring/pmml/LinearForm.h"
#include "scoring/pmml/model/Forest.h"
#include "scoring/pmml/model/ModelElement.h"
#include "scoring/pmml/Row.h"

#include <QByteArray>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace scoring::pmml {

// An input column, and what becomes of its cells.
struct PmmlInput
{
    std::string name;
    Type type;
    FieldUse use = FieldUse::Continuous;
    const DeclaredField *declared = nullptr;
    Treatment treatment;
    int slot = -1; // -1: the model declares it and never looks
    bool onlyForOutputs = false; // the target, whose residual is asked for
};

// A PMML file made ready to score. Constant once read; shared by all scorers.
struct PmmlPlan
{
    Texts texts;
    FieldDictionary dictionary;
    std::vector<PmmlInput> inputs;
    std::vector<Step> steps; // the TransformationDictionary's
    std::unique_ptr<ModelElement> model;
    std::vector<Output> predictions; // the targets, or what stands for them
    std::vector<Output> probabilities; // one for each class
    std::vector<Output> margins;
    std::vector<Output> leaves;
    std::vector<Forest> forests; // those of the models in it; Mining::forest says whose
    std::optional<LinearForm> linear; // the same model, where it is no more than that
    int slotCount = 0;
    int outcomes = 0;
    int scratch = 0;
    QByteArray source; // the file

    Row makeRow() const;
    // Finds the models whose trees can march together.
    void plantForests();
    // The slots that depend on nothing but the row's inputs.
    void derive(Row &row) const;
    // Scores the row whose inputs are in their slots already.
    void evaluate(Row &row) const;
};

} // namespace scoring::pmml
