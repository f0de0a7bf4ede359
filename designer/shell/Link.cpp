#include "designer/shell/Link.h"

#include <QUrl>

namespace designer {

namespace {

QString encoded(const QString &segment) { return QString::fromLatin1(QUrl::toPercentEncoding(segment)); }

QString decoded(const QString &segment) { return QUrl::fromPercentEncoding(segment.toUtf8()); }

const QString scheme = QStringLiteral("slipway://");

QString withDetail(const QString &text, const QString &detail)
{
    return detail.isEmpty() ? text : text + u'#' + encoded(detail);
}

} // namespace

QString Link::toString() const
{
    switch (kind) {
    case Kind::Home:
        return scheme + u"home";
    case Kind::Author:
        return scheme + u"author";
    case Kind::Monitor:
        return scheme + u"monitor";
    case Kind::Models:
        return withDetail(scheme + u"models" + (entity.isEmpty() ? QString() : QString(u'/' + encoded(entity))),
                          detail);
    case Kind::Manage:
        return withDetail(scheme + u"manage", detail);
    case Kind::Entity:
        return withDetail(scheme + u"entity/" + entity.section(u'/', 0, 0) + u'/' + encoded(entity.section(u'/', 1)),
                          detail);
    case Kind::Run:
        return scheme + u"run/" + encoded(run);
    case Kind::ActivityRun:
        return scheme + u"run/" + encoded(run) + u"/activity/" + encoded(activity)
            + (cell > 0 ? u"/cell/" + QString::number(cell) : QString());
    }
    return scheme + u"home";
}

Link Link::fromString(const QString &text)
{
    if (!text.startsWith(scheme))
        return {};
    const QString path = text.mid(scheme.size()).section(u'#', 0, 0);
    Link link;
    link.detail = decoded(text.section(u'#', 1));
    const QStringList parts = path.split(u'/');
    const QString &first = parts.first();
    if (first == u"author")
        link.kind = Kind::Author;
    else if (first == u"monitor")
        link.kind = Kind::Monitor;
    else if (first == u"models") {
        link.kind = Kind::Models;
        link.entity = decoded(parts.value(1));
    } else if (first == u"manage")
        link.kind = Kind::Manage;
    else if (first == u"entity" && parts.size() >= 3) {
        link.kind = Kind::Entity;
        link.entity = parts.at(1) + u'/' + decoded(parts.at(2));
    } else if (first == u"run" && parts.size() >= 2) {
        link.kind = Kind::Run;
        link.run = decoded(parts.at(1));
        if (parts.size() >= 4 && parts.at(2) == u"activity") {
            link.kind = Kind::ActivityRun;
            link.activity = decoded(parts.at(3));
            if (parts.size() >= 6 && parts.at(4) == u"cell")
                link.cell = parts.at(5).toInt();
        }
    }
    return link;
}

Link entityLink(const QString &entity, const QString &detail)
{
    Link link;
    link.kind = Link::Kind::Entity;
    link.entity = entity;
    link.detail = detail;
    return link;
}

Link runLink(const QString &run)
{
    Link link;
    link.kind = Link::Kind::Run;
    link.run = run;
    return link;
}

Link activityLink(const QString &run, const QString &activity, int cell)
{
    Link link;
    link.kind = Link::Kind::ActivityRun;
    link.run = run;
    link.activity = activity;
    link.cell = cell;
    return link;
}

} // namespace designer
