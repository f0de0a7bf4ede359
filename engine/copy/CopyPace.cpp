#include "engine/copy/CopyPace.h"

#include <algorithm>
#include <cmath>

namespace engine {

namespace {

constexpr std::chrono::seconds window{3};
constexpr std::chrono::seconds enough{1};

} // namespace

void CopyPace::add(Time at, qint64 rows, qint64 bytes)
{
    m_points.push_back({at, rows, bytes});
    while (m_points.size() > 2 && at - m_points.front().at > window)
        m_points.pop_front();
}

double CopyPace::perSecond(qint64 Point::*member) const
{
    if (m_points.size() < 2)
        return 0;
    const double seconds = std::chrono::duration<double>(m_points.back().at - m_points.front().at).count();
    return seconds > 0 ? double(m_points.back().*member - m_points.front().*member) / seconds : 0;
}

double CopyPace::rowsPerSecond() const { return perSecond(&Point::rows); }

double CopyPace::bytesPerSecond() const { return perSecond(&Point::bytes); }

std::optional<std::chrono::seconds> CopyPace::remaining(qint64 size) const
{
    const double rate = bytesPerSecond();
    if (size <= 0 || rate <= 0 || m_points.back().at - m_points.front().at < enough)
        return {};
    const qint64 left = std::max<qint64>(0, size - m_points.back().bytes);
    return std::chrono::seconds(qint64(std::ceil(double(left) / rate)));
}

} // namespace engine
