#include "designer/document/DraftFile.h"

#include "engine/model/Bindings.h"
#include "engine/model/EntityText.h"

#include <QCoreApplication>

#include <algorithm>

namespace designer {

using namespace engine;

namespace {

struct DraftText
{
    Q_DECLARE_TR_FUNCTIONS(designer::Draft)
};

} // namespace

DraftFilePtr DraftFile::fromContent(const QString &path, const QByteArray &content)
{
    if (isReadAtOnce(path)) {
        if (Result<Json> json = parseEntity(content, path))
            return fromJson(content, std::move(*json));
    }
    auto file = std::make_shared<DraftFile>();
    file->content = content;
    return file;
}

DraftFilePtr DraftFile::fromJson(const QByteArray &content, Json json)
{
    auto file = std::make_shared<DraftFile>();
    file->content = content;
    file->name = stringAt(json, "name");
    file->json = std::make_shared<const Json>(std::move(json));
    return file;
}

DraftTree::DraftTree(const QString &folder, DraftFiles files) : m_folder(folder), m_files(std::move(files)) { }

QStringList DraftTree::files() const
{
    QStringList paths = m_files.keys();
    paths.removeOne(localBindingsFile());
    return paths;
}

Result<QByteArray> DraftTree::read(const QString &path) const
{
    const auto file = m_files.constFind(path);
    if (file == m_files.cend())
        return Error{ErrorCode::NotFound, DraftText::tr("There is no file \"%1\" in the factory.").arg(path), path};
    return *file != nullptr ? Result<QByteArray>((*file)->content) : m_folder.read(path);
}

std::shared_ptr<const Json> DraftTree::parsed(const QString &path) const
{
    const DraftFilePtr file = m_files.value(path);
    return file != nullptr ? file->json : nullptr;
}

bool isReadAtOnce(const QString &path) { return path.endsWith(u".json", Qt::CaseInsensitive); }

QStringList filesOf(const FolderTree &tree)
{
    QStringList paths = tree.files();
    if (tree.read(localBindingsFile()))
        paths.append(localBindingsFile());
    return paths;
}

bool isPlainPath(const QString &path)
{
    const QStringList parts = path.split(u'/');
    return !path.contains(QChar(u'\0')) && std::none_of(parts.cbegin(), parts.cend(), [](const QString &part) {
        return part.isEmpty() || part == u"." || part == u"..";
    });
}

} // namespace designer
