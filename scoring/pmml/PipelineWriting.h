#pragma once

#include "engine/base/Result.h"
#include "scoring/training/LinearPipelineModel.h"

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QXmlStreamWriter>

#include <initializer_list>
#include <utility>

namespace scoring::pmml {

// One pipeline on its way into a PMML file.
class PipelineWriting
{
public:
    PipelineWriting(const LinearPipelineModel &model, const QString &file); // borrowed

    engine::Result<QByteArray> write();

private:
    using Attributes = std::initializer_list<std::pair<const char *, QString>>;

    engine::Result<> checked() const;
    void nameFields();
    void empty(const char *element, Attributes attributes);
    void start(const char *element, Attributes attributes);
    void end() { m_xml.writeEndElement(); }

    void writeHeader();
    void writeDictionary();
    void writeSchema();
    void writeTransformations();
    void writeScaling(const PipelineFeature &feature, const QString &name);
    void writeSingle();
    void writeTable(int row, const QString &category);
    void writeChain();
    void writeSegment(int row);
    void writeLastSegment();
    void writeOutputs();
    void writeVerification();
    void writeVerificationRow(const InputBatch &rows, const Scorer &scorer, const OutputBatch &scored, int row);

    const LinearPipelineModel &m_model;
    const LinearPipeline &m_pipeline;
    QString m_file;
    QByteArray m_bytes;
    QXmlStreamWriter m_xml;
    QStringList m_columnFields; // beside LinearPipeline::columns: the field each one is in the file
};

} // namespace scoring::pmml
