#include "designer/canvas/ActivityClipboard.h"

#include <QMimeData>

namespace designer {

namespace {

const QString ownMime = QStringLiteral("application/x-slipway-activities+json");

void dropSecrets(engine::Json &json)
{
    if (engine::stringAt(json, "type").compare(u"SecureString", Qt::CaseInsensitive) == 0 && json.contains("value"))
        json["value"] = "";
    if (json.is_structured()) {
        for (engine::Json &member : json)
            dropSecrets(member);
    }
}

bool isActivity(const engine::Json &json)
{
    return json.is_object() && !engine::stringAt(json, "name").isEmpty() && !engine::stringAt(json, "type").isEmpty();
}

} // namespace

std::unique_ptr<QMimeData> ActivityClipboard::toMime() const
{
    engine::Json layout = engine::Json::object();
    engine::Json copies = activities;
    dropSecrets(copies);
    for (const engine::Json &activity : copies) {
        const QString name = engine::stringAt(activity, "name");
        if (const auto place = places.constFind(name); place != places.cend())
            layout[engine::toStdString(name)] = {{"x", place->x()}, {"y", place->y()}};
    }
    const QByteArray text = engine::toPretty({{"activities", copies}, {"layout", layout}});
    auto mime = std::make_unique<QMimeData>();
    mime->setData(ownMime, text);
    mime->setText(QString::fromUtf8(text));
    return mime;
}

std::optional<ActivityClipboard> ActivityClipboard::fromMime(const QMimeData &mime)
{
    const QByteArray text = mime.hasFormat(ownMime) ? mime.data(ownMime) : mime.text().toUtf8();
    if (text.isEmpty())
        return std::nullopt;
    const engine::Result<engine::Json> parsed = engine::parseJson(text, QStringLiteral("clipboard"));
    if (!parsed)
        return std::nullopt;
    engine::Json list = *parsed;
    if (isActivity(list) && !list.contains("properties"))
        list = engine::Json::array({*parsed});
    else if (parsed->is_object())
        list = engine::memberAt(parsed->contains("properties") ? engine::memberAt(*parsed, "properties") : *parsed,
                                "activities");
    if (!list.is_array() || list.empty() || !std::all_of(list.cbegin(), list.cend(), isActivity))
        return std::nullopt;
    ActivityClipboard clipboard;
    clipboard.activities = list;
    if (const engine::Json &layout = engine::memberAt(*parsed, "layout"); layout.is_object()) {
        for (const auto &[name, place] : layout.items())
            clipboard.places.insert(engine::toQString(name),
                                    QPointF(double(engine::intAt(place, "x")), double(engine::intAt(place, "y"))));
    }
    return clipboard;
}

} // namespace designer
