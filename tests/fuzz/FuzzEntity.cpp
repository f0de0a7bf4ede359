#include "engine/model/EntityText.h"
#include "engine/model/Roundtrip.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace engine;

namespace {

constexpr std::array<const char16_t *, 5> paths{u"pipeline/P.json",
                                                u"dataset/D.json",
                                                u"linkedService/L.json",
                                                u"trigger/T.json",
                                                u"X.DataPipeline/pipeline-content.json"};

// Changes one place of the document, chosen by `choice`.
void change(Json &json, unsigned choice)
{
    Json *at = &json;
    while (at->is_structured() && !at->empty() && choice % 4 != 3) {
        auto member = at->begin();
        std::advance(member, choice % at->size());
        at = &*member;
        choice /= 4;
    }
    if (at->is_object())
        (*at)["\"new\""] = {{"a", 1}, {"b", {1, "\n"}}};
    else if (at->is_array())
        at->push_back({{"name", "n"}, {"v", nullptr}});
    else
        *at = "changed ☕";
}

} // namespace

// The first byte says what kind of file the rest is, the second what is changed in it. What is read is written again
// with the same bytes; with a change it says what it should, and nothing else.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    if (size < 2)
        return 0;
    const QString path = QString::fromUtf16(paths[bytes[0] % paths.size()]);
    const QByteArray text(reinterpret_cast<const char *>(bytes) + 2, qsizetype(size) - 2);

    const Roundtrip result = roundtripEdit(text, path);
    if (result.outcome == Roundtrip::Outcome::Differing)
        std::abort();
    const Result<Json> json = parseEntity(text, path);
    if (!json) {
        if (json.error().message.isEmpty() || !json.error().where.startsWith(path + u':')
            || result.outcome != Roundtrip::Outcome::Invalid)
            std::abort();
        return 0;
    }
    if (rewriteEntity(*json, text) != text)
        std::abort();
    Json changed = *json;
    change(changed, bytes[1]);
    const Result<Json> again = parseEntity(rewriteEntity(changed, text), path);
    if (!again || *again != changed)
        std::abort();
    return 0;
}
