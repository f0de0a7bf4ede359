#include "engine/model/Validation.h"

namespace engine {

// Data Factory's rules for names (format.md §2.2); what breaks them cannot be deployed there.
void Validation::checkName(const QString &name, Entity entity, const Place &place)
{
    static const QString forbidden = QStringLiteral(".+?/<>*%&:\\");
    const int longest = entity == Entity::Activity ? 55 : entity == Entity::Pipeline ? 140 : 260;
    const Place where = place / QStringLiteral("name");
    if (name.trimmed().isEmpty()) {
        error("BadName", where, tr("The name is missing."), tr("Give it a name."));
        return;
    }
    if (name.size() > longest)
        error("BadName",
              where,
              tr("The name \"%1…\" has %2 characters; Data Factory allows %3.")
                  .arg(name.left(20))
                  .arg(name.size())
                  .arg(longest),
              tr("Shorten it."));
    if (!name.front().isLetterOrNumber() && name.front() != u'_')
        error("BadName",
              where,
              tr("The name \"%1\" begins with \"%2\".").arg(name).arg(name.front()),
              tr("Begin it with a letter, a number or _."));
    for (const QChar character : name) {
        if (!forbidden.contains(character) && character.isPrint())
            continue;
        error("BadName",
              where,
              character.isPrint() ? tr("The name \"%1\" has a \"%2\" in it.").arg(name).arg(character)
                                  : tr("The name \"%1\" has a control character in it.").arg(name),
              tr("Names cannot contain . + ? / < > * % & : \\ and control characters."));
        break;
    }
    if ((entity == Entity::Dataset || entity == Entity::LinkedService) && name.contains(u'-'))
        warning("DashInName",
                where,
                tr("The name \"%1\" has a dash in it, which Data Factory refuses here.").arg(name),
                tr("Use _ in its place if the factory is to move to Azure."));
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
