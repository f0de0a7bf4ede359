#pragma once

#include "designer/widgets/ReadingOrder.h"
#include "engine/base/Json.h"

#include <QTimer>

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QSortFilterProxyModel;
class QStandardItemModel;
class QTreeView;

namespace designer {

class EditScope;

// "Add dynamic content": writes an expression with what there is to write at hand, says where it is wrong while it is
// typed, and what it comes to with the outputs of the last run. GUI thread; values are worked out on a pool thread.
class ExpressionDialog final : public Dialog
{
    Q_OBJECT

public:
    ExpressionDialog(EditScope &scope, const QString &title, const QString &text, QWidget *parent = nullptr);

    QString text() const;

private:
    void makeTree();
    void insert(const QModelIndex &index);
    void check();
    void askForLastRun();
    void evaluateNow();
    void showValue(const char *look, const QString &text);

    EditScope &m_scope;
    QPlainTextEdit *m_text;
    QLabel *m_syntax;
    QLabel *m_value;
    QLabel *m_valueOf;
    QLineEdit *m_search;
    QTreeView *m_tree;
    QStandardItemModel *m_words;
    QSortFilterProxyModel *m_filter;
    QLabel *m_help;
    QTimer m_soon;
    engine::Json m_outputs = engine::Json::object(); // of the last run, by activity
    engine::Json m_parameters; // it was started with
    int m_request = 0;
};

} // namespace designer
