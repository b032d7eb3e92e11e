#pragma once
// One plugin instance's HttpClient: which origins it may reach.
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/http.h"
#include "core/api/link.h"
#include "core/host/http_origin.h"

namespace citybridge {

class HostHttpClient final : public HttpClient {
public:
    HostHttpClient(Lane& lane, std::vector<std::string> node_allows);

    bool allow(std::string_view url) override;
    void send(HttpOutgoing request, std::function<void(HttpOutcome)> done) override;

private:
    Lane& lane_;
    const std::vector<std::string> node_allows_;
    std::set<HttpOrigin> origins_;  // lane only
};

}  // namespace citybridge
