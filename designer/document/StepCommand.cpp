#include "designer/document/StepCommand.h"

#include <algorithm>

namespace designer {

namespace {

QByteArray contentOf(const DraftFilePtr &file) { return file != nullptr ? file->content : QByteArray(); }

} // namespace

StepCommand::StepCommand(StepPlace &place, const QString &title, const QList<FileStep> &files, QString mergeKey)
    : QUndoCommand(title)
    , m_place(place)
    , m_mergeKey(std::move(mergeKey))
{
    for (const FileStep &file : files)
        m_parts.append(part(file));
}

StepCommand::Part StepCommand::part(const FileStep &file)
{
    return {file.path,
            file.before != nullptr,
            file.after != nullptr,
            ContentDelta::between(contentOf(file.before), contentOf(file.after)),
            file.before,
            file.after};
}

DraftFilePtr StepCommand::before(const Part &part, const DraftFilePtr &after) const
{
    if (!part.wasThere)
        return nullptr;
    if (DraftFilePtr known = part.before.lock())
        return known;
    return DraftFile::fromContent(part.path, part.delta.undone(contentOf(after)));
}

DraftFilePtr StepCommand::after(const Part &part, const DraftFilePtr &before) const
{
    if (!part.isThere)
        return nullptr;
    if (DraftFilePtr known = part.after.lock())
        return known;
    return DraftFile::fromContent(part.path, part.delta.applied(contentOf(before)));
}

void StepCommand::undo()
{
    for (Part &part : m_parts) {
        const DraftFilePtr file = before(part, m_place.fileAt(part.path));
        part.before = file;
        m_place.put(part.path, file);
    }
    if (m_rename)
        m_place.noteRename({m_rename->to, m_rename->from});
}

void StepCommand::redo()
{
    for (Part &part : m_parts) {
        const DraftFilePtr file = after(part, m_place.fileAt(part.path));
        part.after = file;
        m_place.put(part.path, file);
    }
    if (m_rename)
        m_place.noteRename(*m_rename);
}

// `other` is done already: the draft is as it left it.
bool StepCommand::mergeWith(const QUndoCommand *other)
{
    const auto *next = dynamic_cast<const StepCommand *>(other);
    if (next == nullptr || next->m_mergeKey != m_mergeKey || m_rename || next->m_rename)
        return false;
    for (const Part &added : next->m_parts) {
        const auto known =
            std::find_if(m_parts.begin(), m_parts.end(), [&](const Part &mine) { return mine.path == added.path; });
        if (known == m_parts.end()) {
            m_parts.append(added);
            continue;
        }
        const DraftFilePtr last = m_place.fileAt(added.path);
        const DraftFilePtr between = next->before(added, last);
        *known = part({added.path, before(*known, between), last});
    }
    setObsolete(std::all_of(m_parts.cbegin(), m_parts.cend(), [](const Part &each) {
        return each.wasThere == each.isThere && each.delta.removed.isEmpty() && each.delta.inserted.isEmpty();
    }));
    return true;
}

} // namespace designer
