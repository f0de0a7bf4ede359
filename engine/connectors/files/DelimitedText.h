#pragma once

#include "engine/connectors/files/FileSet.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace engine {

enum class FileCompression { None, Gzip, Bzip2, Deflate, Zstandard, Lz4, ZipDeflate, Tar, TarGzip };

// Delimited text as Data Factory describes it (format.md §2.5, dataset DelimitedText).
struct DelimitedTextFormat
{
    QByteArray columnDelimiter = ",";
    char quote = '"'; // 0 = none
    // Equal to quote, or 0: doubling only. Without a quote it escapes column delimiters and itself.
    char escape = '\\';
    bool firstRowAsHeader = false;
    QByteArray nullValue; // a field of exactly this text, unquoted, is NULL
    bool emptyIsNull = false; // an empty one, unquoted, too
    QString encoding = QStringLiteral("UTF-8");
    int skipLines = 0;
    QByteArray rowDelimiter = {}; // empty = any of CR LF, LF, CR; else one character or CR LF, exactly that
    FileCompression compression = FileCompression::None;
};

struct CsvFileSource
{
    QString path; // absolute: one file, or a folder whose files are read
    QString displayPath; // for messages: "data/finoutput"
    DelimitedTextFormat format;
    // Where the files are in a store: which of them are read, and nothing outside of its root is. Without it `path` is
    // all, and may be anywhere.
    std::optional<FileSet> files = {};
};

} // namespace engine
