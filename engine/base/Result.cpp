#include "engine/base/Result.h"

namespace engine {

QString toString(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidInput:
        return QStringLiteral("InvalidInput");
    case ErrorCode::NotFound:
        return QStringLiteral("NotFound");
    case ErrorCode::Io:
        return QStringLiteral("Io");
    case ErrorCode::Timeout:
        return QStringLiteral("Timeout");
    case ErrorCode::Cancelled:
        return QStringLiteral("Cancelled");
    case ErrorCode::Conflict:
        return QStringLiteral("Conflict");
    case ErrorCode::Unsupported:
        return QStringLiteral("Unsupported");
    case ErrorCode::Internal:
        break;
    }
    return QStringLiteral("Internal");
}

Error Error::at(const QString &outer) const
{
    if (where.isEmpty())
        return {code, message, outer};
    return {code, message, outer + u'/' + where};
}

} // namespace engine
