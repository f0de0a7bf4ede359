#include "engine/expression/Expression.h"

#include "engine/expression/Parser.h"

namespace engine {

Expression::Expression(std::shared_ptr<const expression::Ast> ast) : m_ast(std::move(ast)) { }

Result<Expression> Expression::parse(const QString &text)
{
    Result<std::shared_ptr<const expression::Ast>> ast = expression::parse(text);
    if (!ast)
        return ast.error();
    return Expression(*std::move(ast));
}

Expression Expression::fromAst(std::shared_ptr<const expression::Ast> ast) { return Expression(std::move(ast)); }

QString Expression::text() const { return expression::print(*m_ast); }

const QList<ExpressionReference> &Expression::references() const { return m_ast->references; }

} // namespace engine
