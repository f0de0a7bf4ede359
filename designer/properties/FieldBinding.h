#pragma once

#include "engine/base/Json.h"

#include <QObject>
#include <QTimer>

#include <functional>

namespace designer {

class EditScope;
class Field;

// How a value comes and goes when it is not simply a member of the scope.
struct FieldAccess
{
    std::function<engine::Json()> read = {};
    std::function<engine::Result<>(const engine::Json &value, const QString &mergeKey)> write = {};
    bool waitsForFocusOut = false; // nothing is written while typing: a name
};

// Ties a field to a place of the document: typing becomes one undo step, written after a short pause or when the focus
// leaves; what changes elsewhere is shown at once, without disturbing what is being typed.
class FieldBinding final : public QObject
{
    Q_OBJECT

public:
    FieldBinding(EditScope &scope, QString path, const QString &title, Field *field, FieldAccess access = {});

    const QString &path() const { return m_path; }
    Field *field() const { return m_field; }
    QString message() const; // the field's own mistake, or why the last write was refused
    void flush(); // writes what is typed, now
    void put(const engine::Json &value); // as if it were typed: one step
    void refresh(); // shows what the document has

signals:
    void messageChanged();

private:
    engine::Json read() const;
    engine::Result<> write(const engine::Json &value);
    void fieldEdited();
    void step(bool isUndo);

    EditScope &m_scope;
    QString m_path;
    QString m_title;
    Field *m_field;
    FieldAccess m_access;
    QTimer m_pause;
    QByteArray m_known; // the document's value, as the field was told
    QString m_place; // of the scope when it was told
    QString m_refusal;
    int m_session = 0; // typing between two of these is one step
    bool m_isPending = false;
};

} // namespace designer
