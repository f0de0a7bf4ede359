#pragma once

#include "engine/base/Json.h"

#include <QByteArray>
#include <QList>

namespace engine {

// Takes secrets out of what is kept or shown: as they are, in base64 at any offset, percent-encoded, and as JSON
// escapes them. Values of fewer than 4 bytes are left alone: they would be found everywhere. What code makes of a
// secret otherwise cannot be found. Immutable; any thread.
class Redactor
{
public:
    static constexpr char replacement[] = "[REDACTED]";

    Redactor() = default;
    explicit Redactor(const QList<QByteArray> &values); // UTF-8

    bool isEmpty() const { return m_forms.empty(); }
    QString redacted(const QString &text) const;
    Json redacted(Json json) const; // in texts and names at any depth

private:
    bool replaceIn(std::string &text) const;

    std::vector<std::string> m_forms; // the longest first
};

} // namespace engine
