#pragma once

#include "engine/base/Json.h"
#include "engine/model/FileTree.h"

#include <QMap>

#include <memory>

namespace designer {

// One file of a draft with what it says. Never changes: a change makes a new one. May be shared between threads.
struct DraftFile
{
    QByteArray content;
    std::shared_ptr<const engine::Json> json; // nullptr: no JSON
    QString name; // the "name" in it; empty when it says none
    bool isParsed = true; // false: json and name were not looked for

    static std::shared_ptr<const DraftFile> fromContent(const QString &path, const QByteArray &content);
    static std::shared_ptr<const DraftFile> fromJson(const QByteArray &content, engine::Json json);
};
using DraftFilePtr = std::shared_ptr<const DraftFile>;

// By path. nullptr: the file is there and was not read; notebooks and others that are no JSON are read when needed.
using DraftFiles = QMap<QString, DraftFilePtr>;

// A draft as the engine reads a folder. Holds the files it was given; thread-safe.
class DraftTree final : public engine::FileTree
{
public:
    DraftTree(const QString &folder, DraftFiles files);
    QStringList files() const override;
    engine::Result<QByteArray> read(const QString &path) const override;
    std::shared_ptr<const engine::Json> parsed(const QString &path) const override;

private:
    engine::FolderTree m_folder;
    DraftFiles m_files;
};

bool isReadAtOnce(const QString &path); // JSON; the others are read when needed
QStringList filesOf(const engine::FolderTree &tree); // of the folder, bindings of this machine included
bool isPlainPath(const QString &path); // relative, without "..": it stays in the folder

} // namespace designer
