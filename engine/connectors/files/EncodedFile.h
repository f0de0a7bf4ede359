#pragma once

#include "engine/connectors/files/PackedFile.h"
#include "engine/connectors/files/Transcoder.h"

#include <memory>
#include <string>

namespace engine {

// Text as the files of a writer get it: gathered as UTF-8, encoded, packed. One thread at a time; calls block.
class EncodedFile
{
public:
    // `codec` as codecOf() names it.
    EncodedFile(QByteArray codec, const Packing &packing);

    // A new file; begins with the mark of the encoding. Errors: Io.
    Result<> begin(const RowWriter::File &file);
    // UTF-8 to write; takes all of it. Errors: Io; InvalidInput for a character that the encoding lacks.
    Result<> write(std::string_view text);
    Result<> finish();
    void abandon() { m_file.reset(); }

    // Whether the encoding has all characters of a value; cheap where it has all there are.
    bool canWrite(std::string_view text);
    bool isUnicode() const { return !m_encoder || m_encoder->isUnicode(); }
    QString codec() const { return QString::fromLatin1(m_codec); }
    int systemError() const { return m_file ? m_file->systemError() : m_systemError; }

private:
    QByteArray m_codec;
    Packing m_packing;
    std::unique_ptr<TextEncoder> m_encoder; // none for UTF-8
    std::unique_ptr<TextEncoder> m_probe; // of canWrite()
    std::unique_ptr<PackedFile> m_file;
    std::string m_encoded;
    int m_systemError = 0;
};

} // namespace engine
