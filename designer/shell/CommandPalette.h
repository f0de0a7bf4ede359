#pragma once

#include "designer/shell/PaletteModel.h"

#include <QFrame>

class QLabel;
class QLineEdit;
class QListView;
class QTimer;

namespace designer {

class FactoryDocument;
class Workbench;

// One box over everything: actions with their shortcuts, entities of the open factory, runs and their errors. Lies over
// the window it was made for; keyboard only if wanted; Esc, a click beside it or losing the focus closes it. What was
// chosen lately comes first and is kept in the settings. GUI thread.
class CommandPalette final : public QFrame
{
    Q_OBJECT

public:
    CommandPalette(Workbench &workbench, QWidget *window); // a child of `window`; hidden until open()

    // Shown as long as they live, are visible and enabled. An action's object name is what it is remembered by.
    void addActions(const QList<QAction *> &actions);
    // Opens the palette, on Ctrl+K and Ctrl+Shift+P, from everywhere in the window.
    QAction *openAction() const { return m_openAction; }

    void open();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void changeEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void close(bool returnsFocus);
    void place();
    void search(); // at once in what is here
    void searchRuns(); // and a little later in the engine
    void show(const QList<PaletteRow> &runs);
    void sayWhatIsMissing();
    void choose(const QModelIndex &index);
    bool keyPressed(int key);
    void collect();
    void collectActivities(const FactoryDocument &document);

    Workbench &m_workbench;
    QWidget *m_window;
    QAction *m_openAction;
    QLineEdit *m_field;
    QListView *m_view;
    QLabel *m_hint;
    PaletteModel *m_model;
    QTimer *m_runTimer;
    QList<QPointer<QAction>> m_actions;
    QList<PaletteRow> m_all; // as of open()
    QList<PaletteRow> m_found;
    QList<PaletteRow> m_runs;
    bool m_isSearchingRuns = false;
    QStringList m_recent;
    QPointer<QWidget> m_focusBefore;
};

} // namespace designer
