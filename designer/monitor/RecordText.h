#pragma once

#include "engine/base/Json.h"

#include <QWidget>

class QLabel;
class QStackedWidget;
class QToolButton;

namespace designer {

class CodeView;

// Something that was recorded, as text to read and copy: an input, an output, an error. Very long texts are shown up to
// a limit and copied whole. GUI thread.
class RecordText final : public QWidget
{
    Q_OBJECT

public:
    RecordText(const QString &objectName, const QString &title, QWidget *parent = nullptr);

    void setJson(const engine::Json &json, const QString &whenEmpty);
    void setText(const QString &text, const QString &whenEmpty);
    const QString &text() const { return m_text; } // whole

    static constexpr int longestShown = 256 * 1024; // characters

private:
    void take(const QString &text, const QString &language, const QString &whenEmpty);

    QString m_text;
    CodeView *m_view;
    QLabel *m_empty;
    QLabel *m_notice;
    QToolButton *m_copy;
    QStackedWidget *m_stack;
};

} // namespace designer
