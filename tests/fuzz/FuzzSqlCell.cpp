#include "engine/kernel/BoundTables.h"
#include "engine/kernel/DriftWatch.h"
#include "engine/kernel/ModelFunction.h"
#include "engine/kernel/QueryRewriter.h"
#include "scoring/training/LinearPipelineModel.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace engine;

namespace {

// A model of two numbers, so that ML.PREDICT gets further than its name.
scoring::ModelPtr makeModel()
{
    scoring::LinearPipeline pipeline;
    pipeline.name = QStringLiteral("m");
    pipeline.target = QStringLiteral("y");
    pipeline.link = scoring::LinearLink::Logit;
    pipeline.classes = {QStringLiteral("0"), QStringLiteral("1")};
    for (const char *name : {"a", "b"}) {
        scoring::PipelineFeature feature;
        feature.name = QString::fromLatin1(name);
        pipeline.columns.append({feature.name, int(pipeline.features.size()), -1});
        pipeline.features.append(feature);
    }
    pipeline.coefficients = {1, -1};
    pipeline.intercepts = {0};
    const auto made = scoring::LinearPipelineModel::make(pipeline);
    return made ? scoring::ModelPtr(*made) : nullptr;
}

std::unique_ptr<DuckSession> openSession()
{
    DuckSession::Options options;
    options.workFolder = QStringLiteral("/nonexistent");
    options.tellsPositions = true;
    Result<std::unique_ptr<DuckSession>> session = DuckSession::open(options);
    return session ? *std::move(session) : nullptr;
}

// What a cell may name: a model, a bound database that does not answer, a mount, a variable.
struct World
{
    KernelContext context;
    std::unique_ptr<DuckSession> session;
    KernelModels models{QString()};
    BoundTables tables{context};
    QueryWorld world{
        *session, context, models, tables, std::make_shared<UnscoredRows>(), std::make_shared<DriftWatches>()};

    World() : session(openSession())
    {
        context.connections = Json{{"Sales", {{"store", "none"}}}};
        context.mounts.insert(QStringLiteral("/mnt/x"), QStringLiteral("/nonexistent/x"));
        if (const scoring::ModelPtr model = makeModel())
            static_cast<void>(models.add({QStringLiteral("m"), 0}, {QStringLiteral("m"), model, {}}, true));
        if (!session->run(QStringLiteral("SET VARIABLE v = 1")))
            std::abort();
    }
};

void checkPlace(const Error &error, qsizetype size)
{
    const std::optional<qsizetype> position = positionOf(error);
    if (position && (*position < 0 || *position > size))
        std::abort();
}

} // namespace

// A cell of any text is taken apart into tokens that stand in their order; each statement is read, its text rewritten
// and never run. Errors stand inside the cell.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    constexpr int mostInputs = 1000; // each may leave functions in the session
    static std::unique_ptr<World> world;
    static int inputs = 0;
    if (!world || ++inputs % mostInputs == 0)
        world = std::make_unique<World>();
    const CellSource cell(QByteArray(reinterpret_cast<const char *>(bytes), qsizetype(size)));
    qsizetype end = 0;
    for (const SqlToken &token : cell.tokens) {
        if (token.start < end || token.end <= token.start || token.end > cell.sql.size())
            std::abort();
        end = token.end;
    }
    for (const TokenRange range : statementsIn(cell)) {
        if (const auto read = readStatement(cell, range, {QStringLiteral("Sales")}); !read)
            checkPlace(read.error(), cell.sql.size());
        QueryRewriter rewriter(cell, world->world);
        if (const auto made = rewriter.rewrite(range); !made)
            checkPlace(made.error(), cell.sql.size());
        else if (made->text().size() > 0 && made->positionInCell(made->text().size() - 1) > cell.sql.size())
            std::abort();
    }
    return 0;
}
