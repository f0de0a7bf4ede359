// bench_nightly_limit FILE.db MODEL.txt OUT.csv: the passengers table of a SQLite database through one logistic
// regression into a file of predictions; bench_sqlite_limit loads that. Nothing is checked. MODEL.txt: what replaces a
// missing age, mean and scale of age, fare, siblings and parents, their coefficients, those of female and male, of the
// ports C, Q and S, of the classes 1, 2 and 3, and the intercept.
#include <sqlite3.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace {

constexpr size_t writeAt = 1 << 20;

struct Model
{
    double age;
    std::array<double, 8> preparation; // mean and scale of each number
    std::array<double, 4> numbers;
    std::array<double, 2> sexes;
    std::array<double, 3> ports;
    std::array<double, 3> classes;
    double intercept;
};

bool read(const char *path, Model &model)
{
    std::FILE *const file = std::fopen(path, "r");
    auto *const numbers = reinterpret_cast<double *>(&model);
    for (size_t i = 0; file && i < sizeof model / sizeof(double); ++i)
        if (std::fscanf(file, "%lf", numbers + i) != 1)
            return false;
    return file && std::fclose(file) == 0;
}

double probability(sqlite3_stmt *row, const Model &model)
{
    const double numbers[4] = {
        sqlite3_column_type(row, 3) == SQLITE_NULL ? model.age : sqlite3_column_double(row, 3),
        sqlite3_column_double(row, 6),
        double(sqlite3_column_int(row, 4)),
        double(sqlite3_column_int(row, 5)),
    };
    double z = model.intercept;
    for (size_t i = 0; i < 4; ++i)
        z += model.numbers[i] * ((numbers[i] - model.preparation[2 * i]) / model.preparation[2 * i + 1]);
    const auto *const sex = reinterpret_cast<const char *>(sqlite3_column_text(row, 2));
    z += model.sexes[sex && *sex == 'f' ? 0 : 1];
    const auto *const port = reinterpret_cast<const char *>(sqlite3_column_text(row, 7));
    z += model.ports[port && *port == 'C' ? 0 : port && *port == 'Q' ? 1 : 2];
    if (const int number = sqlite3_column_int(row, 1); number >= 1 && number <= 3)
        z += model.classes[size_t(number - 1)];
    return 1 / (1 + std::exp(-z));
}

} // namespace

int main(int argc, char **argv)
{
    Model model{};
    sqlite3 *database = nullptr;
    sqlite3_stmt *row = nullptr;
    if (argc != 4 || !read(argv[2], model))
        return 2;
    if (sqlite3_open_v2(argv[1], &database, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK)
        return 1;
    sqlite3_exec(database, "pragma mmap_size=4000000000", nullptr, nullptr, nullptr);
    const char *const query = "select PassengerId, Pclass, Sex, Age, SibSp, Parch, Fare, Embarked from passengers";
    if (sqlite3_prepare_v2(database, query, -1, &row, nullptr) != SQLITE_OK)
        return 1;
    const int out = ::open(argv[3], O_WRONLY | O_CREAT | O_TRUNC, 0644);
    std::vector<char> buffer(writeAt + 256);
    char *end = buffer.data();
    const auto append = [&end](std::string_view text) {
        std::memcpy(end, text.data(), text.size());
        end += text.size();
    };
    const auto flush = [&] {
        const auto size = size_t(end - buffer.data());
        end = buffer.data();
        return ::write(out, buffer.data(), size) == ssize_t(size);
    };
    append("PassengerId,Survived,Probability\n");
    while (sqlite3_step(row) == SQLITE_ROW) {
        const double p = probability(row, model);
        end = std::to_chars(end, end + 24, static_cast<long long>(sqlite3_column_int64(row, 0))).ptr;
        append(p >= 0.5 ? ",1," : ",0,");
        end = std::to_chars(end, end + 32, p).ptr;
        append("\n");
        if (size_t(end - buffer.data()) > writeAt && !flush())
            return 1;
    }
    sqlite3_finalize(row);
    sqlite3_close(database);
    return flush() && ::close(out) == 0 ? 0 : 1;
}
