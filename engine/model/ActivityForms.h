#pragma once

#include "engine/model/ActivityDescriptor.h"

namespace engine {

// The descriptors one by one, for ActivityDescriptor.cpp. Texts are translated when called.
ActivityDescriptor copyDescriptor();
ActivityDescriptor databricksNotebookDescriptor();
ActivityDescriptor synapseNotebookDescriptor();
ActivityDescriptor tridentNotebookDescriptor();

} // namespace engine
