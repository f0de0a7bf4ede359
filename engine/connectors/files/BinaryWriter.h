#pragma once

#include "engine/connectors/files/PackedFile.h"
#include "engine/connectors/files/RowWriter.h"

#include <QCryptographicHash>

namespace engine {

// The pieces of one Byte[] column one behind the other: files as BinarySource gives them. When the file is to be
// validated, finish() reads it again from the disk, unpacked, and compares its check sum with that of what was given:
// Conflict when they differ.
class BinaryWriter final : public RowWriter
{
public:
    enum class Validation { None, ReadAgain };
    explicit BinaryWriter(Packing packing, Validation validation = Validation::None);
    ~BinaryWriter() override;
    Q_DISABLE_COPY_MOVE(BinaryWriter)

    Result<> define(const QList<SinkColumn> &columns) override;
    Result<> begin(const File &file) override;
    Result<int> write(const RowBatch &rows, int first, int count, const QList<int> &columns) override;
    Result<> finish() override;
    void abandon() override { m_packed.reset(); }
    int systemError() const override { return m_systemError; }

private:
    Result<> validate();

    Packing m_packing;
    Validation m_validation;
    File m_file;
    std::unique_ptr<PackedFile> m_packed;
    QCryptographicHash m_hash{QCryptographicHash::Md5}; // as Data Factory does
    int m_systemError = 0;
};

} // namespace engine
