#pragma once
// "/orders/{external_id}/notes": a path with places for values, which are
// percent-encoded so that no value can change what the path means. Pure.
#include <string>
#include <string_view>
#include <vector>

#include "core/api/result.h"

namespace citybridge::erp_rest {

struct PathValues {
    std::string_view id;           // the message's key
    std::string_view order;        // our order id
    std::string_view external_id;  // the far side's number for it
    std::string_view kind;
};

class PathTemplate {
public:
    PathTemplate() = default;
    // Error "erp_rest.bad_path": why `text` is no path.
    static Result<PathTemplate> parse(std::string_view text);

    bool empty() const { return parts_.empty(); }
    // Error "erp_rest.cannot_address": a value that the path needs is not known or cannot stand in a path.
    Result<std::string> fill(const PathValues& values) const;

private:
    struct Part {
        std::string text;
        std::string_view PathValues::*value = nullptr;  // null: text alone
    };
    std::vector<Part> parts_;
};

}  // namespace citybridge::erp_rest
