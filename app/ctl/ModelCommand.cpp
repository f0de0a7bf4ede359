#include "app/ctl/Commands.h"
#include "app/ctl/ModelConverting.h"
#include "app/ctl/ModelKeeping.h"
#include "app/ctl/ModelPlaces.h"
#include "app/ctl/ModelTraining.h"

#include <QCoreApplication>
#include <QLocale>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct ModelCommandText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::ModelCommand)
};

QString nameOf(scoring::FieldType type)
{
    switch (type) {
    case scoring::FieldType::Double:
        return ModelCommandText::tr("number");
    case scoring::FieldType::Float:
        return ModelCommandText::tr("number (32 bits)");
    case scoring::FieldType::Integer:
        return ModelCommandText::tr("integer");
    case scoring::FieldType::Boolean:
        return ModelCommandText::tr("true or false");
    case scoring::FieldType::Text:
        return ModelCommandText::tr("text");
    }
    return {};
}

const char *wordOf(scoring::FieldType type)
{
    switch (type) {
    case scoring::FieldType::Double:
        return "double";
    case scoring::FieldType::Float:
        return "float";
    case scoring::FieldType::Integer:
        return "integer";
    case scoring::FieldType::Boolean:
        return "boolean";
    case scoring::FieldType::Text:
        return "text";
    }
    return "";
}

const char *wordOf(scoring::OutputKind kind)
{
    switch (kind) {
    case scoring::OutputKind::Label:
        return "label";
    case scoring::OutputKind::Probability:
        return "probability";
    case scoring::OutputKind::Value:
        return "value";
    case scoring::OutputKind::Raw:
        return "raw";
    case scoring::OutputKind::Leaf:
        return "leaf";
    case scoring::OutputKind::Other:
        return "other";
    }
    return "";
}

// What is allowed: the first levels, or the range.
QString valuesOf(const scoring::Field &field)
{
    constexpr int shownLevels = 8;
    if (!field.levels.isEmpty()) {
        const QString shown = field.levels.mid(0, shownLevels).join(QStringLiteral(", "));
        return field.levels.size() > shownLevels ? shown + QStringLiteral(", …") : shown;
    }
    if (!field.low && !field.high)
        return {};
    const auto text = [](const std::optional<double> &end, const QString &open) {
        return end ? QString::number(*end, 'g', QLocale::FloatingPointShortest) : open;
    };
    return ModelCommandText::tr("%1 to %2")
        .arg(text(field.low, QStringLiteral("−∞")), text(field.high, QStringLiteral("∞")));
}

Json strings(const QStringList &list)
{
    Json json = Json::array();
    for (const QString &text : list)
        json.push_back(toStdString(text));
    return json;
}

Json toJson(const ModelAtPlace &model, const QList<scoring::OutputField> &outputs)
{
    const scoring::Model::Description &description = model.model->description();
    Json inputs = Json::array();
    for (const scoring::Field &field : description.inputs) {
        Json input{{"name", toStdString(field.name)},
                   {"type", wordOf(field.type)},
                   {"categorical", field.use != scoring::FieldUse::Continuous},
                   {"required", field.required}};
        if (!field.levels.isEmpty())
            input["levels"] = strings(field.levels);
        if (field.low)
            input["low"] = *field.low;
        if (field.high)
            input["high"] = *field.high;
        inputs.push_back(input);
    }
    Json written = Json::array();
    for (const scoring::OutputField &output : outputs)
        written.push_back({{"name", toStdString(output.name)},
                           {"type", wordOf(output.type)},
                           {"kind", wordOf(output.kind)},
                           {"category", toStdString(output.category)}});
    return {{"name", toStdString(description.name)},
            {"format", toStdString(scoring::toString(model.format))},
            {"algorithm", toStdString(description.algorithm)},
            {"target", toStdString(description.target)},
            {"classes", strings(description.classes)},
            {"inputs", inputs},
            {"outputs", written}};
}

int show(const QStringList &words, Session &session)
{
    if (words.size() != 2)
        return session.failUsage(ModelCommandText::tr("Usage: slipwayctl model show MODEL"));
    const Result<ModelAtPlace> model = modelFrom(words.at(1));
    if (!model)
        return session.fail(model.error());
    const auto scorer = model->model->scorer({});
    if (!scorer)
        return session.fail(scorer.error());
    const scoring::Model::Description &description = model->model->description();
    session.print(toJson(*model, (*scorer)->outputs()));
    const auto line = [&session](const QString &head, const QString &text) {
        if (!text.isEmpty())
            session.say(QStringLiteral("%1 %2").arg(head.leftJustified(12), printable(text)));
    };
    line(ModelCommandText::tr("Model"), description.name);
    line(ModelCommandText::tr("Format"), scoring::toString(model->format));
    line(ModelCommandText::tr("Algorithm"), description.algorithm);
    line(ModelCommandText::tr("Target"), description.target);
    line(ModelCommandText::tr("Classes"), description.classes.join(QStringLiteral(", ")));
    QList<QStringList> inputs;
    for (const scoring::Field &field : description.inputs)
        inputs << QStringList{printable(field.name),
                              nameOf(field.type),
                              field.required ? QString() : ModelCommandText::tr("may be absent"),
                              printable(valuesOf(field))};
    session.say(QString());
    session.say(
        table({ModelCommandText::tr("Input"), ModelCommandText::tr("Type"), QString(), ModelCommandText::tr("Values")},
              inputs));
    QList<QStringList> outputs;
    for (const scoring::OutputField &output : (*scorer)->outputs())
        outputs << QStringList{printable(output.name), nameOf(output.type)};
    session.say(QString());
    session.say(table({ModelCommandText::tr("Output"), ModelCommandText::tr("Type")}, outputs));
    return Done;
}

class ModelCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("model"); }
    QString summary() const override
    {
        return ModelCommandText::tr("Train a model, measure it, look at it, write it in another format, or see which "
                                    "are kept; needs no engine.");
    }
    QString arguments() const override
    {
        return QStringLiteral("train DATA | evaluate MODEL DATA | show MODEL | convert MODEL FILE | list | "
                              "alias NAME VERSION ALIAS");
    }
    void addOptions(QCommandLineParser &parser) const override { addTrainingOptions(parser); }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const QStringList words = positional(parser);
        if (words.value(0) == u"show")
            return show(words, session);
        if (words.value(0) == u"convert")
            return convertModel(words, session);
        if (words.value(0) == u"train")
            return trainModel(words, parser, session);
        if (words.value(0) == u"evaluate")
            return evaluateModelFile(words, parser, session);
        if (words.value(0) == u"list" && words.size() == 1)
            return listModels(parser, session);
        if (words.value(0) == u"alias")
            return aliasModel(words, parser, session);
        return session.failUsage(
            ModelCommandText::tr("Usage: slipwayctl model train DATA | evaluate MODEL DATA | show MODEL | "
                                 "convert MODEL FILE | list | alias NAME VERSION ALIAS"));
    }
};

} // namespace

std::unique_ptr<Command> makeModelCommand() { return std::make_unique<ModelCommand>(); }

} // namespace ctl
