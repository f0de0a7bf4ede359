#include "designer/author/JsonEditor.h"

#include "designer/document/FactoryDocument.h"
#include "designer/notebook/CodeView.h"
#include "designer/widgets/Build.h"
#include "engine/model/EntityText.h"
#include "engine/model/ProblemPlace.h"

#include <QLabel>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

constexpr int pauseMs = 500; // after the last key

} // namespace

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
    const QString text = QString::fromUtf8(toUtf8(document->content(document->path(entity()))));
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
    const Result<Json> read = parseEntity(text, m_workbench.document()->path(entity()));
    showState(read ? std::nullopt : std::optional(read.error()));
    return read.ok();
}

void JsonEditor::take()
{
    FactoryDocument *const document = m_workbench.document();
    const QString path = document->path(entity());
    const QByteArray text = m_code->text().toUtf8();
    const QByteArray before = document->content(path);
    if (!isJson(text) || text == toUtf8(before))
        return;
    m_isTaking = true;
    document->edit(tr("Edit JSON of %1").arg(entity().shownName()),
                   {{path, encodeText(text, styleOf(before))}},
                   QStringLiteral("json:") + path);
    m_isTaking = false;
}

bool JsonEditor::reveal(const QString &property)
{
    if (!property.isEmpty() && !m_hasError)
        m_code->markLine(positionOf(m_code->text().toUtf8(), property).line); // and scrolls to it
    m_code->setFocus(Qt::OtherFocusReason);
    return true;
}

} // namespace designer

#include "moc_JsonEditor.cpp"
