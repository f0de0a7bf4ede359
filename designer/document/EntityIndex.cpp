#include "designer/document/EntityIndex.h"

#include <QFileInfo>

#include <algorithm>
#include <array>

namespace designer {

namespace {

// In this order a notebookPath looks for its file.
constexpr std::array notebookEndings{u".ipynb", u".py", u".sql", u".dbc"};

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
        const std::optional<EntityKind> kind = kindAt(file.key());
        if (!kind || *kind == EntityKind::Notebook)
            continue;
        if (*file == nullptr || (*file)->json == nullptr || !(*file)->json->is_object())
            broken.append(file.key());
        else if (!(*file)->name.isEmpty())
            add({*kind, (*file)->name}, file.key());
        else
            add({*kind, QFileInfo(file.key()).completeBaseName()}, file.key());
    }
    for (const QString &path : std::as_const(broken))
        add({*kindAt(path), QFileInfo(path).completeBaseName()}, path);
    for (const char16_t *ending : notebookEndings) {
        for (auto file = files.cbegin(); file != files.cend(); ++file) {
            if (file.key().endsWith(QStringView(ending), Qt::CaseInsensitive)
                && kindAt(file.key()) == EntityKind::Notebook)
                add({EntityKind::Notebook, withoutEnding(file.key())}, file.key());
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

std::optional<EntityKind> EntityIndex::kindAt(const QString &path)
{
    const QString folder = path.section(u'/', 0, 0);
    if (!path.contains(u'/') || folder == u".slipway")
        return std::nullopt;
    for (const EntityKind kind :
         {EntityKind::Pipeline, EntityKind::Dataset, EntityKind::LinkedService, EntityKind::Trigger}) {
        if (folder == folderOf(kind))
            return path.endsWith(u".json", Qt::CaseInsensitive) ? std::optional(kind) : std::nullopt;
    }
    const bool isNotebook = std::any_of(notebookEndings.begin(), notebookEndings.end(), [&](const char16_t *ending) {
        return path.endsWith(QStringView(ending), Qt::CaseInsensitive);
    });
    return isNotebook ? std::optional(EntityKind::Notebook) : std::nullopt;
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
