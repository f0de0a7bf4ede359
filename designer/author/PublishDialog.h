#pragma once

#include "designer/author/UnpublishedChanges.h"
#include "designer/widgets/ReadingOrder.h"

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace designer {

// The list of changes, a comment, and the button that saves, validates and makes the next version.
class PublishDialog final : public Dialog
{
    Q_OBJECT

public:
    PublishDialog(Workbench &workbench, UnpublishedChanges &changes, QWidget *parent = nullptr);

    int publishedVersion() const { return m_version; } // 0 until accepted

signals:
    void problemsRequested();

private:
    void showChanges();
    void publish();
    void saved(const engine::Result<> &result);
    void answered(const engine::Result<engine::Json> &answer);
    void setBusy(bool busy, const QString &what = {});
    void showError(const QString &text);

    Workbench &m_workbench;
    UnpublishedChanges &m_changes;
    QLabel *m_summary;
    QListWidget *m_list;
    QLineEdit *m_comment;
    QLabel *m_error;
    QPushButton *m_publish;
    QPushButton *m_problems;
    QPushButton *m_start;
    int m_version = 0;
};

} // namespace designer
