#pragma once

#include "engine/kernel/ShownTable.h"

#include <QByteArray>
#include <QString>

namespace engine {

// Where the outputs of a cell go while it runs: to the notebook. On the kernel's thread, in their order.
class CellOutputs
{
public:
    virtual ~CellOutputs();
    virtual void table(const ShownTable &table) = 0;
    virtual void text(const QString &text) = 0; // whole lines
    virtual void warning(const QString &text) = 0; // whole lines
    virtual void picture(const QByteArray &svg, const QString &text) = 0; // and what it says, for terminals
};

} // namespace engine
