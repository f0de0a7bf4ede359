#pragma once

#include "designer/widgets/StatusLook.h"

#include <QFrame>

class QHBoxLayout;
class QPushButton;

namespace designer {

// A calm word about a state at the top of a page: why nothing is there yet, or how it ended. GUI thread.
class NoticeCard final : public QFrame
{
    Q_OBJECT

public:
    NoticeCard(const StatusLook &look, const QString &title, const QString &text, QWidget *parent = nullptr);
    QPushButton *addButton(const QString &objectName, const QString &text, const QString &icon, const QString &tip);

private:
    QHBoxLayout *const m_buttons;
};

} // namespace designer
