#include "engine/model/EntityText.h"
#include "engine/model/ProblemPlace.h"

#include <QCoreApplication>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct FixText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ProblemFix)
};

Error notThere(const QString &path)
{
    return {ErrorCode::InvalidInput,
            FixText::tr("The file has no \"%1\" any more, so the fix cannot be applied; check the factory again.")
                .arg(path),
            path};
}

// The member or element a step leads to; nullptr when it is not there.
Json *childAt(Json &json, const PathStep &step)
{
    if (const auto *name = std::get_if<std::string>(&step)) {
        if (!json.is_object())
            return nullptr;
        const auto found = json.find(*name);
        return found == json.end() ? nullptr : &*found;
    }
    const size_t index = std::get<size_t>(step);
    return json.is_array() && index < json.size() ? &json[index] : nullptr;
}

bool set(Json &parent, const PathStep &step, const Json &value)
{
    if (const auto *name = std::get_if<std::string>(&step)) {
        if (!parent.is_object())
            return false;
        parent[*name] = value;
        return true;
    }
    Json *const element = childAt(parent, step);
    if (element != nullptr)
        *element = value;
    return element != nullptr;
}

bool remove(Json &parent, const PathStep &step)
{
    if (childAt(parent, step) == nullptr)
        return false;
    if (const auto *name = std::get_if<std::string>(&step))
        parent.erase(*name);
    else
        parent.erase(std::get<size_t>(step));
    return true;
}

bool rename(Json &parent, const PathStep &step, const Json &name)
{
    const auto *old = std::get_if<std::string>(&step);
    if (old == nullptr || !name.is_string() || childAt(parent, step) == nullptr
        || parent.contains(name.get_ref<const std::string &>()))
        return false;
    Json renamed = Json::object();
    for (auto &[key, value] : parent.items())
        renamed[key == *old ? name.get_ref<const std::string &>() : key] = std::move(value);
    parent = std::move(renamed);
    return true;
}

bool insert(Json &parent, const PathStep &step, const Json &value)
{
    const auto *index = std::get_if<size_t>(&step);
    if (index == nullptr || !parent.is_array() || *index > parent.size())
        return false;
    parent.insert(parent.begin() + std::ptrdiff_t(*index), value);
    return true;
}

bool apply(Json &entity, const FixEdit &edit)
{
    const std::vector<PathStep> steps = stepsOf(entity, edit.path);
    if (steps.empty())
        return false;
    Json *parent = &entity;
    const bool makes = edit.operation == FixEdit::Operation::Set || edit.operation == FixEdit::Operation::Insert;
    for (size_t i = 0; i + 1 < steps.size(); ++i) {
        Json *child = childAt(*parent, steps[i]);
        if (child == nullptr || child->is_null()) {
            const auto *name = std::get_if<std::string>(&steps[i]);
            if (!makes || name == nullptr || !parent->is_object())
                return false;
            child = &(*parent)[*name];
            *child = std::holds_alternative<size_t>(steps[i + 1]) ? Json::array() : Json::object();
        }
        parent = child;
    }
    switch (edit.operation) {
    case FixEdit::Operation::Set:
        return set(*parent, steps.back(), edit.value);
    case FixEdit::Operation::Remove:
        return remove(*parent, steps.back());
    case FixEdit::Operation::Rename:
        return rename(*parent, steps.back(), edit.value);
    case FixEdit::Operation::Insert:
        break;
    }
    return insert(*parent, steps.back(), edit.value);
}

} // namespace

Result<QByteArray> applyFix(const QByteArray &text, const ProblemFix &fix)
{
    Result<Json> entity = parseEntity(text, {});
    if (!entity)
        return entity.error();
    const Json was = *entity;
    for (const FixEdit &edit : fix.edits) {
        if (!apply(*entity, edit))
            return notThere(edit.path);
    }
    return rewriteEntity(*entity, text, was);
}

} // namespace engine
