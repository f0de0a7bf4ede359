#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QString>

#include <optional>

namespace engine {

enum class JupyterChannel { Shell, Iopub, Stdin, Control };

// One message of the Jupyter protocol, decoded. Buffers are not kept.
struct JupyterMessage
{
    JupyterChannel channel = JupyterChannel::Shell;
    QString type; // header.msg_type
    QString id; // header.msg_id
    QString parent; // parent_header.msg_id; empty = none
    QJsonObject header;
    QJsonObject metadata;
    QJsonObject content;
};

// Signs and frames what goes out, checks and decodes what comes in (HMAC-SHA256 over the four JSON parts).
// Values only; used from the I/O thread.
class JupyterCodec
{
public:
    JupyterCodec(QByteArray key, QString session);

    // The frames after the identities: delimiter, signature, header, parent, metadata, content.
    QList<QByteArray> encode(const QString &type,
                             const QString &id,
                             const QJsonObject &content,
                             const QJsonObject &parentHeader = {}) const;

    // Nothing when the frames are no message or the signature is wrong.
    std::optional<JupyterMessage> decode(const QList<QByteArray> &frames, JupyterChannel channel) const;

private:
    QByteArray sign(const QByteArray *first) const; // of four parts

    QByteArray m_key;
    QString m_session;
};

} // namespace engine
