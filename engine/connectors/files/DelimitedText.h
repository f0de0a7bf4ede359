#pragma once

#include <QByteArray>
#include <QString>

namespace engine {

// Delimited text as Data Factory describes it (format.md §2.5, dataset DelimitedText).
struct DelimitedTextFormat
{
    QByteArray columnDelimiter = ",";
    char quote = '"'; // 0 = none
    char escape = '\\'; // equal to quote = doubling only
    bool firstRowAsHeader = false;
    QByteArray nullValue; // a field of exactly this text, unquoted, is NULL
    QString encoding = QStringLiteral("UTF-8");
    int skipLines = 0;
};

struct CsvFileSource
{
    QString path; // absolute: one file, or a folder whose *.csv files are read in name order
    QString displayPath; // for messages: "data/finoutput"
    DelimitedTextFormat format;
};

} // namespace engine
