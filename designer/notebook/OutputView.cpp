#include "designer/notebook/OutputView.h"

#include "designer/notebook/CodeView.h"
#include "designer/notebook/OutputWidgets.h"
#include "designer/notebook/PreparedOutput.h"
#include "designer/notebook/TableOutput.h"
#include "designer/notebook/TracebackView.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/Format.h"
#include "engine/base/PostTo.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPointer>
#include <QPushButton>
#include <QThreadPool>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

constexpr int rightMargin = 16;

// The words for screen readers, for what the eye sees from the form.
QString kindName(const PreparedOutput &prepared)
{
    return prepared.isErrorStream ? OutputView::tr("Error output") : OutputView::tr("Output");
}

} // namespace

// One output: a row with the widget that shows it, and a line for what is not shown yet.
class OutputView::Item final : public QWidget
{
public:
    Item()
        : m_body(new QVBoxLayout)
        , m_note(label({}, "hint"))
        , m_all(
              pushButton(QStringLiteral("showAll"), {}, QStringLiteral("download"), OutputView::tr("Show everything")))
    {
        auto *const layout = new QVBoxLayout(this);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(4);
        m_body->setContentsMargins(0, 0, 0, 0);
        layout->addLayout(m_body);
        auto *const line = new QHBoxLayout;
        line->addWidget(m_all);
        line->addWidget(m_note, 1);
        line->addStretch();
        layout->addLayout(line);
        m_note->setWordWrap(true);
        m_note->hide();
        m_all->hide();
    }

    Json output; // as it was set
    qint64 serial = 0; // of what is being prepared or fetched: older answers are void
    bool isPreparing = false;
    bool isFetching = false;
    bool isWhole = false; // fetched
    bool wasAsked = false; // fetched without asking: once
    bool isErrorStream = false;
    int position = 0; // of the engine's list
    qint64 size = 0;

    void setBody(QWidget *widget)
    {
        if (widget == m_widget)
            return;
        delete m_widget;
        m_widget = widget;
        if (widget)
            m_body->addWidget(widget);
    }
    template <typename Widget> Widget *bodyAs() // the one that is there, when it is of this kind
    {
        auto *const same = qobject_cast<Widget *>(m_widget);
        if (same)
            return same;
        auto *const made = new Widget;
        setBody(made);
        return made;
    }
    QWidget *body() const { return m_widget; }
    QLabel *note() const { return m_note; }
    QPushButton *all() const { return m_all; }

    void setNote(const QString &text)
    {
        m_note->setText(text);
        m_note->setVisible(!text.isEmpty());
    }

protected:
    void paintEvent(QPaintEvent * /*event*/) override
    {
        if (!isErrorStream)
            return;
        QPainter painter(this);
        painter.fillRect(QRect(0, 0, 2, height()), Theme::current().warn);
    }

private:
    QWidget *m_widget = nullptr;
    QVBoxLayout *m_body;
    QLabel *m_note;
    QPushButton *m_all;
};

OutputView::OutputView(QWidget *parent) : QWidget(parent), m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(0, 8, 0, 8);
    m_layout->setSpacing(8);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Minimum);
}

OutputView::~OutputView() = default;

void OutputView::setName(const QString &cell) { m_cell = cell; }

void OutputView::setWholeSource(WholeSource source) { m_wholeSource = std::move(source); }

bool OutputView::isBusy() const
{
    return std::any_of(
        m_items.begin(), m_items.end(), [](const auto &item) { return item->isPreparing || item->isFetching; });
}

void OutputView::setOutputs(const QList<Json> &outputs, bool withErrors)
{
    m_withErrors = withErrors;
    QList<std::pair<int, const Json *>> shown; // position in the engine's list
    for (int position = 0; position < outputs.size(); ++position) {
        const Json &output = outputs.at(position);
        if (output.is_object() && (withErrors || stringAt(output, "output_type") != u"error"))
            shown.append({int(intAt(output, "position", position)), &output});
    }
    while (m_items.size() > size_t(shown.size()))
        m_items.pop_back();
    while (m_items.size() < size_t(shown.size())) {
        auto item = std::make_unique<Item>();
        Item *const made = item.get();
        connect(item->all(), &QPushButton::clicked, this, [this, made] {
            m_isTouched = true;
            fetchWhole(*made);
        });
        m_layout->addWidget(made);
        m_items.push_back(std::move(item));
    }
    for (size_t index = 0; index < m_items.size(); ++index) {
        const auto &[position, output] = shown.at(qsizetype(index));
        m_items[index]->position = position;
        updateItem(*m_items[index], *output);
    }
}

