#pragma once
// The node's own sections of the configuration: one table each, from which
// parser, check, --describe and documentation are made.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/api/settings.h"
#include "core/host/config_file.h"

namespace citybridge {

// <listen>: where the API is served and how much it lets in.
struct ListenSettings {
    std::string address;
    std::int64_t port = 0;
    std::int64_t max_connections = 0;
    std::int64_t max_streams = 0;
    std::int64_t worker_threads = 0;
    std::int64_t request_timeout_ms = 0;
    std::int64_t idle_timeout_ms = 0;
};

// <calls>: how the live strand reads what the PBX says.
struct CallsSettings {
    std::string agent_number_digits;  // "3-5", as written
    std::int64_t agent_digits_min = 0;
    std::int64_t agent_digits_max = 0;
    std::int64_t wrap_up_seconds = 0;
    std::string region;
    std::string outside_prefix;
    std::int64_t queue_signals = 0;
};

struct SectionDoc {
    std::string_view element;
    SettingsDoc doc;
};
std::span<const SectionDoc> node_sections();
std::span<const std::string_view> node_section_names();

// Appends problems; on any, the result is not to be used.
ListenSettings listen_settings(const NodeConfig& config, Problems& problems);
CallsSettings calls_settings(const NodeConfig& config, Problems& problems);

// "3-5" or "4": how many digits, each from 1 to 20. Nothing for anything else.
struct DigitRange {
    int min = 0;
    int max = 0;
};
std::optional<DigitRange> parse_digit_range(std::string_view text);

}  // namespace citybridge
