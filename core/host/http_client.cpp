#include "core/host/http_client.h"

namespace citybridge {

HostHttpClient::HostHttpClient(Lane& lane, std::vector<std::string> node_allows)
    : lane_(lane), node_allows_(std::move(node_allows)) {}

bool HostHttpClient::allow(std::string_view url) {
    auto origin = origin_of(url);
    if (!origin || !on_allow_list(*origin, node_allows_)) return false;
    origins_.insert(std::move(*origin));
    return true;
}

void HostHttpClient::send(HttpOutgoing request, std::function<void(HttpOutcome)> done) {
    const auto origin = origin_of(request.url);
    HttpOutcome outcome;
    outcome.progress = HttpProgress::not_sent;
    outcome.code = origin && origins_.contains(*origin) ? "http.busy" : "http.refused_origin";
    lane_.post([done = std::move(done), outcome = std::move(outcome)] { done(outcome); });
}

}  // namespace citybridge
