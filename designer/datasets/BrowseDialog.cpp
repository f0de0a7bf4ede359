#include "designer/datasets/BrowseDialog.h"

#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/Format.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

enum Role { PathRole = Qt::UserRole, KindRole, NameRole };

QString iconFor(const QString &kind)
{
    if (kind == u"folder")
        return QStringLiteral("folder");
    if (kind == u"schema")
        return QStringLiteral("layers");
    if (kind == u"table")
        return QStringLiteral("table-2");
    if (kind == u"view")
        return QStringLiteral("eye");
    return kind == u"notebook" ? QStringLiteral("notebook-text") : QStringLiteral("file-text");
}

} // namespace

BrowseDialog::BrowseDialog(Workbench &workbench, Json request, Wants wants, QWidget *parent)
    : Dialog(parent)
    , m_workbench(workbench)
    , m_request(std::move(request))
    , m_wants(wants)
    , m_place(label({}))
    , m_up(iconButton(QStringLiteral("browseUp"), QStringLiteral("chevron-up"), tr("Up (Backspace)")))
    , m_state(label({}, "hint"))
    , m_list(new QListWidget)
    , m_take(primaryButton(QStringLiteral("browseTake"), tr("Choose"), {}, tr("Take what is selected")))
{
    setObjectName(QStringLiteral("browse"));
    setWindowTitle(tr("Browse %1").arg(stringAt(memberAt(m_request, "linkedService"), "name")));
    setModal(true);
    resize(520, 440);
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    auto *const head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_up);
    head->addWidget(m_place, 1);
    layout->addLayout(head);
    name(m_list, QStringLiteral("browseList"), tr("What is there"), tr("Enter opens a folder or takes the choice"));
    m_list->setUniformItemSizes(true);
    m_list->setTextElideMode(Qt::ElideMiddle);
    layout->addWidget(m_list, 1);
    m_state->setWordWrap(true);
    m_state->setObjectName(QStringLiteral("browseState"));
    layout->addWidget(m_state);
    auto *const buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    auto *const cancel = pushButton(QStringLiteral("browseCancel"), tr("Cancel"), {}, tr("Change nothing"));
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(m_take);
    layout->addLayout(buttons);
    m_up->setShortcut(Qt::Key_Backspace);
    m_take->setDefault(true);

    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_up, &QToolButton::clicked, this, [this] { go(m_path.section(u'/', 0, -2)); });
    connect(m_list, &QListWidget::currentRowChanged, this, &BrowseDialog::updateButtons);
    connect(m_list, &QListWidget::itemDoubleClicked, this, &BrowseDialog::enter);
    connect(m_take, &QPushButton::clicked, this, [this] {
        const auto entry = current();
        if (entry && canBeTaken(*entry)) {
            m_chosen = *entry;
            accept();
        } else {
            enter();
        }
    });
    go({});
}

void BrowseDialog::go(const QString &path)
{
    m_path = path;
    const QString service = stringAt(memberAt(m_request, "linkedService"), "name");
    m_place->setText(path.isEmpty()
                         ? service
                         : QStringLiteral("%1 / %2").arg(service, path.split(u'/').join(QStringLiteral(" / "))));
    m_up->setEnabled(!path.isEmpty());
    m_state->setText(tr("Looking…"));
    setLook(m_state, "hint");
    Json body = m_request;
    body["path"] = toStdString(path);
    m_workbench.engine().post(QStringLiteral("/slipway/v1/connections/browse"),
                              body,
                              this,
                              [this, asked = ++m_asked](const Result<Json> &answer) {
                                  if (asked != m_asked)
                                      return;
                                  if (answer) {
                                      show(*answer);
                                      return;
                                  }
                                  m_list->clear();
                                  m_state->setText(answer.error().message);
                                  setLook(m_state, "bad");
                                  updateButtons();
                              });
    updateButtons();
}

void BrowseDialog::show(const Json &answer)
{
    m_list->clear();
    const Json &entries = memberAt(answer, "entries");
    for (const Json &entry : entries.is_array() ? entries : Json::array()) {
        const QString kind = stringAt(entry, "kind");
        const QString entryName = stringAt(entry, "name");
        const bool hasSize = entry.contains("size") && kind != u"folder";
        auto *const item = new QListWidgetItem(
            icon(iconFor(kind)),
            hasSize ? QStringLiteral("%1   %2").arg(entryName, bytesText(intAt(entry, "size"))) : entryName,
            m_list);
        item->setData(PathRole, stringAt(entry, "path"));
        item->setData(KindRole, kind);
        item->setData(NameRole, entryName);
        item->setToolTip(stringAt(entry, "path"));
    }
    m_state->setText(m_list->count() == 0              ? tr("There is nothing here.")
                         : boolAt(answer, "truncated") ? tr("Only the first ones are shown; write the name by hand.")
                                                       : QString());
    if (m_list->count() > 0)
        m_list->setCurrentRow(0);
    m_list->setFocus();
    updateButtons();
}

std::optional<BrowseDialog::Entry> BrowseDialog::current() const
{
    const QListWidgetItem *const item = m_list->currentItem();
    if (item == nullptr)
        return std::nullopt;
    return Entry{item->data(NameRole).toString(), item->data(PathRole).toString(), item->data(KindRole).toString()};
}

bool BrowseDialog::canBeTaken(const Entry &entry) const
{
    return m_wants == Wants::Table ? entry.kind == u"table" || entry.kind == u"view"
                                   : entry.kind == u"file" || entry.kind == u"folder";
}

void BrowseDialog::enter()
{
    const auto entry = current();
    if (!entry)
        return;
    if (entry->kind == u"folder" || entry->kind == u"schema") {
        go(entry->path);
    } else if (canBeTaken(*entry)) {
        m_chosen = *entry;
        accept();
    }
}

void BrowseDialog::updateButtons()
{
    const auto entry = current();
    m_take->setEnabled(entry.has_value());
    m_take->setText(entry && !canBeTaken(*entry) ? tr("Open") : tr("Choose"));
}

} // namespace designer

#include "moc_BrowseDialog.cpp"
