#pragma once

#include "designer/document/FactoryDocument.h"
#include "designer/shell/Workbench.h"
#include "tests/support/FakeEngineClient.h"

#include <QSettings>
#include <QTemporaryDir>

namespace tests {

// A copy of the Titanic sample's files in a workbench with a fake engine that has registered it.
class OpenSample
{
public:
    explicit OpenSample(int publishedVersion = 1);

    QString path(const QString &relative) const { return folder.filePath(relative); }
    void write(const QString &relative, const QByteArray &content) const;
    designer::FactoryDocument &document() { return *workbench.document(); }

    QTemporaryDir folder;
    QSettings settings;
    FakeEngineClient engine;
    designer::EngineConnection connection;
    designer::Workbench workbench;
};

} // namespace tests
