#include "designer/notebook/TracebackView.h"

#include "designer/notebook/CodeView.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"

#include <QLabel>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

namespace designer {

namespace {

constexpr qsizetype mostShown = 16 * 1024; // characters of a text at once; Copy error has all

QLabel *selectable(const QString &text, const QFont &font)
{
    auto *const made = new QLabel;
    made->setTextFormat(Qt::PlainText);
    made->setText(text.size() > mostShown ? text.left(mostShown) + u'…' : text);
    made->setFont(font);
    made->setWordWrap(true);
    made->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    made->setFocusPolicy(Qt::ClickFocus);
    return made;
}

} // namespace

TracebackView::TracebackView(QWidget *parent) : QWidget(parent), m_layout(new QVBoxLayout(this))
{
    setObjectName(QStringLiteral("traceback"));
    m_layout->setContentsMargins(CodeView::textLeft, 10, 16, 10);
    m_layout->setSpacing(4);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Minimum);
}

void TracebackView::setFailure(const Failure &failure)
{
    if (failure == m_failure)
        return; // what is unfolded stays unfolded
    m_failure = failure;
    while (QLayoutItem *const item = m_layout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_folds = 0;
    const QString said =
        failure.evalue.isEmpty() ? failure.ename : failure.ename + QStringLiteral(": ") + failure.evalue;
    QLabel *const title = selectable(said, themeFont(TypeSize::Body, QFont::DemiBold));
    title->setObjectName(QStringLiteral("exception"));
    setLook(title, "bad");
    m_layout->addWidget(title);
    setAccessibleName(said);

    const QList<TracebackPart> parts = readTraceback(failure.traceback);
    if (parts.isEmpty()) {
        if (!failure.traceback.trimmed().isEmpty() && failure.traceback.trimmed() != said)
            m_layout->addWidget(selectable(failure.traceback.trimmed(), codeFont()));
        return;
    }
    addFrames(parts.constFirst().frames);
    for (const TracebackPart &part : parts.sliced(1)) {
        QString text;
        for (const TracebackFrame &frame : part.frames)
            text += frame.text + QStringLiteral("\n\n");
        addFolded(tr("Caused by %1").arg(part.error.section(u'\n', 0, 0).left(200)), text + part.error);
    }
}

void TracebackView::addFrames(const QList<TracebackFrame> &frames)
{
    QList<TracebackFrame> library;
    const auto fold = [&] {
        if (library.isEmpty())
            return;
        QStringList text;
        for (const TracebackFrame &frame : std::as_const(library))
            text += frame.text;
        addFolded(foldedText(library), text.join(QStringLiteral("\n\n")));
        library.clear();
    };
    for (const TracebackFrame &frame : frames) {
        if (!frame.isUser) {
            library += frame;
            continue;
        }
        fold();
        QString line = placeOf(frame);
        if (!frame.code.isEmpty())
            line += QStringLiteral("      ") + frame.code;
        QLabel *const shown = selectable(line, codeFont());
        shown->setToolTip(frame.text);
        m_layout->addWidget(shown);
    }
    fold();
}

QString TracebackView::placeOf(const TracebackFrame &frame) const
{
    QString place;
    if (frame.cell == 0) {
        place = frame.file;
    } else {
        const int number = frame.cell < 0 ? m_failure.cell : m_failure.cellOfCount.value(frame.cell);
        place = number > 0 ? tr("Cell %1").arg(number) : tr("Cell In [%1]").arg(frame.cell);
    }
    return frame.line > 0 ? tr("%1, line %2").arg(place).arg(frame.line) : place;
}

void TracebackView::addFolded(const QString &title, const QString &text)
{
    auto *const fold = new QToolButton;
    name(fold, QStringLiteral("fold%1").arg(m_folds++), title, tr("Show or hide these frames"));
    fold->setText(title);
    fold->setCheckable(true);
    fold->setArrowType(Qt::NoArrow);
    fold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    fold->setIconSize({12, 12});
    fold->setFont(codeFont());
    fold->setFocusPolicy(Qt::StrongFocus);
    setLook(fold, "fold");
    QLabel *const frames = selectable(text, codeFont());
    frames->setContentsMargins(18, 0, 0, 4);
    frames->hide();
    const auto show = [fold, frames](bool shown) {
        fold->setIcon(
            icon(shown ? QStringLiteral("chevron-down") : QStringLiteral("chevron-right"), IconRole::Secondary));
        frames->setVisible(shown);
    };
    show(false);
    connect(fold, &QToolButton::toggled, frames, show);
    m_layout->addWidget(fold, 0, Qt::AlignLeft);
    m_layout->addWidget(frames);
}

void TracebackView::paintEvent(QPaintEvent * /*event*/)
{
    QPainter painter(this);
    painter.fillRect(rect(), Theme::current().badBg);
}

} // namespace designer

#include "moc_TracebackView.cpp"
