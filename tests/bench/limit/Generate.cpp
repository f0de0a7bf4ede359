// Makes the data that all programs are measured with: bench_generate titanic|narrow ROWS > FILE.csv
// The same rows on every machine: the seed is fixed, and so is the order in which random numbers are drawn.
// titanic: twelve columns like the passenger list, with quoted names, doubled quotes, empty ages; narrow:
// id,qty,price,day.
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace {

class Random // splitmix64
{
public:
    double unit() { return double(next() >> 11) * (1.0 / 9007199254740992.0); }
    int below(uint32_t limit) { return int(((next() >> 32) * limit) >> 32); }
    template <size_t n> const char *oneOf(const std::array<const char *, n> &words) { return words[size_t(below(n))]; }

private:
    uint64_t next()
    {
        uint64_t z = (m_state += 0x9E3779B97F4A7C15U);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31);
    }
    uint64_t m_state = 20240607;
};

constexpr std::array surnames{"Braund",        "Cumings",    "Heikkinen", "Futrelle", "Allen",     "Moran",
                              "McCarthy",      "Palsson",    "Johnson",   "Nasser",   "Sandstrom", "Bonnell",
                              "Saundercock",   "Andersson",  "Vestrom",   "Hewlett",  "Rice",      "Williams",
                              "Vander Planke", "Masselmani", "Fynney",    "Beesley",  "O'Dwyer",   "Sloper",
                              "Asplund",       "Emir",       "Fortune",   "Todoroff", "Uruchurtu", "Spencer"};
constexpr std::array menNames{"Owen Harris",
                              "John Bradley",
                              "William Henry",
                              "James",
                              "Timothy J",
                              "Gosta Leonard",
                              "Oscar W",
                              "Nicholas",
                              "Ernst William",
                              "Charles Eugene",
                              "Edward",
                              "Lawrence",
                              "Karl Sj\xC3\xB6gren",
                              "Joseph J",
                              "Percival"};
constexpr std::array womenNames{"Laina",
                                "Florence Briggs Thayer",
                                "Lily May Peel",
                                "Marguerite Rut",
                                "Elizabeth",
                                "Anna Bernhardina",
                                "Augusta",
                                "Mary D Kingcome",
                                "Emelia Maria",
                                "Fatima",
                                "Anne",
                                "Torborg Danira",
                                "Ellen",
                                "Marjorie",
                                "Thamine"};
constexpr std::array nicknames{"Bertha", "Peg", "Kitty", "Queenie", "Maggie", "Bessie"};

template <typename... Values> std::string format(const char *pattern, Values... values)
{
    char text[256];
    const int length = std::snprintf(text, sizeof text, pattern, values...);
    return {text, size_t(length)};
}

std::string name(Random &random, bool woman)
{
    const char *const surname = random.oneOf(surnames);
    if (!woman) {
        const char *const first = random.oneOf(menNames);
        const char *const title = random.below(20) == 0 ? "Master" : "Mr";
        return format("\"%s, %s. %s\"", surname, title, first);
    }
    const char *const title = random.below(2) ? "Mrs" : "Miss";
    if (random.below(8) != 0)
        return format("\"%s, %s. %s\"", surname, title, random.oneOf(womenNames));
    const char *const nickname = random.oneOf(nicknames);
    return format("\"%s, %s. %s (\"\"%s\"\")\"", surname, title, random.oneOf(womenNames), nickname);
}

// Normally distributed about 29.7 years; every fifth is not known.
std::string age(Random &random, double &years)
{
    years = -1;
    if (random.below(100) < 20)
        return {};
    const double radius = std::sqrt(-2 * std::log(random.unit() + 1e-12));
    const double angle = std::cos(6.283185307 * random.unit());
    years = std::fabs(radius * angle * 14.5 + 29.7);
    years = years < 0.42 ? 0.42 : years > 80 ? 80 : years;
    if (years < 1)
        return format("%.2f", years);
    return random.below(40) == 0 ? format("%d.5", int(years)) : format("%d", int(years));
}

std::string ticket(Random &random)
{
    switch (random.below(4)) {
    case 0:
        return format("A/5 %d", 10000 + random.below(90000));
    case 1:
        return format("PC %d", 10000 + random.below(90000));
    default:
        return format("%d", 100000 + random.below(900000));
    }
}

double fare(Random &random, int passengerClass)
{
    const double first = random.unit();
    if (passengerClass == 1)
        return 30 + first * random.unit() * 300;
    return passengerClass == 2 ? 10 + first * 30 : 6 + first * 25;
}

void passengers(Random &random, long rows)
{
    std::puts("PassengerId,Survived,Pclass,Name,Sex,Age,SibSp,Parch,Ticket,Fare,Cabin,Embarked");
    for (long row = 1; row <= rows; ++row) {
        const bool woman = random.below(100) < 35;
        int draw = random.below(100);
        const int passengerClass = draw < 24 ? 1 : draw < 45 ? 2 : 3;
        const std::string passenger = name(random, woman);
        double years = 0;
        const std::string shownAge = age(random, years);
        draw = random.below(100);
        const int siblings = draw < 68 ? 0 : draw < 91 ? 1 : draw < 94 ? 2 : 3 + random.below(3);
        draw = random.below(100);
        const int parents = draw < 76 ? 0 : draw < 89 ? 1 : 2;
        const std::string number = ticket(random);
        const double price = fare(random, passengerClass);
        std::string cabin;
        if (random.below(100) < (passengerClass == 1 ? 80 : 8)) {
            const int door = 1 + random.below(140);
            cabin = format("%c%d", "ABCDE"[random.below(5)], door);
        }
        draw = random.below(1000);
        const char *const port = draw < 2 ? "" : draw < 724 ? "S" : draw < 912 ? "C" : "Q";
        const double chance = 1.0 + (woman ? 1.3 : -1.3) - 0.9 * (passengerClass - 2)
            - (years > 0 ? 0.03 * (years - 29) : 0) - 0.35 * siblings - 0.1 * parents + 0.002 * price
            + (port[0] == 'C' ? 0.3 : 0) - 1.0;
        const bool survived = random.unit() < 1 / (1 + std::exp(-chance));
        std::printf("%ld,%d,%d,%s,%s,%s,%d,%d,%s,%.4f,%s,%s\n",
                    row,
                    int(survived),
                    passengerClass,
                    passenger.c_str(),
                    woman ? "female" : "male",
                    shownAge.c_str(),
                    siblings,
                    parents,
                    number.c_str(),
                    price,
                    cabin.c_str(),
                    port);
    }
}

void sales(Random &random, long rows)
{
    std::puts("id,qty,price,day");
    for (long row = 1; row <= rows; ++row) {
        const int year = 2000 + random.below(25);
        const int month = 1 + random.below(12);
        const int day = 1 + random.below(28);
        const double price = random.unit() * 10000;
        std::printf("%ld,%d,%.4f,%04d-%02d-%02d\n", row, random.below(1000000), price, year, month, day);
    }
}

} // namespace

int main(int argc, char **argv)
{
    const std::string_view shape = argc > 1 ? argv[1] : "";
    const long rows = argc > 2 ? std::stol(argv[2]) : 0;
    if (rows <= 0 || (shape != "titanic" && shape != "narrow")) {
        std::fputs("usage: bench_generate titanic|narrow ROWS\n", stderr);
        return 2;
    }
    Random random;
    if (shape == "titanic")
        passengers(random, rows);
    else
        sales(random, rows);
    return std::fflush(stdout) == 0 && !std::ferror(stdout) ? 0 : 1;
}
