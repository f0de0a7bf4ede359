#pragma once

#include <QWidget>

#include <optional>

class QCheckBox;
class QLabel;
class QPlainTextEdit;
class QTimer;
class QToolButton;

namespace designer {

class Workbench;

// The last lines of the engine's log: followed while shown, copied, opened as a file. The engine is asked for them;
// while it is away, its file is read, because that says why it went. GUI thread; the file is read on the pool.
class LogTail final : public QWidget
{
    Q_OBJECT

public:
    explicit LogTail(Workbench &workbench);

    void refresh();
    static constexpr int most = 65536; // bytes

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void show(const QString &text);
    void readFile();
    QString file() const;

    Workbench &m_workbench;
    QPlainTextEdit *m_view;
    QLabel *m_path;
    QCheckBox *m_follow;
    QToolButton *m_copy;
    QToolButton *m_open;
    QTimer *m_again;
    QString m_text;
    bool m_isAsking = false;
};

// What of `now` is not at the end of `before` yet; nothing when the two do not overlap. Pure.
std::optional<QString> addedText(const QString &before, const QString &now);

} // namespace designer
