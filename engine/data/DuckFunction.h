#pragma once

#include "engine/base/Result.h"
#include "engine/data/DuckFeed.h"
#include "engine/data/RowBatch.h"

#include <QList>
#include <QString>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

// A function over columns that a query calls: f(a, b, …) → STRUCT. DuckDB gives it chunk after chunk, on several
// threads at once; NULL is an argument as any other. Never called twice for one row of a query, and never left out.
struct DuckFunction
{
    enum class Type { Double, BigInt, Boolean, Text, Weights };

    // One member of the STRUCT.
    struct Member
    {
        QString name;
        Type type = Type::Double;
        // Of Weights: a list of STRUCT(label, prob), one for each of these, in their order.
        std::vector<std::string> labels = {};
        Type labelType = Type::Text;
    };

    // One argument, rows × 1. NULL is NaN, or a text whose data() is null. Double has `numbers`, Text has `texts`.
    struct Argument
    {
        std::span<const double> numbers;
        std::span<const std::string_view> texts;
    };

    // One member, rows × 1 (Weights: rows × labels, row by row). NULL is NaN, or code -1.
    struct Given
    {
        std::span<const double> numbers; // of all types but Text; a Boolean is 1 or 0
        std::span<const int32_t> codes; // of Text: index into `texts`
        std::span<const std::string> texts;
    };

    // What one thread needs for one chunk. Used by one thread at a time, and again for other chunks.
    class Call
    {
    public:
        virtual ~Call();
        // The members for `rows` rows, in the order of `members`; valid until the next call.
        virtual Result<std::span<const Given>> apply(int rows, std::span<const Argument> arguments) = 0;
    };

    QString name;
    QList<Type> parameters; // Double or Text
    QList<Member> members;
    std::function<Result<std::unique_ptr<Call>>()> makeCall; // from any thread; never two at once
};

// Rows that a query reads from elsewhere: SELECT … FROM name(). Each query opens them anew.
struct DuckTable
{
    class Reader
    {
    public:
        virtual ~Reader();
        // The next rows, at most RowBatch::maximumRows, valid until the next call; nullptr at the end. The batch has
        // the columns asked for, in that order, each of its target's type. On one thread at a time.
        virtual Result<const RowBatch *> next() = 0;
    };

    QString name;
    QList<DuckFeed::Target> columns;
    // `columns`: indexes of those that the query needs. Called when the query runs.
    std::function<Result<std::unique_ptr<Reader>>(const QList<int> &columns)> open;
};

} // namespace engine
