#include "scoring/registry/ModelRegistry.h"

#include "scoring/registry/MlflowFolder.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSaveFile>
#include <QTemporaryDir>
#include <QUuid>

#include <chrono>
#include <fcntl.h>
#include <sys/file.h>
#include <thread>
#include <unistd.h>

using engine::Error;
using engine::ErrorCode;
using engine::Json;
using engine::memberAt;
using engine::Result;
using engine::toStdString;

namespace scoring {

namespace {

struct ModelRegistryText
{
    Q_DECLARE_TR_FUNCTIONS(ModelRegistryText)
};

constexpr auto lockTime = std::chrono::seconds(10);
constexpr auto lockStep = std::chrono::milliseconds(20);
constexpr qint64 largestCard = 256 * 1024 * 1024;

bool isName(const QString &text)
{
    static const QRegularExpression pattern(QStringLiteral("\\A[A-Za-z0-9][A-Za-z0-9._-]{0,99}\\z"));
    return pattern.match(text).hasMatch();
}

Error badName(const QString &text)
{
    return Error{ErrorCode::InvalidInput,
                 ModelRegistryText::tr("“%1” cannot be a name of a model: letters, digits, “.”, “_” and “-” can, at "
                                       "most 100, a letter or digit first.")
                     .arg(text.left(120)),
                 text};
}

Error cannotWrite(const QString &path, const QString &why)
{
    return Error{ErrorCode::Io, ModelRegistryText::tr("%1 cannot be written: %2").arg(path, why), path};
}

Result<void> writeWhole(const QString &path, const QByteArray &bytes)
{
    QSaveFile file(path); // it syncs before it renames
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return cannotWrite(path, file.errorString());
    return {};
}

Result<Json> readJson(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Error{QFileInfo::exists(path) ? ErrorCode::Io : ErrorCode::NotFound,
                     ModelRegistryText::tr("%1 cannot be read: %2").arg(path, file.errorString()),
                     path};
    if (file.size() > largestCard)
        return Error{ErrorCode::InvalidInput, ModelRegistryText::tr("%1 is too large.").arg(path), path};
    return engine::parseJson(file.readAll(), path);
}

// Held by one program at a time, until it ends or the lock goes. Of the file itself, not of a process number: programs
// in a sandbox, whose numbers are others, see it too.
class NameLock
{
public:
    explicit NameLock(const QString &folder)
    {
        const QByteArray path = QFile::encodeName(folder + QStringLiteral("/.lock"));
        m_file = ::open(path.constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        const auto end = std::chrono::steady_clock::now() + lockTime;
        while (m_file >= 0 && !isHeld() && std::chrono::steady_clock::now() < end) {
            m_isHeld = ::flock(m_file, LOCK_EX | LOCK_NB) == 0;
            if (!m_isHeld)
                std::this_thread::sleep_for(lockStep);
        }
    }
    ~NameLock()
    {
        if (m_file >= 0)
            ::close(m_file);
    }
    Q_DISABLE_COPY_MOVE(NameLock)

    bool isHeld() const { return m_isHeld; }

private:
    int m_file = -1;
    bool m_isHeld = false;
};

int highestVersion(const QString &folder)
{
    int highest = 0;
    for (const QString &name : QDir(folder).entryList(QDir::Dirs | QDir::NoDotAndDotDot))
        highest = std::max(highest, name.toInt());
    return highest;
}

} // namespace

Result<ModelReference> modelReference(const QString &text)
{
    ModelReference reference;
    const qsizetype slash = text.indexOf(u'/');
    const qsizetype at = text.indexOf(u'@');
    const qsizetype end = std::min(slash < 0 ? text.size() : slash, at < 0 ? text.size() : at);
    reference.name = text.left(end);
    if (!isName(reference.name))
        return badName(reference.name);
    const QString rest = text.mid(end + 1);
    if (end == text.size())
        return reference;
    if (text.at(end) == u'@') {
        if (!isName(rest))
            return badName(rest);
        reference.alias = rest;
        return reference;
    }
    bool isNumber = false;
    reference.version = rest.toInt(&isNumber);
    if (!isNumber || reference.version < 1)
        return Error{ErrorCode::InvalidInput,
                     ModelRegistryText::tr("“%1” is no version: write “%2/1”.").arg(rest, reference.name),
                     text};
    return reference;
}

Result<ModelVersion> ModelRegistry::add(NewVersion version) const
{
    if (!isName(version.name))
        return badName(version.name);
    const QString folder = pathOf(version.name);
    if (!QDir().mkpath(folder))
        return cannotWrite(folder, ModelRegistryText::tr("the folder cannot be made"));
    const NameLock lock(folder);
    if (!lock.isHeld())
        return Error{ErrorCode::Conflict,
                     ModelRegistryText::tr("Another program is changing “%1”. Try again.").arg(version.name),
                     folder};
    const int number = highestVersion(folder) + 1;
    QTemporaryDir beside(folder + QStringLiteral("/.new-XXXXXX"));
    if (!beside.isValid())
        return cannotWrite(folder, beside.errorString());
    version.card.json["name"] = toStdString(version.name);
    version.card.json["version"] = number;
    const QString onnxFile = QStringLiteral("model.onnx");
    QList<MlflowFlavor> flavors{{version.flavor, version.fileName}};
    if (!version.onnx.isEmpty() && version.fileName != onnxFile)
        flavors.append({QStringLiteral("onnx"), onnxFile});
    const MlmodelText text{flavors,
                           QUuid::createUuid().toString(QUuid::Id128),
                           engine::stringAt(memberAt(version.card.json, "lineage"), "runId"),
                           engine::stringAt(version.card.json, "createdAt"),
                           version.inputs,
                           version.outputs};
    QList<std::pair<QString, QByteArray>> files{
        {version.fileName, version.model},
        {QStringLiteral("card.json"), engine::toPretty(version.card.json)},
        {QStringLiteral("input_example.json"), engine::toPretty(memberAt(version.card.json, "inputExample"))},
        {QStringLiteral("MLmodel"), mlmodelText(text)}};
    if (flavors.size() > 1)
        files.append({onnxFile, version.onnx});
    for (const auto &[name, bytes] : files) {
        if (const Result<void> written = writeWhole(beside.filePath(name), bytes); !written)
            return written.error();
        QFile::setPermissions(beside.filePath(name), QFile::ReadOwner | QFile::ReadUser | QFile::ReadGroup);
    }
    ModelVersion added{version.name, number, QStringLiteral("%1/%2").arg(folder).arg(number), {}};
    if (!QDir().rename(beside.path(), added.folder))
        return cannotWrite(added.folder, ModelRegistryText::tr("the folder cannot be renamed"));
    beside.setAutoRemove(false);
    return added;
}

Result<QStringList> ModelRegistry::names() const
{
    QStringList names;
    for (const QString &name : QDir(m_folder).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name)) {
        if (isName(name) && highestVersion(pathOf(name)) > 0)
            names.append(name);
    }
    return names;
}

Result<QList<ModelVersion>> ModelRegistry::versions(const QString &name) const
{
    if (!isName(name))
        return badName(name);
    QList<int> numbers;
    for (const QString &entry : QDir(pathOf(name)).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        if (entry.toInt() > 0 && QString::number(entry.toInt()) == entry)
            numbers.append(entry.toInt());
    }
    if (numbers.isEmpty())
        return Error{
            ErrorCode::NotFound, ModelRegistryText::tr("There is no model “%1” in %2.").arg(name, m_folder), name};
    std::sort(numbers.begin(), numbers.end());
    const QMap<QString, int> aliases = aliasesOf(name);
    QList<ModelVersion> versions;
    for (const int number : numbers)
        versions.append(
            {name, number, QDir(pathOf(name)).absoluteFilePath(QString::number(number)), aliases.keys(number)});
    return versions;
}

Result<ModelVersion> ModelRegistry::find(const ModelReference &reference) const
{
    const Result<QList<ModelVersion>> all = versions(reference.name);
    if (!all)
        return all.error();
    if (reference.version == 0 && reference.alias.isEmpty())
        return all->constLast();
    for (const ModelVersion &version : *all) {
        if (version.version == reference.version
            || (!reference.alias.isEmpty() && version.aliases.contains(reference.alias)))
            return version;
    }
    const QString message = reference.alias.isEmpty()
        ? ModelRegistryText::tr("“%1” has no version %2; the newest is %3.")
              .arg(reference.name)
              .arg(reference.version)
              .arg(all->constLast().version)
        : ModelRegistryText::tr("“%1” has no alias “%2”.").arg(reference.name, reference.alias);
    return Error{ErrorCode::NotFound, message, reference.name};
}

Result<ModelCard> ModelRegistry::card(const ModelVersion &version) const
{
    Result<Json> json = readJson(version.folder + QStringLiteral("/card.json"));
    if (!json)
        return json.error();
    return ModelCard{std::move(*json)};
}

Result<ModelPtr> ModelRegistry::model(const ModelVersion &version) const { return readMlflowFolder(version.folder); }

QMap<QString, int> ModelRegistry::aliasesOf(const QString &name) const
{
    QMap<QString, int> aliases;
    const Result<Json> json = readJson(pathOf(name) + QStringLiteral("/aliases.json"));
    if (!json)
        return aliases;
    const Json &members = memberAt(*json, "aliases");
    if (members.is_object()) {
        for (const auto &[alias, version] : members.items()) {
            if (version.is_number_integer())
                aliases.insert(QString::fromStdString(alias), version.get<int>());
        }
    }
    return aliases;
}

Result<void> ModelRegistry::setAlias(
    const QString &name, const QString &alias, int version, const QString &who, const QString &at) const
{
    if (!isName(alias))
        return badName(alias);
    const Result<ModelVersion> meant = find({name, version, {}});
    if (!meant)
        return meant.error();
    const QString path = pathOf(name) + QStringLiteral("/aliases.json");
    const NameLock lock(pathOf(name));
    if (!lock.isHeld())
        return Error{
            ErrorCode::Conflict, ModelRegistryText::tr("Another program is changing “%1”. Try again.").arg(name), path};
    Result<Json> json = QFileInfo::exists(path) ? readJson(path) : Result<Json>(Json::object());
    if (!json)
        return json.error(); // what cannot be read is not overwritten
    const int before = aliasesOf(name).value(alias);
    Json aliases = memberAt(*json, "aliases").is_object() ? memberAt(*json, "aliases") : Json::object();
    Json changes = memberAt(*json, "changes").is_array() ? memberAt(*json, "changes") : Json::array();
    if (version > 0)
        aliases[toStdString(alias)] = version;
    else
        aliases.erase(toStdString(alias));
    changes.push_back({{"at", toStdString(at)},
                       {"who", toStdString(who)},
                       {"alias", toStdString(alias)},
                       {"from", before},
                       {"to", version}});
    (*json)["aliases"] = std::move(aliases);
    (*json)["changes"] = std::move(changes);
    return writeWhole(path, engine::toPretty(*json));
}

} // namespace scoring
