#include "designer/properties/FieldBinding.h"

#include "designer/document/FactoryDocument.h"
#include "designer/properties/EditScope.h"
#include "designer/properties/Field.h"

#include <QScopedValueRollback>

namespace designer {

using namespace engine;

namespace {

constexpr std::chrono::milliseconds pause{500};

} // namespace

FieldBinding::FieldBinding(EditScope &scope, QString path, const QString &title, Field *field, FieldAccess access)
    : QObject(field)
    , m_scope(scope)
    , m_path(std::move(path))
    , m_title(title)
    , m_field(field)
    , m_access(std::move(access))
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(pause);
    connect(&m_pause, &QTimer::timeout, this, &FieldBinding::flush);
    connect(field, &Field::edited, this, &FieldBinding::fieldEdited);
    connect(field, &Field::committed, this, [this] {
        m_isPending = true;
        flush();
        ++m_session;
    });
    connect(field, &Field::undoAsked, this, [this] { step(true); });
    connect(field, &Field::redoAsked, this, [this] { step(false); });
    connect(&scope, &EditScope::changed, this, &FieldBinding::refresh);
    m_place = scope.where();
    const Json value = read();
    m_known = toCompact(value);
    field->setValue(value);
}

Json FieldBinding::read() const { return m_access.read ? m_access.read() : m_scope.at(m_path); }

Result<> FieldBinding::write(const Json &value)
{
    const QString mergeKey = QStringLiteral("field:%1:%2:%3").arg(m_scope.where(), m_path, QString::number(m_session));
    if (m_access.write)
        return m_access.write(value, mergeKey);
    m_scope.set(m_path, value, m_title, mergeKey);
    return {};
}

void FieldBinding::fieldEdited()
{
    m_isPending = true;
    m_refusal.clear();
    if (!m_access.waitsForFocusOut)
        m_pause.start();
    emit messageChanged();
}

void FieldBinding::flush()
{
    m_pause.stop();
    if (!m_isPending || m_scope.isEmpty())
        return;
    emit messageChanged();
    if (!m_field->mistake().isEmpty())
        return; // stays pending: shown, not written
    m_isPending = false;
    const Json value = m_field->value();
    const QByteArray written = toCompact(value);
    if (written == m_known)
        return;
    const QByteArray before = std::exchange(m_known, written);
    const Result<> result = write(value);
    if (!result) {
        m_known = before;
        m_refusal = result.error().message;
        emit messageChanged();
    }
    refresh();
}

void FieldBinding::put(const Json &value)
{
    flush();
    ++m_session;
    m_isPending = false;
    const Result<> result = write(value);
    m_refusal = result ? QString() : result.error().message;
    refresh();
    emit messageChanged();
}

void FieldBinding::refresh()
{
    const Json value = read();
    const QByteArray known = toCompact(value);
    const QString place = m_scope.where();
    const bool isElsewhere = place != m_place;
    m_place = place;
    if (!isElsewhere && known == m_known)
        return; // what is typed but not written yet stays
    m_known = known;
    m_isPending = false;
    m_pause.stop();
    m_refusal.clear();
    ++m_session;
    m_field->setValue(value);
    emit messageChanged();
}

QString FieldBinding::message() const
{
    const QString mistake = m_isPending ? m_field->mistake() : QString();
    return mistake.isEmpty() ? m_refusal : mistake;
}

void FieldBinding::step(bool isUndo)
{
    flush();
    if (m_isPending) { // cannot be written: undo takes it back
        m_isPending = false;
        m_known.clear();
        refresh();
        return;
    }
    if (FactoryDocument *const document = m_scope.document()) {
        if (isUndo)
            document->undoStack().undo();
        else
            document->undoStack().redo();
    }
}

} // namespace designer

#include "moc_FieldBinding.cpp"
