#pragma once

#include "engine/base/Result.h"

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scoring::pmml {

class Document;

// One element of a document: a handle of two words, valid as long as its document. A default one is "none", and has no
// name, children or attributes.
class Node
{
public:
    Node() = default;
    Node(const Document *document, uint32_t index) : m_document(document), m_index(index) { }

    explicit operator bool() const { return m_document != nullptr; }
    std::string_view name() const; // without prefix
    bool is(std::string_view wanted) const { return name() == wanted; }
    int line() const; // 1-based
    std::string_view text() const; // what stands directly in it, all pieces joined

    std::optional<std::string_view> attribute(std::string_view wanted) const; // name without prefix
    std::string_view attributeOr(std::string_view wanted, std::string_view fallback) const;

    Node firstChild() const;
    Node next() const;
    Node child(std::string_view wanted) const; // the first of that name

    class Iterator
    {
    public:
        explicit Iterator(const Document *document, uint32_t index) : m_document(document), m_index(index) { }
        Node operator*() const { return {m_document, m_index}; }
        Iterator &operator++();
        bool operator!=(const Iterator &other) const { return m_index != other.m_index; }

    private:
        const Document *m_document;
        uint32_t m_index;
    };
    Iterator begin() const;
    Iterator end() const;

private:
    const Document *m_document = nullptr;
    uint32_t m_index = 0;
};

// An XML file as a tree in four flat arrays: about as large as the file. Texts are UTF-8. Comments are left out.
class Document
{
public:
    // Errors: InvalidInput, where = file:line: not well-formed, cut off, nested too deeply, entities that grow.
    static engine::Result<Document> parse(const QByteArray &bytes, const QString &file);

    Node root() const { return {this, 0}; }

private:
    friend class Node;
    friend class DocumentBuilder;

    static constexpr uint32_t none = 0xFFFFFFFF;
    struct Element
    {
        uint32_t name = 0; // in m_names
        uint32_t line = 0;
        uint32_t firstChild = none;
        uint32_t next = none;
        uint32_t firstAttribute = 0;
        uint32_t attributes = 0;
        uint32_t text = 0; // in m_texts
        uint32_t textLength = 0;
    };
    struct Attribute
    {
        uint32_t name = 0;
        uint32_t value = 0; // in m_texts
        uint32_t length = 0;
    };
    std::vector<Element> m_elements;
    std::vector<Attribute> m_attributes;
    std::vector<std::string> m_names;
    std::string m_texts;
};

} // namespace scoring::pmml
