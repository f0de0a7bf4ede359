#pragma once

#include "app/ctl/Command.h"

namespace ctl {

std::unique_ptr<Command> makeBindCommand();
std::unique_ptr<Command> makeCancelCommand();
std::unique_ptr<Command> makeCopyCommand();
std::unique_ptr<Command> makeCopyFilesCommand();
std::unique_ptr<Command> makeDatasetCommand();
std::unique_ptr<Command> makeDebugCommand();
std::unique_ptr<Command> makeDoctorCommand();
std::unique_ptr<Command> makeEngineCommand();
std::unique_ptr<Command> makeEvalCommand();
std::unique_ptr<Command> makeImportCommand();
std::unique_ptr<Command> makeKernelsCommand();
std::unique_ptr<Command> makeLinkedServiceCommand();
std::unique_ptr<Command> makeModelCommand();
std::unique_ptr<Command> makePreviewCommand();
std::unique_ptr<Command> makePublishCommand();
std::unique_ptr<Command> makeRejectsCommand();
std::unique_ptr<Command> makeRerunCommand();
std::unique_ptr<Command> makeRoundtripCommand();
std::unique_ptr<Command> makeRunCommand();
std::unique_ptr<Command> makeRunsCommand();
std::unique_ptr<Command> makeSampleCommand();
std::unique_ptr<Command> makeSchemaCommand();
std::unique_ptr<Command> makeScoreCommand();
std::unique_ptr<Command> makeSecretCommand();
std::unique_ptr<Command> makeSettingsCommand();
std::unique_ptr<Command> makeShowCommand();
std::unique_ptr<Command> makeTestCommand();
std::unique_ptr<Command> makeTriggerCommand();
std::unique_ptr<Command> makeValidateCommand();
std::unique_ptr<Command> makeVersionsCommand();

} // namespace ctl
