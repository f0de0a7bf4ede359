#include "engine/kernel/ModelCalls.h"

#include "engine/connectors/NearNames.h"
#include "engine/kernel/ModelFunction.h"
#include "engine/kernel/ModelInputs.h"
#include "engine/kernel/ModelTables.h"

#include <QCoreApplication>

namespace engine {

namespace {

struct ModelCallsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ModelCalls)
};

const QStringList &functions()
{
    static const QStringList names{QStringLiteral("PREDICT"),
                                   QStringLiteral("EVALUATE"),
                                   QStringLiteral("ROC_CURVE"),
                                   QStringLiteral("CONFUSION_MATRIX"),
                                   QStringLiteral("WEIGHTS"),
                                   QStringLiteral("FEATURE_INFO")};
    return names;
}

} // namespace

ModelCalls::ModelCalls(const CellSource &cell, QueryWorld &world, QueryRewriter &rewriter)
    : m_cell(cell)
    , m_world(world)
    , m_rewriter(rewriter)
{
}

Error ModelCalls::at(const Call &call, const Error &error) const
{
    return positionOf(error) ? error : errorAt(call.position, error.message, error.code);
}

Result<> ModelCalls::readArgument(TokenRange argument, Call &call)
{
    const SqlToken &first = m_cell.tokens.at(argument.first);
    const bool hasRows = !call.rows.isEmpty();
    if (first.isWord(m_cell.sql, QLatin1String("table")) && !hasRows && argument.last - argument.first > 1) {
        call.rows = {argument.first + 1, argument.last};
        call.isTable = true;
    } else if (first.isSign(m_cell.sql, '(') && !hasRows
               && behindBracket(m_cell, argument.first, argument.last) == argument.last
               && argument.last - argument.first > 2) {
        call.rows = {argument.first + 1, argument.last - 1};
    } else if (first.isWord(m_cell.sql, QLatin1String("struct")) && !call.settings) {
        call.settings = argument;
    } else if (!call.list) {
        call.list = argument;
    } else {
        return errorAt(first.start,
                       ModelCallsText::tr("A table or query, and STRUCT(…) with settings may stand here, once each."));
    }
    return {};
}

// ML . NAME ( MODEL m , … )
Result<ModelCalls::Call> ModelCalls::read(qsizetype at, qsizetype behind)
{
    Call call;
    call.position = m_cell.startOf(at);
    const qsizetype close = behind - 1;
    qsizetype token = at + 4;
    if (token >= close || !m_cell.tokens.at(token).isWord(m_cell.sql, QLatin1String("model")) || token + 1 >= close
        || !m_cell.tokens.at(token + 1).isName())
        return errorAt(m_cell.startOf(token), ModelCallsText::tr("MODEL and the name of a model should stand here."));
    const NamedModel name = takeModelName(m_cell, ++token, close);
    Result<KernelModel> model = m_world.models.find(name);
    if (!model)
        return model.error();
    call.model = *std::move(model);
    while (token < close) {
        if (!m_cell.tokens.at(token).isSign(m_cell.sql, ','))
            return errorAt(m_cell.startOf(token),
                           ModelCallsText::tr("A comma or the end of the bracket should stand here."));
        TokenRange argument{++token, token};
        while (token < close && !m_cell.tokens.at(token).isSign(m_cell.sql, ',')) {
            const bool opens = m_cell.tokens.at(token).isSign(m_cell.sql, '(')
                || m_cell.tokens.at(token).isSign(m_cell.sql, '[') || m_cell.tokens.at(token).isSign(m_cell.sql, '{');
            token = opens ? std::min(behindBracket(m_cell, token, close), close) : token + 1;
        }
        argument.last = token;
        if (argument.isEmpty())
            return errorAt(m_cell.startOf(token), ModelCallsText::tr("An argument is missing here."));
        if (const Result<> taken = readArgument(argument, call); !taken)
            return taken.error();
    }
    return call;
}

// STRUCT(0.6 AS threshold): each value is an expression with its name behind it.
Result<ModelCalls::Settings> ModelCalls::settingsOf(const Call &call, const QStringList &known)
{
    Settings settings;
    if (!call.settings)
        return settings;
    const qsizetype close = call.settings->last - 1;
    qsizetype token = call.settings->first + 1;
    if (token >= close || !m_cell.tokens.at(token).isSign(m_cell.sql, '('))
        return errorAt(m_cell.startOf(token), QStringLiteral("STRUCT(… AS …)"));
    while (token < close) {
        TokenRange part{++token, token};
        while (token < close && !m_cell.tokens.at(token).isSign(m_cell.sql, ','))
            token = m_cell.tokens.at(token).isSign(m_cell.sql, '(')
                ? std::min(behindBracket(m_cell, token, close), close)
                : token + 1;
        part.last = token;
        if (part.last - part.first < 3 || !m_cell.tokens.at(part.last - 2).isWord(m_cell.sql, QLatin1String("as"))
            || !m_cell.tokens.at(part.last - 1).isName())
            return errorAt(m_cell.startOf(part.first), ModelCallsText::tr("A value AS its name should stand here."));
        const QString name = m_cell.tokens.at(part.last - 1).name(m_cell.sql).toLower();
        if (!known.contains(name))
            return errorAt(m_cell.startOf(part.last - 1),
                           ModelCallsText::tr("There is no setting %1 here.").arg(name) + u' '
                               + suggestName(name, known));
        const Result<Json> value = m_rewriter.value({part.first, part.last - 2});
        if (!value)
            return value.error();
        if (name == u"threshold" && value->is_number())
            settings.threshold = value->get<double>();
        else if (name == u"standardize" && value->is_boolean())
            settings.standardise = value->get<bool>();
        else
            return errorAt(m_cell.startOf(part.first),
                           ModelCallsText::tr("The setting %1 cannot have this value.").arg(name));
    }
    return settings;
}

