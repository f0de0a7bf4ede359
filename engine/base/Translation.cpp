#include "engine/base/Translation.h"

#include <QCoreApplication>
#include <QDir>
#include <QLocale>
#include <QTranslator>

static void initTranslations() { Q_INIT_RESOURCE(translations); } // of a static library, outside every namespace

namespace engine {

namespace {

const QString folder = QStringLiteral(":/translations");

// A translator belongs to the application and is found again by its name.
void install(const QString &name, const QString &language)
{
    delete qApp->findChild<QTranslator *>(name);
    auto *const translator = new QTranslator(qApp);
    translator->setObjectName(name);
    const bool isThere = language.isEmpty()
        ? translator->load(QLocale(), QStringLiteral("slipway"), QStringLiteral("_"), folder)
        : translator->load(QStringLiteral("slipway_") + language, folder);
    if (isThere)
        QCoreApplication::installTranslator(translator);
}

} // namespace

void installTranslation(const QString &language)
{
    initTranslations();
    install(QStringLiteral("english"), QStringLiteral("en")); // what a language does not say yet
    install(QStringLiteral("language"), language);
}

QStringList translatedLanguages()
{
    initTranslations();
    QStringList languages;
    const QStringList files = QDir(folder).entryList({QStringLiteral("slipway_*.qm")});
    for (const QString &file : files)
        languages += file.section(u'_', 1).section(u'.', 0, 0);
    return languages;
}

} // namespace engine
