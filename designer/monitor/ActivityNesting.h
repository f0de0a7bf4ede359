#pragma once

#include "designer/monitor/ActivityTableModel.h"

#include <QAbstractItemModel>
#include <QHash>

#include <memory>
#include <vector>

namespace designer {

// The activities of an ActivityTableModel as a tree: a container, below it its iterations where it has them, below
// these their activities. Iterations stand in their order, all else in the order it appeared. GUI thread.
class ActivityNesting final : public QAbstractItemModel
{
    Q_OBJECT

public:
    explicit ActivityNesting(ActivityTableModel &source, QObject *parent = nullptr); // the source outlives it
    ~ActivityNesting() override;

    const engine::ActivityRecord *record(const QModelIndex &index) const; // nullptr: an iteration
    QModelIndex indexOf(const QString &activity) const; // by path; the last run of it
    int iteration(const QModelIndex &index) const; // from 0; -1: an activity

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Node
    {
        Node *parent = nullptr;
        int source = -1; // a row; -1 for an iteration
        int iteration = -1;
        std::vector<std::unique_ptr<Node>> children;
    };

    void rebuild();
    void add(int source, bool isTold);
    Node *placeOf(const QString &activity, bool isTold); // what it stands below; makes the iteration
    Node *insert(Node &parent, std::unique_ptr<Node> node, bool isTold);
    void changed(int top, int bottom, int firstColumn, int lastColumn);
    Node *nodeOf(const QModelIndex &index) const;
    int rowOf(const Node &node) const;
    QModelIndex indexOf(const Node &node, int column) const;
    QVariant iterationData(const Node &node, int column, int role) const;

    ActivityTableModel &m_source;
    std::unique_ptr<Node> m_root;
    std::vector<Node *> m_bySource;
    QHash<QString, Node *> m_byPath; // of activities and of iterations: "Loop", "Loop[3]"
};

} // namespace designer
