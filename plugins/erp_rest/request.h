#pragma once
// An outbox message as an HTTP request to the ERP. Pure.
#include <string>
#include <vector>

#include "core/api/http.h"
#include "core/api/records.h"
#include "core/api/result.h"
#include "plugins/erp_rest/path_template.h"

namespace citybridge::erp_rest {

// Where one kind of message goes.
struct Route {
    std::string kind;  // empty: every other kind
    std::string method;
    PathTemplate path;
};

struct Target {
    std::string base;  // without / at its end
    std::vector<Route> routes;
    PathTemplate find_path;
    HttpHeaders headers;     // of every request: authentication
    std::string key_header;  // empty: none
    std::string key_field;   // empty: none
    Millis connect_timeout{};
    Millis timeout{};
    std::string ca_file;
};

// `known_external_id`: the far side's number of the order, if an earlier message learned it.
// Errors: "erp_rest.bad_payload", "erp_rest.cannot_address".
Result<HttpOutgoing> delivery_request(const Target& target, const OutboxRecord& message,
                                      const std::string& known_external_id);
Result<HttpOutgoing> find_request(const Target& target, const OutboxRecord& message,
                                  const std::string& known_external_id);

}  // namespace citybridge::erp_rest
