#include "scoring/pmml/PipelineWriting.h"

#include "scoring/pmml/VerificationSample.h"

#include <QCoreApplication>
#include <QSet>

#include <cmath>

using engine::Error;
using engine::ErrorCode;
using engine::Result;

namespace scoring::pmml {

namespace {

struct PipelineWritingText
{
    Q_DECLARE_TR_FUNCTIONS(PipelineWritingText)
};

QString exact(double number) { return QString::number(number, 'g', 17); }

bool canStandInXml(const QString &text)
{
    return std::none_of(text.begin(), text.end(), [](QChar c) {
        return (c.unicode() < 0x20 && c != u'\t' && c != u'\n' && c != u'\r') || c.unicode() >= 0xFFFE;
    });
}

// Numbers that are imputed need not be whole, so that continuous fields are all doubles in the file.
QString dataType(FieldType type, FieldUse use)
{
    if (type == FieldType::Text)
        return QStringLiteral("string");
    if (use == FieldUse::Continuous || type == FieldType::Double || type == FieldType::Float)
        return QStringLiteral("double");
    return QStringLiteral("integer"); // true and false as 1 and 0
}

} // namespace

PipelineWriting::PipelineWriting(const LinearPipelineModel &model, const QString &file)
    : m_model(model)
    , m_pipeline(model.pipeline())
    , m_file(file)
    , m_xml(&m_bytes)
{
    m_xml.setAutoFormatting(true);
    m_xml.setAutoFormattingIndent(1);
}

Result<QByteArray> PipelineWriting::write()
{
    const Result<> fits = checked();
    if (!fits)
        return fits.error();
    nameFields();
    m_xml.writeStartDocument();
    start("PMML", {{"xmlns", QStringLiteral("http://www.dmg.org/PMML-4_4")}, {"version", QStringLiteral("4.4.1")}});
    writeHeader();
    writeDictionary();
    if (m_pipeline.link == LinearLink::OneVsRest)
        writeChain();
    else
        writeSingle();
    end();
    m_xml.writeEndDocument();
    return m_bytes;
}

Result<> PipelineWriting::checked() const
{
    QStringList texts = m_pipeline.classes + QStringList{m_pipeline.name, m_pipeline.target};
    for (const PipelineFeature &feature : m_pipeline.features)
        texts += feature.levels + QStringList{feature.name};
    for (const QString &text : texts) {
        if (!canStandInXml(text))
            return Error{ErrorCode::InvalidInput,
                         PipelineWritingText::tr("A name or level of the model holds a character that XML cannot hold. "
                                                 "Train it without that value, or write another format."),
                         m_file};
    }
    return {};
}

// Each column of the design matrix is a field: the input itself, or one derived from it under a name nobody has.
void PipelineWriting::nameFields()
{
    QSet<QString> taken{m_pipeline.target};
    for (const PipelineFeature &feature : m_pipeline.features)
        taken.insert(feature.name);
    for (const DesignColumn &column : m_pipeline.columns) {
        const PipelineFeature &feature = m_pipeline.features.at(column.feature);
        if (column.level < 0 && feature.mean == 0 && feature.scale == 1) {
            m_columnFields.append(feature.name);
            continue;
        }
        QString name = column.level < 0 ? QStringLiteral("scaled(%1)").arg(feature.name)
                                        : feature.name + QLatin1Char('=') + feature.levels.at(column.level);
        while (taken.contains(name))
            name += QLatin1Char('\'');
        taken.insert(name);
        m_columnFields.append(name);
    }
}

void PipelineWriting::start(const char *element, Attributes attributes)
{
    m_xml.writeStartElement(QString::fromLatin1(element));
    for (const auto &[name, value] : attributes) {
        if (!value.isNull())
            m_xml.writeAttribute(QString::fromLatin1(name), value);
    }
}

void PipelineWriting::empty(const char *element, Attributes attributes)
{
    start(element, attributes);
    end();
}

void PipelineWriting::writeHeader()
{
    start("Header", {});
    empty("Application", {{"name", QStringLiteral("Slipway")}});
    end();
}

void PipelineWriting::writeDictionary()
{
    start("DataDictionary", {{"numberOfFields", QString::number(m_pipeline.features.size() + 1)}});
    for (const PipelineFeature &feature : m_pipeline.features) {
        const bool continuous = feature.use == FieldUse::Continuous;
        start("DataField",
              {{"name", feature.name},
               {"optype", continuous ? QStringLiteral("continuous") : QStringLiteral("categorical")},
               {"dataType", dataType(feature.type, feature.use)}});
        for (const QString &level : continuous ? QStringList() : feature.levels)
            empty("Value", {{"value", level.isNull() ? QLatin1String("") : level}});
        end();
    }
    const bool number = m_pipeline.link == LinearLink::Identity;
    start("DataField",
          {{"name", m_pipeline.target},
           {"optype", number ? QStringLiteral("continuous") : QStringLiteral("categorical")},
           {"dataType", dataType(m_pipeline.targetType, number ? FieldUse::Continuous : FieldUse::Categorical)}});
    for (const QString &category : m_pipeline.classes)
        empty("Value", {{"value", category}});
    end();
    end();
}

void PipelineWriting::writeSchema()
{
    start("MiningSchema", {});
    for (const PipelineFeature &feature : m_pipeline.features) {
        QString replacement;
        if (feature.use == FieldUse::Continuous && feature.imputeValue)
            replacement = exact(*feature.imputeValue);
        else if (feature.use == FieldUse::Categorical && feature.imputeLevel)
            replacement = *feature.imputeLevel;
        QString invalid;
        if (feature.badCell == BadCell::AsMissing)
            invalid = QStringLiteral("asMissing");
        else if (feature.badCell == BadCell::Zeros)
            invalid = QStringLiteral("asIs");
        else
            invalid = QStringLiteral("returnInvalid");
        empty("MiningField",
              {{"name", feature.name},
               {"invalidValueTreatment", invalid},
               {"missingValueTreatment", replacement.isNull() ? QStringLiteral("returnInvalid") : QString()},
               {"missingValueReplacement", replacement}});
    }
    empty("MiningField", {{"name", m_pipeline.target}, {"usageType", QStringLiteral("target")}});
    end();
}

void PipelineWriting::writeScaling(const PipelineFeature &feature, const QString &name)
{
    const auto constant = [this](double number) {
        start("Constant", {{"dataType", QStringLiteral("double")}});
        m_xml.writeCharacters(exact(number));
        end();
    };
    start("DerivedField",
          {{"name", name}, {"optype", QStringLiteral("continuous")}, {"dataType", QStringLiteral("double")}});
    start("Apply", {{"function", QStringLiteral("/")}});
    start("Apply", {{"function", QStringLiteral("-")}});
    empty("FieldRef", {{"field", feature.name}});
    constant(feature.mean);
    end();
    constant(feature.scale);
    end();
    end();
}

void PipelineWriting::writeTransformations()
{
    start("LocalTransformations", {});
    for (int j = 0; j < m_pipeline.width(); ++j) {
        const DesignColumn &column = m_pipeline.columns.at(j);
        const PipelineFeature &feature = m_pipeline.features.at(column.feature);
        const QString &name = m_columnFields.at(j);
        if (name == feature.name)
            continue;
        if (column.level < 0) {
            writeScaling(feature, name);
            continue;
        }
        start("DerivedField",
              {{"name", name}, {"optype", QStringLiteral("continuous")}, {"dataType", QStringLiteral("double")}});
        const QString &level = feature.levels.at(column.level);
        empty("NormDiscrete", {{"field", feature.name}, {"value", level.isNull() ? QLatin1String("") : level}});
        end();
    }
    end();
}

void PipelineWriting::writeTable(int row, const QString &category)
{
    start("RegressionTable", {{"intercept", exact(m_pipeline.intercepts[size_t(row)])}, {"targetCategory", category}});
    for (int j = 0; j < m_pipeline.width(); ++j)
        empty("NumericPredictor",
              {{"name", m_columnFields.at(j)}, {"coefficient", exact(m_pipeline.coefficient(row, j))}});
    end();
}

void PipelineWriting::writeOutputs()
{
    if (m_pipeline.classes.isEmpty())
        return;
    start("Output", {});
    for (const QString &category : m_pipeline.classes)
        empty("OutputField",
              {{"name", QStringLiteral("probability(%1)").arg(category)},
               {"optype", QStringLiteral("continuous")},
               {"dataType", QStringLiteral("double")},
               {"feature", QStringLiteral("probability")},
               {"value", category}});
    end();
}

void PipelineWriting::writeSingle()
{
    const bool number = m_pipeline.link == LinearLink::Identity;
    const QString normalization = number       ? QString()
        : m_pipeline.link == LinearLink::Logit ? QStringLiteral("logit")
                                               : QStringLiteral("softmax");
    start("RegressionModel",
          {{"modelName", m_pipeline.name.isEmpty() ? QString() : m_pipeline.name},
           {"functionName", number ? QStringLiteral("regression") : QStringLiteral("classification")},
           {"normalizationMethod", normalization}});
    const bool plain = m_pipeline.threshold == 0.5 && m_pipeline.positive == 1;
    if (m_pipeline.link == LinearLink::Logit && !plain) {
        // Readers that do not know it take the more probable class; the probabilities are the same.
        empty("Extension",
              {{"extender", QStringLiteral("Slipway")},
               {"name", QStringLiteral("threshold")},
               {"value", exact(m_pipeline.threshold) + QLatin1Char(' ') + m_pipeline.classes.at(m_pipeline.positive)}});
    }
    writeSchema();
    writeOutputs();
    writeTransformations();
    if (number) {
        writeTable(0, {});
    } else if (m_pipeline.link == LinearLink::Logit) {
        writeTable(0, m_pipeline.classes.at(1));
        empty("RegressionTable", {{"intercept", QStringLiteral("0")}, {"targetCategory", m_pipeline.classes.at(0)}});
    } else {
        for (int k = 0; k < m_pipeline.rows(); ++k)
            writeTable(k, m_pipeline.classes.at(k));
    }
    writeVerification();
    end();
}

// One against the rest: a logistic regression for each class, and one that divides by their sum.
void PipelineWriting::writeChain()
{
    start("MiningModel",
          {{"modelName", m_pipeline.name.isEmpty() ? QString() : m_pipeline.name},
           {"functionName", QStringLiteral("classification")}});
    writeSchema();
    writeOutputs();
    writeTransformations();
    start("Segmentation", {{"multipleModelMethod", QStringLiteral("modelChain")}});
    for (int k = 0; k < m_pipeline.rows(); ++k)
        writeSegment(k);
    writeLastSegment();
    end();
    writeVerification();
    end();
}

void PipelineWriting::writeSegment(int row)
{
    start("Segment", {{"id", QString::number(row + 1)}});
    empty("True", {});
    start("RegressionModel",
          {{"functionName", QStringLiteral("regression")}, {"normalizationMethod", QStringLiteral("logit")}});
    start("MiningSchema", {});
    for (const PipelineFeature &feature : m_pipeline.features)
        empty("MiningField", {{"name", feature.name}});
    end();
    start("Output", {});
    empty("OutputField",
          {{"name", QStringLiteral("logistic(%1)").arg(m_pipeline.classes.at(row))},
           {"optype", QStringLiteral("continuous")},
           {"dataType", QStringLiteral("double")},
           {"feature", QStringLiteral("predictedValue")}});
    end();
    writeTable(row, {});
    end();
    end();
}

void PipelineWriting::writeLastSegment()
{
    start("Segment", {{"id", QString::number(m_pipeline.rows() + 1)}});
    empty("True", {});
    start("RegressionModel",
          {{"functionName", QStringLiteral("classification")}, {"normalizationMethod", QStringLiteral("simplemax")}});
    start("MiningSchema", {});
    for (const QString &category : m_pipeline.classes)
        empty("MiningField", {{"name", QStringLiteral("logistic(%1)").arg(category)}});
    empty("MiningField", {{"name", m_pipeline.target}, {"usageType", QStringLiteral("target")}});
    end();
    for (const QString &category : m_pipeline.classes) {
        start("RegressionTable", {{"intercept", QStringLiteral("0")}, {"targetCategory", category}});
        empty("NumericPredictor",
              {{"name", QStringLiteral("logistic(%1)").arg(category)}, {"coefficient", QStringLiteral("1")}});
        end();
    }
    end();
    end();
}

void PipelineWriting::writeVerification()
{
    const VerificationSample sample(m_pipeline);
    auto scorer = m_model.scorer({});
    if (!scorer)
        return;
    OutputBatch scored;
    (*scorer)->score(sample.batch(), scored);
    start("ModelVerification", {{"recordCount", QString::number(sample.batch().rows)}});
    start("VerificationFields", {});
    int column = 0;
    for (const PipelineFeature &feature : m_pipeline.features)
        empty("VerificationField", {{"field", feature.name}, {"column", QStringLiteral("c%1").arg(++column)}});
    for (const OutputField &output : (*scorer)->outputs())
        empty("VerificationField",
              {{"field", output.name},
               {"column", QStringLiteral("c%1").arg(++column)},
               {"precision", QStringLiteral("1e-10")},
               {"zeroThreshold", QStringLiteral("1e-16")}});
    end();
    start("InlineTable", {});
    for (int row = 0; row < sample.batch().rows; ++row)
        writeVerificationRow(sample.batch(), **scorer, scored, row);
    end();
    end();
}

void PipelineWriting::writeVerificationRow(const InputBatch &rows,
                                           const Scorer &scorer,
                                           const OutputBatch &scored,
                                           int row)
{
    int column = 0;
    const auto cell = [&](const QString &text) {
        ++column;
        if (!text.isNull())
            m_xml.writeTextElement(QStringLiteral("c%1").arg(column), text);
    };
    start("row", {});
    for (const InputColumn &input : rows.columns) {
        if (!input.texts.empty()) {
            const std::string_view text = input.texts[size_t(row)];
            cell(text.data() == nullptr ? QString() : QString::fromUtf8(text.data(), qsizetype(text.size())));
        } else {
            const double number = input.numbers[size_t(row)];
            cell(std::isnan(number) ? QString() : exact(number));
        }
    }
    for (qsizetype i = 0; i < scorer.outputs().size(); ++i) {
        const OutputColumn &output = scored.columns[size_t(i)];
        if (scorer.outputs()[i].type == FieldType::Text) {
            const int32_t code = output.codes[size_t(row)];
            cell(code < 0 ? QString() : QString::fromStdString(output.texts[size_t(code)]));
        } else {
            const double number = output.numbers[size_t(row)];
            cell(std::isnan(number) ? QString() : exact(number));
        }
    }
    end();
}

} // namespace scoring::pmml
