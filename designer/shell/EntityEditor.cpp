#include "designer/shell/EntityEditor.h"

#include "moc_EntityEditor.cpp"
