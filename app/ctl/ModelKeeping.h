#pragma once

#include "app/ctl/Session.h"

#include <QCommandLineParser>
#include <QStringList>

namespace ctl {

// `slipwayctl model list` and `slipwayctl model alias NAME VERSION ALIAS`: what the registry keeps. → exit code
int listModels(const QCommandLineParser &parser, Session &session);
int aliasModel(const QStringList &words, const QCommandLineParser &parser, Session &session);

} // namespace ctl
