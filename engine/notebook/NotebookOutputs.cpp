#include "engine/notebook/NotebookOutputs.h"

#include "engine/notebook/JsonWriter.h"

#include <QCoreApplication>
#include <QJsonArray>

namespace engine {

namespace {

constexpr qint64 longStream = 64 * 1024;
constexpr int turnsOfLongStreams = 10;

Json jsonFrom(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::Bool:
        return value.toBool();
    case QJsonValue::Double:
        if (const QVariant number = value.toVariant(); number.typeId() == QMetaType::LongLong)
            return number.toLongLong();
        return value.toDouble();
    case QJsonValue::String:
        return value.toString().toUtf8().toStdString();
    case QJsonValue::Array: {
        Json list = Json::array();
        const QJsonArray array = value.toArray();
        for (const QJsonValue &member : array)
            list.push_back(jsonFrom(member));
        return list;
    }
    case QJsonValue::Object: {
        Json object = Json::object();
        const QJsonObject members = value.toObject();
        for (auto member = members.begin(); member != members.end(); ++member)
            object.emplace(member.key().toUtf8().toStdString(), jsonFrom(member.value()));
        return object;
    }
    case QJsonValue::Null:
    case QJsonValue::Undefined:
        break;
    }
    return nullptr;
}

Json objectFrom(const QJsonValue &value)
{
    Json json = jsonFrom(value);
    return json.is_object() ? json : Json::object();
}

QString displayIdOf(const JupyterMessage &message)
{
    const QJsonObject transient = message.content.value(QStringLiteral("transient")).toObject();
    return transient.value(QStringLiteral("display_id")).toString();
}

} // namespace

NotebookOutputs::NotebookOutputs(int cells, qint64 limit) : m_cells(size_t(cells)), m_limit(limit) { }

NotebookOutputs::~NotebookOutputs() = default;

void NotebookOutputs::apply(int cell, const JupyterMessage &message)
{
    Cell &target = m_cells.at(size_t(cell));
    const QJsonObject &content = message.content;
    const QString &type = message.type;
    if (type == u"stream") {
        print(cell,
              content.value(QStringLiteral("name")).toString(),
              content.value(QStringLiteral("text")).toString().toUtf8());
    } else if (type == u"display_data" || type == u"execute_result") {
        Json output = {{"output_type", toStdString(type)},
                       {"data", objectFrom(content.value(QStringLiteral("data")))},
                       {"metadata", objectFrom(content.value(QStringLiteral("metadata")))}};
        if (type == u"execute_result")
            output["execution_count"] = content.value(QStringLiteral("execution_count")).toInt();
        const QString id = displayIdOf(message);
        if (!id.isEmpty() && type == u"display_data")
            update(id, output["data"], output["metadata"]); // the same id shown again changes all its places
        add(target, std::move(output), id, false);
    } else if (type == u"update_display_data") {
        update(displayIdOf(message),
               objectFrom(content.value(QStringLiteral("data"))),
               objectFrom(content.value(QStringLiteral("metadata"))));
    } else if (type == u"error") {
        Json traceback = jsonFrom(content.value(QStringLiteral("traceback")));
        if (!traceback.is_array())
            traceback = Json::array();
        add(target,
            Json{{"output_type", "error"},
                 {"ename", toStdString(content.value(QStringLiteral("ename")).toString())},
                 {"evalue", toStdString(content.value(QStringLiteral("evalue")).toString())},
                 {"traceback", std::move(traceback)}},
            {},
            true);
    } else if (type == u"clear_output") {
        if (content.value(QStringLiteral("wait")).toBool())
            target.clearNext = true;
        else
            clear(target);
    }
}

void NotebookOutputs::print(int cell, const QString &name, QByteArrayView text)
{
    if (text.isEmpty())
        return;
    Cell &target = m_cells.at(size_t(cell));
    if (std::exchange(target.clearNext, false))
        clear(target);
    const qint64 room = std::max<qint64>(0, m_limit - m_used);
    const QByteArrayView kept = text.first(std::min<qsizetype>(text.size(), room));
    if (!kept.isEmpty()) {
        if (target.items.empty() || !target.items.back().stream || target.items.back().isMark
            || target.items.back().name != name) {
            Item item;
            item.stream = std::make_unique<StreamText>();
            item.name = name;
            target.items.push_back(std::move(item));
        }
        Item &item = target.items.back();
        item.stream->append(kept);
        m_used += item.stream->size() - item.size;
        item.size = item.stream->size();
        item.isDirty = true;
        m_changed = true;
    }
    if (kept.size() < text.size())
        drop(target, text.size() - kept.size());
}

void NotebookOutputs::add(Cell &cell, Json output, const QString &displayId, bool always)
{
    if (std::exchange(cell.clearNext, false))
        clear(cell);
    const qint64 size = toCompact(output).size();
    if (!always && m_used + size > m_limit) {
        drop(cell, size);
        return;
    }
    Item item;
    item.output = std::move(output);
    item.displayId = displayId;
    item.size = size;
    m_used += size;
    cell.items.push_back(std::move(item));
    m_changed = true;
}

