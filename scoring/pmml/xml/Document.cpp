#include "scoring/pmml/xml/Document.h"

#include <QCoreApplication>
#include <QHash>
#include <QXmlStreamReader>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

using engine::Error;
using engine::ErrorCode;
using engine::Result;

namespace scoring::pmml {

namespace {

struct DocumentText
{
    Q_DECLARE_TR_FUNCTIONS(DocumentText)
};

constexpr size_t deepest = 1500; // the deepest trees seen in practice have 100 levels
constexpr size_t mostElements = 100'000'000;
constexpr size_t mostText = size_t(2) * 1024 * 1024 * 1024;

bool isBlank(QStringView text)
{
    return std::all_of(text.begin(), text.end(), [](QChar c) { return c.isSpace(); });
}

} // namespace

std::string_view Node::name() const
{
    return m_document ? std::string_view(m_document->m_names[m_document->m_elements[m_index].name])
                      : std::string_view();
}

int Node::line() const { return m_document ? int(m_document->m_elements[m_index].line) : 0; }

std::string_view Node::text() const
{
    if (!m_document)
        return {};
    const Document::Element &element = m_document->m_elements[m_index];
    return std::string_view(m_document->m_texts).substr(element.text, element.textLength);
}

std::optional<std::string_view> Node::attribute(std::string_view wanted) const
{
    if (!m_document)
        return std::nullopt;
    const Document::Element &element = m_document->m_elements[m_index];
    for (uint32_t i = element.firstAttribute; i < element.firstAttribute + element.attributes; ++i) {
        const Document::Attribute &attribute = m_document->m_attributes[i];
        if (m_document->m_names[attribute.name] == wanted)
            return std::string_view(m_document->m_texts).substr(attribute.value, attribute.length);
    }
    return std::nullopt;
}

std::string_view Node::attributeOr(std::string_view wanted, std::string_view fallback) const
{
    return attribute(wanted).value_or(fallback);
}

Node Node::firstChild() const
{
    if (!m_document || m_document->m_elements[m_index].firstChild == Document::none)
        return {};
    return {m_document, m_document->m_elements[m_index].firstChild};
}

Node Node::next() const
{
    if (!m_document || m_document->m_elements[m_index].next == Document::none)
        return {};
    return {m_document, m_document->m_elements[m_index].next};
}

Node Node::child(std::string_view wanted) const
{
    for (const Node each : *this) {
        if (each.is(wanted))
            return each;
    }
    return {};
}

Node::Iterator Node::begin() const
{
    return Iterator(m_document, m_document ? m_document->m_elements[m_index].firstChild : Document::none);
}

Node::Iterator Node::end() const { return Iterator(m_document, Document::none); }

Node::Iterator &Node::Iterator::operator++()
{
    m_index = m_document->m_elements[m_index].next;
    return *this;
}

// Fills a document from the stream of its pieces.
class DocumentBuilder
{
public:
    // Makes room for what `bytes` can hold, so that nothing is copied while it grows.
    DocumentBuilder(const QByteArray &bytes, const QString &file) : m_file(file)
    {
        const auto equals = size_t(std::ranges::count(bytes, '='));
        m_document.m_elements.reserve(size_t(std::ranges::count(bytes, '>')) / 2);
        m_document.m_attributes.reserve(equals);
        m_document.m_texts.reserve(size_t(bytes.size()) / 2);
    }

    Result<Document> read(QXmlStreamReader &reader)
    {
        while (!reader.atEnd()) {
            switch (reader.readNext()) {
            case QXmlStreamReader::StartElement:
                if (m_open.size() >= deepest || m_document.m_elements.size() >= mostElements)
                    return failed(reader.lineNumber(),
                                  DocumentText::tr("The model is nested deeper than %1 elements.").arg(deepest));
                start(reader);
                break;
            case QXmlStreamReader::Characters:
                if (!m_open.empty() && !isBlank(reader.text()))
                    m_open.back().text += reader.text().toUtf8();
                break;
            case QXmlStreamReader::EndElement:
                close();
                break;
            default:
                break;
            }
            if (m_document.m_texts.size() > mostText)
                return failed(reader.lineNumber(), DocumentText::tr("The model holds more than 2 GiB of text."));
        }
        if (reader.hasError())
            return failed(reader.lineNumber(),
                          DocumentText::tr("The model is not well-formed XML: %1").arg(reader.errorString()));
        if (m_document.m_elements.empty())
            return failed(1, DocumentText::tr("The model is empty."));
        return std::move(m_document);
    }

private:
    struct Open
    {
        uint32_t index = 0;
        uint32_t lastChild = Document::none;
        QByteArray text;
    };

