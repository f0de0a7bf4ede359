#include "designer/document/CrashedSteps.h"

#include "designer/document/JournalText.h"

#include <QCoreApplication>

namespace designer {

using namespace engine;

namespace {

struct CrashText
{
    Q_DECLARE_TR_FUNCTIONS(designer::CrashedSteps)
};

// Does again, with values, what the undo stack of the window did.
class Replay
{
public:
    bool line(const Json &json)
    {
        const QString op = stringAt(json, "op");
        if (op == u"begin")
            begin();
        else if (op == u"push")
            return push(json);
        else if (op == u"index")
            moveTo(int(intAt(json, "to")));
        else if (op == u"save")
            m_clean = m_own.index;
        else if (op == u"saving")
            saving(json);
        else if (op == u"saved")
            saved(json);
        else if (op == u"disk")
            disk(json);
        else if (op == u"recovered")
            return recovered(json);
        else if (op == u"discarded")
            dropEarlier();
        else if (op == u"ended")
            m_own = {};
        return true;
    }

    CrashedSteps take()
    {
        begin();
        return std::move(m_earlier);
    }

private:
    // The undo list of a window that crashed; the next one, which knew nothing of it, goes on where it left off.
    void begin()
    {
        if (!m_saving.isEmpty())
            m_own.saved = -1; // it was killed while it saved: the disk holds a part of it
        if (m_earlier.steps.isEmpty()) {
            if (!m_own.steps.isEmpty())
                m_earlier = m_own;
        } else if (!m_own.steps.isEmpty()) {
            m_earlier.steps.resize(m_earlier.index);
            for (CrashedStep &step : m_own.steps)
                m_earlier.steps.append(continued(step));
            m_earlier.saved = -1;
            m_earlier.index += m_own.index;
            for (qsizetype i = m_earlier.steps.size(); i > m_earlier.index; --i)
                undo(m_earlier.steps[i - 1], m_earlier.contents);
            m_earlier.last = std::max(m_earlier.last, m_own.last);
            m_earlier.disk.insert(m_own.disk);
            m_earlier.saving.unite(m_own.saving);
        }
        m_own = {};
        m_clean = 0;
        m_saving.clear();
    }

    CrashedStep continued(CrashedStep step)
    {
        for (CrashedStep::Change &change : step.changes) {
            if (m_earlier.contents.contains(change.path))
                change.before = m_earlier.contents.value(change.path);
            m_earlier.contents.insert(change.path, change.after);
        }
        return step;
    }

    static void undo(const CrashedStep &step, QMap<QString, std::optional<QByteArray>> &contents)
    {
        for (const CrashedStep::Change &change : step.changes)
            contents.insert(change.path, change.before);
    }

    void dropEarlier() { m_earlier = {}; }

    bool push(const Json &json)
    {
        CrashedStep step{stringAt(json, "title"), stringAt(json, "key"), intAt(json, "time"), {}, {}};
        const Json &files = memberAt(json, "files");
        if (!files.is_array())
            return false;
        for (const Json &file : files) {
            std::optional<CrashedStep::Change> change = read(file);
            if (!change)
                return false;
            step.changes.append(*change);
        }
        if (const Json &rename = memberAt(json, "rename");
            rename.is_array() && rename.size() == 2 && rename[0].is_string() && rename[1].is_string())
            step.rename = EntityRename{EntityRef::fromString(toQString(rename[0].get<std::string>())),
                                       EntityRef::fromString(toQString(rename[1].get<std::string>()))};
        for (const CrashedStep::Change &change : std::as_const(step.changes))
            m_own.contents.insert(change.path, change.after);
        m_own.last = std::max(m_own.last, step.time);
        for (int *mark : {&m_own.saved, &m_clean})
            *mark = *mark > m_own.index ? -1 : *mark;
        for (int &mark : m_saving)
            mark = mark > m_own.index ? -1 : mark;
        m_own.steps.resize(m_own.index);
        if (!merge(step)) {
            m_own.steps.append(step);
            ++m_own.index;
        }
        return true;
    }

    std::optional<CrashedStep::Change> read(const Json &file)
    {
        CrashedStep::Change change{stringAt(file, "path"), {}, {}};
        if (!isPlainPath(change.path))
            return std::nullopt;
        if (const Json &before = memberAt(file, "before"); file.contains("before")) {
            if (!isContent(before))
                return std::nullopt;
            change.before = contentFromJson(before);
            if (!m_own.disk.contains(change.path)) // the first that is known of it
                m_own.disk.insert(change.path, change.before ? hashOf(*change.before) : QByteArray());
        } else if (m_own.contents.contains(change.path)) {
            change.before = m_own.contents.value(change.path);
        } else {
            return std::nullopt;
        }
        if (file.contains("after")) {
            const Json &after = memberAt(file, "after");
            if (!isContent(after))
                return std::nullopt;
            change.after = contentFromJson(after);
            return change;
        }
        const std::optional<QByteArray> put = contentFromJson(memberAt(file, "put"));
        const qint64 at = intAt(file, "at", -1);
        const qint64 cut = intAt(file, "cut", -1);
        if (!change.before || !put || at < 0 || cut < 0 || at + cut > change.before->size())
            return std::nullopt;
        change.after = change.before->left(at) + *put + change.before->mid(at + cut);
        return change;
    }

