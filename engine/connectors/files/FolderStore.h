#pragma once

#include "engine/base/CancelToken.h"
#include "engine/connectors/Store.h"

namespace engine {

// A folder of files, as Data Factory sees a storage account: containers are the folders at the root. Hidden files are
// left out, links are followed.
class FolderStore final : public Store
{
public:
    enum class Content { Files, Notebooks }; // of Notebooks, .ipynb, .py and .sql are entries of their own kind

    FolderStore(QString root, Content content, CancelToken cancel); // absolute

    Result<QString> test() override; // "Folder /data, readable and writable"
    Result<StoreListing> browse(const QString &path) override;

private:
    Result<> checkRoot() const;

    QString m_root;
    Content m_content;
    CancelToken m_cancel;
};

} // namespace engine
