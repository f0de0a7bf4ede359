#include "engine/notebook/NotebookWriter.h"

#include "engine/notebook/JsonWriter.h"

#include <algorithm>

namespace engine {

namespace {

void writeSource(JsonWriter &writer, const QString &source)
{
    writer.beginLines();
    writer.lines(source.toUtf8());
    writer.endLines();
}

void writeCell(JsonWriter &writer, const NotebookCell &cell, int index, const OutputSource &outputs)
{
    std::vector<std::pair<const std::string *, const Json *>> members;
    for (auto member = cell.json().begin(); member != cell.json().end(); ++member)
        members.emplace_back(&member.key(), &member.value());
    std::sort(members.begin(), members.end(), [](const auto &a, const auto &b) { return *a.first < *b.first; });
    writer.beginObject();
    for (const auto &[name, value] : members) {
        writer.key(name->c_str());
        if (*name == "source") {
            writeSource(writer, cell.source());
        } else if (*name == "outputs" && cell.isCode() && outputs) {
            writer.beginArray();
            if (!outputs(index, writer)) {
                for (const Json &output : *value)
                    writer.value(output);
            }
            writer.endArray();
        } else {
            writer.value(*value);
        }
    }
    writer.endObject();
}

} // namespace

QByteArray writeNotebook(const Notebook &notebook, const OutputSource &outputs, qint64 expectedSize)
{
    QByteArray out;
    out.reserve(expectedSize);
    JsonWriter writer(out);
    writer.beginObject();
    writer.key("cells");
    writer.beginArray();
    for (int index = 0; index < notebook.cells.size(); ++index)
        writeCell(writer, notebook.cells.at(index), index, outputs);
    writer.endArray();
    writer.key("metadata");
    writer.value(notebook.metadata);
    writer.key("nbformat");
    writer.value(4);
    writer.key("nbformat_minor");
    writer.value(notebook.minor);
    for (auto member = notebook.others.begin(); member != notebook.others.end(); ++member) {
        writer.key(member.key().c_str());
        writer.value(member.value());
    }
    writer.endObject();
    out += '\n';
    return out;
}

} // namespace engine
