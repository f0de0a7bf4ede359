#pragma once

#include "designer/monitor/CopySummary.h"

#include <QAbstractTableModel>
#include <QTimeZone>

namespace designer {

// The files a copy read. GUI thread.
class CopiedFilesModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;
    enum Column { Path, Size, Modified, ColumnCount };
    static constexpr int sortRole = Qt::UserRole;

    void setFiles(const QList<CopiedFile> &files, const QTimeZone &zone); // changes nothing when nothing changed

    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : int(m_files.size()); }
    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QList<CopiedFile> m_files;
    QTimeZone m_zone;
};

} // namespace designer
