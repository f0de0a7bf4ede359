#include "engine/model/Factory.h"
#include "engine/model/Validator.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace engine;

namespace {

constexpr std::array<const char *, 7> paths{"pipeline/P.json",
                                            "dataset/D.json",
                                            "linkedService/L.json",
                                            "trigger/T.json",
                                            "factory/F.json",
                                            ".slipway/bindings.json",
                                            ".slipway/options/P.json"};

// One file of a factory, and a pipeline that it may belong to.
class OneFileTree final : public FileTree
{
public:
    OneFileTree(QString path, QByteArray content) : m_path(std::move(path)), m_content(std::move(content)) { }

    QStringList files() const override
    {
        QStringList all{QStringLiteral("notebooks/n.ipynb"), QStringLiteral("pipeline/Other.json"), m_path};
        all.sort();
        return all;
    }

    Result<QByteArray> read(const QString &path) const override
    {
        if (path == m_path)
            return m_content;
        if (path == QStringLiteral("pipeline/Other.json"))
            return QByteArray(R"({"name":"Other","properties":{"activities":[{"name":"A","type":"Copy",)"
                              R"("inputs":[{"referenceName":"D"}],"outputs":[{"referenceName":"D"}]}]}})");
        return QByteArray("{}");
    }

private:
    QString m_path;
    QByteArray m_content;
};

void mustExplain(const QList<Problem> &problems)
{
    for (const Problem &problem : problems) {
        if (problem.code.isEmpty() || problem.message.isEmpty() || problem.where.isEmpty())
            std::abort();
    }
}

} // namespace

// The first byte says which file of the factory the rest is. Reading and validating never crash, always explain, and
// always find the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    if (size == 0)
        return 0;
    const QString path = QString::fromLatin1(paths[bytes[0] % paths.size()]);
    const OneFileTree tree(path, QByteArray(reinterpret_cast<const char *>(bytes) + 1, qsizetype(size) - 1));

    const FactoryReading reading = readFactory(tree);
    mustExplain(reading.problems);
    const QList<Problem> problems = validate(reading.factory);
    mustExplain(problems);
    if (validate(readFactory(tree).factory) != problems)
        std::abort();
    return 0;
}
