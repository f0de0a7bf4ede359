#include "designer/author/PublishDialog.h"

#include "designer/document/FactoryDocument.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

PublishDialog::PublishDialog(Workbench &workbench, UnpublishedChanges &changes, QWidget *parent)
    : Dialog(parent)
    , m_workbench(workbench)
    , m_changes(changes)
    , m_summary(label({}, "secondary"))
    , m_list(new QListWidget)
    , m_comment(new QLineEdit)
    , m_error(label({}, "bad"))
    , m_publish(primaryButton(QStringLiteral("publishConfirm"),
                              tr("Publish"),
                              QStringLiteral("send"),
                              tr("Save, validate and make this the version that runs")))
    , m_problems(pushButton(QStringLiteral("publishProblems"),
                            tr("Show problems"),
                            QStringLiteral("list-checks"),
                            tr("Close this and go to the list of problems")))
    , m_start(pushButton(QStringLiteral("publishStartEngine"), tr("Start the engine"), {}, tr("Start the engine")))
{
    setObjectName(QStringLiteral("publishDialog"));
    setWindowTitle(tr("Publish"));
    resize(scaled(560), scaled(440));
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(20, 20, 20, 16);
    column->setSpacing(10);
    column->addWidget(titleLabel(tr("Publish %1").arg(workbench.document()->name())));
    m_summary->setWordWrap(true);
    column->addWidget(m_summary);
    name(m_list, QStringLiteral("publishChanges"), tr("Changes"), tr("What differs from the published version"));
    m_list->setFrameShape(QFrame::StyledPanel);
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    column->addWidget(m_list, 1);
    name(m_comment, QStringLiteral("publishComment"), tr("Comment"), tr("Why this version is made; kept with it"));
    m_comment->setPlaceholderText(tr("Comment (optional)"));
    column->addWidget(m_comment);
    m_error->setObjectName(QStringLiteral("publishError"));
    m_error->setWordWrap(true);
    m_error->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_error->hide();
    column->addWidget(m_error);
    auto *const buttons = new QHBoxLayout;
    m_problems->hide();
    QPushButton *const cancel =
        pushButton(QStringLiteral("publishCancel"), tr("Cancel"), {}, tr("Close without publishing"));
    buttons->addWidget(m_problems);
    buttons->addWidget(m_start);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_publish);
    column->addLayout(buttons);
    m_publish->setDefault(true);
    m_comment->setFocus();

    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_publish, &QPushButton::clicked, this, &PublishDialog::publish);
    connect(m_problems, &QPushButton::clicked, this, [this] {
        reject();
        emit problemsRequested();
    });
    connect(&changes, &UnpublishedChanges::changed, this, &PublishDialog::showChanges);
    connect(&workbench.engine(), &EngineConnection::stateChanged, this, &PublishDialog::showChanges);
    connect(m_start, &QPushButton::clicked, this, [this] { m_workbench.engine().start(); });
    connect(&workbench, &Workbench::documentAboutToChange, this, &QDialog::reject);
    showChanges();
}

void PublishDialog::showChanges()
{
    const QList<UnpublishedChanges::Change> &changes = m_changes.changes();
    const int version = m_workbench.publishedVersion();
    const auto state = m_workbench.engine().state();
    const bool isAway = state == EngineConnection::State::Stopped || state == EngineConnection::State::Failed;
    m_start->setVisible(isAway);
    if (!m_changes.isKnown())
        m_summary->setText(isAway ? tr("The engine is not running. It keeps what is published: start it to go on.")
                                  : tr("The engine has not told yet what is published."));
    else if (changes.isEmpty())
        m_summary->setText(tr("Nothing differs from version %1.").arg(version));
    else if (version == 0)
        m_summary->setText(tr("%n file(s) become the first version. Triggers start only when you start them.",
                              nullptr,
                              int(changes.size())));
    else
        m_summary->setText(
            tr("%n change(s) since version %1. Runs under way keep their version.", nullptr, int(changes.size()))
                .arg(version));
    m_list->clear();
    for (const UnpublishedChanges::Change &change : changes) {
        auto *const item = new QListWidgetItem(change.path);
        item->setSizeHint(
            {0, qMax(measure::treeRow, fontMetrics().height() + 8)}); // as wide as the list, not as its text
        switch (change.kind) {
        case UnpublishedChanges::Change::Kind::Added:
            item->setIcon(icon(QStringLiteral("plus"), IconRole::Ok));
            item->setToolTip(tr("New: %1").arg(change.path));
            break;
        case UnpublishedChanges::Change::Kind::Edited:
            item->setIcon(icon(QStringLiteral("pencil"), IconRole::Accent));
            item->setToolTip(tr("Edited: %1").arg(change.path));
            break;
        case UnpublishedChanges::Change::Kind::Deleted:
            item->setIcon(icon(QStringLiteral("trash-2"), IconRole::Bad));
            item->setToolTip(tr("Deleted: %1").arg(change.path));
            break;
        }
        item->setData(Qt::AccessibleTextRole, item->toolTip());
        m_list->addItem(item);
    }
    m_publish->setEnabled(!isAway && m_changes.isKnown() && (!changes.isEmpty() || version == 0));
}

void PublishDialog::setBusy(bool busy, const QString &what)
{
    m_publish->setEnabled(!busy);
    m_publish->setText(busy ? what : tr("Publish"));
    m_comment->setEnabled(!busy);
}

void PublishDialog::showError(const QString &text)
{
    setBusy(false);
    m_error->setText(text);
    m_error->show();
}

void PublishDialog::publish()
{
    m_error->hide();
    m_problems->hide();
    setBusy(true, tr("Saving…"));
    m_workbench.document()->save(this, [this](const Result<> &result) { saved(result); });
}

void PublishDialog::saved(const Result<> &result)
{
    if (!result) {
        showError(result.error().message);
        return;
    }
    if (m_workbench.factory().isEmpty()) {
        showError(tr("The engine does not answer, so nothing can be published. Start it in Manage › Engine."));
        return;
    }
    setBusy(true, tr("Publishing…"));
    m_workbench.engine().post(QStringLiteral("/slipway/v1/factories/%1/publish").arg(m_workbench.factory().text()),
                              Json{{"comment", toStdString(m_comment->text().trimmed())}},
                              this,
                              [this](const Result<Json> &answer) { answered(answer); });
}

void PublishDialog::answered(const Result<Json> &answer)
{
    if (!answer) {
        const Json &problems = m_workbench.engine().errorDetails();
        if (problems.is_array() && !problems.empty()) {
            m_workbench.document()->checkNow();
            m_problems->show();
            m_problems->setFocus();
        }
        showError(answer.error().message);
        return;
    }
    m_version = int(intAt(*answer, "version"));
    m_workbench.registerFactory();
    m_workbench.tell({.level = Message::Level::Done,
                      .text = tr("Published version %1.").arg(m_version),
                      .about = QStringLiteral("publish")});
    accept();
}

} // namespace designer

#include "moc_PublishDialog.cpp"
