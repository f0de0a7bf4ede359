#pragma once

#include "engine/base/Result.h"

#include <memory>

namespace engine {

// Who knows the values of secrets. Any thread; does not block on a network.
class SecretSource
{
public:
    virtual ~SecretSource() = default;

    // Errors: NotFound (says what the scope holds), Io.
    virtual Result<QString> secret(const QString &scope, const QString &name) const = 0;
};

// Which source a value asks; two values that differ only in it are equal.
struct SecretSourceRef
{
    std::shared_ptr<const SecretSource> source;
    bool operator==(const SecretSourceRef &) const { return true; }
};

} // namespace engine
