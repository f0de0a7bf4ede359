#pragma once

#include <QMetaType>
#include <QString>

namespace designer {

// A place in Slipway that can be gone to, written down and handed on: "slipway://run/<id>/activity/<name>/cell/7".
struct Link
{
    enum class Kind {
        Home,
        Author,
        Monitor,
        Models, // entity: name of a model, detail: its version; both empty: the list
        Manage, // detail: "engine", "triggers", "linkedServices", "kernels", "bind", "globalParameters"
        Entity, // entity: "pipeline/Name"; detail: a property's path, "activities[1].typeProperties.sink"
        Run, // run
        ActivityRun, // run, activity (path), cell when > 0
    };

    Kind kind = Kind::Home;
    QString entity = {};
    QString detail = {};
    QString run = {};
    QString activity = {};
    int cell = 0; // 1-based; 0 = none

    QString toString() const;
    static Link fromString(const QString &text); // Home for what is not understood
    bool operator==(const Link &) const = default;
};

Link entityLink(const QString &entity, const QString &detail = {}); // "dataset/FinSqlTable"
Link runLink(const QString &run);
Link activityLink(const QString &run, const QString &activity, int cell = 0);

} // namespace designer

Q_DECLARE_METATYPE(designer::Link)
