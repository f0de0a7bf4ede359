#pragma once

#include "engine/model/Factory.h"

namespace designer {

// What can be written in an expression at a place of a pipeline or in a trigger, by group, and the values that are
// known of it. Pure.

struct ExpressionWord
{
    QString title; // as listed: "formatDateTime(timestamp, format?)"
    QString text; // as inserted, without the @
    QString help;
};

struct ExpressionGroup
{
    QString title; // translated
    QList<ExpressionWord> words;
};

// `place`: of the activity, below "properties"; see ActivityTree.h.
QList<ExpressionGroup>
expressionGroups(const engine::Json &pipelineFile, const engine::Factory &factory, const QString &place);
// Activities that have ended before the one at `place` begins: in its list and in those of its containers.
QStringList upstreamOf(const engine::Json &pipelineFile, const QString &place);

// What ExpressionContext is made of: defaults of parameters and variables, global parameters, and `outputs` of a run:
// {"Name": {"output", "status", "error"}}.
engine::Json expressionValues(const engine::Json &pipelineFile,
                              const engine::Factory &factory,
                              const engine::Json &outputs,
                              const engine::Json &parameters);

// `word` put at `position` of `text`: behind an @ where the text has none, in @{…} within other text. `cursor` is where
// typing goes on, inside of the brackets of a function.
struct InsertedWord
{
    QString text;
    qsizetype cursor = 0;
};
InsertedWord insertedWord(const QString &text, qsizetype position, const QString &word);

} // namespace designer
