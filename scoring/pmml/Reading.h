#pragma once

#include "engine/base/Result.h"
#include "scoring/pmml/field/CellType.h"
#include "scoring/pmml/field/Texts.h"
#include "scoring/pmml/xml/Document.h"

#include <QString>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scoring::pmml {

struct Function;

// A model file while it is read: where errors go, what is shared out to the parts of the model. The first error counts;
// whoever reads on after it reads nonsense that nobody sees.
class Reading
{
public:
    explicit Reading(const QString &file);
    ~Reading();
    Q_DISABLE_COPY_MOVE(Reading)

    void fail(const Node &at, const QString &message, engine::ErrorCode code = engine::ErrorCode::InvalidInput);
    void refuse(const Node &at, const QString &what); // Unsupported, names it
    bool failed() const { return m_error.has_value(); }
    const engine::Error &error() const { return *m_error; }

    int newSlot();
    int newOutcome();
    int newScratch(const Node &at, size_t size); // index of the first of so many numbers
    int slotCount() const { return m_slots; }
    int outcomeCount() const { return m_outcomes; }
    int scratchCount() const { return int(m_scratch); }

    std::string_view required(const Node &at, std::string_view attribute);
    double number(const Node &at, std::string_view attribute);
    double numberOr(const Node &at, std::string_view attribute, double fallback);
    int countOr(const Node &at, std::string_view attribute, int fallback); // 0 or more
    bool boolOr(const Node &at, std::string_view attribute, bool fallback);
    Type typeOr(const Node &at, std::string_view attribute, Type fallback);

    // The items of an Array: separated by blanks, "quoted ones" with \" inside.
    std::vector<std::string> words(const Node &array);
    // Of an Array of numbers, or a sparse one; empty `at` gives none.
    std::vector<double> numbers(const Node &array);

    // A constant for a field of that type: kept as a text, never equal to one of the field's values, when it is none.
    Value constant(std::string_view text, Type type) { return parseConstant(text, type); }

    Texts texts;
    std::map<std::string, std::shared_ptr<Function>, std::less<>> functions; // DefineFunction, and those called
    int depth = 0; // of derived fields and functions that are being read because another one needs them

private:
    Value parseConstant(std::string_view text, Type type);

    QString m_file;
    std::optional<engine::Error> m_error;
    int m_slots = 0;
    int m_outcomes = 0;
    size_t m_scratch = 0;
};

inline QString quoted(std::string_view text) { return QString::fromUtf8(text.data(), qsizetype(text.size())); }

} // namespace scoring::pmml
