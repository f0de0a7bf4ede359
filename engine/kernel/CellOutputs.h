#pragma once

#include "engine/base/Result.h"
#include "engine/kernel/ShownTable.h"

#include "scoring/metrics/Drift.h"

#include <QByteArray>
#include <QString>

namespace engine {

// The notebook that a cell runs in: where its outputs go, and whom it asks. On the kernel's thread, in their order.
class CellOutputs
{
public:
    virtual ~CellOutputs();
    virtual void table(const ShownTable &table) = 0;
    virtual void text(const QString &text) = 0; // whole lines
    virtual void warning(const QString &text) = 0; // whole lines
    virtual void drift(const scoring::DriftReport &report) = 0; // of rows that were scored
    virtual void picture(const QByteArray &svg, const QString &text) = 0; // and what it says, for terminals

    // Asks for the password of a database: of the engine, which knows the secret, or of the person. NotFound.
    virtual Result<QString> password(const QString &service, bool isAskedOfEngine) = 0;
};

} // namespace engine
