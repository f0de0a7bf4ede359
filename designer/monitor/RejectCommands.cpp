#include "designer/monitor/RejectCommands.h"

#include "designer/shell/Workbench.h"
#include "designer/widgets/Format.h"
#include "designer/widgets/Question.h"
#include "engine/base/PostTo.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QPointer>
#include <QPushButton>
#include <QSaveFile>
#include <QSettings>
#include <QThreadPool>

namespace designer {

using namespace engine;

namespace {

struct CommandText
{
    Q_DECLARE_TR_FUNCTIONS(designer::RejectCommands)
};

const QString folderKey = QStringLiteral("monitor/exportFolder");

QString write(const QString &file, const QByteArray &text) // what went wrong; empty = nothing
{
    QSaveFile target(file);
    if (target.open(QIODevice::WriteOnly) && target.write(text) == text.size() && target.commit())
        return {};
    return CommandText::tr("%1 could not be written: %2. Choose another place.")
        .arg(QDir::toNativeSeparators(file), target.errorString());
}

void told(Workbench &workbench, const QString &file, const QString &mistake)
{
    Message message{.about = QStringLiteral("monitor/export")};
    message.level = mistake.isEmpty() ? Message::Level::Done : Message::Level::Error;
    message.text = mistake.isEmpty()
        ? CommandText::tr("The rejected rows are in %1.").arg(QDir::toNativeSeparators(file))
        : mistake;
    workbench.tell(message);
}

} // namespace

bool askToReload(qint64 rows, bool areChosen, const QString &sink, QWidget *window)
{
    const int count = int(rows);
    Question question(
        QMessageBox::Question,
        QStringLiteral("askToReload"),
        areChosen
            ? CommandText::tr("Load the corrected ones of the %n chosen row(s) into %1?", nullptr, count).arg(sink)
            : CommandText::tr("Load %n corrected row(s) into %1?", nullptr, count).arg(sink),
        window);
    question.setInformativeText(
        CommandText::tr("They are written in one transaction, with the mapping and the write behavior of this run and "
                        "without its pre-copy script. Each row is loaded once, whatever happens."));
    QPushButton *const load = question.addAnswer(
        QStringLiteral("reloadNow"), CommandText::tr("Load"), CommandText::tr("Write the rows into the sink now"));
    question.addCancel(CommandText::tr("Load nothing"));
    question.setDefaultButton(load);
    question.exec();
    return question.clickedButton() == load;
}

QString reloadText(const RejectsSummary::Reload &reload, const QTimeZone &zone)
{
    const auto end = instantFromIso(reload.endedAt);
    const QString when = end ? timeText(*end, zone) : QString();
    if (reload.state == u"Loading")
        return CommandText::tr("%n row(s) are being loaded…", nullptr, int(reload.rows));
    if (reload.state == u"Unknown")
        return CommandText::tr("The connection was lost while rows were committed; the sink is asked whether it has "
                               "them.");
    if (reload.state == u"Failed")
        return CommandText::tr("Nothing was loaded: %1 The rows are corrected still.").arg(reload.error);
    QString text = reload.refused == 0
        ? CommandText::tr("%n row(s) were loaded", nullptr, int(reload.loaded))
        : CommandText::tr("%1 of %2 rows were loaded").arg(countText(reload.loaded), countText(reload.rows));
    if (!when.isEmpty() && reload.by.isEmpty())
        text += CommandText::tr(" on %1").arg(when);
    else if (!when.isEmpty())
        text += CommandText::tr(" on %1 by %2").arg(when, reload.by);
    if (reload.refused > 0)
        return text + CommandText::tr("; %n row(s) were refused again.", nullptr, int(reload.refused));
    return text + u'.';
}

void exportRejects(Workbench &workbench, const QString &route, QWidget *window)
{
    const QString folder = workbench.settings().value(folderKey, QDir::homePath()).toString();
    auto *const dialog = new QFileDialog(
        window, CommandText::tr("Export rejected rows"), folder, CommandText::tr("Comma-separated values (*.csv)"));
    dialog->setObjectName(QStringLiteral("exportFile"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    dialog->selectFile(QStringLiteral("rejected.csv"));
    QObject::connect(dialog, &QFileDialog::fileSelected, &workbench, [&workbench, route](const QString &file) {
        workbench.settings().setValue(folderKey, QFileInfo(file).absolutePath());
        workbench.engine().get(route, &workbench, [&workbench, file](const Result<Json> &answer) {
            if (!answer) {
                told(workbench, file, answer.error().message);
                return;
            }
            // Large files are written beside the window's work.
            const QByteArray text = QByteArray::fromStdString(
                memberAt(*answer, "text").is_string() ? memberAt(*answer, "text").get<std::string>() : std::string());
            QThreadPool::globalInstance()->start([text, file, guard = QPointer<Workbench>(&workbench)] {
                const QString mistake = write(file, text);
                postTo(QCoreApplication::instance(), [guard, file, mistake] {
                    if (guard)
                        told(*guard, file, mistake);
                });
            });
        });
    });
    dialog->open();
}

} // namespace designer
