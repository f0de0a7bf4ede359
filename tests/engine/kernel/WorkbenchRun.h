#pragma once

#include "engine/kernel/SqlWorkbench.h"

#include <QTemporaryDir>

#include <functional>

namespace tests {

// A workbench and what its cells said.
class WorkbenchRun final : public engine::CellOutputs
{
public:
    explicit WorkbenchRun(engine::KernelContext context = {});

    // "" or the error, its place before it: "2:6 There is no …"
    QString run(const QString &cell);
    // The last table of a cell: its rows, values separated by "|"; or "! " and the error.
    QStringList rows(const QString &cell);

    engine::SqlWorkbench &workbench() { return *m_workbench; }
    QString folder() const { return m_folder.path(); }

    QList<engine::ShownTable> tables;
    QString texts;
    QString warnings;
    QList<QByteArray> pictures;
    QList<scoring::DriftReport> drifts;
    bool hasExited = false;
    QStringList typed; // passwords, in the order they are asked for
    QStringList asked; // services

    std::function<void()> whenShown; // a table

    void table(const engine::ShownTable &table) override
    {
        tables += table;
        if (whenShown)
            whenShown();
    }
    void text(const QString &text) override { texts += text; }
    void warning(const QString &text) override { warnings += text; }
    void drift(const scoring::DriftReport &report) override { drifts += report; }
    void picture(const QByteArray &svg, const QString &) override { pictures += svg; }
    engine::Result<QString> password(const QString &service, bool) override
    {
        asked += service;
        return typed.takeFirst();
    }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<engine::SqlWorkbench> m_workbench;
};

} // namespace tests
