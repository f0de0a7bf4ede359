#pragma once

#include "engine/expression/Ast.h"

namespace engine::expression {

// The tree of dynamic content as it stands in a file. Errors: `where` is "character N".
Result<std::shared_ptr<const Ast>> parse(const QString &text);

// Whether the text is "@…" or has an unescaped "@{" in it.
bool isDynamicText(std::string_view text);

} // namespace engine::expression
