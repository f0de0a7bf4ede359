#pragma once

#include "engine/base/Json.h"

#include <QAbstractTableModel>
#include <QWidget>

class QLabel;
class QPushButton;
class QTableView;

namespace designer {

class EditScope;

// The rows of a preview, as the engine read them. Nulls are told apart from empty text; numbers stand right.
class PreviewModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    void setAnswer(engine::Json answer); // of /slipway/v1/datasets/preview; an object without rows clears
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    engine::Json m_answer = engine::Json::object();
    int m_rows = 0;
    int m_columns = 0;
    QList<bool> m_areNumbers;
    QHash<std::pair<int, int>, QString> m_problems; // (row, column) → message
};

// Preview data: the first 1,000 rows of the dataset as it is in the window.
class PreviewTable final : public QWidget
{
    Q_OBJECT

public:
    explicit PreviewTable(EditScope &scope, QWidget *parent = nullptr);

    // Values a copy's reference gives to the dataset's parameters; the others are asked for.
    void setGiven(const engine::Json &parameters) { m_given = parameters; }
    void load();
    PreviewModel &model() { return *m_model; }

private:
    void show(const engine::Json &answer);
    void say(const char *look, const QString &text);

    EditScope &m_scope;
    engine::Json m_given;
    PreviewModel *m_model;
    QPushButton *m_button;
    QLabel *m_state;
    QLabel *m_problems;
    QTableView *m_view;
    QLabel *m_empty;
    int m_request = 0;
    bool m_isAsking = false;
};

} // namespace designer
