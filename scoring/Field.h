#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <optional>

namespace scoring {

// What a model computes with. Text fields are given as texts, all others as numbers (see Batch.h).
enum class FieldType : uint8_t {
    Double,
    Float, // rounded to 32 bits before anything else is done with it
    Integer,
    Boolean, // 1 or 0
    Text // also dates and times, as their ISO text
};

enum class FieldUse : uint8_t { Continuous, Categorical, Ordinal };

// One input of a model, as the model names it.
struct Field
{
    QString name;
    FieldType type = FieldType::Double;
    FieldUse use = FieldUse::Continuous;
    QStringList levels; // the valid values of a categorical or ordinal field, in the model's order; empty = any
    std::optional<double> low; // the valid range of a continuous field, both ends in it; none = open
    std::optional<double> high;
    bool required = true; // false: the model scores without this column, all its cells missing

    bool operator==(const Field &) const = default;
};

// What an output says.
enum class OutputKind : uint8_t {
    Label, // the predicted class
    Probability, // of OutputField::category
    Value, // a predicted number; also ranks, affinities, distances
    Raw, // the margin, before any link function
    Leaf, // number of the leaf a tree ends in
    Other // what the model itself computes on top: decisions, reason codes, transformed values
};

// One output of a model, as the model names it. Text outputs are codes into a dictionary, all others numbers.
struct OutputField
{
    QString name;
    FieldType type = FieldType::Double;
    OutputKind kind = OutputKind::Value;
    QString category; // whose probability, margin or affinity; empty where that has no meaning

    bool operator==(const OutputField &) const = default;
};

} // namespace scoring
