#pragma once

#include "engine/base/CancelToken.h"
#include "engine/connectors/files/BinaryFiles.h"
#include "engine/connectors/files/StoredText.h"
#include "engine/connectors/Source.h"

#include <QStringList>

#include <atomic>
#include <memory>

namespace engine {

// The bytes of files, piece by piece: one column of type Byte[], a row for each piece, one at least of each file, even
// of an empty one. RowBatch::file says which file a piece belongs to, by the path that FileSink is to write it to:
// below the folder of the source, without the name of a compression that is taken off. Every file that is meant is
// copied, hidden ones too, but for what Slipway itself keeps in a folder.
class BinarySource final : public Source
{
public:
    static constexpr size_t pieceBytes = size_t(1024) * 1024;

    // `cancel` ends open(), which looks at every file.
    explicit BinarySource(BinaryFileSource source, CancelToken cancel = {}, UnpackingBounds bounds = {});
    ~BinarySource() override;
    Q_DISABLE_COPY_MOVE(BinarySource)

    Result<QList<SourceColumn>> open() override;
    Result<> project(const QList<ProjectedColumn> &columns) override;
    std::variant<bool, ReadError> read(RowBatch &batch) override;

    qint64 bytesRead() const override { return m_bytesRead.load(std::memory_order_relaxed); }
    qint64 size() const override;
    Json fingerprint() const override; // of the files that were not left out; paths of the others: "skipped",
                                       // and "changed" while they were read
    Result<> verifyUnchanged() const override;

private:
    struct File
    {
        QString path; // below the root
        FileStamp stamp;
        bool isSkipped = false;
        bool isChanged = false; // why it is skipped
    };

    Result<bool> nextPiece(RowBatch &batch);
    Result<bool> openNext(); // the next member or file; false at the end
    Result<bool> openFile(File &file); // false: it is left out
    bool mayBeLeftOut(const Error &error) const;
    bool leavesOut(File &file); // that was read: it has changed, and that is allowed
    QString targetOf(const File &file, const QString &member) const;

    BinaryFileSource m_source;
    CancelToken m_cancel;
    UnpackingBounds m_bounds;
    std::optional<BoundFolder> m_folder;
    QList<File> m_files;
    qsizetype m_next = 0; // of m_files
    std::unique_ptr<StoredText> m_stored;
    std::optional<StoredText::Member> m_member;
    QString m_target;
    QStringList m_targets; // of the file that is read, so far
    QStringList m_withdrawn; // to be told
    bool m_isBegun = false; // a piece of the member was given out
    bool m_isProjected = true; // somebody wants the bytes
    std::atomic<qint64> m_bytesRead = 0;
};

} // namespace engine