Result<QueryRewriter::Described> ModelCalls::rowsOf(const Call &call)
{
    Result<QueryRewriter::Described> rows = m_rewriter.describe(call.rows, call.isTable);
    if (!rows)
        return at(call, rows.error());
    return rows;
}

Result<> ModelCalls::predict(const Call &call, MappedText &made)
{
    if (call.rows.isEmpty() || call.list)
        return errorAt(call.list ? m_cell.startOf(call.list->first) : call.position,
                       ModelCallsText::tr("ML.PREDICT needs rows behind the model: (SELECT …) or TABLE name."));
    const Result<Settings> settings = settingsOf(call, {QStringLiteral("threshold")});
    if (!settings)
        return settings.error();
    const Result<QueryRewriter::Described> rows = rowsOf(call);
    if (!rows)
        return rows.error();
    const Result<QStringList> inputs = modelInputs(*call.model.model, rows->columns);
    if (!inputs)
        return at(call, inputs.error());
    const QString name = QStringLiteral("slipway_predict_%1").arg(++m_world.functions);
    ScoringNotes notes{m_world.unscored, nullptr};
    if (call.model.card)
        notes.drift = m_world.drift->watch(*call.model.model, *call.model.card);
    Result<DuckFunction> function = modelFunction(name, call.model.model, settings->threshold, notes);
    if (!function)
        return at(call, function.error());
    if (const Result<> published = m_world.session.publish(*std::move(function)); !published)
        return at(call, published.error());
    made.add(QStringLiteral("(SELECT \"slipway scored\".*, * EXCLUDE (\"slipway scored\") FROM (SELECT %1(%2) AS "
                            "\"slipway scored\", * FROM (")
                 .arg(name, inputs->join(u','))
                 .toUtf8(),
             call.position);
    made.append(rows->text);
    made.add("\n)))", call.position);
    return {};
}

Result<QString> ModelCalls::measure(const QString &function, const Call &call)
{
    const ModelTables tables(call.model);
    const bool isOfModel = function == u"WEIGHTS" || function == u"FEATURE_INFO";
    if ((isOfModel && !call.rows.isEmpty()) || (call.list && function != u"ROC_CURVE"))
        return errorAt(m_cell.startOf(call.list ? call.list->first : call.rows.first),
                       ModelCallsText::tr("ML.%1 does not take this.").arg(function));
    const Result<Settings> settings =
        settingsOf(call, {function == u"WEIGHTS" ? QStringLiteral("standardize") : QStringLiteral("threshold")});
    if (!settings)
        return settings.error();
    Result<QString> made = QString();
    if (function == u"WEIGHTS") {
        made = tables.weights(settings->standardise);
    } else if (function == u"FEATURE_INFO") {
        made = tables.features();
    } else {
        ModelTables::Question question;
        question.threshold = settings->threshold;
        if (call.list) {
            const Result<Json> list = m_rewriter.value(*call.list);
            if (!list)
                return list.error();
            for (const Json &item : *list)
                question.thresholds.push_back(item.is_number() ? item.get<double>() : -1);
        }
        if (!call.rows.isEmpty()) {
            const Result<QueryRewriter::Described> rows = rowsOf(call);
            if (!rows)
                return rows.error();
            question.rows = QString::fromUtf8(rows->text.text());
            question.columns = rows->columns;
        }
        made = tables.measured(function, question, m_world.session);
    }
    if (!made)
        return at(call, made.error());
    return made;
}

Result<qsizetype> ModelCalls::take(qsizetype at, TokenRange range, MappedText &made)
{
    const QString function = m_cell.tokens.at(at + 2).name(m_cell.sql).toUpper();
    if (!functions().contains(function))
        return errorAt(m_cell.startOf(at + 2),
                       ModelCallsText::tr("There is no ML.%1.").arg(function) + u' '
                           + suggestName(function, functions()));
    const qsizetype behind = behindBracket(m_cell, at + 3, range.last);
    if (!m_cell.tokens.at(behind - 1).isSign(m_cell.sql, ')'))
        return errorAt(m_cell.startOf(at + 3), ModelCallsText::tr("This bracket is never closed."));
    const Result<Call> call = read(at, behind);
    if (!call)
        return call.error();
    if (function == u"PREDICT") {
        if (const Result<> predicted = predict(*call, made); !predicted)
            return predicted.error();
        return behind;
    }
    const Result<QString> table = measure(function, *call);
    if (!table)
        return table.error();
    made.add(table->toUtf8(), call->position);
    return behind;
}

} // namespace engine
