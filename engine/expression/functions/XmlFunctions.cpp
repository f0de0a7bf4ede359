#include "engine/expression/functions/Function.h"
#include "engine/expression/functions/Texts.h"
#include "engine/expression/functions/Xml.h"

#include <pugixml.hpp>

#include <cmath>
#include <sstream>
#include <unordered_map>

namespace engine::expression {

namespace {

constexpr int deepest = 200; // elements in elements

Error error(const QString &message) { return {ErrorCode::InvalidInput, message, {}}; }

Result<> load(pugi::xml_document &document, const std::string &xml)
{
    const pugi::xml_parse_result parsed = document.load_buffer(
        xml.data(), xml.size(), pugi::parse_default | pugi::parse_declaration, pugi::encoding_utf8);
    if (!parsed)
        return error(ExpressionText::tr("is no XML (character %1): %2.")
                         .arg(parsed.offset + 1)
                         .arg(QString::fromUtf8(parsed.description())));
    if (document.document_element().empty())
        return error(ExpressionText::tr("is no XML: it has no element."));
    return {};
}

std::string textOfNode(const pugi::xml_node &node)
{
    std::ostringstream out;
    node.print(out, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
    return out.str();
}

std::string name(const char *text) { return validUtf8(text); }

Result<Json> read(const pugi::xml_node &element, int depth)
{
    if (depth > deepest)
        return error(ExpressionText::tr("has elements nested more than %1 deep.").arg(deepest));
    Json members = Json::object();
    auto *object = members.get_ptr<Json::object_t *>();
    std::unordered_map<std::string, size_t> places;
    const auto put = [&](const std::string &key, Json value) {
        const auto [at, isNew] = places.emplace(key, object->size());
        if (isNew) {
            object->Container::emplace_back(key, std::move(value));
            return;
        }
        Json &present = (object->begin() + std::ptrdiff_t(at->second))->second;
        if (!present.is_array())
            present = Json::array({std::move(present)});
        present.push_back(std::move(value));
    };
    for (const pugi::xml_attribute &attribute : element.attributes())
        put('@' + name(attribute.name()), name(attribute.value()));
    for (const pugi::xml_node &child : element.children()) {
        if (child.type() == pugi::node_element) {
            Result<Json> value = read(child, depth + 1);
            if (!value)
                return value;
            put(name(child.name()), *std::move(value));
        } else if (child.type() == pugi::node_pcdata) {
            put("#text", name(child.value()));
        } else if (child.type() == pugi::node_cdata) {
            put("#cdata-section", name(child.value()));
        }
    }
    if (members.empty())
        return Json();
    if (members.size() == 1 && members.contains("#text"))
        return Json(members["#text"]);
    return members;
}

Result<> write(pugi::xml_node parent, const std::string &key, const Json &value, int depth)
{
    if (depth > deepest)
        return error(ExpressionText::tr("is nested more than %1 deep.").arg(deepest));
    if (value.is_array()) {
        for (const Json &item : value) {
            if (Result<> written = write(parent, key, item, depth + 1); !written)
                return written;
        }
        return {};
    }
    if (key == "#text" || key == "#cdata-section") {
        parent.append_child(key == "#text" ? pugi::node_pcdata : pugi::node_cdata).set_value(textOf(value).c_str());
        return {};
    }
    if (key.starts_with('@')) {
        parent.append_attribute(key.c_str() + 1).set_value(textOf(value).c_str());
        return {};
    }
    pugi::xml_node element = parent.append_child(key.c_str());
    if (!value.is_object()) {
        if (!value.is_null()) {
            // Booleans and numbers as XML spells them.
            const std::string text = value.is_boolean() ? value.dump() : textOf(value);
            element.append_child(pugi::node_pcdata).set_value(text.c_str());
        }
        return {};
    }
    for (const auto &[member, inner] : value.items()) {
        if (Result<> written = write(element, member, inner, depth + 1); !written)
            return written;
    }
    return {};
}

Json valueOf(const pugi::xpath_node &node)
{
    if (node.attribute())
        return name(node.attribute().value());
    const pugi::xml_node &inner = node.node();
    if (inner.type() == pugi::node_pcdata || inner.type() == pugi::node_cdata)
        return name(inner.value());
    return validUtf8(textOfNode(inner));
}

} // namespace

Result<Json> jsonFromXml(const std::string &xml)
{
    pugi::xml_document document;
    if (Result<> loaded = load(document, xml); !loaded)
        return loaded.error();
    Json whole = Json::object();
    for (const pugi::xml_node &child : document.children()) {
        if (child.type() == pugi::node_declaration) {
            Json declaration = Json::object();
            for (const pugi::xml_attribute &attribute : child.attributes())
                declaration['@' + name(attribute.name())] = name(attribute.value());
            whole["?xml"] = std::move(declaration);
        }
    }
    const pugi::xml_node root = document.document_element();
    Result<Json> value = read(root, 1);
    if (!value)
        return value;
    whole[name(root.name())] = *std::move(value);
    return whole;
}

Result<std::string> xmlFromJson(const Json &json)
{
    pugi::xml_document document;
    int roots = 0;
    for (const auto &[key, value] : json.items()) {
        if (key == "?xml") {
            pugi::xml_node declaration = document.append_child(pugi::node_declaration);
            for (const auto &[attribute, text] : value.items())
                declaration.append_attribute(attribute.c_str() + (attribute.starts_with('@') ? 1 : 0))
                    .set_value(textOf(text).c_str());
            continue;
        }
        if (++roots > 1 || value.is_array())
            break;
        if (Result<> written = write(document, key, value, 1); !written)
            return written.error();
    }
    if (roots != 1 || document.document_element().empty())
        return error(ExpressionText::tr("must be an Object with one member, the root element."));
    return checkedXml(textOfNode(document)); // a member's name may be no name in XML
}

Result<std::string> checkedXml(const std::string &xml)
{
    pugi::xml_document document;
    if (Result<> loaded = load(document, xml); !loaded)
        return loaded.error();
    std::ostringstream out;
    document.save(out, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
    return validUtf8(out.str());
}

Result<Json> selectXml(const std::string &xml, const std::string &path)
{
    pugi::xml_document document;
    if (Result<> loaded = load(document, xml); !loaded)
        return loaded.error();
    try {
        const pugi::xpath_query query(path.c_str());
        switch (query.return_type()) {
        case pugi::xpath_type_boolean:
            return Json(query.evaluate_boolean(document));
        case pugi::xpath_type_string:
            return Json(validUtf8(query.evaluate_string(document)));
        case pugi::xpath_type_number: {
            const double number = query.evaluate_number(document);
            if (std::isfinite(number) && std::trunc(number) == number && std::abs(number) < 1e15)
                return Json(int64_t(number));
            return std::isfinite(number) ? Json(number) : Json(textOf(Json(number)));
        }
        default:
            break;
        }
        pugi::xpath_node_set nodes = query.evaluate_node_set(document);
        nodes.sort(); // as they stand in the document
        Json found = Json::array();
        for (const pugi::xpath_node &node : nodes)
            found.push_back(valueOf(node));
        return found;
    } catch (const pugi::xpath_exception &problem) {
        return error(ExpressionText::tr("is no XPath (character %1): %2.")
                         .arg(problem.result().offset + 1)
                         .arg(QString::fromUtf8(problem.what())));
    }
}

namespace {

bool xml(Call &call)
{
    const bool isObject = call[0].is_object() && !isBinary(call[0]);
    if (!isObject && !isBinary(call[0]) && call.text(0) == nullptr)
        return false;
    Result<std::string> made = isObject ? xmlFromJson(call[0]) : checkedXml(textOf(call[0]));
    return made ? call.giveText(*std::move(made)) : call.failAt(0, made.error().message);
}

bool xpath(Call &call)
{
    const bool hasContent = isBinary(call[0]);
    if (!hasContent && call.text(0) == nullptr)
        return false;
    const std::string *path = call.text(1);
    if (path == nullptr)
        return false;
    const std::string document = textOf(call[0]);
    if (Result<std::string> checked = checkedXml(document); !checked)
        return call.failAt(0, checked.error().message);
    Result<Json> found = selectXml(document, *path);
    return found ? call.give(*std::move(found)) : call.failAt(1, found.error().message);
}

constexpr auto group = FunctionGroup::Conversion;

// clang-format off
const Function functions[] = {
    {"xml", "xml(value)", 1, 1, xml, QT_TRANSLATE_NOOP("engine::Expression", "XML as text, from text or from an object of one member."), group},
    {"xpath", "xpath(xml, xpath)", 2, 2, xpath, QT_TRANSLATE_NOOP("engine::Expression", "The nodes or the value that an XPath finds in XML."), group},
};
// clang-format on

} // namespace

std::span<const Function> xmlFunctions() { return functions; }

} // namespace engine::expression
