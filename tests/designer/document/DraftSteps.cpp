#include "tests/designer/document/DraftSteps.h"

using namespace designer;
using namespace engine;

namespace tests {

namespace {

std::optional<EntityRef> anyOf(const FactoryDocument &document, EntityKind kind, QRandomGenerator &random)
{
    const QList<EntityRef> refs = document.entities(kind);
    return refs.isEmpty() ? std::nullopt : std::optional(refs[random.bounded(int(refs.size()))]);
}

Json newPipeline(int number)
{
    return {{"name", ""},
            {"properties",
             {{"description", "Nº " + std::to_string(number) + " 🚢 مرحبا"},
              {"activities", {{{"name", "Wait"}, {"type", "Wait"}, {"typeProperties", {{"waitTimeInSeconds", 1}}}}}}}}};
}

void describe(FactoryDocument &document, QRandomGenerator &random)
{
    const auto ref = anyOf(document, random.bounded(2) == 0 ? EntityKind::Pipeline : EntityKind::Dataset, random);
    if (!ref)
        return;
    Json json = document.json(*ref);
    if (!json.is_object())
        return;
    json["properties"]["description"] = std::string(size_t(random.bounded(30)), 'x') + "é\n\"";
    document.setJson(*ref, json, QStringLiteral("Describe"), random.bounded(2) == 0 ? ref->toString() : QString());
}

void restructure(FactoryDocument &document, QRandomGenerator &random)
{
    const EntityKind kind = random.bounded(2) == 0 ? EntityKind::Pipeline : EntityKind::LinkedService;
    const auto ref = anyOf(document, random.bounded(5) == 0 ? EntityKind::Notebook : kind, random);
    switch (random.bounded(4)) {
    case 0: {
        const EntityRef made{EntityKind::Pipeline, document.freeName(EntityKind::Pipeline, QStringLiteral("New"))};
        (void)document.create(made, newPipeline(random.bounded(1000)));
        return;
    }
    case 1:
        if (ref)
            (void)document.clone(*ref);
        return;
    case 2:
        if (ref)
            (void)document.rename(
                *ref,
                document.freeName(ref->kind, QStringLiteral("Ünder %1").arg(random.bounded(9))).section(u'/', -1));
        return;
    default:
        if (ref && document.entities(ref->kind).size() > 2)
            document.remove({*ref});
    }
}

} // namespace

void randomStep(FactoryDocument &document, QRandomGenerator &random)
{
    QUndoStack &stack = document.undoStack();
    switch (random.bounded(12)) {
    case 0:
        stack.undo();
        return;
    case 1:
        stack.redo();
        return;
    case 2:
        if (random.bounded(4) == 0)
            stack.setIndex(random.bounded(stack.count() + 1));
        return;
    case 3:
        if (random.bounded(3) == 0)
            document.save(&document, {});
        return;
    case 4:
        if (const auto pipeline = anyOf(document, EntityKind::Pipeline, random)) {
            auto positions = document.layout(pipeline->name);
            positions[QStringLiteral("Wait")] = QPointF(random.bounded(500), random.bounded(5000) / 10.0);
            document.edit(
                QStringLiteral("Move"), {document.changedLayout(pipeline->name, positions)}, QStringLiteral("m"));
        }
        return;
    case 5:
    case 6:
    case 7:
        restructure(document, random);
        return;
    default:
        describe(document, random);
    }
}

QByteArray stateOf(const FactoryDocument &document)
{
    QByteArray state;
    for (const QString &path : document.factory().files)
        state += "=== " + path.toUtf8() + '\n' + document.content(path) + '\n';
    return state;
}

} // namespace tests
