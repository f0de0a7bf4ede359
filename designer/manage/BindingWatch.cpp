#include "designer/manage/BindingWatch.h"

#include "designer/document/FactoryDocument.h"
#include "designer/shell/PoolTask.h"
#include "designer/shell/Workbench.h"

#include <algorithm>

namespace designer {

using namespace engine;

namespace {

constexpr int soonMs = 200;
const QString about = QStringLiteral("bindings");

} // namespace

BindingWatch::BindingWatch(Workbench &workbench, Voice voice, QObject *parent)
    : QObject(parent)
    , m_workbench(workbench)
    , m_voice(voice)
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(soonMs);
    connect(&m_soon, &QTimer::timeout, this, &BindingWatch::refresh);
    connect(&workbench, &Workbench::documentChanged, this, &BindingWatch::documentChanged);
    documentChanged();
}

int BindingWatch::missing() const
{
    return int(std::count_if(m_needs.begin(), m_needs.end(), [](const BindingNeed &need) { return need.isMissing(); }));
}

void BindingWatch::documentChanged()
{
    m_document = m_workbench.document();
    m_isTold = false;
    m_needs.clear();
    if (m_document)
        connect(m_document, &FactoryDocument::filesChanged, &m_soon, qOverload<>(&QTimer::start));
    tell();
    emit changed();
    refresh();
}

void BindingWatch::refresh()
{
    const int request = ++m_request;
    if (!m_document)
        return;
    onPool(
        this,
        [factory = m_document->factory()] { return bindingNeeds(factory); },
        [this, request](const QList<BindingNeed> &needs) {
            if (request != m_request)
                return;
            m_needs = needs;
            tell();
            emit changed();
        });
}

void BindingWatch::tell()
{
    if (m_voice == Voice::Silent)
        return;
    const int count = missing();
    if (count == 0) {
        m_workbench.withdraw(about);
    } else if (!m_isTold) {
        m_isTold = true;
        m_workbench.tell(
            {.level = Message::Level::Hint,
             .text = tr("%n linked service(s) stand for nothing on this machine yet: what uses them "
                        "cannot run.",
                        nullptr,
                        count),
             .action = tr("Bind this factory…"),
             .act = [this] { m_workbench.go({.kind = Link::Kind::Manage, .detail = QStringLiteral("bind")}); },
             .about = about});
    }
}

} // namespace designer

#include "moc_BindingWatch.cpp"
