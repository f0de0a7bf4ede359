// The desktop app.

#include "app/window/WindowProgram.h"

#include <QApplication>

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    return runWindow(application);
}
