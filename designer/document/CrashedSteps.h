#pragma once

#include "designer/document/StepCommand.h"

#include <QHash>
#include <QMap>

namespace designer {

// A step as a journal tells it.
struct CrashedStep
{
    struct Change
    {
        QString path;
        std::optional<QByteArray> before; // nothing: the file is not there
        std::optional<QByteArray> after;
    };
    QString title;
    QString mergeKey;
    qint64 time = 0; // ms since 1970
    QList<Change> changes;
    std::optional<EntityRename> rename;
};

// What windows that ended without a word left in the journal. A value.
struct CrashedSteps
{
    QList<CrashedStep> steps; // the undo list
    int index = 0; // so many of them were done
    int saved = 0; // so many of them were done when it was saved; -1: that can be reached no more
    qint64 last = 0; // time of the last gesture, ms since 1970
    // Of the files spoken of, as the draft was: also of those that only steps undone and forgotten changed.
    QMap<QString, std::optional<QByteArray>> contents;
    // What was on disk as the window knew it: sha256 in hex, empty = no file.
    QHash<QString, QByteArray> disk;
    QMultiHash<QString, QByteArray> saving; // what it ever was about to write

    bool isEmpty() const { return steps.isEmpty(); }
    QMap<QString, std::optional<QByteArray>> contentsBefore() const; // the same with all steps undone
    QStringList unsavedTitles() const; // what the next save would have saved
};

// Reads a journal to where it is whole. A line that makes no sense, or leads out of the factory, ends it.
CrashedSteps readJournal(const QByteArray &text);

} // namespace designer
