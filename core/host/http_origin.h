#pragma once
// Where a request may go: scheme, host and port of a url, read by the same
// parser that later connects, so that the two cannot disagree about a url.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace citybridge {

struct HttpOrigin {
    std::string scheme;  // "http" or "https"
    std::string host;    // lower case; an IPv6 address in brackets
    std::uint16_t port = 0;

    friend auto operator<=>(const HttpOrigin&,
                            const HttpOrigin&) = default;  // NOLINT(modernize-use-nullptr): no pointer
};

// Nothing: no absolute http(s) url, or one with user information.
std::optional<HttpOrigin> origin_of(std::string_view url);

// One entry of HostOptions::outgoing_allow is "host" (every port), "host:port" or "[v6]:port".
// An empty list allows every origin.
bool on_allow_list(const HttpOrigin& origin, const std::vector<std::string>& entries);

// "https://erp.example:443", for people.
std::string to_string(const HttpOrigin& origin);

}  // namespace citybridge
