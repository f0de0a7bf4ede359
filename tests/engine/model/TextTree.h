#pragma once

#include "engine/model/FileTree.h"

#include <QMap>

namespace tests {

// A factory written in one text: each file after a line "=== path".
class TextTree final : public engine::FileTree
{
public:
    TextTree() = default;
    explicit TextTree(const QByteArray &text);
    TextTree(std::initializer_list<std::pair<QString, QByteArray>> files);

    QStringList files() const override;
    engine::Result<QByteArray> read(const QString &path) const override;
    void put(const QString &path, const QByteArray &content) { m_contents.insert(path, content); }

private:
    QMap<QString, QByteArray> m_contents;
};

// PublishPythonSql with all it needs, without a problem.
TextTree titanicTree();

} // namespace tests
