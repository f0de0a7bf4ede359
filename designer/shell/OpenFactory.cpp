#include "designer/shell/OpenFactory.h"

#include "designer/shell/RecentFactories.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Format.h"
#include "designer/widgets/Question.h"
#include "engine/base/PostTo.h"

#include <QApplication>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QPointer>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QThreadPool>

namespace designer {

using namespace engine;

namespace {

const QString lastFolderKey = QStringLiteral("window/lastFolder");
constexpr int mostTitles = 10;

} // namespace

OpenFactory::OpenFactory(Workbench &workbench, RecentFactories &recent, QWidget *window)
    : QObject(window)
    , m_workbench(workbench)
    , m_recent(recent)
    , m_window(window)
{
}

void OpenFactory::open(const QString &folder, const Link &then)
{
    const QString absolute = QDir::cleanPath(QDir(folder).absolutePath());
    if (m_workbench.document() && m_workbench.document()->folder() == absolute) {
        emit opened(then);
        return;
    }
    if (mayLeave([this, absolute, then] { read(absolute, then); }))
        read(absolute, then);
}

void OpenFactory::openPath(const QString &path)
{
    const QFileInfo info(path);
    if (!info.exists()) {
        m_workbench.tell({.level = Message::Level::Error,
                          .text = tr("There is no %1.").arg(info.absoluteFilePath()),
                          .about = QStringLiteral("open")});
        return;
    }
    const QString from = info.isDir() ? info.absoluteFilePath() : info.absolutePath();
    const QString folder = findFactoryFolder(from).value_or(from);
    Link then;
    then.kind = Link::Kind::Author;
    if (info.isFile()) {
        const QString inside = QDir(folder).relativeFilePath(info.absoluteFilePath());
        if (const auto kind = entityKindOf(inside))
            then = entityLink(EntityRef{*kind, entityNameByFile(inside)}.toString());
    }
    open(folder, then);
}

void OpenFactory::makeNew()
{
    const QString last = m_workbench.settings().value(lastFolderKey, QDir::homePath()).toString();
    const QString folder = QFileDialog::getExistingDirectory(
        m_window, tr("New factory: choose or make an empty folder"), last, QFileDialog::ShowDirsOnly);
    if (folder.isEmpty())
        return;
    m_workbench.settings().setValue(lastFolderKey, QFileInfo(folder).absolutePath());
    const Result<> made = FactoryDocument::makeFactory(folder, QFileInfo(folder).fileName());
    if (!made) {
        m_workbench.tell(
            {.level = Message::Level::Error, .text = made.error().message, .about = QStringLiteral("open")});
        return;
    }
    open(folder);
}

void OpenFactory::choose()
{
    const QString last = m_workbench.settings().value(lastFolderKey, QDir::homePath()).toString();
    const QString folder = QFileDialog::getExistingDirectory(
        m_window, tr("Open a Data Factory: choose its Git folder"), last, QFileDialog::ShowDirsOnly);
    if (folder.isEmpty())
        return;
    m_workbench.settings().setValue(lastFolderKey, QFileInfo(folder).absolutePath());
    open(findFactoryFolder(folder).value_or(folder));
}

void OpenFactory::openSample()
{
    const QString home = qEnvironmentVariable("SLIPWAY_HOME");
    const QString data = home.isEmpty()
        ? QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/slipway")
        : home;
    const QString folder = data + QStringLiteral("/samples/titanic");
    m_workbench.tell(
        {.text = tr("Making a copy of the Titanic sample in %1 …").arg(folder), .about = QStringLiteral("open")});
    m_workbench.engine().post(QStringLiteral("/slipway/v1/samples/titanic"),
                              Json{{"folder", toStdString(folder)}},
                              this,
                              [this, folder](const Result<Json> &made) {
                                  m_workbench.withdraw(QStringLiteral("open"));
                                  if (made)
                                      open(folder);
                                  else
                                      m_workbench.tell({.level = Message::Level::Error,
                                                        .text = made.error().message,
                                                        .action = tr("Try again"),
                                                        .act = [this] { openSample(); },
                                                        .about = QStringLiteral("open")});
                              });
}

void OpenFactory::read(const QString &folder, const Link &then)
{
    const int round = ++m_round;
    const QPointer<OpenFactory> guard(this);
    QThreadPool::globalInstance()->start([this, guard, round, folder, then] {
        const auto draft = FactoryDocument::readDraft(folder);
        postTo(qApp, [this, guard, round, folder, then, draft] {
            if (guard && round == m_round)
                show(draft, folder, then);
        });
    });
}

void OpenFactory::show(const Result<std::shared_ptr<const Draft>> &draft, const QString &folder, const Link &then)
{
    if (!draft) {
        m_workbench.tell({.level = Message::Level::Error,
                          .text = draft.error().message,
                          .action = tr("Open another…"),
                          .act = [this] { choose(); },
                          .about = QStringLiteral("open")});
        return;
    }
    Q_UNUSED(folder)
    m_workbench.withdraw(QStringLiteral("open"));
    for (const char *const about : {"readonly", "folder", "conflict", "journal", "save", "publish"})
        m_workbench.withdraw(QString::fromLatin1(about));
    m_workbench.setDocument(std::make_unique<FactoryDocument>(*draft));
    offerRecovery();
    emit opened(then);
}

void OpenFactory::offerRecovery()
{
    FactoryDocument *const document = m_workbench.document();
    const auto recovery = document->recovery();
    if (!recovery)
        return;
    Question question(QMessageBox::Question,
                      QStringLiteral("recoveryQuestion"),
                      tr("Slipway ended without saving. Bring back %n step(s) of %1?", nullptr, recovery->steps)
                          .arg(document->name()),
                      m_window);
    QString about = tr("The last one was made %1.").arg(timeText(recovery->last, m_workbench.zone()));
    const QStringList last = recovery->titles.mid(qMax<qsizetype>(0, recovery->titles.size() - mostTitles));
    about += u"\n\n• " + last.join(QStringLiteral("\n• "));
    if (!recovery->changedSince.isEmpty())
        about += u"\n\n" + tr("Changed on disk since then: %1").arg(recovery->changedSince.join(QStringLiteral(", ")));
    question.setInformativeText(about);
    QPushButton *const recover = question.addAnswer(
        QStringLiteral("recoverSteps"), tr("Bring back"), tr("The steps are there again, and in the list of Undo"));
    const QPushButton *const discard = question.addAnswer(QStringLiteral("discardSteps"),
                                                          tr("Discard"),
                                                          tr("Go on with what is on disk; the steps are gone"),
                                                          QMessageBox::DestructiveRole);
    question.setDefaultButton(recover);
    question.setEscapeButton(recover); // nothing is lost by closing the question
    question.exec();
    if (question.clickedButton() == discard)
        document->discardRecovery();
    else
        document->recover();
}

bool OpenFactory::mayLeave(std::function<void()> then)
{
    FactoryDocument *const document = m_workbench.document();
    if (!document || !document->isDirty())
        return true;
    Question question(QMessageBox::Warning,
                      QStringLiteral("unsavedQuestion"),
                      tr("Save the changes in %1?").arg(document->name()),
                      m_window);
    question.setInformativeText(tr("%n file(s) are not saved: %1", nullptr, int(document->dirtyPaths().size()))
                                    .arg(document->dirtyPaths().mid(0, mostTitles).join(QStringLiteral(", "))));
    QPushButton *const save = question.addAnswer(
        QStringLiteral("saveChanges"), tr("Save"), tr("Write the changes into the folder and go on"));
    const QPushButton *const discard = question.addAnswer(QStringLiteral("discardChanges"),
                                                          tr("Discard"),
                                                          tr("Go on without the changes; they are lost"),
                                                          QMessageBox::DestructiveRole);
    question.addCancel(tr("Stay here"));
    question.setDefaultButton(save);
    question.exec();
    if (question.clickedButton() == save)
        document->save(this, [this, then = std::move(then)](const Result<> &saved) {
            if (saved)
                then();
            else
                m_workbench.tell(
                    {.level = Message::Level::Error, .text = saved.error().message, .about = QStringLiteral("save")});
        });
    return question.clickedButton() == discard;
}

} // namespace designer

#include "moc_OpenFactory.cpp"
