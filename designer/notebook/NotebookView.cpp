#include "designer/notebook/NotebookView.h"

#include "designer/notebook/CellList.h"
#include "designer/notebook/CellOutline.h"
#include "designer/notebook/CodeView.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/Format.h"
#include "engine/base/PostTo.h"
#include "engine/model/NotebookSource.h"

#include <QAction>
#include <QApplication>
#include <QDesktopServices>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QFileSystemWatcher>
#include <QHBoxLayout>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QThreadPool>
#include <QTimer>
#include <QUrl>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

constexpr qint64 largestFile = 256 * 1024 * 1024;
constexpr int settleTime = 150; // ms: who writes a file tells several times

QByteArray stampOf(const QString &file)
{
    const QFileInfo info(file);
    return QByteArray::number(info.size()) + '@' + QByteArray::number(info.lastModified().toMSecsSinceEpoch());
}

ShownCell shownCell(const NotebookCell &cell, int number, const QString &language)
{
    ShownCell shown;
    shown.number = number;
    shown.kind = cell.kind();
    shown.language = cell.language(language);
    shown.source = cell.source();
    shown.title = cell.title();
    QStringList notes = cell.tags();
    if (const Json &count = memberAt(cell.json(), "execution_count"); count.is_number_integer())
        notes += QStringLiteral("[%1]").arg(count.get<int>());
    shown.note = notes.join(QStringLiteral(" · "));
    if (const Json &outputs = memberAt(cell.json(), "outputs"); outputs.is_array())
        shown.outputs = QList<Json>(outputs.begin(), outputs.end());
    return shown;
}

int headingLevel(const ShownCell &cell)
{
    if (cell.language != u"markdown")
        return 0;
    const QString text = cell.source.trimmed();
    int level = 0;
    while (level < text.size() && text.at(level) == u'#')
        ++level;
    return level;
}

QString firstLine(const QString &source)
{
    for (const QStringView line : QStringView(source).split(u'\n')) {
        if (!line.trimmed().isEmpty())
            return line.trimmed().toString().left(120);
    }
    return {};
}

} // namespace

struct NotebookView::Content
{
    QList<ShownCell> cells;
};

NotebookView::NotebookView(QWidget *parent)
    : QWidget(parent)
    , m_watcher(new QFileSystemWatcher(this))
    , m_readTimer(new QTimer(this))
    , m_openExternally(new QAction(icon(QStringLiteral("external-link"), IconRole::Text), tr("Open externally"), this))
    , m_reveal(new QAction(icon(QStringLiteral("folder-open"), IconRole::Text), tr("Reveal in folder"), this))
    , m_pages(new QStackedWidget)
{
    m_openExternally->setObjectName(QStringLiteral("openExternally"));
    m_openExternally->setToolTip(tr("Open this file in the program that is meant for it"));
    m_reveal->setObjectName(QStringLiteral("revealInFolder"));
    m_reveal->setToolTip(tr("Show the folder this file is in"));
    connect(m_openExternally, &QAction::triggered, this, &NotebookView::openExternally);
    connect(m_reveal, &QAction::triggered, this, &NotebookView::reveal);
    m_readTimer->setSingleShot(true);
    m_readTimer->setInterval(settleTime);
    connect(m_readTimer, &QTimer::timeout, this, &NotebookView::readNow);
    connect(m_watcher, &QFileSystemWatcher::fileChanged, this, &NotebookView::readLater);
    connect(m_watcher, &QFileSystemWatcher::directoryChanged, this, &NotebookView::readLater);
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_pages);
    m_pages->addWidget(makeCells());
    m_pages->addWidget(makeEmptyState());
}

NotebookView::~NotebookView() = default;

