#pragma once

#include "engine/base/Json.h"

#include <QByteArray>
#include <QByteArrayView>

#include <vector>

namespace engine {

// Writes JSON as nbformat does: keys sorted (the caller gives them in order), indented by one space, and long text as a
// list of lines that may be handed over piece by piece. Text that is no UTF-8 is repaired.
class JsonWriter
{
public:
    explicit JsonWriter(QByteArray &out) : m_out(out) { }

    void beginObject() { open('{'); }
    void endObject() { close('}'); }
    void beginArray() { open('['); }
    void endArray() { close(']'); }
    void key(const char *name);
    void value(const Json &json); // any value; members of objects are sorted

    // A list of lines, as `source` and the text of streams are kept.
    void beginLines();
    void lines(QByteArrayView text); // may end in the middle of a line
    void endLines();

private:
    void open(char bracket);
    void close(char bracket);
    void item(); // comma and indent before a value
    void newLine();
    void string(QByteArrayView text);
    void characters(QByteArrayView text);

    QByteArray &m_out;
    std::vector<bool> m_empty; // of the open brackets
    bool m_afterKey = false;
    QByteArray m_partial; // a character cut in two at the end of a piece
    bool m_inLine = false;
};

} // namespace engine
