#include "engine/connectors/files/EncodedFile.h"

#include <QCoreApplication>

#include <algorithm>

namespace engine {
namespace {

struct EncodedFileText
{
    Q_DECLARE_TR_FUNCTIONS(engine::EncodedFile)
};

} // namespace

EncodedFile::EncodedFile(QByteArray codec, const Packing &packing) : m_codec(std::move(codec)), m_packing(packing)
{
    if (m_codec == "UTF-8")
        return;
    m_encoder = std::make_unique<TextEncoder>(m_codec);
    if (!m_encoder->isUnicode())
        m_probe = std::make_unique<TextEncoder>(m_codec);
}

Result<> EncodedFile::begin(const RowWriter::File &file)
{
    m_systemError = 0;
    Result<std::unique_ptr<PackedFile>> packed = PackedFile::make(file, m_packing);
    if (!packed)
        return packed.error();
    m_file = *std::move(packed);
    m_encoded.clear();
    TextEncoder::appendMark(m_codec, m_encoded);
    return m_encoded.empty() ? Result<>() : m_file->write(m_encoded);
}

Result<> EncodedFile::write(std::string_view text)
{
    if (!m_encoder)
        return m_file->write(text);
    m_encoded.clear();
    if (!m_encoder->encode(text, m_encoded))
        return Error{ErrorCode::InvalidInput,
                     EncodedFileText::tr("The encoding %1 lacks a character of what is to be written: choose UTF-8.")
                         .arg(codec()),
                     {}};
    return m_file->write(m_encoded);
}

Result<> EncodedFile::finish()
{
    if (m_encoder) {
        m_encoded.clear();
        m_encoder->end(m_encoded);
        if (!m_encoded.empty()) {
            if (const Result<> written = m_file->write(m_encoded); !written)
                return written;
        }
    }
    const Result<> finished = m_file->finish();
    m_systemError = m_file->systemError();
    m_file.reset();
    return finished;
}

bool EncodedFile::canWrite(std::string_view text)
{
    if (!m_probe || std::all_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) >= 0; }))
        return true;
    m_encoded.clear();
    return m_probe->encode(text, m_encoded);
}

} // namespace engine