QWidget *NotebookView::makeCells()
{
    auto *const left = new QFrame;
    setLook(left, "panel");
    auto *const leftLayout = new QVBoxLayout(left);
    leftLayout->setContentsMargins(0, 0, 0, 0);
    leftLayout->setSpacing(0);
    auto *const head = new QHBoxLayout;
    head->setContentsMargins(12, 8, 12, 8);
    auto *const title = label(tr("Cells"));
    title->setFont(themeFont(TypeSize::Body, QFont::DemiBold));
    head->addWidget(title);
    head->addStretch();
    m_summary = label({}, "secondary");
    head->addWidget(m_summary);
    leftLayout->addLayout(head);
    leftLayout->addWidget(lineAcross());
    m_outline = new CellOutline;
    leftLayout->addWidget(m_outline, 1000);
    leftLayout->addStretch(1);

    m_list = new CellList;
    m_list->setSource({.estimatedHeight = [this](int index) { return CellCard::estimatedHeight(m_cells.at(index)); },
                       .make =
                           [this](int index) {
                               auto *const card = new CellCard;
                               card->setCell(m_cells.at(index));
                               return card;
                           },
                       .mayGo = {}});
    connect(m_outline, &CellOutline::chosen, this, [this](int row) { m_list->scrollTo(row); });
    connect(m_outline, &CellOutline::opened, this, [this](int row) {
        m_list->scrollTo(row);
        if (QWidget *const card = m_list->cell(row)) {
            if (auto *const code = card->findChild<CodeView *>())
                code->setFocus();
        }
    });
    auto *const split = new QSplitter(Qt::Horizontal);
    split->setHandleWidth(1);
    split->addWidget(left);
    split->addWidget(m_list);
    split->setStretchFactor(0, 0);
    split->setStretchFactor(1, 1);
    split->setSizes({scaled(260), 900});
    split->setChildrenCollapsible(false);
    return split;
}

QWidget *NotebookView::makeEmptyState()
{
    auto *const page = new QWidget;
    m_emptyTitle = titleLabel({});
    m_emptyTitle->setObjectName(QStringLiteral("emptyTitle"));
    m_emptyTitle->setAlignment(Qt::AlignHCenter);
    m_emptyText = label({}, "secondary");
    m_emptyText->setObjectName(QStringLiteral("emptyText"));
    m_emptyText->setAlignment(Qt::AlignHCenter);
    m_emptyText->setWordWrap(true);
    m_emptyText->setTextFormat(Qt::PlainText);
    m_emptyText->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_emptyText->setFixedWidth(scaled(560));
    auto *const buttons = new QHBoxLayout;
    buttons->addStretch();
    for (QAction *const action : {m_openExternally, m_reveal}) {
        QPushButton *const button =
            pushButton(action->objectName() + QStringLiteral("Button"), action->text(), {}, action->toolTip());
        button->setIcon(action->icon());
        connect(button, &QPushButton::clicked, action, &QAction::trigger);
        buttons->addWidget(button);
    }
    buttons->addStretch();
    auto *const layout = new QVBoxLayout(page);
    layout->setSpacing(10);
    layout->addStretch(2);
    layout->addWidget(m_emptyTitle);
    auto *const text = new QHBoxLayout;
    text->addStretch();
    text->addWidget(m_emptyText);
    text->addStretch();
    layout->addLayout(text);
    layout->addLayout(buttons);
    layout->addStretch(3);
    return page;
}

void NotebookView::open(const QString &file)
{
    if (file == m_file)
        return;
    m_file = file;
    m_stamp.clear();
    m_cells.clear();
    m_list->clear();
    fillOutline();
    watch();
    readNow();
}

// Programs replace files instead of writing them: the folder tells when the watched one is gone and comes back.
void NotebookView::watch()
{
    const QString folder = QFileInfo(m_file).absolutePath();
    const QStringList wanted{m_file, folder};
    QStringList others = m_watcher->files() + m_watcher->directories();
    for (const QString &path : wanted) {
        if (!others.removeOne(path) && QFileInfo::exists(path))
            m_watcher->addPath(path);
    }
    if (!others.isEmpty())
        m_watcher->removePaths(others);
}

void NotebookView::readLater() { m_readTimer->start(); }

