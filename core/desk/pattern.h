#pragma once
// A regular expression of a flow, compiled once when the flow is read. Matching
// is bounded in time: what a person typed cannot hold the strand up.
#include <memory>
#include <string>
#include <string_view>

namespace citybridge::desk {

class Pattern {
public:
    // Null: the expression is wrong, and `why` says it.
    static std::shared_ptr<const Pattern> compile(const std::string& expression, std::string& why);
    virtual ~Pattern() = default;
    // The whole of it. Text that takes too long to judge does not match.
    virtual bool matches(std::string_view utf8) const = 0;
};

}  // namespace citybridge::desk
