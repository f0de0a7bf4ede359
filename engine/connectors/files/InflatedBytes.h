#pragma once

#include "engine/connectors/files/ByteStream.h"

#include <QString>

#include <memory>

namespace engine {

// What is packed by gzip (several parts one after another too) or as a deflate stream, with or without zlib's frame.
// Check sums are compared; a file that ends early or goes on with something else is InvalidInput.
class InflatedBytes final : public ByteStream
{
public:
    enum class Form { Gzip, Deflate };
    InflatedBytes(std::unique_ptr<ByteStream> packed, Form form, QString displayPath);
    ~InflatedBytes() override;
    Q_DISABLE_COPY_MOVE(InflatedBytes)

    Result<size_t> read(char *to, size_t size) override;

private:
    struct State;
    Result<> fill();
    Result<bool> begin(); // false: nothing follows
    Error damaged(const QString &reason) const;

    std::unique_ptr<ByteStream> m_packed;
    Form m_form;
    QString m_displayPath;
    std::unique_ptr<State> m_state;
};

} // namespace engine
