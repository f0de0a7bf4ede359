#pragma once

#include "tests/rules/SourceTree.h"

#include <QMap>
#include <QStringList>

#include <functional>

namespace tests {

// tests/rules/floorplan.txt as a value, and the judgement of source files by it. Pure: Qt's own headers are asked
// through `QtModuleOf`.
class FloorPlan
{
public:
    // Which Qt module a class header belongs to ("QColor" → "QtGui"); empty when it is none.
    using QtModuleOf = std::function<QString(const QString &header)>;

    explicit FloorPlan(const QString &text);

    QStringList mistakes() const { return m_mistakes; } // lines that are no rule
    QList<Finding> check(const QList<SourceFile> &files, const QtModuleOf &qtModuleOf) const;

private:
    struct Include
    {
        QString header;
        bool quoted = false;
        int line = 0;
    };
    struct Restriction
    {
        QString header;
        QStringList places;
    };

    static QList<Include> includesOf(const SourceFile &file);
    void readLine(const QString &line, int number);
    QString roomOf(const QString &path) const; // the longest folder of the plan the path is below
    void checkOwn(const SourceFile &file, const Include &include, QList<Finding> &findings) const;
    void checkForeign(const SourceFile &file,
                      const Include &include,
                      const QString &qtModule,
                      QList<Finding> &findings) const;

    QMap<QString, QStringList> m_rooms; // folder → folders it may include
    QList<Restriction> m_only;
    QList<Restriction> m_never;
    QStringList m_once;
    QStringList m_mistakes;
};

// The Qt module of a header by the headers of the Qt this test was built with.
QString installedQtModuleOf(const QString &header);

} // namespace tests
