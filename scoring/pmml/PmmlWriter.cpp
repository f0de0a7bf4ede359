#include "scoring/pmml/PmmlWriter.h"

#include "scoring/pmml/PipelineWriting.h"
#include "scoring/pmml/PmmlModel.h"
#include "scoring/training/LinearPipelineModel.h"

#include <QCoreApplication>

using engine::Error;
using engine::ErrorCode;
using engine::Result;

namespace scoring {

namespace {

struct PmmlWriterText
{
    Q_DECLARE_TR_FUNCTIONS(PmmlWriterText)
};

} // namespace

Result<QByteArray> writePmml(const Model &model, const QString &file)
{
    if (const auto *read = dynamic_cast<const pmml::PmmlModel *>(&model))
        return read->source();
    if (const auto *trained = dynamic_cast<const LinearPipelineModel *>(&model))
        return pmml::PipelineWriting(*trained, file).write();
    return Error{ErrorCode::Unsupported,
                 PmmlWriterText::tr("A model of the kind “%1” cannot be written as PMML. Linear models that were "
                                    "trained here can.")
                     .arg(model.description().algorithm),
                 file};
}

} // namespace scoring
