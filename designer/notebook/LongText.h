#pragma once

#include <QAbstractTableModel>
#include <QByteArray>
#include <QList>
#include <QTableView>

#include <memory>

namespace designer {

// Text of any length and where its lines begin: 50 MB cost one pass and one number a line. A value that is shared and
// never changed.
struct LongText
{
    QByteArray utf8;
    QList<qsizetype> starts; // of the lines in `utf8`
    qsizetype longest = 0; // bytes of the longest line

    static std::shared_ptr<const LongText> fromUtf8(QByteArray utf8); // pure; any thread
    int lineCount() const { return int(starts.size()); }
    QByteArrayView line(int index) const; // without its line break
};

// One row a line.
class LongTextModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    // A text that begins with the one before only adds rows.
    void setText(std::shared_ptr<const LongText> text);
    const std::shared_ptr<const LongText> &text() const { return m_text; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    std::shared_ptr<const LongText> m_text;
    int m_rows = 0; // that have been told
};

// Shows a long text line by line in a box of its own with ANSI colours; only what is in sight is read. Lines can be
// selected and copied. GUI thread.
class LongTextView final : public QTableView
{
    Q_OBJECT

public:
    explicit LongTextView(QWidget *parent = nullptr);

    void setText(std::shared_ptr<const LongText> text);
    const std::shared_ptr<const LongText> &text() const { return m_model->text(); }
    QString selectedText() const; // the selected lines, without ANSI; all when none is
    void copy() const;

    static constexpr int mostRowsInSight = 24;

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    void fit();

    LongTextModel *const m_model;
};

} // namespace designer
