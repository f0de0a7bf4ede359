#pragma once

#include <functional>

class QApplication;

namespace designer {
class MainWindow;
class Workbench;
} // namespace designer

// The desktop app but for its main(): reads the command line, makes the parts of the window, hands them to each other
// and runs until the window is closed. Returns the exit code: 0 fine, 1 a picture could not be made, 2 no place to keep
// things. `ready` is called once, when the window is shown and nothing is open in it yet.
using WindowReady = std::function<void(designer::MainWindow &, designer::Workbench &)>;
int runWindow(QApplication &application, const WindowReady &ready = {});
