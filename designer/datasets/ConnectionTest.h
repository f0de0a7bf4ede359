#pragma once

#include "engine/base/Json.h"
#include "engine/base/Result.h"

#include <QWidget>

#include <functional>

class QLabel;
class QPushButton;

namespace designer {

class Workbench;

// Test connection and what came of it, in place. The draft is tested as it is in the window.
class ConnectionTest final : public QWidget
{
    Q_OBJECT

public:
    using Body = std::function<engine::Result<engine::Json>()>;
    ConnectionTest(Workbench &workbench, Body body, QWidget *parent = nullptr);

    void forget(); // what was found is old

private:
    void test();
    void show(const char *look, const QString &text);

    Workbench &m_workbench;
    Body m_body;
    QPushButton *m_button;
    QLabel *m_icon;
    QLabel *m_result;
    int m_request = 0;
    bool m_isAsking = false;
};

} // namespace designer
