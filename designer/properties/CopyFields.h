#pragma once

#include "designer/properties/FieldBinding.h"
#include "designer/properties/Fields.h"
#include "engine/model/ActivityDescriptor.h"

class QLabel;
class QPushButton;

namespace designer {

class EditScope;
class RecordsField;

// What only a copy's Source and Sink tabs have. GUI thread; the scope outlives the fields.

// Which files of the dataset are read, by what is there in "storeSettings": the dataset's own, by a prefix, wildcards
// or a list of files. A choice that the store does not have is not offered.
Field *filePathModeField(EditScope &scope);
FieldAccess filePathModeAccess(EditScope &scope);

// The table, a query or a stored procedure, by what is there in the source.
Field *queryModeField(EditScope &scope);
FieldAccess queryModeAccess(EditScope &scope);

RecordsField *additionalColumnsField();

// A number that stands beside the activity, in .slipway/options: what Data Factory has no word for.
Field *engineOptionField(const engine::PropertyDescriptor &property);
FieldAccess engineOptionAccess(const engine::PropertyDescriptor &property, EditScope &scope);

// A pre-copy script with "Dry run": the engine runs it and takes it back, and says what it would change.
class PreCopyField final : public LongTextField
{
    Q_OBJECT

public:
    explicit PreCopyField(EditScope &scope, QWidget *parent = nullptr);

    void setValue(const engine::Json &value) override;

private:
    void dryRun();
    void forget();
    void answered(const engine::Result<engine::Json> &answer);
    void say(const char *look, const QString &text);

    EditScope &m_scope;
    QPushButton *m_button;
    QLabel *m_result;
    int m_request = 0;
    bool m_isAsking = false;
};

} // namespace designer
