#pragma once

#include "engine/expression/Ast.h"

#include <optional>

namespace engine::expression {

// A value on its way through an evaluation: borrowed from the resolver or the tree, or owned.
class Value
{
public:
    const Json &json() const { return m_borrowed != nullptr ? *m_borrowed : m_own; }
    bool isOwned() const { return m_borrowed == nullptr; }
    void borrow(const Json &json) { m_borrowed = &json; }
    void set(Json &&json)
    {
        m_own = std::move(json);
        m_borrowed = nullptr;
    }
    // To be changed in place: a copy when it was borrowed.
    Json &own()
    {
        if (m_borrowed != nullptr)
            set(Json(*m_borrowed));
        return m_own;
    }
    Json take() { return m_borrowed != nullptr ? *m_borrowed : std::move(m_own); }

private:
    const Json *m_borrowed = nullptr;
    Json m_own;
};

class Evaluation;

// One call of a function while it is evaluated. Every fail…() records the error and returns false.
class Call
{
public:
    Call(Evaluation &evaluation, const FunctionCall &call, int position, Value *arguments, Value &result)
        : m_evaluation(evaluation)
        , m_call(call)
        , m_position(position)
        , m_arguments(arguments)
        , m_result(result)
    {
    }

    size_t count() const { return m_call.arguments.size(); }
    const Json &operator[](size_t index) const { return m_arguments[index].json(); }
    Value &argument(size_t index) { return m_arguments[index]; }
    bool evaluate(size_t index); // of lazy functions
    Instant now() const;

    // The argument when it has the type, else null after fail…().
    const std::string *text(size_t index);
    const std::string *optionalText(size_t index, const std::string &fallback);
    bool whole(size_t index, int64_t &out); // also 3.0
    bool boolean(size_t index, bool &out);
    bool number(size_t index); // is one?
    const Json *list(size_t index);

    bool give(Json value); // all give…() return true unless a limit is reached
    bool giveText(std::string text);
    bool giveArgument(size_t index);
    bool giveMember(size_t index, const Json &member); // one inside the argument

    bool fail(const QString &message);
    bool failAt(size_t index, const QString &message); // names the argument before the message
    bool failType(size_t index, const QString &wanted);

private:
    Evaluation &m_evaluation;
    const FunctionCall &m_call;
    int m_position;
    Value *m_arguments;
    Value &m_result;
};

// One evaluation of one tree, in one thread.
class Evaluation
{
public:
    explicit Evaluation(ValueResolver &resolver) : m_resolver(resolver) { }

    bool evaluate(const Node &node, Value &out); // false: error()
    const Error &error() const { return *m_error; }
    bool fail(int position, QString message, ErrorCode code = ErrorCode::InvalidInput);
    const ValueResolver &resolver() const { return m_resolver; }

private:
    bool call(const FunctionCall &call, int position, Value &out);
    bool root(const RootAccess &access, int position, Value &out);
    bool access(const Access &access, Value &out);
    bool step(const Step &step, Value &value);
    bool member(const Step &step, const std::string &name, Value &value);
    bool item(const Step &step, int64_t index, Value &value);
    bool interpolation(const Interpolation &text, Value &out);
    bool charge(const Json &json, int position);

    ValueResolver &m_resolver;
    std::optional<Error> m_error;
    size_t m_work = 0;
};

// The member of that name; when there is none, one whose name differs in case only. Null when there is neither.
const Json *findMember(const Json &object, std::string_view name);
QString typeName(const Json &json); // "String", "Array"
QString shortText(std::string_view text); // quoted for a message, cut when it is long

} // namespace engine::expression
