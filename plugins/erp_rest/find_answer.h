#pragma once
// What the ERP's JSON says: the number of a record, and whether a search found
// our message. Pure.
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "core/api/capabilities.h"
#include "core/api/http.h"

namespace citybridge::erp_rest {

using Pointer = nlohmann::json::json_pointer;

// Text or a whole number at `pointer`; empty: nothing of the kind is there, or the body is no JSON.
std::string external_id_in(std::string_view body, const Pointer& pointer);

struct FindRules {
    Pointer id = Pointer();      // the external id
    Pointer key = Pointer();     // our key as the ERP stored it
    bool check_key = true;       // what was found must carry our key
    bool absent_by_404 = false;  // else: by an empty list where the record should be
};

FindReply find_reply(const HttpOutcome& outcome, const FindRules& rules, std::string_view key);

}  // namespace citybridge::erp_rest
