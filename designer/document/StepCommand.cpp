#include "designer/document/StepCommand.h"

#include <algorithm>

namespace designer {

namespace {

bool isSame(const DraftFilePtr &a, const DraftFilePtr &b)
{
    return a == b || (a != nullptr && b != nullptr && a->content == b->content);
}

} // namespace

StepCommand::StepCommand(const QString &title, QList<FileStep> files, QString mergeKey, Put put)
    : QUndoCommand(title)
    , m_files(std::move(files))
    , m_mergeKey(std::move(mergeKey))
    , m_put(std::move(put))
{
}

void StepCommand::setRename(const Rename &rename, Renamed renamed)
{
    m_rename = rename;
    m_renamed = std::move(renamed);
}

void StepCommand::undo()
{
    for (const FileStep &file : std::as_const(m_files))
        m_put(file.path, file.before);
    if (m_rename)
        m_renamed({m_rename->to, m_rename->from});
}

void StepCommand::redo()
{
    for (const FileStep &file : std::as_const(m_files))
        m_put(file.path, file.after);
    if (m_rename)
        m_renamed(*m_rename);
}

bool StepCommand::mergeWith(const QUndoCommand *other)
{
    const auto *next = dynamic_cast<const StepCommand *>(other);
    if (next == nullptr || next->m_mergeKey != m_mergeKey || m_rename || next->m_rename)
        return false;
    for (const FileStep &file : next->m_files) {
        const auto known =
            std::find_if(m_files.begin(), m_files.end(), [&](const FileStep &mine) { return mine.path == file.path; });
        if (known == m_files.end())
            m_files.append(file);
        else
            known->after = file.after;
    }
    setObsolete(std::all_of(
        m_files.cbegin(), m_files.cend(), [](const FileStep &file) { return isSame(file.before, file.after); }));
    return true;
}

} // namespace designer
