#pragma once

#include "designer/document/FactoryDocument.h"

#include <QMap>
#include <QTemporaryDir>

#include <memory>

namespace tests {

// A factory on disk for the time of a test.
class FactoryFolder
{
public:
    FactoryFolder(); // with the Titanic sample in it
    explicit FactoryFolder(const QMap<QString, QByteArray> &files);

    QString path() const { return m_folder.path(); }
    void write(const QString &path, const QByteArray &content) const; // as another program would, in place
    void remove(const QString &path) const;
    QByteArray read(const QString &path) const;
    QMap<QString, QByteArray> files() const; // all but what is this machine's only

    std::unique_ptr<designer::FactoryDocument> open() const; // nullptr when it cannot be read

private:
    QTemporaryDir m_folder;
};

// Saves and waits.
engine::Result<> saveNow(designer::FactoryDocument &document);

designer::EntityRef pipelineRef(const QString &name);
designer::EntityRef datasetRef(const QString &name);

} // namespace tests
