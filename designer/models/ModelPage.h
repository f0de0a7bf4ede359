#pragma once

#include "designer/models/ModelCard.h"

#include <QWidget>

#include <optional>

class QComboBox;
class QHBoxLayout;
class QGridLayout;
class QLabel;
class QPushButton;
class QTabWidget;
class QTableView;
class QToolButton;

namespace designer {

class CellTable;
struct Cell;
class CurveChart;
class ElidedLabel;
class MenuButton;
class ThresholdPanel;
class Workbench;

// One version of a model: its figures, curves, coefficients, features and card, beside another version where one is
// chosen. GUI thread.
class ModelPage final : public QWidget
{
    Q_OBJECT

public:
    explicit ModelPage(Workbench &workbench, QWidget *parent = nullptr);

    // `versions`: of this model, newest first.
    void setCard(const ModelCard &card, const QList<int> &versions);
    void setOther(const std::optional<ModelCard> &other); // compared with; nullopt: none
    const ModelCard &card() const { return m_card; }

signals:
    void backRequested();
    void versionRequested(int version);
    void comparisonRequested(int version); // 0 = with none
    void aliasRequested(const QString &alias, bool isSet); // of this version
    void exportRequested();

private:
    struct Table
    {
        CellTable *model;
        QTableView *view;
    };

    QWidget *makeHead();
    QWidget *makeCurves();
    Table makeTable(const QString &objectName, const QString &title, const QString &help);
    static void fill(const Table &table, const QStringList &columns, const QList<QList<Cell>> &rows);
    void show();
    void showFigures();
    void showCharts();
    void arrange(); // what is shown, three in a row
    void showMetrics();
    void showCoefficients();
    void showFeatures();
    void showFacts();
    void askForAlias();

    Workbench &m_workbench;
    ModelCard m_card;
    std::optional<ModelCard> m_other;
    ElidedLabel *m_name;
    ElidedLabel *m_about;
    QComboBox *m_version;
    QComboBox *m_compare;
    QPushButton *m_alias;
    QPushButton *m_export;
    QWidget *m_figures;
    QLabel *m_notes;
    QTabWidget *m_tabs;
    QGridLayout *m_grid;
    ThresholdPanel *m_threshold;
    QList<CurveChart *> m_charts; // roc, precision and recall, calibration, lift, scores, weights
    Table m_metrics;
    Table m_coefficients;
    Table m_features;
    Table m_facts;
};

} // namespace designer
