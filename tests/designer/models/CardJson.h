#pragma once

#include "engine/base/Json.h"

#include <QString>

namespace tests {

// Cards as `GET /slipway/v1/models/card` answers them. The scores are drawn from two overlapping groups, so that every
// curve has its real shape; `shift` moves the positive group.
engine::Json binaryCard(const QString &name, int version, double shift = 0.2);
engine::Json multinomialCard(const QString &name, int classes);
engine::Json wideCard(const QString &name, int features); // two classes, many features
engine::Json regressionCard(const QString &name); // predicts a number

engine::Json modelList(); // `GET /slipway/v1/models`, of these

} // namespace tests
