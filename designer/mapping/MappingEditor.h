#pragma once

#include "designer/mapping/MappingModel.h"

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QPushButton;
class QSpinBox;
class QTableView;
class QToolButton;

namespace engine {
struct Error;
}

namespace designer {

class EditScope;
class MappingSettings;
class Workbench;

// The Mapping tab of a copy: which column goes into which, as Data Factory's TabularTranslator. Schemas come from the
// engine; until they are imported, from what the datasets keep. GUI thread.
class MappingEditor final : public QWidget
{
    Q_OBJECT

public:
    MappingEditor(Workbench &workbench, EditScope &scope, QWidget *parent = nullptr);

    MappingModel &model() { return *m_model; }
    void reveal(const QString &path); // "typeProperties.translator.mappings[3].sink"
    void importSchemas();
    void autoMap();

signals:
    void mappedChanged(int mapped, int all);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct Side
    {
        QString dataset;
        QList<SchemaField> fields;
        bool isImported = false;
        QString error;
    };

    void buildToolBar(QHBoxLayout *bar);
    void buildPreviews(QHBoxLayout *bar);
    void showSettings(bool shown);
    void preview(int part); // of CopyPreviewDialog
    void refresh(); // from the document
    QList<SchemaField> sourceFields() const; // as the rows see them
    void write(const QString &title);
    void importSide(Side &side, const QString &dataset);
    void sideImported();
    void showState();
    QList<MappingRow> marked(QList<MappingRow> rows) const; // with the problems of each
    QList<int> selectedRows() const;
    void removeSelected();
    void resetByName();
    const engine::Json &translator() const;
    bool isDynamicTranslator() const;

    Workbench &m_workbench;
    EditScope &m_scope;
    MappingModel *m_model;
    QTableView *m_view;
    QPushButton *m_import;
    QPushButton *m_autoMap;
    QToolButton *m_delete;
    QToolButton *m_reset;
    QSpinBox *m_threshold;
    QToolButton *m_settingsButton;
    QLabel *m_sides;
    QLabel *m_note;
    QLabel *m_empty;
    MappingSettings *m_settings;
    Side m_source;
    Side m_sink;
    Likeness m_likeness;
    QString m_place; // of the scope that the sides are of
    int m_pending = 0; // answers that are still to come
    int m_request = 0; // older answers are void
    bool m_isWriting = false;
};

} // namespace designer
