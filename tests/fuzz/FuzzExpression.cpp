#include "engine/expression/Expression.h"
#include "engine/expression/ExpressionContext.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace engine;

namespace {

ExpressionContext makeContext()
{
    const Json json = {{"parameters", {{"a", "x"}, {"n", 3}, {"list", {1, "two", nullptr}}}},
                       {"variables", {{"v", "text"}}},
                       {"activities", {{"A", {{"output", {{"value", {{{"id", 1}}}}}}}}}},
                       {"item", {{"name", "Sales"}}},
                       {"now", "2024-01-31T12:00:00Z"}};
    return *ExpressionContext::make(json);
}

} // namespace

// Whatever parses is printed as something that parses and prints the same; evaluating it ends.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    const QString text = QString::fromUtf8(reinterpret_cast<const char *>(bytes), qsizetype(size));
    const Result<Expression> expression = Expression::parse(text);
    if (!expression)
        return 0;
    const QString printed = expression->text();
    const Result<Expression> again = Expression::parse(printed);
    if (!again || again->text() != printed)
        std::abort();
    static ExpressionContext context = makeContext();
    const Result<Json> value = evaluate(*expression, context);
    if (value && toCompact(*value).isEmpty())
        std::abort();
    return 0;
}
