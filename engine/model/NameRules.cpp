#include "engine/model/NameRules.h"

#include "engine/model/Validation.h"

#include <QCoreApplication>

namespace engine {

namespace {

struct NameText
{
    Q_DECLARE_TR_FUNCTIONS(engine::NameRules)
};

// One character, or the two halves of one beyond the first plane (an emoji).
QString shown(char32_t character) { return QString::fromUcs4(&character, 1); }

std::optional<NameFault> forbiddenCharacter(const QString &name)
{
    static const QString forbidden = QStringLiteral(".+?/<>*%&:\\");
    for (const uint character : name.toUcs4()) {
        const bool isPrint = QChar::isPrint(character);
        if (isPrint && !(character < 128 && forbidden.contains(QChar(character))))
            continue;
        return NameFault{
            QStringLiteral("BadName"),
            isPrint ? NameText::tr("The name \"%1\" has a \"%2\" in it.").arg(name, shown(character))
                    : NameText::tr("The name \"%1\" has a control character in it.").arg(name),
            NameText::tr("Names cannot contain . + ? / < > * % & : \\ and control characters."),
        };
    }
    return std::nullopt;
}

} // namespace

QList<NameFault> faultsOfName(const QString &name, NamedThing thing)
{
    const QString code = QStringLiteral("BadName");
    if (name.trimmed().isEmpty())
        return {{code, NameText::tr("The name is missing."), NameText::tr("Give it a name.")}};
    QList<NameFault> faults;
    const int longest = thing == NamedThing::Activity ? 55 : thing == NamedThing::Pipeline ? 140 : 260;
    if (name.size() > longest)
        faults.append({code,
                       NameText::tr("The name \"%1…\" has %2 characters; Data Factory allows %3.")
                           .arg(name.left(20))
                           .arg(name.size())
                           .arg(longest),
                       NameText::tr("Shorten it.")});
    const char32_t first = name.toUcs4().first();
    if (!QChar::isLetterOrNumber(first) && first != U'_')
        faults.append({code,
                       NameText::tr("The name \"%1\" begins with \"%2\".").arg(name, shown(first)),
                       NameText::tr("Begin it with a letter, a number or _.")});
    if (const auto fault = forbiddenCharacter(name))
        faults.append(*fault);
    if ((thing == NamedThing::Dataset || thing == NamedThing::LinkedService) && name.contains(u'-'))
        faults.append({QStringLiteral("DashInName"),
                       NameText::tr("The name \"%1\" has a dash in it, which Data Factory refuses here.").arg(name),
                       NameText::tr("Use _ in its place if the factory is to move to Azure."),
                       true});
    return faults;
}

void Validation::checkName(const QString &name, NamedThing thing, const Place &place)
{
    const Place where = place / QStringLiteral("name");
    for (const NameFault &fault : faultsOfName(name, thing)) {
        const QByteArray code = fault.code.toLatin1();
        if (fault.isTolerated)
            warning(code.constData(), where, fault.message, fault.fix);
        else
            error(code.constData(), where, fault.message, fault.fix);
    }
}

template <typename Map> void Validation::checkDuplicateNames(const Map &entities)
{
    QMap<QString, QString> files; // by folded name
    for (auto entity = entities.cbegin(); entity != entities.cend(); ++entity) {
        const QString folded = entity.key().toCaseFolded();
        if (const auto other = files.constFind(folded); other != files.cend())
            error("DuplicateName",
                  Place{entity->file, QStringLiteral("name")},
                  tr("The name \"%1\" is that of %2 but for upper and lower case, which Data Factory does not tell "
                     "apart.")
                      .arg(entity.key(), *other),
                  tr("Rename one of the two."));
        else
            files.insert(folded, entity->file);
    }
}

template void Validation::checkDuplicateNames(const QMap<QString, Pipeline> &);
template void Validation::checkDuplicateNames(const QMap<QString, Dataset> &);
template void Validation::checkDuplicateNames(const QMap<QString, LinkedService> &);
template void Validation::checkDuplicateNames(const QMap<QString, Trigger> &);

} // namespace engine
