#include "engine/expression/Expression.h"
#include "engine/expression/ExpressionContext.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

using namespace engine;

// Prints how many times per second one thread evaluates expressions as they stand in real factories, each parsed once.
// The median of five rounds.

namespace {

const char *const expressions[] = {
    // three functions, one interpolation: what a sink's file name looks like
    "out/@{concat(toLower(item().name), '-', formatDateTime(pipeline().TriggerTime, 'yyyyMMdd'))}.csv",
    "@concat('out/', toLower(item().name), '/', formatDateTime(pipeline().TriggerTime, 'yyyy/MM/dd'))",
    "@pipeline().parameters.folder",
    "@activity('Look up').output.firstRow.id",
    "@if(greater(activity('Look up').output.count, 0), 'load', 'skip')",
    "@formatDateTime(convertFromUtc(pipeline().TriggerTime, 'W. Europe Standard Time'), 'yyyy-MM-dd HH:mm')",
    "@json('{\"a\": [1, 2, 3]}').a[1]",
};

const char *const values = R"j({
    "parameters": {"environment": "test", "folder": "sales"}, "item": {"id": 17, "name": "Sales Orders"},
    "activities": {"Look up": {"output": {"count": 1, "firstRow": {"id": 7}}, "status": "Succeeded"}},
    "pipeline": {"DataFactory": "f", "Pipeline": "Load", "RunId": "7f8f0a53-7f6c-4b3d-9a63-5bd1a21f3f0e",
                 "TriggerTime": "2024-01-31T12:34:56.1234567Z"}, "now": "2024-01-31T12:34:57Z"
})j";

double perSecond(const Expression &expression, ExpressionContext &context)
{
    using Clock = std::chrono::steady_clock;
    std::vector<double> rates;
    for (int round = 0; round < 5; ++round) {
        constexpr int batch = 1000;
        qint64 count = 0;
        size_t bytes = 0;
        const auto start = Clock::now();
        auto end = start;
        do {
            for (int i = 0; i < batch; ++i) {
                const Result<Json> value = evaluate(expression, context);
                bytes += value && value->is_string() ? value->get_ref<const std::string &>().size() : 1;
            }
            count += batch;
            end = Clock::now();
        } while (end - start < std::chrono::milliseconds(400));
        if (bytes > 0)
            rates.push_back(double(count) / std::chrono::duration<double>(end - start).count());
    }
    std::sort(rates.begin(), rates.end());
    return rates[rates.size() / 2];
}

} // namespace

int main()
{
    const Result<Json> json = parseJson(values, QStringLiteral("values"));
    if (!json)
        return 1;
    Result<ExpressionContext> context = ExpressionContext::make(*json);
    if (!context)
        return 1;
    for (const char *text : expressions) {
        const Result<Expression> expression = Expression::parse(QString::fromUtf8(text));
        const Result<Json> value = expression ? evaluate(*expression, *context) : Result<Json>(expression.error());
        if (!value) {
            std::fprintf(stderr, "%s\n", qPrintable(value.error().message));
            return 1;
        }
        std::printf("%11.0f/s  %s  = %s\n", perSecond(*expression, *context), text, toCompact(*value).constData());
    }
    return 0;
}
