#pragma once

#include "designer/mapping/ConversionModel.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QSortFilterProxyModel;
class QTableView;

namespace designer {

class EditScope;

// What a copy would make of the values of its source, column by column, before it runs: the engine converts some rows
// as the copy would and says which would be refused, and why. The scope outlives it. GUI thread.
class ConversionPreview final : public QWidget
{
    Q_OBJECT

public:
    explicit ConversionPreview(EditScope &scope, QWidget *parent = nullptr);

    void load(); // while it is asking: gives up
    ConversionModel &model() { return *m_model; }

private:
    void showAnswer(const engine::Json &answer);
    void showWorst();
    void say(const char *look, const QString &text);

    EditScope &m_scope;
    ConversionModel *m_model;
    QSortFilterProxyModel *m_sorted;
    WorstValues *m_worst;
    QPushButton *m_button;
    QLabel *m_state;
    QLabel *m_notes;
    QLabel *m_empty;
    QTableView *m_view;
    QLabel *m_worstTitle;
    QTableView *m_worstView;
    QWidget *m_content;
    int m_request = 0;
    bool m_isAsking = false;
};

} // namespace designer
