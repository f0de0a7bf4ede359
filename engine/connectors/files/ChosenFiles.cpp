#include "engine/connectors/files/ChosenFiles.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <algorithm>

#include <unistd.h>

namespace engine {
namespace {

struct ChosenFilesText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ChosenFiles)
};

} // namespace

Result<> ChosenFiles::find(const CancelToken &cancel)
{
    if (m_place.files || QFileInfo(m_place.path).isDir()) {
        Result<BoundFolder> folder = BoundFolder::open(m_place.files ? m_place.files->root : m_place.path);
        if (!folder)
            return folder.error();
        m_folder = *std::move(folder);
    }
    Result<QList<File>> files = list(cancel);
    if (!files)
        return files.error();
    m_files = *std::move(files);
    return {};
}

Result<QList<ChosenFiles::File>> ChosenFiles::list(const CancelToken &cancel) const
{
    if (!m_folder)
        return QList<File>{{m_place.path, m_place.displayPath, {}, {}}};
    const Result<QList<BoundFolder::Entry>> entries =
        filesIn(*m_folder, m_place.files.value_or(FileSet{.choice = {.recursive = false}}), cancel);
    if (!entries)
        return entries.error();
    if (entries->isEmpty()) {
        const QString sentence = m_place.files && m_place.files->choice.isFiltered()
            ? ChosenFilesText::tr("No file of %1 is chosen: look at the wildcards, the prefix and the times.")
            : ChosenFilesText::tr("The folder %1 holds no file.");
        return Error{ErrorCode::NotFound, sentence.arg(m_place.displayPath), m_place.displayPath};
    }
    QList<File> files;
    for (const BoundFolder::Entry &entry : *entries) {
        const QString shown = m_place.files ? entry.path : QString(m_place.displayPath + u'/' + entry.path);
        files.append({QString(m_folder->root() + u'/' + entry.path), shown, entry.path, {}});
    }
    return files;
}

Result<std::unique_ptr<FileBytes>> ChosenFiles::open(qsizetype file, std::atomic<qint64> &bytesRead)
{
    File &chosen = m_files[file];
    std::unique_ptr<FileBytes> bytes;
    if (m_folder) {
        const Result<int> descriptor = m_folder->openFile(chosen.below);
        if (!descriptor)
            return descriptor.error();
        bytes = std::make_unique<FileBytes>(*descriptor, chosen.displayPath, bytesRead);
    } else {
        Result<std::unique_ptr<FileBytes>> opened = FileBytes::open(chosen.path, chosen.displayPath, bytesRead);
        if (!opened)
            return opened.error();
        bytes = *std::move(opened);
    }
    if (chosen.stamp == FileStamp{})
        chosen.stamp = bytes->stamp();
    else if (chosen.stamp != bytes->stamp())
        return changed(chosen.displayPath);
    return bytes;
}

// Of what its path leads to now.
std::optional<FileStamp> ChosenFiles::stampAt(const File &file) const
{
    if (!m_folder)
        return stampOf(file.path);
    const Result<int> descriptor = m_folder->openFile(file.below);
    if (!descriptor)
        return std::nullopt;
    const std::optional<FileStamp> stamp = stampOf(*descriptor);
    ::close(*descriptor);
    return stamp;
}

qint64 ChosenFiles::size() const
{
    qint64 sum = 0;
    for (const File &file : m_files)
        sum += file.stamp.size;
    return sum;
}

Json ChosenFiles::fingerprint() const
{
    Json files = Json::array();
    for (const File &file : m_files) {
        Json print = {{"path", toStdString(file.path)}};
        print.update(toJson(file.stamp));
        files.push_back(std::move(print));
    }
    return {{"files", std::move(files)}};
}

Error ChosenFiles::changed(const QString &what) const
{
    return {ErrorCode::Conflict,
            ChosenFilesText::tr("%1 changed while it was read: run the copy again when nobody writes to it.").arg(what),
            what};
}

Result<> ChosenFiles::verifyUnchanged() const
{
    for (const File &file : m_files) {
        if (stampAt(file) != file.stamp)
            return changed(file.displayPath);
    }
    const Result<QList<File>> now = list({});
    const auto samePath = [](const File &a, const File &b) { return a.path == b.path; };
    if (!now || !std::equal(now->begin(), now->end(), m_files.begin(), m_files.end(), samePath))
        return changed(m_place.displayPath);
    return {};
}

} // namespace engine
