#pragma once

#include <QImage>
#include <QTextBrowser>
#include <QTextEdit>
#include <QWidget>

namespace designer {

// The widgets outputs are made of: as tall as what they show, read-only, wheel left to the page. GUI thread.

// A few lines of a terminal's text, with ANSI colours; long lines are wrapped.
class TextOutput final : public QTextEdit
{
    Q_OBJECT

public:
    explicit TextOutput(QWidget *parent = nullptr);

    // A text that begins with the one before is continued: what is selected stays selected.
    void setAnsiText(const QString &text);

protected:
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void write(const QString &text);
    void fit();

    QString m_raw;
};

// A page of HTML or Markdown. It loads nothing, from nowhere, and runs nothing; links to the web are opened by the
// system when they are clicked.
class PageOutput final : public QTextBrowser
{
    Q_OBJECT

public:
    enum class Format { Html, Markdown };

    explicit PageOutput(QWidget *parent = nullptr);
    void setPage(const QString &text, Format format);

    QVariant loadResource(int type, const QUrl &name) override; // pictures inside the page itself only

protected:
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void fill();
    void fit();

    QString m_text;
    Format m_format = Format::Html;
};

// A picture at its own size, or as wide as there is room.
class PictureOutput final : public QWidget
{
    Q_OBJECT

public:
    explicit PictureOutput(QWidget *parent = nullptr);
    void setPicture(const QImage &picture, const QString &alternative);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QSize shownSize() const;
    void save();

    QImage m_picture;
    QPixmap m_scaled;
};

} // namespace designer
