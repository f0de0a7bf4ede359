#pragma once

#include "engine/base/Json.h"

#include <QList>
#include <QWidget>

#include <functional>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace designer {

struct PreparedOutput;

// The outputs of one cell, one below the other. What is new or has changed is made anew, the rest stays as it is, with
// its selection and place. Large outputs are decoded on the pool. GUI thread.
class OutputView final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OutputView)

public:
    // Brings the whole of the output at `position` of which there is only a part; the answer comes later, in this
    // thread, and not at all when `context` is gone.
    using WholeAnswer = std::function<void(engine::Result<engine::Json>)>;
    using WholeSource = std::function<void(int position, QObject *context, WholeAnswer answer)>;

    explicit OutputView(QWidget *parent = nullptr);
    ~OutputView() override;

    void setName(const QString &cell); // "cell 4": for screen readers
    void setWholeSource(WholeSource source); // without one, there is no "Show all"
    // `withErrors`: tracebacks are shown here too, not by who shows the cell.
    void setOutputs(const QList<engine::Json> &outputs, bool withErrors = true);
    bool isEmpty() const { return m_items.empty(); }
    bool isBusy() const; // something is being decoded or fetched
    bool isTouched() const { return m_isTouched; } // the user asked for something: not to be thrown away lightly

    // Smaller than this, the whole of an output with a form that was left out (a picture) is fetched without asking.
    static constexpr qint64 fetchedUnasked = 2 * 1024 * 1024;

private:
    class Item;

    void updateItem(Item &item, const engine::Json &output);
    void prepare(Item &item, const std::shared_ptr<const engine::Json> &output);
    void showPrepared(Item &item, const PreparedOutput &prepared);
    void fetchWhole(Item &item);

    QVBoxLayout *const m_layout;
    std::vector<std::unique_ptr<Item>> m_items;
    QString m_cell;
    WholeSource m_wholeSource;
    bool m_withErrors = true;
    bool m_isTouched = false;
};

} // namespace designer
