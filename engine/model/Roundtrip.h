#pragma once

#include <QByteArray>
#include <QString>

namespace engine {

// What became of a file that was read and written again.
struct Roundtrip
{
    enum class Outcome { Identical, Differing, Invalid };
    Outcome outcome = Outcome::Identical;
    QString where; // "pipeline/X.json:3:7" of what is invalid, or of the first byte that differs
    QString message; // one sentence; empty when identical
    bool isEdited = false; // roundtripEdit(): the file is a pipeline, and was edited
};

// Both are pure, for any thread. They take the way of the app: the text is parsed, the entity made of it, and what the
// entity holds is written over the text as saving does. `path` says by its folder what kind of entity it is.

Roundtrip roundtrip(const QByteArray &text, const QString &path);

// As above; a pipeline's description is then changed, and only the lines of that may be others. Taking a description
// away again that was not there must give the first bytes.
Roundtrip roundtripEdit(const QByteArray &text, const QString &path);

} // namespace engine
