#include "engine/records/OutputPreview.h"

namespace engine {

namespace {

constexpr size_t textHead = 40 * 1024;
constexpr size_t textTail = 12 * 1024;
constexpr size_t nameMost = 4 * 1024; // of an exception's name and value
constexpr size_t frameMost = 2 * 1024; // of one entry of a traceback
constexpr size_t framesMost = 16;
constexpr qint64 mimeMost = 24 * 1024; // of all representations that cannot be cut

bool isContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U; }

std::string shortened(const std::string &text, size_t head, size_t tail)
{
    if (text.size() <= head + tail)
        return text;
    while (head > 0 && isContinuation(text[head]))
        --head;
    size_t end = text.size() - tail;
    while (end < text.size() && isContinuation(text[end]))
        ++end;
    return text.substr(0, head) + "\n\xe2\x80\xa6\n" + text.substr(end);
}

// nbformat's text: one string or a list of lines.
std::string joined(const Json &text)
{
    if (text.is_string())
        return text.get_ref<const std::string &>();
    std::string all;
    for (const Json &line : text) {
        if (line.is_string())
            all += line.get_ref<const std::string &>();
    }
    return all;
}

Json tracebackPreview(const Json &traceback)
{
    if (!traceback.is_array())
        return traceback.is_string() ? Json(shortened(joined(traceback), textHead, textTail)) : Json::array();
    Json frames = Json::array();
    for (size_t i = 0; i < traceback.size(); ++i) {
        // The beginning says what it is, the end what happened.
        const bool isMiddle = i >= framesMost / 2 && i + framesMost / 2 < traceback.size();
        if (!isMiddle && traceback[i].is_string())
            frames.push_back(shortened(joined(traceback[i]), frameMost * 3 / 4, frameMost / 4));
    }
    return frames;
}

Json bundlePreview(const Json &bundle, Json &omitted)
{
    Json kept = Json::object();
    qint64 room = mimeMost;
    for (const auto &item : bundle.items()) {
        if (item.key() == "text/plain") {
            kept[item.key()] = shortened(joined(item.value()), mimeMost * 3 / 4, mimeMost / 4);
        } else if (outputBytes(item.value()) <= room) {
            kept[item.key()] = item.value();
            room -= outputBytes(item.value()) + qint64(item.key().size());
        } else {
            omitted.push_back(item.key());
        }
    }
    return kept;
}

} // namespace

qint64 outputBytes(const Json &output)
{
    if (output.is_string())
        return qint64(output.get_ref<const std::string &>().size()) + 2;
    if (!output.is_structured())
        return 5;
    qint64 bytes = 2;
    for (const auto &item : output.items())
        bytes += outputBytes(item.value()) + 1 + (output.is_object() ? qint64(item.key().size()) + 3 : 0);
    return bytes;
}

Json outputPreview(const Json &output, qint64 size)
{
    Json preview = Json::object();
    Json omitted = Json::array();
    for (const auto &item : output.items()) {
        const std::string &key = item.key();
        if (key == "text")
            preview[key] = shortened(joined(item.value()), textHead, textTail);
        else if (key == "data" && item.value().is_object())
            preview[key] = bundlePreview(item.value(), omitted);
        else if (key == "traceback")
            preview[key] = tracebackPreview(item.value());
        else if (item.value().is_string())
            preview[key] = shortened(joined(item.value()), nameMost * 3 / 4, nameMost / 4);
        else if (outputBytes(item.value()) <= qint64(nameMost))
            preview[key] = item.value();
    }
    if (!omitted.empty())
        preview["omitted"] = omitted;
    preview["truncated"] = true;
    preview["size"] = size;
    return preview;
}

} // namespace engine
