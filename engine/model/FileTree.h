#pragma once

#include "engine/base/Json.h"
#include "engine/base/Result.h"

#include <QByteArray>
#include <QMap>
#include <QStringList>

#include <memory>

namespace engine {

// Where the files of a factory are read from: its folder, or a published version. Paths are relative, with "/".
class FileTree
{
public:
    virtual ~FileTree();
    virtual QStringList files() const = 0; // all of them, sorted
    virtual Result<QByteArray> read(const QString &path) const = 0; // NotFound, Io
    // The file parsed, when the tree has that at hand: spares readFactory a second parse. Else nullptr.
    virtual std::shared_ptr<const Json> parsed(const QString &path) const;
};

// A folder on disk. Leaves out dot folders other than .slipway, and .slipway/local; follows no symbolic link out of it.
class FolderTree final : public FileTree
{
public:
    explicit FolderTree(QString folder);
    QStringList files() const override;
    Result<QByteArray> read(const QString &path) const override; // refuses absolute paths and ".."

private:
    QString m_folder;
};

// Another tree with some files in place of its own, or beside them: a draft that is not saved. Borrows the other.
class OverlaidTree final : public FileTree
{
public:
    OverlaidTree(const FileTree &below, QMap<QString, QByteArray> above) : m_below(below), m_above(std::move(above)) { }
    QStringList files() const override;
    Result<QByteArray> read(const QString &path) const override;

private:
    const FileTree &m_below;
    QMap<QString, QByteArray> m_above; // by path
};

} // namespace engine
