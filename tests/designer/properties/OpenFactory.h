#pragma once

#include "designer/document/FactoryDocument.h"
#include "designer/shell/Workbench.h"
#include "tests/designer/document/FactoryFolder.h"
#include "tests/support/FakeEngineClient.h"

#include <QSettings>
#include <QTemporaryDir>
#include <QWidget>

namespace tests {

// The Titanic, open in a workbench with an engine that answers what the test says.
struct OpenFactory
{
    FactoryFolder folder;
    FakeEngineClient client;
    designer::EngineConnection connection{client, QString(), QByteArray("test")};
    QTemporaryDir settingsFolder;
    QSettings settings{settingsFolder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat};
    designer::Workbench workbench{connection, settings};

    OpenFactory();
    designer::FactoryDocument &document() { return *workbench.document(); }
    engine::Json properties(const designer::EntityRef &ref); // of the draft
    int steps() { return document().undoStack().count(); }
};

// The visible editor of a property: "field:typeProperties.location".
template <typename T> T *field(const QWidget &form, const char *path)
{
    for (T *one : form.findChildren<T *>(QStringLiteral("field:") + QString::fromLatin1(path))) {
        if (one->isVisible())
            return one;
    }
    return nullptr;
}

engine::Json json(const char *text);

} // namespace tests