void OutputView::updateItem(Item &item, const Json &output)
{
    if (item.output == output && !item.output.is_null())
        return;
    if (item.output.is_null() || memberAt(item.output, "size") != memberAt(output, "size")) {
        item.isWhole = false;
        item.wasAsked = false;
    }
    item.output = output;
    if (item.isWhole)
        return; // the whole of it is shown already
    ++item.serial;
    item.isFetching = false;
    if (isQuicklyPrepared(output)) {
        item.isPreparing = false;
        showPrepared(item, prepareOutput(output));
        return;
    }
    prepare(item, std::make_shared<const Json>(output));
}

void OutputView::prepare(Item &item, const std::shared_ptr<const Json> &output)
{
    item.isPreparing = true;
    if (!item.body())
        item.setNote(tr("Reading the output…"));
    const QPointer<OutputView> self(this);
    Item *const asked = &item;
    QThreadPool::globalInstance()->start([self, asked, serial = item.serial, output] {
        auto prepared = std::make_shared<const PreparedOutput>(prepareOutput(*output));
        postTo(QApplication::instance(), [self, asked, serial, prepared] {
            if (!self)
                return;
            for (const auto &there : self->m_items) {
                if (there.get() != asked || there->serial != serial)
                    continue;
                there->isPreparing = false;
                self->showPrepared(*there, *prepared);
            }
        });
    });
}

void OutputView::showPrepared(Item &item, const PreparedOutput &prepared)
{
    item.isErrorStream = prepared.isErrorStream;
    const int left = prepared.kind == PreparedOutput::Kind::Error ? 0 : CodeView::textLeft;
    item.layout()->setContentsMargins(left, 0, left == 0 ? 0 : rightMargin, 0);
    switch (prepared.kind) {
    case PreparedOutput::Kind::Nothing:
        item.setBody(nullptr);
        break;
    case PreparedOutput::Kind::Text:
        item.bodyAs<TextOutput>()->setAnsiText(prepared.text);
        break;
    case PreparedOutput::Kind::LongText:
        item.bodyAs<LongTextView>()->setText(prepared.lines);
        break;
    case PreparedOutput::Kind::Html:
        item.bodyAs<PageOutput>()->setPage(prepared.text, PageOutput::Format::Html);
        break;
    case PreparedOutput::Kind::Table:
        item.bodyAs<TableOutput>()->setTable(prepared.table);
        break;
    case PreparedOutput::Kind::Markdown:
        item.bodyAs<PageOutput>()->setPage(prepared.text, PageOutput::Format::Markdown);
        break;
    case PreparedOutput::Kind::Json: {
        auto *const code = item.bodyAs<CodeView>();
        code->setReadOnly(true);
        code->setLanguage(QStringLiteral("json"));
        code->setSizeToContent(true);
        code->setText(prepared.text);
        break;
    }
    case PreparedOutput::Kind::Picture:
        item.bodyAs<PictureOutput>()->setPicture(prepared.picture, prepared.alternative);
        break;
    case PreparedOutput::Kind::Error:
        item.bodyAs<TracebackView>()->setFailure(
            {.ename = prepared.ename, .evalue = prepared.evalue, .traceback = prepared.text});
        break;
    }
    if (QWidget *const body = item.body(); body && prepared.kind != PreparedOutput::Kind::Error)
        body->setObjectName(objectName() + QStringLiteral("_%1").arg(item.position + 1));
    if (QWidget *const body = item.body(); body && prepared.kind != PreparedOutput::Kind::Picture) {
        const QString spoken = m_cell.isEmpty() ? kindName(prepared) : tr("%1 of %2").arg(kindName(prepared), m_cell);
        body->setAccessibleName(spoken);
    }
    item.setNote(prepared.isTooLarge
                     ? tr("The whole of it is too large to be drawn here. Save the executed copy and open "
                          "it in a browser or in Jupyter.")
                     : QString());
    item.size = prepared.size;
    const bool hasMore = prepared.isTruncated && m_wholeSource && !item.isWhole;
    item.all()->setText(tr("Show all %1").arg(bytesText(prepared.size)));
    item.all()->setAccessibleName(item.all()->text());
    item.all()->setVisible(hasMore);
    item.update();
    if (hasMore && !prepared.omitted.isEmpty() && prepared.size <= fetchedUnasked && !item.wasAsked) {
        item.wasAsked = true;
        fetchWhole(item);
    }
}

void OutputView::fetchWhole(Item &item)
{
    if (item.isFetching)
        return;
    item.isFetching = true;
    const qint64 serial = ++item.serial;
    item.all()->setEnabled(false);
    item.setNote(tr("Fetching %1…").arg(bytesText(item.size)));
    Item *const asked = &item;
    m_wholeSource(item.position, &item, [this, asked, serial](Result<Json> whole) {
        if (asked->serial != serial)
            return;
        asked->isFetching = false;
        asked->all()->setEnabled(true);
        if (!whole) {
            asked->setNote(whole.error().message);
            return;
        }
        asked->isWhole = true;
        prepare(*asked, std::make_shared<const Json>(*std::move(whole)));
    });
}

} // namespace designer

#include "moc_OutputView.cpp"
