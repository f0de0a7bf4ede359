#include "designer/author/JsonEditor.h"

#include "designer/document/FactoryDocument.h"
#include "designer/notebook/CodeView.h"
#include "designer/widgets/Build.h"

#include <QLabel>
#include <QRegularExpression>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

constexpr int pauseMs = 500; // after the last key

// "activities[1].typeProperties" → activities, 1, typeProperties
QStringList stepsOf(const QString &property)
{
    static const QRegularExpression parts(QStringLiteral(R"([^.\[\]]+)"));
    QStringList steps;
    for (auto match = parts.globalMatch(property); match.hasNext();)
        steps += match.next().captured();
    return steps;
}

// Walks a JSON text and stops where a path of members and indexes ends.
class PlaceFinder final : public Json::json_sax_t
{
public:
    explicit PlaceFinder(QStringList steps) : m_steps(std::move(steps)) { }

    bool found() const { return m_found; }

    bool null() override { return value(); }
    bool boolean(bool) override { return value(); }
    bool number_integer(number_integer_t) override { return value(); }
    bool number_unsigned(number_unsigned_t) override { return value(); }
    bool number_float(number_float_t, const string_t &) override { return value(); }
    bool string(string_t &) override { return value(); }
    bool binary(binary_t &) override { return value(); }
    bool start_object(std::size_t) override { return open(false); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(true); }
    bool end_array() override { return close(); }
    bool key(string_t &name) override
    {
        m_here.last() = {toQString(name), -1};
        return !check();
    }
    bool parse_error(std::size_t, const std::string &, const nlohmann::detail::exception &) override { return false; }

private:
    struct Step
    {
        QString name;
        int index = -1;
    };

    bool value()
    {
        step();
        return !m_found;
    }
    bool open(bool isArray)
    {
        step();
        m_here.append(isArray ? Step{{}, -1} : Step{});
        m_isArray.append(isArray);
        return !m_found;
    }
    bool close()
    {
        m_here.removeLast();
        m_isArray.removeLast();
        return true;
    }
    void step()
    {
        if (!m_isArray.isEmpty() && m_isArray.last()) {
            ++m_here.last().index;
            check();
        }
    }
    bool check()
    {
        if (m_here.size() != m_steps.size())
            return false;
        for (qsizetype at = 0; at < m_steps.size(); ++at) {
            const Step &here = m_here.at(at);
            const bool same =
                here.index >= 0 ? QString::number(here.index) == m_steps.at(at) : here.name == m_steps.at(at);
            if (!same)
                return false;
        }
        m_found = true;
        return true;
    }

    const QStringList m_steps;
    QList<Step> m_here;
    QList<bool> m_isArray;
    bool m_found = false;
};

// Counts the lines that the parser has read.
class LineCounter
{
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char *;
    using reference = const char &;

    LineCounter(const char *at, int *lines) : m_at(at), m_lines(lines) { }
    reference operator*() const { return *m_at; }
    LineCounter &operator++()
    {
        if (*m_at == '\n')
            ++*m_lines;
        ++m_at;
        return *this;
    }
    bool operator!=(const LineCounter &other) const { return m_at != other.m_at; }
    bool operator==(const LineCounter &other) const { return m_at == other.m_at; }

private:
    const char *m_at;
    int *m_lines;
};

} // namespace

int JsonEditor::lineOf(const QByteArray &text, const QString &property)
{
    const QStringList steps = stepsOf(property);
    if (steps.isEmpty())
        return 0;
    // Problems speak of properties within "properties" without saying so.
    for (const QStringList &path : {steps, QStringList{QStringLiteral("properties")} + steps}) {
        int lines = 1;
        PlaceFinder finder(path);
        Json::sax_parse(LineCounter(text.begin(), &lines), LineCounter(text.end(), &lines), &finder);
        if (finder.found())
            return lines;
    }
    return 0;
}

JsonEditor::JsonEditor(Workbench &workbench, const EntityRef &entity, QWidget *parent)
    : EntityEditor(entity, parent)
    , m_workbench(workbench)
    , m_code(new CodeView(this))
    , m_state(label({}, "secondary"))
{
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_code->setObjectName(QStringLiteral("jsonCode"));
    m_code->setAccessibleName(tr("JSON of %1").arg(entity.shownName()));
    m_code->setLanguage(QStringLiteral("json"));
    m_state->setObjectName(QStringLiteral("jsonState"));
    m_state->setContentsMargins(12, 6, 12, 6);
    m_state->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(m_code, 1);
    column->addWidget(lineAcross());
    column->addWidget(m_state);
    setFocusProxy(m_code);
    m_pause.setSingleShot(true);
    m_pause.setInterval(pauseMs);
    connect(&m_pause, &QTimer::timeout, this, &JsonEditor::take);
    connect(m_code, &CodeView::textEdited, this, [this] { m_pause.start(); });
    FactoryDocument *const document = workbench.document();
    m_code->setReadOnly(document->isReadOnly());
    connect(document, &FactoryDocument::filesChanged, this, [this](const QStringList &paths) {
        if (!m_isTaking && paths.contains(m_workbench.document()->path(this->entity())))
            showContent();
    });
    showContent();
}

void JsonEditor::setEntity(const EntityRef &entity)
{
    EntityEditor::setEntity(entity);
    showContent();
}

void JsonEditor::showContent()
{
    m_pause.stop();
    const FactoryDocument *const document = m_workbench.document();
    const QString text = QString::fromUtf8(document->content(document->path(entity())));
    if (m_code->text() != text)
        m_code->setText(text);
    if (document->json(entity()).is_object())
        showState({});
    else // as it is stored: bytes that are no text have been replaced in what is shown
        isJson(document->content(document->path(entity())));
}

void JsonEditor::showState(const std::optional<Error> &error)
{
    m_hasError = error.has_value();
    int line = 0;
    if (error) {
        const QStringList place = error->where.split(u':');
        line = place.size() >= 3 ? place.at(place.size() - 2).toInt() : 0;
        m_state->setText(line > 0 ? tr("Line %1, column %2: %3").arg(line).arg(place.last(), error->message)
                                  : error->message);
    } else {
        m_state->setText(m_workbench.document()->path(entity()));
    }
    m_code->markLine(line);
    designer::setLook(m_state, error ? "bad" : "secondary");
}

bool JsonEditor::isJson(const QByteArray &text)
{
    const Result<Json> read = parseJson(text, m_workbench.document()->path(entity()));
    showState(read ? std::nullopt : std::optional(read.error()));
    return read.ok();
}

void JsonEditor::take()
{
    FactoryDocument *const document = m_workbench.document();
    const QString path = document->path(entity());
    const QByteArray text = m_code->text().toUtf8();
    if (!isJson(text) || text == document->content(path))
        return;
    m_isTaking = true;
    document->edit(tr("Edit JSON of %1").arg(entity().shownName()), {{path, text}}, QStringLiteral("json:") + path);
    m_isTaking = false;
}

void JsonEditor::reveal(const QString &property)
{
    const int line = lineOf(m_code->text().toUtf8(), property);
    if (line > 0)
        m_code->markLine(line);
    m_code->setFocus(Qt::OtherFocusReason);
}

} // namespace designer

#include "moc_JsonEditor.cpp"
