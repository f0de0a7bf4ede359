#include "engine/notebook/JupyterMessage.h"

#include "engine/base/Clock.h"

#include <QJsonDocument>
#include <QMessageAuthenticationCode>

#include <array>

namespace engine {

namespace {

const QByteArray &delimiter()
{
    static const QByteArray bytes = QByteArrayLiteral("<IDS|MSG>");
    return bytes;
}

// In the same time whatever the difference, so that a signature cannot be guessed byte by byte.
bool sameBytes(const QByteArray &a, const QByteArray &b)
{
    if (a.size() != b.size())
        return false;
    unsigned difference = 0;
    for (qsizetype at = 0; at < a.size(); ++at)
        difference |= unsigned(static_cast<unsigned char>(a[at]) ^ static_cast<unsigned char>(b[at]));
    return difference == 0;
}

std::optional<QJsonObject> objectFrom(const QByteArray &text)
{
    QJsonDocument document = QJsonDocument::fromJson(text);
    if (document.isNull()) // kernels may send bytes that are no UTF-8
        document = QJsonDocument::fromJson(QString::fromUtf8(text).toUtf8());
    if (!document.isObject())
        return std::nullopt;
    return document.object();
}

} // namespace

JupyterCodec::JupyterCodec(QByteArray key, QString session) : m_key(std::move(key)), m_session(std::move(session)) { }

QByteArray JupyterCodec::sign(const QByteArray *first) const
{
    if (m_key.isEmpty())
        return {};
    QMessageAuthenticationCode code(QCryptographicHash::Sha256, m_key);
    for (int part = 0; part < 4; ++part)
        code.addData(first[part]);
    return code.result().toHex();
}

QList<QByteArray> JupyterCodec::encode(const QString &type,
                                       const QString &id,
                                       const QJsonObject &content,
                                       const QJsonObject &parentHeader) const
{
    const auto now = std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
    const QJsonObject header = {{QStringLiteral("msg_id"), id},
                                {QStringLiteral("session"), m_session},
                                {QStringLiteral("username"), QStringLiteral("slipway")},
                                {QStringLiteral("date"), toIso(now)},
                                {QStringLiteral("msg_type"), type},
                                {QStringLiteral("version"), QStringLiteral("5.3")}};
    const std::array<QByteArray, 4> parts = {QJsonDocument(header).toJson(QJsonDocument::Compact),
                                             QJsonDocument(parentHeader).toJson(QJsonDocument::Compact),
                                             QByteArrayLiteral("{}"),
                                             QJsonDocument(content).toJson(QJsonDocument::Compact)};
    QList<QByteArray> frames = {delimiter(), sign(parts.data())};
    for (const QByteArray &part : parts)
        frames += part;
    return frames;
}

std::optional<JupyterMessage> JupyterCodec::decode(const QList<QByteArray> &frames, JupyterChannel channel) const
{
    const qsizetype start = frames.indexOf(delimiter());
    if (start < 0 || frames.size() < start + 6)
        return std::nullopt;
    const QByteArray *parts = frames.constData() + start + 2;
    if (!m_key.isEmpty() && !sameBytes(sign(parts), frames.at(start + 1)))
        return std::nullopt;
    const auto header = objectFrom(parts[0]);
    const auto parent = objectFrom(parts[1]);
    const auto metadata = objectFrom(parts[2]);
    auto content = objectFrom(parts[3]);
    if (!header || !parent || !metadata || !content)
        return std::nullopt;
    return JupyterMessage{channel,
                          header->value(QStringLiteral("msg_type")).toString(),
                          header->value(QStringLiteral("msg_id")).toString(),
                          parent->value(QStringLiteral("msg_id")).toString(),
                          *header,
                          *metadata,
                          *std::move(content)};
}

} // namespace engine
