#include "designer/properties/Field.h"

#include "designer/widgets/Build.h"
#include "engine/model/Factory.h"

#include <QKeyEvent>

namespace designer {

using namespace engine;

void Field::setWrong(bool isWrong)
{
    QWidget *const inner = editor();
    const QVariant look = inner->property("look");
    if (isWrong && look != QStringLiteral("wrong"))
        setLook(inner, "wrong");
    else if (!isWrong && look == QStringLiteral("wrong"))
        setLook(inner, "");
}

void Field::watch(QWidget *editor)
{
    editor->installEventFilter(this);
    if (editor->focusPolicy() == Qt::WheelFocus)
        editor->setFocusPolicy(Qt::StrongFocus);
}

bool Field::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusOut) {
        emit committed();
    } else if (event->type() == QEvent::Wheel && !static_cast<QWidget *>(watched)->hasFocus()) {
        event->ignore(); // the form is scrolled, not the value changed
        return true;
    } else if (event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress) {
        auto *const key = static_cast<QKeyEvent *>(event);
        const bool isUndo = key->matches(QKeySequence::Undo);
        const bool isRedo = key->matches(QKeySequence::Redo) || key->keyCombination() == (Qt::CTRL | Qt::Key_Y)
            || key->keyCombination() == (Qt::CTRL | Qt::SHIFT | Qt::Key_Z);
        if (isUndo || isRedo) {
            event->accept();
            if (event->type() == QEvent::KeyPress) {
                if (isUndo)
                    emit undoAsked();
                else
                    emit redoAsked();
            }
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

bool isDynamic(const Json &value) { return ValueSource::fromJson(value).isExpression; }

QString shownText(const Json &value)
{
    if (value.is_null())
        return {};
    if (value.is_string())
        return toQString(value.get_ref<const std::string &>());
    const ValueSource source = ValueSource::fromJson(value);
    return source.isExpression ? source.expression : QString::fromUtf8(toCompact(value));
}

Json dynamicValue(const QString &text, const Json &before)
{
    const Json plain = toStdString(text);
    if (!before.is_object() || !isDynamic(before) || !isDynamic(plain))
        return plain;
    Json kept = before;
    kept["value"] = plain;
    return kept;
}

} // namespace designer

#include "moc_Field.cpp"
