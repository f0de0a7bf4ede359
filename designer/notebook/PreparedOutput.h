#pragma once

#include "designer/notebook/HtmlTable.h"
#include "designer/notebook/LongText.h"
#include "engine/base/Json.h"

#include <QImage>
#include <QStringList>

namespace designer {

// An output of nbformat, made ready to be shown: the richest of its forms that can be, decoded. Pure to make; any
// thread, and large ones are made on the pool.
struct PreparedOutput
{
    enum class Kind { Nothing, Text, LongText, Html, Table, Markdown, Json, Picture, Error };

    Kind kind = Kind::Nothing;
    bool isErrorStream = false; // stderr
    QString text; // Text, Html, Markdown, Json; of an Error its traceback
    std::shared_ptr<const LongText> lines; // LongText
    std::shared_ptr<const HtmlTable> table; // Table
    QImage picture; // Picture; a drawing (SVG) is painted at twice its size
    QString ename; // Error
    QString evalue;
    QString alternative; // text/plain of a picture, for people who do not see it

    bool isTooLarge = false; // its richest form, to be drawn here: a plainer one takes its place
    bool isTruncated = false; // the engine has sent a part of it
    qint64 size = 0; // bytes of the whole, when truncated
    QStringList omitted; // forms that were left out of the part
};

PreparedOutput prepareOutput(const engine::Json &output);

// Whether making and showing it takes so little that it may be done on the GUI thread at once.
bool isQuicklyPrepared(const engine::Json &output);

// Text with more lines or characters is shown as LongText.
inline constexpr int mostPlainLines = 200;
inline constexpr qsizetype mostPlainCharacters = 20'000;

} // namespace designer
