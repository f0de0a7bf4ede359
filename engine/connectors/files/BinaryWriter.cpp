#include "engine/connectors/files/BinaryWriter.h"

#include "engine/connectors/files/FileBytes.h"
#include "engine/connectors/files/StoredText.h"

#include <QCoreApplication>

#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace engine {
namespace {

struct BinaryWriterText
{
    Q_DECLARE_TR_FUNCTIONS(engine::BinaryWriter)
};

} // namespace

BinaryWriter::BinaryWriter(Packing packing, Validation validation) : m_packing(packing), m_validation(validation) { }

BinaryWriter::~BinaryWriter() = default;

Result<> BinaryWriter::define(const QList<SinkColumn> &columns)
{
    if (columns.size() == 1 && columns.constFirst().type == InterimType::Binary)
        return {};
    return Error{
        ErrorCode::InvalidInput,
        BinaryWriterText::tr("A binary sink takes files as they are: choose a binary source, or another format "
                             "for the sink."),
        {}};
}

Result<> BinaryWriter::begin(const File &file)
{
    m_file = file;
    m_hash.reset();
    m_systemError = 0;
    Result<std::unique_ptr<PackedFile>> packed = PackedFile::make(file, m_packing);
    if (!packed)
        return packed.error();
    m_packed = *std::move(packed);
    return {};
}

Result<int> BinaryWriter::write(const RowBatch &rows, int first, int count, const QList<int> &)
{
    for (int row = first; row < first + count; ++row) {
        const std::string_view piece = rows.columns.front().bytes[size_t(row)];
        if (m_validation == Validation::ReadAgain)
            m_hash.addData(QByteArrayView(piece.data(), qsizetype(piece.size())));
        if (const Result<> written = m_packed->write(piece); !written) {
            m_systemError = m_packed->systemError();
            return written.error();
        }
    }
    return count;
}

Result<> BinaryWriter::finish()
{
    const Result<> finished = m_packed->finish();
    m_systemError = m_packed->systemError();
    m_packed.reset();
    if (!finished || m_validation == Validation::None)
        return finished;
    return validate();
}

// From the disk, not from what the kernel still remembers of it.
Result<> BinaryWriter::validate()
{
    const auto failure = [this](ErrorCode code, const QString &reason) {
        return Error{code,
                     BinaryWriterText::tr("“%1” was written, but is not what the source holds: %2. Nothing was "
                                          "committed.")
                         .arg(m_file.name, reason),
                     m_file.name};
    };
    if (::fsync(m_file.descriptor) != 0)
        return failure(ErrorCode::Io, qt_error_string(errno));
    (void)::posix_fadvise(m_file.descriptor, 0, 0, POSIX_FADV_DONTNEED);
    std::atomic<qint64> bytesRead = 0;
    auto bytes = FileBytes::open(m_file.path, m_file.name, bytesRead);
    if (!bytes)
        return bytes.error();
    StoredText stored(
        *std::move(bytes), m_file.name, m_packing.compression, QByteArray(), UnpackingBounds::ofOwnFile());
    QCryptographicHash again(QCryptographicHash::Md5);
    std::vector<char> buffer(size_t(256) * 1024);
    while (true) {
        auto member = stored.next();
        if (!member)
            return failure(ErrorCode::Conflict, member.error().message);
        if (!*member)
            break;
        while (true) {
            const Result<size_t> got = (*member)->text->read(buffer.data(), buffer.size());
            if (!got)
                return failure(ErrorCode::Conflict, got.error().message);
            if (*got == 0)
                break;
            again.addData(QByteArrayView(buffer.data(), qsizetype(*got)));
        }
    }
    if (again.result() != m_hash.result())
        return failure(ErrorCode::Conflict, BinaryWriterText::tr("its check sum is another one"));
    return {};
}

} // namespace engine