void NotebookView::readNow()
{
    watch();
    const QByteArray stamp = stampOf(m_file);
    if (stamp == m_stamp)
        return;
    const int serial = ++m_serial;
    const QPointer<NotebookView> self(this);
    QThreadPool::globalInstance()->start([self, serial, stamp, path = m_file] {
        const auto readContent = [&path]() -> Result<Content> {
            QFile file(path);
            if (!file.exists())
                return Error{ErrorCode::NotFound, tr("There is no file \"%1\" any more.").arg(path), path};
            if (file.size() > largestFile)
                return Error{ErrorCode::Unsupported,
                             tr("The file has %1, which is too much to show.").arg(bytesText(file.size())),
                             path};
            if (!file.open(QIODevice::ReadOnly))
                return Error{ErrorCode::Io, tr("The file cannot be read: %1").arg(file.errorString()), path};
            const Result<Notebook> notebook = readNotebookSource(file.readAll(), QFileInfo(path).fileName());
            if (!notebook)
                return notebook.error();
            Content content;
            for (const NotebookCell &cell : notebook->cells)
                content.cells += shownCell(cell, int(content.cells.size()) + 1, notebook->language());
            return content;
        };
        auto content = std::make_shared<const Result<Content>>(readContent());
        postTo(QApplication::instance(), [self, serial, stamp, content] {
            if (self && self->m_serial == serial)
                self->take(*content, stamp);
        });
    });
}

void NotebookView::take(const Result<Content> &content, const QByteArray &stamp)
{
    m_stamp = stamp;
    if (!content) {
        m_cells.clear();
        m_list->clear();
        fillOutline();
        const bool isArchive = m_file.endsWith(u".dbc", Qt::CaseInsensitive);
        showEmptyState(isArchive                                         ? tr("An archive of Databricks")
                           : content.error().code == ErrorCode::NotFound ? tr("The file is gone")
                                                                         : tr("This notebook cannot be shown"),
                       content.error().message);
        emit read();
        return;
    }
    m_cells = content->cells;
    for (int index = 0; index < qMin<int>(m_list->count(), int(m_cells.size())); ++index) {
        if (auto *const card = qobject_cast<CellCard *>(m_list->cell(index)))
            card->setCell(m_cells.at(index));
    }
    m_list->setCount(int(m_cells.size()));
    fillOutline();
    if (m_cells.isEmpty())
        showEmptyState(tr("This notebook has no cells"),
                       tr("Open it in Jupyter to write some; what is saved appears here."));
    else
        m_pages->setCurrentIndex(0);
    if (m_wantedCell > 0)
        goToCell(std::exchange(m_wantedCell, 0));
    emit read();
}

void NotebookView::showEmptyState(const QString &title, const QString &text)
{
    m_emptyTitle->setText(title);
    m_emptyText->setText(text);
    m_pages->setCurrentIndex(1);
}

void NotebookView::fillOutline()
{
    QList<OutlineRow> rows;
    int level = 0;
    for (const ShownCell &cell : std::as_const(m_cells)) {
        OutlineRow row;
        row.number = cell.number;
        row.title = cell.title.isEmpty() ? firstLine(cell.source) : cell.title;
        row.icon = cell.language == u"markdown" ? QStringLiteral("file-text") : QStringLiteral("file-code");
        if (const int heading = headingLevel(cell); heading > 0) {
            row.isBold = true;
            row.level = qMin(heading, 4) - 1;
            level = heading;
        } else {
            row.level = qMin(level, 4);
        }
        rows += row;
    }
    m_outline->setRows(rows);
    m_summary->setText(tr("%n cell(s)", nullptr, int(m_cells.size())));
}

void NotebookView::goToCell(int number)
{
    if (m_cells.isEmpty()) {
        m_wantedCell = number;
        return;
    }
    m_outline->setCurrentRow(number - 1);
    m_list->scrollTo(number - 1);
}

void NotebookView::openExternally()
{
    if (!QDesktopServices::openUrl(QUrl::fromLocalFile(m_file)))
        emit failed(tr("No program on this machine opens \"%1\"; install Jupyter, or open the file from there.")
                        .arg(QFileInfo(m_file).fileName()));
}

void NotebookView::reveal()
{
    const QString folder = QFileInfo(m_file).absolutePath();
    if (!QDesktopServices::openUrl(QUrl::fromLocalFile(folder)))
        emit failed(
            tr("No file manager on this machine opens the folder \"%1\".").arg(QDir::toNativeSeparators(folder)));
}

} // namespace designer

#include "moc_NotebookView.cpp"
