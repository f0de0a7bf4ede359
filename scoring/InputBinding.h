#pragma once

#include "engine/base/Result.h"
#include "scoring/Batch.h"
#include "scoring/Field.h"

#include <QList>
#include <QString>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace scoring {

// The words that mean "missing" in a text cell: those of pandas' read_csv, the empty text among them. Exact, case and
// all; spaces around a cell do not count.
std::span<const std::string_view> missingWords();
bool isMissingWord(std::string_view cell);

// One column of a table, as its rows come: numbers (NaN = missing) or texts (UTF-8, null data() = missing).
struct TableColumn
{
    QString name;
    bool isText = true;
};

// The cells of one column of a table: as many as there are rows, of its kind.
struct TableCells
{
    std::span<const double> numbers;
    std::span<const std::string_view> texts;
};

// Which column of a table each input of a model is read from. A value.
class InputBinding
{
public:
    // By exact name. An input that is not required may be absent: all its cells are missing then. Errors: InvalidInput:
    // a required column is not there (names all of them, and those that differ in case only), or is there twice.
    static engine::Result<InputBinding> make(const QList<Field> &inputs, const QList<TableColumn> &table);

    const QList<Field> &inputs() const { return m_inputs; }
    int columnOf(int input) const { return m_columns[size_t(input)]; } // −1 = absent
    QList<int> usedColumns() const; // each once, ascending

private:
    friend class BoundInputs;
    QList<Field> m_inputs;
    std::vector<int> m_columns;
};

// Rows of a table as rows of a model. Has its own memory; one thread at a time. A text is a number when all of it, but
// for spaces around it, is one ("1,234" is none); true and false in any case are 1 and 0. A number is a text in its
// shortest spelling. What the field's type cannot hold is marked as invalid. A level of the model that is spelled as a
// missing word is that level.
class BoundInputs
{
public:
    explicit BoundInputs(const InputBinding &binding); // borrowed
    ~BoundInputs();
    Q_DISABLE_COPY_MOVE(BoundInputs)

    // `table`: all columns of the table; those that are not used may be empty. Valid until the next call and as long as
    // the cells live.
    const InputBatch &bind(std::span<const TableCells> table, int rows);

private:
    struct Scratch; // of one input
    void takeNumbers(size_t input, const TableCells &cells, size_t rows);
    void takeTexts(size_t input, const TableCells &cells, size_t rows);
    void markInvalid(size_t input, size_t row, size_t rows);

    const InputBinding &m_binding;
    std::vector<Scratch> m_scratch;
    std::vector<double> m_missingNumbers;
    std::vector<std::string_view> m_missingTexts;
    InputBatch m_batch;
};

} // namespace scoring