    Error failed(qint64 line, const QString &message) const
    {
        return Error{ErrorCode::InvalidInput, message, m_file + QLatin1Char(':') + QString::number(line)};
    }

    // A document has a few dozen names, each of them very often: most are known without being hashed in full.
    uint32_t nameOf(QStringView name)
    {
        const auto size = size_t(name.size());
        const auto unitAt = [name](size_t i) { return size_t(name[qsizetype(i)].unicode()); };
        const size_t mixed = size == 0 ? 0 : size * 37 + unitAt(0) * 5 + unitAt(size / 2) * 11 + unitAt(size - 1) * 17;
        Known &recent = m_recent[mixed % m_recent.size()];
        if (recent.name.size() == name.size() && size > 0
            && std::memcmp(recent.name.utf16(), name.utf16(), size * sizeof(char16_t)) == 0)
            return recent.index;
        const uint32_t index = indexOf(name);
        recent = {QStringView(*m_kept[index]), index};
        return index;
    }

    uint32_t indexOf(QStringView name)
    {
        const auto known = m_names.constFind(name);
        if (known != m_names.constEnd())
            return *known;
        const auto index = uint32_t(m_document.m_names.size());
        m_document.m_names.push_back(name.toUtf8().toStdString());
        m_kept.push_back(std::make_unique<QString>(name.toString()));
        m_names.insert(QStringView(*m_kept.back()), index);
        return index;
    }

    static QStringView local(QStringView qualified)
    {
        const qsizetype colon = qualified.lastIndexOf(u':');
        return colon < 0 ? qualified : qualified.mid(colon + 1);
    }

    void appendText(QStringView text)
    {
        for (const QChar c : text) {
            if (c.unicode() >= 0x80) {
                const QByteArray utf8 = text.toUtf8();
                m_document.m_texts.append(utf8.constData(), size_t(utf8.size()));
                return;
            }
        }
        const size_t at = m_document.m_texts.size();
        m_document.m_texts.resize(at + size_t(text.size()));
        for (qsizetype i = 0; i < text.size(); ++i)
            m_document.m_texts[at + size_t(i)] = char(text[i].unicode());
    }

    void start(const QXmlStreamReader &reader)
    {
        Document::Element element;
        element.name = nameOf(local(reader.qualifiedName()));
        element.line = uint32_t(reader.lineNumber());
        element.firstAttribute = uint32_t(m_document.m_attributes.size());
        const QXmlStreamAttributes attributes = reader.attributes();
        element.attributes = uint32_t(attributes.size());
        for (const QXmlStreamAttribute &each : attributes) {
            Document::Attribute attribute;
            attribute.name = nameOf(local(each.qualifiedName()));
            attribute.value = uint32_t(m_document.m_texts.size());
            appendText(each.value());
            attribute.length = uint32_t(m_document.m_texts.size()) - attribute.value;
            m_document.m_attributes.push_back(attribute);
        }
        const auto index = uint32_t(m_document.m_elements.size());
        m_document.m_elements.push_back(element);
        if (!m_open.empty()) {
            Open &parent = m_open.back();
            if (parent.lastChild == Document::none)
                m_document.m_elements[parent.index].firstChild = index;
            else
                m_document.m_elements[parent.lastChild].next = index;
            parent.lastChild = index;
        }
        m_open.push_back({index, Document::none, {}});
    }

    void close()
    {
        const Open &done = m_open.back();
        if (!done.text.isEmpty()) {
            Document::Element &element = m_document.m_elements[done.index];
            element.text = uint32_t(m_document.m_texts.size());
            element.textLength = uint32_t(done.text.size());
            m_document.m_texts.append(done.text.constData(), size_t(done.text.size()));
        }
        m_open.pop_back();
    }

    QString m_file;
    Document m_document;
    std::vector<Open> m_open;
    struct Known
    {
        QStringView name;
        uint32_t index = 0;
    };
    std::vector<std::unique_ptr<QString>> m_kept; // beside Document::m_names
    QHash<QStringView, uint32_t> m_names;
    std::array<Known, 512> m_recent;
};

Result<Document> Document::parse(const QByteArray &bytes, const QString &file)
{
    QXmlStreamReader reader(bytes);
    reader.setNamespaceProcessing(false); // half the time; prefixes are cut off, PMML needs no more
    return DocumentBuilder(bytes, file).read(reader);
}

} // namespace scoring::pmml
