// What both limit programs of the nightly job share: the logistic regression and the file of predictions. Nothing is
// checked.
#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace limit {

// Its file holds these numbers in this order.
struct NightlyModel
{
    double age; // replaces a missing one
    std::array<double, 8> preparation; // mean and scale of each number
    std::array<double, 4> numbers; // coefficients: age, fare, siblings, parents
    std::array<double, 2> sexes; // female, male
    std::array<double, 3> ports; // C, Q, S
    std::array<double, 3> classes; // 1, 2, 3
    double intercept;

    bool read(const char *path)
    {
        std::FILE *const file = std::fopen(path, "r");
        auto *const all = reinterpret_cast<double *>(this);
        for (size_t i = 0; file && i < sizeof *this / sizeof(double); ++i)
            if (std::fscanf(file, "%lf", all + i) != 1)
                return false;
        return file && std::fclose(file) == 0;
    }

    // `of` holds age, fare, siblings, parents.
    double probability(const std::array<double, 4> &of, char sex, char port, int passengerClass) const
    {
        double z = intercept;
        for (size_t i = 0; i < 4; ++i)
            z += numbers[i] * ((of[i] - preparation[2 * i]) / preparation[2 * i + 1]);
        z += sexes[sex == 'f' ? 0 : 1];
        z += ports[port == 'C' ? 0 : port == 'Q' ? 1 : 2];
        if (passengerClass >= 1 && passengerClass <= 3)
            z += classes[size_t(passengerClass - 1)];
        return 1 / (1 + std::exp(-z));
    }
};

inline constexpr const char *nightlyQuery =
    R"(select "PassengerId", "Pclass", "Sex", "Age", "SibSp", "Parch", "Fare", "Embarked" from passengers)";

class Predictions
{
public:
    explicit Predictions(const char *path) : m_file(::open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644))
    {
        append("PassengerId,Survived,Probability\n");
    }

    bool add(long long id, double p)
    {
        m_end = std::to_chars(m_end, m_end + 24, id).ptr;
        append(p >= 0.5 ? ",1," : ",0,");
        m_end = std::to_chars(m_end, m_end + 32, p).ptr;
        append("\n");
        return size_t(m_end - m_buffer.data()) <= writeAt || flush();
    }
    bool close() { return flush() && ::close(m_file) == 0; }

private:
    static constexpr size_t writeAt = 1 << 20;

    void append(std::string_view text)
    {
        std::memcpy(m_end, text.data(), text.size());
        m_end += text.size();
    }
    bool flush()
    {
        const auto size = size_t(m_end - m_buffer.data());
        m_end = m_buffer.data();
        return ::write(m_file, m_buffer.data(), size) == ssize_t(size);
    }

    int m_file;
    std::vector<char> m_buffer = std::vector<char>(writeAt + 256);
    char *m_end = m_buffer.data();
};

} // namespace limit
