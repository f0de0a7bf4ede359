#pragma once

#include "designer/models/ModelListModel.h"
#include "designer/shell/Link.h"

#include <QWidget>

class QPushButton;
class QStackedWidget;

namespace designer {

class ManageTable;
class ModelPage;
class Workbench;

// Models: the list of those in the registry of this machine, and the page of one. GUI thread.
class ModelsPage final : public QWidget
{
    Q_OBJECT

public:
    explicit ModelsPage(Workbench &workbench, QWidget *parent = nullptr);

    void go(const Link &link); // entity: name of the model, detail: its version; both empty: the list

private:
    QWidget *makeList();
    void refresh();
    void sayWhyEmpty(const QString &problem = {});
    void open(const QString &name, int version);
    void compareWith(int version); // 0 = with none
    void setAlias(const QString &alias, bool isSet);
    void exportModel();
    static QString route(const QString &what, const QString &name, int version);

    Workbench &m_workbench;
    ModelListModel *m_models;
    QStackedWidget *m_stack;
    ManageTable *m_table;
    QPushButton *m_again;
    ModelPage *m_page;
    QString m_wanted; // whose page comes with the next answer
    int m_wantedVersion = 0;
};

} // namespace designer