    // As StepCommand::mergeWith, when the stack asks for it.
    bool merge(const CrashedStep &step)
    {
        if (m_own.index == 0 || m_own.index == m_clean || step.mergeKey.isEmpty() || step.rename)
            return false;
        CrashedStep &top = m_own.steps.last();
        if (top.mergeKey != step.mergeKey || top.rename)
            return false;
        bool isNothing = true;
        for (const CrashedStep::Change &change : step.changes) {
            const auto known = std::find_if(top.changes.begin(),
                                            top.changes.end(),
                                            [&](const CrashedStep::Change &mine) { return mine.path == change.path; });
            if (known == top.changes.end())
                top.changes.append(change);
            else
                known->after = change.after;
        }
        for (const CrashedStep::Change &change : std::as_const(top.changes))
            isNothing = isNothing && change.before == change.after;
        top.time = step.time;
        if (isNothing) {
            m_own.steps.removeLast();
            --m_own.index;
        }
        return true;
    }

    void moveTo(int to)
    {
        to = std::clamp(to, 0, int(m_own.steps.size()));
        for (; m_own.index > to; --m_own.index)
            undo(m_own.steps[m_own.index - 1], m_own.contents);
        for (; m_own.index < to; ++m_own.index) {
            for (const CrashedStep::Change &change : std::as_const(m_own.steps[m_own.index].changes))
                m_own.contents.insert(change.path, change.after);
        }
    }

    static void readHashes(const Json &json, QHash<QString, QByteArray> &hashes)
    {
        const Json &files = memberAt(json, "files");
        if (!files.is_object())
            return;
        for (const auto &[path, hash] : files.items())
            hashes.insert(toQString(path), stringAt(files, path.c_str()).toLatin1());
    }

    void saving(const Json &json)
    {
        m_saving.append(m_own.index);
        QHash<QString, QByteArray> hashes;
        readHashes(json, hashes);
        m_own.saving.unite(QMultiHash<QString, QByteArray>(hashes));
    }

    void disk(const Json &json) { readHashes(json, m_own.disk); }

    void saved(const Json &json)
    {
        disk(json);
        const int index = m_saving.isEmpty() ? m_own.index : m_saving.takeFirst();
        if (boolAt(json, "isWhole"))
            m_own.saved = index;
    }

    bool recovered(const Json &json)
    {
        Replay inner;
        const Json &steps = memberAt(json, "steps");
        const Json &contents = memberAt(json, "contents");
        if (!steps.is_array() || !contents.is_object())
            return false;
        for (const auto &[path, content] : contents.items()) {
            if (!isPlainPath(toQString(path)) || !isContent(content))
                return false;
            inner.m_own.contents.insert(toQString(path), contentFromJson(content));
        }
        for (const Json &step : steps) {
            if (!inner.push(step))
                return false;
        }
        inner.moveTo(int(intAt(json, "index")));
        inner.m_own.saved = -1;
        inner.disk(json);
        dropEarlier();
        const int before = m_own.index;
        m_own.steps.resize(before);
        m_own.steps += inner.m_own.steps;
        m_own.index = before + inner.m_own.index;
        m_own.saved = -1;
        m_clean = -1;
        m_saving.clear();
        m_own.last = std::max(m_own.last, inner.m_own.last);
        m_own.contents.insert(inner.m_own.contents);
        m_own.disk.insert(inner.m_own.disk);
        return true;
    }

    CrashedSteps m_earlier; // of windows before this one
    CrashedSteps m_own; // of the one that is being read
    QList<int> m_saving; // its indexes when the saves under way began
    int m_clean = 0; // its index when a save was asked for: steps do not merge across that
};

} // namespace

QMap<QString, std::optional<QByteArray>> CrashedSteps::contentsBefore() const
{
    QMap<QString, std::optional<QByteArray>> before = contents;
    for (int i = index; i > 0; --i) {
        for (const CrashedStep::Change &change : steps[i - 1].changes)
            before.insert(change.path, change.before);
    }
    return before;
}

QStringList CrashedSteps::unsavedTitles() const
{
    QStringList titles;
    for (int i = std::max(saved, 0); i < index; ++i)
        titles.append(steps[i].title);
    for (int i = saved; i > index; --i)
        titles.append(CrashText::tr("Undo: %1").arg(steps[i - 1].title));
    if (titles.isEmpty() && saved < 0 && !steps.isEmpty())
        titles.append(CrashText::tr("Undo of what was saved"));
    return titles;
}

CrashedSteps readJournal(const QByteArray &text)
{
    Replay replay;
    for (const QByteArray &line : text.split('\n')) {
        if (line.isEmpty())
            continue;
        const Result<Json> json = parseJson(line, {});
        if (!json || !json->is_object())
            continue; // the last one, cut off
        if (!replay.line(*json))
            break;
    }
    return replay.take();
}

} // namespace designer
