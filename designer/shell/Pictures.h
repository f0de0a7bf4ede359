#pragma once

#include "designer/shell/Link.h"

#include <QObject>
#include <QString>

namespace designer {

class MainWindow;
class Workbench;

// Pictures of the window for the README and the help, made by the program itself (`./run --pictures`): the open
// factory's first pipeline with a mapping, the runs, the newest failed notebook, the newest copy and a model, light and
// dark. Expects a factory that is published, has runs and has trained a model.
class Pictures final : public QObject
{
    Q_OBJECT

public:
    Pictures(MainWindow &window, Workbench &workbench, QString folder, QObject *parent = nullptr);

    void start();

signals:
    void finished(bool allMade);

private:
    struct Shot
    {
        QString name;
        Link link;
    };

    void findRuns();
    void findModel();
    void answered();
    void findActivity(const QString &run, const QString &type, const QString &name);
    void next();
    void prepare();
    void grab();

    MainWindow &m_window;
    Workbench &m_workbench;
    const QString m_folder;
    QList<Shot> m_shots;
    qsizetype m_at = -1;
    int m_asked = 0; // answers that are still to come
    bool m_isDark = false;
    bool m_allMade = true;
};

} // namespace designer
