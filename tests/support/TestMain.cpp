#include "tests/support/TestMain.h"

#include <QCoreApplication>

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    return tests::runTests(application.arguments());
}
