#pragma once

#include "designer/home/SectionCard.h"

namespace designer {

class RecentFactories;
struct RecentFactory;
class Workbench;

// "Recent factories": opened by a click, pinned, taken off the list; a folder that is gone says so.
class RecentCard final : public SectionCard
{
    Q_OBJECT

public:
    RecentCard(Workbench &workbench, RecentFactories &recent);

    void refresh(); // asks the engine for published versions, looks at the folders

signals:
    void requested(const QString &folder);

private:
    void show();
    QWidget *makeRow(const QString &folder);
    void pressed(const QString &folder);

    Workbench &m_workbench;
    RecentFactories &m_recent;
    QHash<QString, int> m_versions; // published, by folder
};

} // namespace designer
