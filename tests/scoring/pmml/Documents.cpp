#include "tests/scoring/pmml/Documents.h"

#include "scoring/pmml/PmmlReader.h"

using namespace engine;
using namespace scoring;

namespace tests {

QByteArray pmml(const QByteArray &fields, const QByteArray &transformations, const QByteArray &model)
{
    return "<PMML version=\"4.4\" xmlns=\"http://www.dmg.org/PMML-4_4\"><Header/>\n<DataDictionary>" + fields
        + "</DataDictionary>\n" + transformations + "\n" + model + "\n</PMML>";
}

TextTable row(const QString &cells)
{
    TextTable table;
    QList<std::optional<QString>> values;
    for (const QString &cell : cells.split(u' ', Qt::SkipEmptyParts)) {
        table.names.append(cell.section(u'=', 0, 0));
        values.append(cell.contains(u'=') ? std::optional(cell.section(u'=', 1)) : std::nullopt);
    }
    table.rows.append(values);
    return table;
}

QByteArray computing(const QByteArray &expression, const QByteArray &type, const QByteArray &functions)
{
    QByteArray fields;
    QByteArray schema;
    const auto add = [&](const QByteArray &name, const QByteArray &dataType, const QByteArray &use) {
        fields += "<DataField name=\"" + name + "\" dataType=\"" + dataType + "\" optype=\"" + use + "\"/>";
        schema += "<MiningField name=\"" + name + "\"/>";
    };
    for (const char *name : {"x", "y", "z"})
        add(name, "double", "continuous");
    add("f", "float", "continuous");
    add("n", "integer", "continuous");
    add("s", "string", "categorical");
    add("t", "string", "categorical");
    add("day", "date", "categorical");
    add("flag", "boolean", "categorical");
    const QByteArray derived =
        "<DerivedField name=\"d\" dataType=\"" + type + "\" optype=\"continuous\">" + expression + "</DerivedField>";
    return pmml(
        fields,
        "<TransformationDictionary>" + functions + derived + "</TransformationDictionary>",
        "<RegressionModel functionName=\"regression\"><MiningSchema>" + schema
            + "</MiningSchema><Output><OutputField name=\"text\" feature=\"transformedValue\" dataType=\"string\">"
              "<FieldRef field=\"d\"/></OutputField></Output>"
              "<RegressionTable intercept=\"0\"><NumericPredictor name=\"d\" coefficient=\"1\"/>"
              "</RegressionTable></RegressionModel>");
}

ScoredTexts scoreRow(const QByteArray &document, const QString &cells)
{
    const auto model = readPmml(document, QStringLiteral("test.pmml"));
    if (!model)
        qFatal("%s at %s", qPrintable(model.error().message), qPrintable(model.error().where));
    return scoreTexts(**model, row(cells));
}

Error errorOf(const QByteArray &document)
{
    const auto model = readPmml(document, QStringLiteral("test.pmml"));
    return model ? Error{ErrorCode::Internal, QStringLiteral("there was none"), {}} : model.error();
}

} // namespace tests
