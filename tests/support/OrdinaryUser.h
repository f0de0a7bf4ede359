#pragma once

#include <vector>

#include <sys/types.h>

namespace tests {

// Permissions mean nothing to root: while this lives, the test is an ordinary user whom nothing of root's belongs to.
// Does nothing when the test is one already.
class OrdinaryUser
{
public:
    OrdinaryUser();
    ~OrdinaryUser();
    OrdinaryUser(const OrdinaryUser &) = delete;
    OrdinaryUser &operator=(const OrdinaryUser &) = delete;

private:
    bool m_wasRoot;
    std::vector<gid_t> m_groups;
};

} // namespace tests
