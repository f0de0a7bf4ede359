#pragma once

#include "designer/properties/Field.h"
#include "designer/properties/RecordTable.h"

#include <functional>

namespace designer {

// A list or an object of the JSON as a small table.
class RecordsField final : public Field
{
    Q_OBJECT

public:
    struct Codec
    {
        std::function<QList<Record>(const engine::Json &)> read;
        std::function<engine::Json(const QList<Record> &)> write;
        std::function<QString(const QList<Record> &)> mistake; // may be empty
        std::function<Record(const QList<Record> &)> fresh; // what New adds
        bool removesEmpty = false; // an empty list is absent
        QString summary = {}; // label above the table; empty = none
    };

    RecordsField(QList<RecordColumn> columns, const RecordTable::Words &words, Codec codec, QWidget *parent = nullptr);

    RecordTable &table() { return *m_table; }
    void setValue(const engine::Json &value) override;
    engine::Json value() const override;
    QString mistake() const override;
    QWidget *editor() override;
    bool isWide() const override { return true; }
    void setFills(bool fills) override { m_table->setFills(fills); }

private:
    RecordTable *m_table;
    Codec m_codec;
    engine::Json m_value;
    bool m_isEdited = false;
    bool m_isSetting = false;
};

// The fields of the usual lists.
RecordsField *typedValuesField(const QString &objectName, bool areVariables);
RecordsField *globalParametersField();
RecordsField *userPropertiesField();
RecordsField *annotationsField();
RecordsField *textsField(const QString &title); // of expressions or texts, in their order
RecordsField *headersField();
RecordsField *typedArgumentsField(const QString &title);
RecordsField *returnValuesField();
RecordsField *metadataFieldsField(const QStringList &fields);

} // namespace designer
