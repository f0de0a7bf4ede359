#pragma once

#include "engine/base/Json.h"

#include <QList>
#include <QStringList>

namespace engine {

// One cell, lossless: whatever the file says is kept, known members are read and changed through the accessors.
class NotebookCell
{
public:
    NotebookCell() = default;
    explicit NotebookCell(Json json) : m_json(std::move(json)) { }
    static NotebookCell code(const QString &id, const QString &source, const QStringList &tags = {});

    QString id() const;
    QString kind() const; // code | markdown | raw
    QString source() const;
    QStringList tags() const;
    bool isCode() const;
    bool hasTag(const QString &tag) const;
    // What its source is written in: "markdown", the language of a magic in its first line ("%sql", "%%R"), else
    // `notebookLanguage`. "plain" for a raw cell.
    QString language(const QString &notebookLanguage) const;
    QString title() const; // first heading or comment line, shortened; the name Databricks gave it, when it did

    void setId(const QString &id);
    Json &metadata(); // an object, made when missing
    const Json &json() const { return m_json; }
    void setMember(const char *key, Json value) { m_json[key] = std::move(value); }
    bool operator==(const NotebookCell &) const = default;

private:
    Json m_json = Json::object();
};

// A Jupyter notebook (nbformat 4.0 to 4.5, and later minor versions) as a value. Reading adds what 4.5 asks for: ids
// that are unique and always the same for the same file, metadata, outputs, execution counts.
struct Notebook
{
    Json metadata = Json::object();
    int minor = 5;
    QList<NotebookCell> cells;
    Json others = Json::object(); // unknown members at the top

    QString kernel() const; // metadata.kernelspec.name; may be empty
    QString language() const; // lower-case; "python" when the file does not say
    bool operator==(const Notebook &) const = default;
};

// `path` is for messages. Errors name the line of bad JSON or the cell that is wrong, and say what to do.
Result<Notebook> readNotebook(const QByteArray &content, const QString &path);

} // namespace engine
