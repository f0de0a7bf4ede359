#pragma once

#include "engine/base/CancelToken.h"
#include "engine/base/Json.h"
#include "engine/base/Result.h"
#include "engine/records/CopyTrialRecords.h"

#include <QMap>

#include <functional>

namespace engine {

// A Copy activity to be tried: of a folder with unsaved files in place of its own, or of a published version.
struct CopyTrialWish
{
    QString folder; // of a draft, absolute; empty = published
    QMap<QString, QByteArray> files = {}; // by path
    QString factory = {}; // id or name of a published one
    int version = 0; // 0 = the one in use
    QString pipeline = {};
    QString activity = {}; // name
    Json parameters = Json::object(); // of the pipeline; those left out have their defaults
    int rows = 1000;
};

// Tries copies without doing them, for the API, which knows nothing of copies. Engine loop; nothing blocks, an answer
// comes later, and none when the token is cancelled. What activities before this one would give is not known:
// expressions that ask for it are an InvalidInput.
class CopyTrials
{
public:
    virtual ~CopyTrials();

    template <typename T> using Answer = std::function<void(const Result<T> &)>;

    virtual void conversion(const CopyTrialWish &wish, const CancelToken &cancel, Answer<ConversionPreview> answer) = 0;
    virtual void script(const CopyTrialWish &wish, const CancelToken &cancel, Answer<ScriptTrial> answer) = 0;
};

} // namespace engine
