#pragma once
// What settings of plugins may call a host, a port and a country.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace citybridge {

// A name or an address, IPv6 without brackets; no scheme, no port.
inline bool is_host(std::string_view host) {
    return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
               c == '_' || c == ':';
    });
}

// "host", "host:8472" or "[::1]:8472".
inline bool is_host_and_port(std::string_view text) {
    const bool bracketed = text.starts_with('[');
    const auto end = bracketed ? text.find(']') : text.find(':');
    if (bracketed && end == std::string_view::npos) return false;
    const std::string_view host = bracketed ? text.substr(1, end - 1) : text.substr(0, end);
    std::string_view rest = end == std::string_view::npos ? std::string_view{} : text.substr(end + (bracketed ? 1 : 0));
    if (!is_host(host) || (!bracketed && host.find(':') != std::string_view::npos)) return false;
    if (rest.empty()) return true;
    if (!rest.starts_with(':')) return false;
    rest.remove_prefix(1);
    std::uint16_t port = 0;
    const auto [stop, bad] = std::from_chars(rest.data(), rest.data() + rest.size(), port);
    return bad == std::errc{} && stop == rest.data() + rest.size() && port != 0;
}

// "86": digits only. Empty: none.
inline bool is_country_code(std::string_view text) {
    return text.size() <= 3 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace citybridge
