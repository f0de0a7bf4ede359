#include "tests/support/OrdinaryUser.h"

#include <QtGlobal>

#include <algorithm>

#include <grp.h>
#include <unistd.h>

namespace tests {

constexpr uid_t nobody = 65534;
constexpr gid_t noGroup = 65534;

OrdinaryUser::OrdinaryUser() : m_wasRoot(::geteuid() == 0)
{
    if (!m_wasRoot)
        return;
    m_groups.resize(size_t(std::max(0, ::getgroups(0, nullptr))));
    if (::getgroups(int(m_groups.size()), m_groups.data()) < 0 || ::setgroups(0, nullptr) != 0
        || ::setresgid(noGroup, noGroup, 0) != 0 || ::setresuid(nobody, nobody, 0) != 0)
        qFatal("cannot become an ordinary user");
}

OrdinaryUser::~OrdinaryUser()
{
    if (!m_wasRoot)
        return;
    if (::setresuid(0, 0, 0) != 0 || ::setresgid(0, 0, 0) != 0 || ::setgroups(m_groups.size(), m_groups.data()) != 0)
        qFatal("cannot become root again");
}

} // namespace tests
