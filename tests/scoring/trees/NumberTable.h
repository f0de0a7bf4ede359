#pragma once

#include <QString>
#include <QStringList>

#include <vector>

namespace tests {

// Numbers from the recorded files of the corpora: parted by commas, tabs or spaces, or "label index:value …". What is
// no number is NaN.
struct NumberTable
{
    QStringList names; // of the first line when it is a header
    int columns = 0;
    std::vector<std::vector<double>> rows;

    // `width` is needed for files of "index:value" only. Fails the test program when the file is not there.
    static NumberTable read(const QString &file, int width = 0);

    std::vector<double> column(int index) const;
    std::vector<double> column(const QString &name) const;
};

} // namespace tests
