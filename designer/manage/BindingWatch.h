#pragma once

#include "engine/model/BindingNeeds.h"

#include <QObject>
#include <QPointer>
#include <QTimer>

namespace designer {

class FactoryDocument;
class Workbench;

// What the linked services of the open factory need on this machine, worked out anew on a pool thread after changes.
// GUI thread.
class BindingWatch final : public QObject
{
    Q_OBJECT

public:
    // `Aloud`: says once for each factory, in the message bar, that something is not bound.
    enum class Voice { Silent, Aloud };
    BindingWatch(Workbench &workbench, Voice voice, QObject *parent = nullptr);

    const QList<engine::BindingNeed> &needs() const { return m_needs; }
    int missing() const; // how many are left to do

signals:
    void changed();

private:
    void documentChanged();
    void refresh();
    void tell();

    Workbench &m_workbench;
    const Voice m_voice;
    QPointer<FactoryDocument> m_document;
    QList<engine::BindingNeed> m_needs;
    QTimer m_soon;
    int m_request = 0;
    bool m_isTold = false;
};

} // namespace designer
