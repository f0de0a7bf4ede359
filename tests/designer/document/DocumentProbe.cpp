#include "designer/document/FactoryDocument.h"
#include "tests/designer/document/DraftSteps.h"

#include <QCoreApplication>
#include <QTimer>

#include <cstdio>
#include <cstdlib>
#include <unistd.h>

using namespace designer;

// A window without the window, to be killed: `document_probe edit <folder> <seed>` opens a factory, takes over what a
// crash left, and makes a gesture after the other; `save <folder> <user id>` changes one pipeline and saves it as that
// user. Says one line per fact on stdout; the test reads them.
namespace {

void say(const QString &line)
{
    std::fputs((line + u'\n').toUtf8().constData(), stdout);
    std::fflush(stdout);
}

int edit(FactoryDocument &document, quint32 seed)
{
    document.recover();
    say(QStringLiteral("open"));
    QRandomGenerator random(seed);
    int steps = 0;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &document, [&] {
        tests::randomStep(document, random);
        say(QStringLiteral("step %1").arg(++steps));
    });
    timer.start(0);
    return QCoreApplication::exec();
}

int save(FactoryDocument &document)
{
    const EntityRef pipeline = document.entities(EntityKind::Pipeline).first();
    engine::Json json = document.json(pipeline);
    json["properties"]["description"] = "by another user";
    QObject::connect(&document, &FactoryDocument::journalFailed, &document, [](const engine::Error &error) {
        say(u"journal " + error.message);
    });
    document.setJson(pipeline, json, QStringLiteral("Edit"));
    say(document.isReadOnly() ? QStringLiteral("read-only") : QStringLiteral("writable"));
    document.save(&document, [](const engine::Result<> &result) {
        say(result ? QStringLiteral("saved") : QString(u"refused " + result.error().message));
        QTimer::singleShot(100, qApp, &QCoreApplication::quit);
    });
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() < 4)
        return 2;
    const bool isSave = arguments[1] == u"save";
    if (isSave && ::setuid(arguments[3].toUInt()) != 0)
        return 3;
    const auto draft = FactoryDocument::readDraft(arguments[2]);
    if (!draft) {
        say(u"failed " + draft.error().message);
        return 1;
    }
    FactoryDocument document(*draft);
    return isSave ? save(document) : edit(document, arguments[3].toUInt());
}
