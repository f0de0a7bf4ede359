#pragma once

#include "designer/author/MockedActivities.h"
#include "designer/document/Entity.h"

#include <QAbstractTableModel>
#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QTableView;

namespace designer {

class CodeView;
class Workbench;

// The activities of a pipeline as rows: path, type, "Run" or "Mocked", status.
class MockModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Name, Type, Outcome, Status, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setActivities(const QList<MockedActivity> &activities); // the same ones stay the same rows
    const QList<MockedActivity> &activities() const { return m_activities; }
    void change(int row, const MockedActivity &activity);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override; // the check mark
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    QList<MockedActivity> m_activities;
};

// Which activities of a debug run do not run, and how they end instead: typed, from a file, or from an earlier run. GUI
// thread.
class MockForm final : public QWidget
{
    Q_OBJECT

public:
    MockForm(Workbench &workbench, EntityRef pipeline, QWidget *parent = nullptr);

    bool isEmpty() const; // the pipeline has no activities
    int mockedCount() const;
    // For the engine. InvalidInput: an output is no JSON; it is shown then.
    engine::Result<engine::Json> mocks();
    engine::Json toKeep() const { return designer::toKeep(m_model->activities()); }
    void restore(const engine::Json &kept);
    void takeFile(const QString &path); // as if it were chosen; says what came of it

private:
    QWidget *makeDetails();
    void askForFile();
    void askForRun();
    void takeOutcomes(const engine::Json &outcomes, const QString &only, const QString &source);
    int current() const; // -1: none
    void showCurrent();
    void edited(); // what is typed is the chosen one's
    void showMistake();
    void say(const char *look, const QString &text);

    Workbench &m_workbench;
    const EntityRef m_pipeline;
    MockModel *m_model;
    QTableView *m_view;
    QWidget *m_details = nullptr;
    QLabel *m_title;
    QComboBox *m_status;
    QLineEdit *m_error;
    CodeView *m_output;
    QLabel *m_state;
    QLabel *m_note;
    bool m_isSetting = false;
};

} // namespace designer
