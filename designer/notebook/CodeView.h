#pragma once

#include <QWidget>

#include <memory>

namespace designer {

// Source text with colours, line numbers and a marked line. Colours follow the theme while shown. GUI thread.
// Read-only or not, Tab moves on when nothing can be typed; where text is edited, Escape and then Tab does.
class CodeView final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CodeView)

public:
    explicit CodeView(QWidget *parent = nullptr);
    ~CodeView() override;

    // A new text keeps the cursor and what is in sight where they are, as far as the text reaches.
    void setText(const QString &text);
    QString text() const;
    QString selectedText() const;
    int lineCount() const;

    void setLanguage(const QString &language); // python | sql | json | markdown | r | plain; others are plain
    void setReadOnly(bool readOnly);
    bool isReadOnly() const;
    void markLine(int line); // 1-based, tinted as wrong; 0 = none
    int markedLine() const { return m_markedLine; }
    void goToLine(int line, int column = 1); // both 1-based; puts the cursor there and scrolls to it
    int cursorLine() const; // 1-based

    // As tall as its text, long lines wrapped, without scroll bars: wheel and page keys belong to the page around.
    void setSizeToContent(bool sizeToContent);
    // Where a line begins below the whole view, in its coordinates; for pages that scroll to a line.
    int lineTop(int line) const;

    static constexpr int textLeft = 46; // of the text when there are fewer than 100 lines: outputs align with it

signals:
    void textEdited(); // by the user, not by setText()

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    class Editor;

    void applyLook();
    void showHelp();
    void applyLanguage();
    void numberLines();
    void fitHeight();

    Editor *const m_editor;
    QString m_language;
    int m_markedLine = 0;
    bool m_sizeToContent = false;
    bool m_isSetting = false; // text comes from setText()
    QString m_shownLook; // theme and font that the colours were made for
};

} // namespace designer
