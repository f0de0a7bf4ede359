#pragma once

#include "designer/document/Entity.h"
#include "designer/shell/MainWindow.h"
#include "tests/designer/monitor/ToldRun.h"

#include <memory>

class QDialog;

namespace tests {

// The real window on a copy of the Titanic sample, with an entity of every kind and type beside it, and an engine that
// answers every question of every page.
class WholeWindow
{
public:
    WholeWindow();
    ~WholeWindow();

    using Visit = std::function<void(const QString &place, QWidget &shown)>;
    void visitPages(const Visit &visit);
    void visitEditors(const Visit &visit);
    void visitDialogs(const Visit &visit);

    void go(const designer::Link &link);
    void open(designer::EntityKind kind, const QString &name);
    void showProperties(const QString &activity, const QString &tab); // of pipeline(), which is open
    void trigger(const QString &action); // one of the window's
    void press(const QString &objectName);
    // Does `act`, which opens a dialog, looks at it and closes it without.
    void inDialog(const QString &place, const Visit &visit, const std::function<void()> &act);
    template <typename T> T *find(const QString &objectName)
    {
        T *found = nullptr;
        for (T *const one : window->findChildren<T *>(objectName)) {
            if (!found || (one->isVisible() && !found->isVisible()))
                found = one;
        }
        return found;
    }
    static designer::EntityRef pipeline(); // one with an activity of every type
    static engine::Json pipelineFile(const QString &description);
    static void settle(); // what was asked for is there, what is gone is deleted

    RunBook book;
    std::unique_ptr<designer::MainWindow> window;
    QString failedRun;
    QString copyRun;

private:
    void seePropertyTabs(const QString &of, const Visit &visit);
    void seeCellEditors(const QString &place, const Visit &visit);
    void seeCanvasMenus(const Visit &visit);
    void seeQuestionsAboutChanges(const Visit &visit);
    void writeFactory();
    void answer();
    void write(designer::EntityKind kind, const QString &name, const engine::Json &json);
    QString m_factory;
};

} // namespace tests