void NotebookOutputs::update(const QString &displayId, const Json &data, const Json &metadata)
{
    if (displayId.isEmpty())
        return;
    for (Cell &cell : m_cells) {
        for (Item &item : cell.items) {
            if (item.displayId != displayId)
                continue;
            Json output = item.output;
            output["data"] = data;
            output["metadata"] = metadata;
            const qint64 size = toCompact(output).size();
            if (m_used + size - item.size > m_limit) {
                drop(cell, size);
                return; // dropping may move the cell's items
            }
            m_used += size - item.size;
            item.size = size;
            item.output = std::move(output);
            item.isDirty = true;
            m_changed = true;
        }
    }
}

void NotebookOutputs::clear(Cell &cell)
{
    for (const Item &item : cell.items)
        m_used -= item.size;
    cell.items.clear();
    cell.wasCleared = true;
    m_changed = true;
}

void NotebookOutputs::drop(Cell &cell, qint64 bytes)
{
    cell.dropped += bytes;
    const bool marked = std::any_of(cell.items.begin(), cell.items.end(), [](const Item &item) { return item.isMark; });
    if (marked)
        return;
    const QString text = QCoreApplication::translate("engine::NotebookOutputs",
                                                     "[The output limit of %1 MB for this run is reached; what follows "
                                                     "is not kept.]")
                             .arg(m_limit / (1024 * 1024));
    Item mark;
    mark.stream = std::make_unique<StreamText>();
    mark.stream->append(QByteArray('\n' + text.toUtf8() + '\n'));
    mark.name = QStringLiteral("stderr");
    mark.isMark = true;
    cell.items.push_back(std::move(mark));
    m_changed = true;
}

void NotebookOutputs::finishCell(int cell)
{
    Cell &target = m_cells.at(size_t(cell));
    target.isFinished = true;
    qint64 lost = 0;
    for (Item &item : target.items) {
        if (!item.stream)
            continue;
        lost += item.stream->lost();
        if (item.isMark && target.dropped > 0) {
            const QString text = QCoreApplication::translate("engine::NotebookOutputs",
                                                             "[%1 bytes of this cell's output were not kept.]")
                                     .arg(target.dropped);
            item.stream->append(QByteArray(text.toUtf8() + '\n'));
            item.isDirty = true;
        }
    }
    target.dropped += lost; // the disk is full: the engine says so with the cell
    m_changed = true;
}

void NotebookOutputs::dropErrors(int cell)
{
    Cell &target = m_cells.at(size_t(cell));
    const auto isError = [](const Item &item) { return stringAt(item.output, "output_type") == u"error"; };
    if (std::erase_if(target.items, isError) == 0)
        return;
    target.wasCleared = true;
    for (Item &item : target.items)
        item.isNew = item.isDirty = true;
    m_changed = true;
}

Json NotebookOutputs::toOutput(const Item &item)
{
    if (!item.stream)
        return item.output;
    return Json{{"output_type", "stream"},
                {"name", toStdString(item.name)},
                {"text", QString::fromUtf8(item.stream->preview()).toUtf8().toStdString()}};
}

QList<NotebookOutputs::Change> NotebookOutputs::takeChanges()
{
    using enum CellOutput::Change;
    QList<Change> changes;
    ++m_turn;
    m_changed = false;
    for (size_t cell = 0; cell < m_cells.size(); ++cell) {
        Cell &target = m_cells[cell];
        if (std::exchange(target.wasCleared, false))
            changes.push_back({int(cell), Clear, 0, nullptr});
        for (size_t at = 0; at < target.items.size(); ++at) {
            Item &item = target.items[at];
            if (!item.isDirty)
                continue;
            const bool mayWait = item.stream && item.size > longStream && !item.isNew && !target.isFinished;
            if (mayWait && m_turn % turnsOfLongStreams != 0) {
                m_changed = true;
                continue;
            }
            changes.push_back({int(cell), item.isNew ? Append : Replace, int(at), toOutput(item)});
            item.isNew = item.isDirty = false;
        }
    }
    return changes;
}

Json NotebookOutputs::inForm(const char *form) const
{
    constexpr size_t mostFound = 100;
    constexpr qint64 largest = 1024 * 1024;
    Json found = Json::array();
    for (size_t cell = 0; cell < m_cells.size(); ++cell) {
        for (const Item &item : m_cells[cell].items) {
            const Json &content = memberAt(memberAt(item.output, "data"), form);
            if (!content.is_object() || item.size > largest || found.size() >= mostFound)
                continue;
            Json one = {{"cell", int(cell) + 1}};
            for (auto member = content.begin(); member != content.end(); ++member)
                one.emplace(member.key(), Json(member.value()));
            found.push_back(std::move(one));
        }
    }
    return found;
}

void NotebookOutputs::write(int cell, JsonWriter &writer) const
{
    for (const Item &item : m_cells.at(size_t(cell)).items) {
        if (!item.stream) {
            writer.value(item.output);
            continue;
        }
        writer.beginObject();
        writer.key("name");
        writer.value(toStdString(item.name));
        writer.key("output_type");
        writer.value("stream");
        writer.key("text");
        writer.beginLines();
        item.stream->read([&writer](QByteArrayView piece) { writer.lines(piece); });
        writer.endLines();
        writer.endObject();
    }
}

} // namespace engine
