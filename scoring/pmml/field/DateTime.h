#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace scoring::pmml {

// A date, a time of day, or both.
struct Moment
{
    bool hasDate = false;
    int year = 1970;
    int month = 1; // 1 to 12
    int day = 1;
    double secondOfDay = 0;
};

// ISO 8601: "2020-03-31", "13:45:00.5", "2020-03-31T13:45:00Z"; a zone is read over. Wrong dates are none.
std::optional<Moment> parseMoment(std::string_view text);

int64_t daysSince(const Moment &moment, int year); // whole days since 1 January of that year
double secondsSince(const Moment &moment, int year);
Moment momentOf(double secondsSince1970);

// As strftime of the C locale does; an unknown letter stays as it is.
std::string formatMoment(const Moment &moment, std::string_view pattern);

} // namespace scoring::pmml
