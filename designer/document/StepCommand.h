#pragma once

#include "designer/document/Draft.h"
#include "designer/document/Entity.h"

#include <QUndoCommand>

#include <functional>

namespace designer {

// What a step does to one file; nullptr = it is not there.
struct FileStep
{
    QString path;
    DraftFilePtr before;
    DraftFilePtr after;
};

// One step of the draft, and the only command there is: contents before and after, so that undo gives back the same
// bytes whatever the edit was. Holds the document's way to put a file in place, nothing that is shown.
class StepCommand final : public QUndoCommand
{
public:
    using Put = std::function<void(const QString &path, const DraftFilePtr &file)>;
    struct Rename
    {
        EntityRef from;
        EntityRef to;
    };
    using Renamed = std::function<void(const Rename &)>;

    StepCommand(const QString &title, QList<FileStep> files, QString mergeKey, Put put);
    void setRename(const Rename &rename, Renamed renamed);

    void undo() override;
    void redo() override;
    int id() const override { return m_mergeKey.isEmpty() ? -1 : 1; }
    bool mergeWith(const QUndoCommand *other) override;

private:
    QList<FileStep> m_files;
    QString m_mergeKey;
    Put m_put;
    std::optional<Rename> m_rename;
    Renamed m_renamed;
};

} // namespace designer
