#include "engine/model/NotebookSource.h"

#include <QCoreApplication>

#include <optional>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct NotebookSourceText
{
    Q_DECLARE_TR_FUNCTIONS(engine::NotebookSource)
};

struct SourceForm
{
    const char *ending;
    const char *language;
    QLatin1String comment; // begins a line of the format's own
};

const SourceForm forms[] = {
    {".py", "python", QLatin1String("#")}, {".sql", "sql", QLatin1String("--")}, {".r", "r", QLatin1String("#")}};

// What stands behind `word` in a line of the format's own: "# MAGIC %md" → "%md"; nothing when it is none.
std::optional<QString> behind(QStringView line, const SourceForm &form, QLatin1String word)
{
    if (!line.startsWith(form.comment))
        return std::nullopt;
    QStringView rest = line.sliced(form.comment.size());
    if (!rest.startsWith(u' ') || !rest.sliced(1).startsWith(word))
        return std::nullopt;
    rest = rest.sliced(1 + word.size());
    if (!rest.isEmpty() && rest.front() != u' ')
        return std::nullopt;
    return rest.isEmpty() ? QString() : rest.sliced(1).toString();
}

void trimEmptyLines(QStringList &lines)
{
    while (!lines.isEmpty() && lines.constFirst().trimmed().isEmpty())
        lines.removeFirst();
    while (!lines.isEmpty() && lines.constLast().trimmed().isEmpty())
        lines.removeLast();
}

NotebookCell markdownCell(const QString &id, const QString &source)
{
    return NotebookCell(Json{{"cell_type", "markdown"},
                             {"id", toStdString(id)},
                             {"metadata", Json::object()},
                             {"source", toStdString(source)}});
}

class SourceReader
{
public:
    explicit SourceReader(const SourceForm &form) : m_form(form) { }

    void take(const QString &line)
    {
        if (behind(line, m_form, QLatin1String("Databricks notebook source")))
            return;
        if (behind(line, m_form, QLatin1String("Fabric notebook source"))) {
            m_isFabric = true;
            m_part = Part::Nothing;
            return;
        }
        if (m_isFabric && takeFabric(line))
            return;
        if (const auto rest = behind(line, m_form, QLatin1String("COMMAND")); rest && rest->startsWith(u"-----")) {
            finishCell();
            return;
        }
        if (const auto title = behind(line, m_form, QLatin1String("DBTITLE"))) {
            m_title = title->section(u',', 1).trimmed(); // "1,Read passengers": shown, and the words
            return;
        }
        if (const auto magic = behind(line, m_form, QLatin1String("MAGIC"))) {
            m_lines += *magic;
            return;
        }
        m_lines += line;
    }

    void finishCell()
    {
        trimEmptyLines(m_lines);
        if (!m_lines.isEmpty() || !m_title.isEmpty())
            m_cells += cell();
        m_lines.clear();
        m_title.clear();
    }

    QList<NotebookCell> takeCells() { return std::move(m_cells); }

private:
    enum class Part { Code, Parameters, Markdown, Nothing }; // of a source of Fabric's

    // "# CELL ********************" begins a cell, "# META …" describes the one before.
    bool takeFabric(const QString &line)
    {
        static const std::pair<QLatin1String, Part> heads[] = {{QLatin1String("CELL"), Part::Code},
                                                               {QLatin1String("PARAMETERS CELL"), Part::Parameters},
                                                               {QLatin1String("MARKDOWN"), Part::Markdown},
                                                               {QLatin1String("METADATA"), Part::Nothing}};
        for (const auto &[word, part] : heads) {
            if (const auto rest = behind(line, m_form, word); rest && rest->startsWith(u"**********")) {
                finishCell();
                m_part = part;
                return true;
            }
        }
        if (m_part == Part::Markdown && line.startsWith(m_form.comment)) {
            const QString text = line.sliced(m_form.comment.size());
            m_lines += text.startsWith(u' ') ? text.sliced(1) : text;
            return true;
        }
        return m_part == Part::Nothing;
    }

    NotebookCell cell()
    {
        const QString id = QStringLiteral("command-%1").arg(m_cells.size() + 1);
        if (m_part == Part::Markdown)
            return markdownCell(id, m_lines.join(u'\n'));
        if (m_part == Part::Parameters)
            return NotebookCell::code(id, m_lines.join(u'\n'), {QStringLiteral("parameters")});
        const QString first = m_lines.value(0).trimmed();
        const bool isMarkdown = first == u"%md" || first.startsWith(u"%md ") || first.startsWith(u"%md-sandbox");
        if (isMarkdown) {
            m_lines[0] = first.section(u' ', 1);
            trimEmptyLines(m_lines);
        }
        const QString source = m_lines.join(u'\n');
        NotebookCell made = isMarkdown ? markdownCell(id, source) : NotebookCell::code(id, source);
        if (!m_title.isEmpty())
            made.metadata()["application/vnd.databricks.v1+cell"] = {{"title", toStdString(m_title)}};
        return made;
    }

    const SourceForm &m_form;
    QList<NotebookCell> m_cells;
    QStringList m_lines;
    QString m_title;
    bool m_isFabric = false;
    Part m_part = Part::Code;
};

} // namespace

bool isRunnableNotebook(const QString &path)
{
    const bool isOfSynapse = path.startsWith(u"notebook/") && path.endsWith(u".json", Qt::CaseInsensitive);
    return isOfSynapse || path.endsWith(u".ipynb", Qt::CaseInsensitive) || path.endsWith(u".py", Qt::CaseInsensitive);
}

Result<Notebook> readNotebookSource(const QByteArray &content, const QString &path)
{
    if (path.endsWith(u".ipynb", Qt::CaseInsensitive) || path.endsWith(u".json", Qt::CaseInsensitive))
        return readNotebook(content, path);
    if (path.endsWith(u".dbc", Qt::CaseInsensitive))
        return Error{ErrorCode::Unsupported,
                     NotebookSourceText::tr("\"%1\" is an archive of Databricks, which cannot be shown or run here; "
                                            "export the notebook from Databricks as IPython notebook (.ipynb).")
                         .arg(path),
                     path};
    for (const SourceForm &form : forms) {
        if (!path.endsWith(QLatin1String(form.ending), Qt::CaseInsensitive))
            continue;
        QString text = QString::fromUtf8(content);
        text.replace(QStringLiteral("\r\n"), QStringLiteral("\n"));
        SourceReader reader(form);
        for (const QString &line : text.split(u'\n'))
            reader.take(line);
        reader.finishCell();
        Notebook notebook;
        notebook.metadata = {{"language_info", {{"name", form.language}}}};
        notebook.cells = reader.takeCells();
        return notebook;
    }
    return Error{ErrorCode::Unsupported,
                 NotebookSourceText::tr("\"%1\" is no notebook that is known here; notebooks are .ipynb, .py, .sql and "
                                        ".r files.")
                     .arg(path),
                 path};
}

} // namespace engine
