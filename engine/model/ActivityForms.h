#pragma once

#include "engine/model/ActivityDescriptor.h"

namespace engine {

// The descriptors one by one, for ActivityDescriptor.cpp. Texts are translated when called.

// MoveForms.cpp
ActivityDescriptor copyDescriptor();
QList<PropertyDescriptor> copySourceProperties(); // CopySourceForms.cpp
QList<PropertyDescriptor> copySinkProperties(); // CopySinkForms.cpp

// NotebookForms.cpp
ActivityDescriptor databricksNotebookDescriptor();
ActivityDescriptor synapseNotebookDescriptor();
ActivityDescriptor tridentNotebookDescriptor();
ActivityDescriptor sparkPythonDescriptor();

// StoreForms.cpp: what reads or changes a store
ActivityDescriptor lookupDescriptor();
ActivityDescriptor getMetadataDescriptor();
ActivityDescriptor deleteDescriptor();
ActivityDescriptor validationDescriptor();
ActivityDescriptor scriptDescriptor();
ActivityDescriptor storedProcedureDescriptor();

// GeneralForms.cpp
ActivityDescriptor setVariableDescriptor();
ActivityDescriptor appendVariableDescriptor();
ActivityDescriptor executePipelineDescriptor();
ActivityDescriptor waitDescriptor();
ActivityDescriptor failDescriptor();

// WebForms.cpp
ActivityDescriptor webDescriptor();
ActivityDescriptor webHookDescriptor();
ActivityDescriptor azureFunctionDescriptor();

// IterationForms.cpp: iteration and conditionals
ActivityDescriptor forEachDescriptor();
ActivityDescriptor ifConditionDescriptor();
ActivityDescriptor switchDescriptor();
ActivityDescriptor untilDescriptor();
ActivityDescriptor filterDescriptor();

} // namespace engine
