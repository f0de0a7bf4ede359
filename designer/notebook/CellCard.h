#pragma once

#include "designer/notebook/OutputView.h"
#include "designer/widgets/StatusLook.h"

#include <QFrame>
#include <QHash>

#include <optional>

class QLabel;
class QVBoxLayout;

namespace designer {

class CodeView;
class PageOutput;
class TracebackView;

// What is shown of a cell: of a file, or of a run.
struct ShownCell
{
    int number = 1; // 1-based, among all cells
    QString kind; // code | markdown | raw
    QString language;
    QString title;
    QString source;
    QString note; // at the right of the title: "In [3]", tags
    std::optional<StatusLook> state; // of a run
    QString duration; // of a run; "—" when there is none
    int errorLine = 0; // 1-based; 0 = none
    bool isFailed = false; // framed as such
    QString ename; // of a failed cell; its traceback is shown on its own
    QString evalue;
    QString traceback;
    QString warning;
    QHash<int, int> cellOfCount; // see TracebackView
    QList<engine::Json> outputs;
};

// One cell as a card: what it is and how it ended, source, outputs, traceback. GUI thread.
class CellCard final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CellCard)

public:
    explicit CellCard(OutputView::WholeSource whole = {}, QWidget *parent = nullptr);
    ~CellCard() override;

    // What is the same as before is not touched: selections and unfolded places stay.
    void setCell(const ShownCell &cell);
    int lineTop(int line) const; // in the card's coordinates
    bool isTouched() const; // see OutputView
    bool isBusy() const;
    void setCurrent(bool current);

    static int estimatedHeight(const ShownCell &cell); // before there is a card

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void showHeader();
    void showSource();
    void showOutputs();
    QColor lastColour() const;

    ShownCell m_cell;
    OutputView::WholeSource m_whole;
    QVBoxLayout *m_layout;
    QWidget *m_header;
    QLabel *m_sign;
    QLabel *m_name;
    QLabel *m_title;
    QLabel *m_note;
    QLabel *m_state;
    QLabel *m_duration;
    CodeView *m_code = nullptr;
    PageOutput *m_page = nullptr;
    QLabel *m_warning;
    OutputView *m_outputs = nullptr;
    TracebackView *m_traceback = nullptr;
    bool m_isCurrent = false;
};

} // namespace designer
