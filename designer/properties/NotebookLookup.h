#pragma once

#include "designer/document/Entity.h"
#include "engine/base/Json.h"

#include <QList>

#include <optional>

namespace designer {

class FactoryDocument;

// What a notebook activity runs, as far as the factory says: kernel, notebook file, parameters. Pure but for the
// document.
struct NotebookLookup
{
    QString path; // as written; empty when dynamic
    QString kernel; // of the binding; empty = the linked service is bound to none
    QString folder = QStringLiteral("notebooks"); // of the binding
    QString file; // "notebooks/Shared/x.ipynb"; empty = not there
};

NotebookLookup lookUpNotebook(const FactoryDocument &document, const engine::Json &activity);
QString notebookPathOf(const EntityRef &notebook, const QString &folder); // "/Shared/x"

struct NotebookParameter
{
    QString name;
    QString type; // String Int Float Bool Array Object; empty = not known
    QString defaultText; // as the notebook writes it
    bool hasDefault = true; // false: None, it wants a value
    bool operator==(const NotebookParameter &) const = default;
};

// Of the cell tagged "parameters" of an .ipynb, in its order. Nothing: the file is no notebook. Thread-safe.
std::optional<QList<NotebookParameter>> parametersOfNotebook(const QByteArray &notebook);

} // namespace designer
