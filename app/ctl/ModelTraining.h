#pragma once

#include "app/ctl/Session.h"

#include <QCommandLineParser>
#include <QStringList>

namespace ctl {

// `slipwayctl model train DATA` and `slipwayctl model evaluate MODEL DATA`. → exit code
void addTrainingOptions(QCommandLineParser &parser);
int trainModel(const QStringList &words, const QCommandLineParser &parser, Session &session);
int evaluateModelFile(const QStringList &words, const QCommandLineParser &parser, Session &session);

// What a person reads of metricsJson(), line by line.
void sayMetrics(const QString &title, const engine::Json &metrics, Session &session);

} // namespace ctl
