#pragma once

#include "designer/document/FactoryDocument.h"
#include "designer/shell/Link.h"

#include <QObject>

class QWidget;

namespace designer {

class RecentFactories;
class Workbench;

// The ways into a factory and out of it: new, open, sample, recovery after a crash, and the question about unsaved
// changes. Folders are read on a pool thread.
class OpenFactory final : public QObject
{
    Q_OBJECT

public:
    OpenFactory(Workbench &workbench, RecentFactories &recent, QWidget *window);

    void open(const QString &folder, const Link &then = {.kind = Link::Kind::Author});
    void openPath(const QString &path); // a folder, or a file in a factory: the factory, and the entity in it
    void makeNew(); // asks where
    void choose(); // asks which
    void openSample(); // makes a copy of the Titanic sample when there is none yet

    // True when nothing would be lost. Else asks: after Save or Discard `then` is called, after Cancel nothing.
    bool mayLeave(std::function<void()> then);

signals:
    void opened(const designer::Link &then);

private:
    void read(const QString &folder, const Link &then);
    void show(const engine::Result<std::shared_ptr<const Draft>> &draft, const QString &folder, const Link &then);
    void offerRecovery();

    Workbench &m_workbench;
    RecentFactories &m_recent;
    QWidget *m_window;
    int m_round = 0; // a later opening beats an earlier one
};

} // namespace designer
