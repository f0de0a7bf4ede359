#include "designer/document/EntityIndex.h"

#include <algorithm>

namespace designer {

namespace {

EntityRef folded(const EntityRef &ref) { return {ref.kind, ref.name.toCaseFolded()}; }

QString fileNameOf(const QString &entity)
{
    // Only files from elsewhere have names with a slash.
    return QString(entity).replace(u'/', QStringLiteral("%2F"));
}

} // namespace

EntityIndex::EntityIndex(const DraftFiles &files)
{
    QStringList broken;
    for (auto file = files.cbegin(); file != files.cend(); ++file) {
        const std::optional<EntityKind> kind = engine::entityKindOf(file.key());
        if (!kind || *kind == EntityKind::Notebook)
            continue;
        if (*file == nullptr || (*file)->json == nullptr || !(*file)->json->is_object())
            broken.append(file.key());
        else if (!(*file)->name.isEmpty())
            add({*kind, (*file)->name}, file.key());
        else
            add({*kind, engine::entityNameByFile(file.key())}, file.key());
    }
    for (const QString &path : std::as_const(broken))
        add({*engine::entityKindOf(path), engine::entityNameByFile(path)}, path);
    for (const QString &suffix : engine::notebookSuffixes()) {
        for (auto file = files.cbegin(); file != files.cend(); ++file) {
            if (file.key().endsWith(u'.' + suffix, Qt::CaseInsensitive)
                && engine::entityKindOf(file.key()) == EntityKind::Notebook)
                add({EntityKind::Notebook, engine::entityNameByFile(file.key())}, file.key());
        }
    }
    for (QList<EntityRef> &refs : m_sorted)
        std::sort(refs.begin(), refs.end());
}

void EntityIndex::add(const EntityRef &ref, const QString &path)
{
    if (m_paths.contains(ref))
        return;
    m_paths.insert(ref, path);
    m_refs.insert(path, ref);
    m_folded.insert(folded(ref), ref);
    m_sorted[int(ref.kind)].append(ref);
}

std::optional<EntityRef> EntityIndex::at(const QString &path) const
{
    const auto found = m_refs.constFind(path);
    return found == m_refs.cend() ? std::nullopt : std::optional(*found);
}

std::optional<EntityRef> EntityIndex::similar(const EntityRef &ref) const
{
    const auto found = m_folded.constFind(folded(ref));
    return found == m_folded.cend() ? std::nullopt : std::optional(*found);
}

QString EntityIndex::withoutEnding(const QString &path)
{
    const qsizetype dot = path.lastIndexOf(u'.');
    return dot > path.lastIndexOf(u'/') ? path.left(dot) : path;
}

QString layoutFile(const QString &pipeline)
{
    return QStringLiteral(".slipway/layout/%1.json").arg(fileNameOf(pipeline));
}

QString optionsFile(const QString &pipeline)
{
    return QStringLiteral(".slipway/options/%1.json").arg(fileNameOf(pipeline));
}

} // namespace designer
