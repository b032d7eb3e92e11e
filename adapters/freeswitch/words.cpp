#include "adapters/freeswitch/words.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <utility>

namespace citybridge::freeswitch {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

template <class Value, std::size_t N>
Value look_up(const std::array<std::pair<std::string_view, Value>, N>& table, std::string_view word, Value otherwise) {
    const auto row = std::find_if(table.begin(), table.end(), [&](const auto& r) { return r.first == word; });
    return row != table.end() ? row->second : otherwise;
}

}  // namespace

std::string_view bare_user(std::string_view name) { return name.substr(0, name.find('@')); }

ChannelName channel_name(std::string_view name) {
    ChannelName out;
    const std::size_t first = name.find('/');
    out.technology = name.substr(0, first);
    if (first == std::string_view::npos) return out;
    std::string_view rest = name.substr(first + 1);
    const std::size_t second = rest.find('/');
    if (out.technology == "sofia" && second != std::string_view::npos) {
        out.profile = rest.substr(0, second);
        rest.remove_prefix(second + 1);
    }
    for (const std::string_view scheme : {"sip:", "sips:"}) {
        if (rest.starts_with(scheme)) rest.remove_prefix(scheme.size());
    }
    out.address = rest;
    return out;
}

bool is_helper(std::string_view name) {
    constexpr std::array<std::string_view, 3> kTechnologies{"loopback", "null", "error"};
    const std::string_view technology = channel_name(name).technology;
    return std::find(kTechnologies.begin(), kTechnologies.end(), technology) != kTechnologies.end();
}

bool is_number(std::string_view text) {
    return text.size() >= 2 && text.find_first_not_of("0123456789+*#") == std::string_view::npos;
}

bool is_extension(std::string_view text) {
    return !text.empty() && text.size() <= 6 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string_view party_name(std::string_view name, std::string_view number) {
    return name == "Outbound Call" || name == number ? std::string_view{} : name;
}

DialResult dial_result(std::string_view cause) {
    constexpr std::array<std::pair<std::string_view, DialResult>, 9> kTable{{
        {"NO_ANSWER", DialResult::no_answer},
        {"NO_USER_RESPONSE", DialResult::no_answer},
        {"ALLOTTED_TIMEOUT", DialResult::no_answer},
        {"USER_BUSY", DialResult::busy},
        {"CALL_REJECTED", DialResult::rejected},
        {"ORIGINATOR_CANCEL", DialResult::cancelled},
        {"LOSE_RACE", DialResult::cancelled},
        {"PICKED_OFF", DialResult::cancelled},
        {"NORMAL_CLEARING", DialResult::cancelled},
    }};
    return look_up(kTable, cause, DialResult::failed);
}

std::string reason_of_cause(std::string_view cause) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kTable{{
        {"USER_BUSY", "busy"},
        {"NO_ANSWER", "no_answer"},
        {"NO_USER_RESPONSE", "no_answer"},
        {"ALLOTTED_TIMEOUT", "no_answer"},
        {"CALL_REJECTED", "rejected"},
        {"USER_NOT_REGISTERED", "unreachable"},
        {"SUBSCRIBER_ABSENT", "unreachable"},
        {"DESTINATION_OUT_OF_ORDER", "unreachable"},
        {"NETWORK_OUT_OF_ORDER", "unreachable"},
        {"RECOVERY_ON_TIMER_EXPIRE", "unreachable"},
        {"GATEWAY_DOWN", "unreachable"},
        {"UNALLOCATED_NUMBER", "no_such_number"},
        {"NO_ROUTE_DESTINATION", "no_such_number"},
        {"INVALID_NUMBER_FORMAT", "no_such_number"},
    }};
    return std::string(look_up(kTable, cause, std::string_view("failed")));
}

// RINGING of a caller says nothing: a menu that sends him on shows it too. ACTIVE and its kin need an answer.
ChannelState channel_state(std::string_view call_state, bool outbound) {
    constexpr std::array<std::pair<std::string_view, ChannelState>, 4> kTable{{
        {"DOWN", ChannelState::down},
        {"DIALING", ChannelState::down},
        {"RINGING", ChannelState::ringing},
        {"EARLY", ChannelState::ringing},
    }};
    const ChannelState state = look_up(kTable, call_state, ChannelState::up);
    return state != ChannelState::up && !outbound ? ChannelState::calling : state;
}

Application application(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, Application>, 8> kTable{{
        {"voicemail", Application::voicemail},
        {"ivr", Application::menu},
        {"play_and_get_digits", Application::menu},
        {"read", Application::menu},
        {"play_and_detect_speech", Application::menu},
        {"conference", Application::conference},
        {"park", Application::park},
        {"valet_park", Application::park},
    }};
    return look_up(kTable, name, Application::other);
}

bool is_plain_word(std::string_view text) {
    return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) <= ' ' ||
               std::string_view("'\"{}[]<>,;|^&$`\\()").find(c) != std::string_view::npos;
    });
}

bool is_uuid(std::string_view text) {
    constexpr std::size_t kLength = 36;
    if (text.size() != kLength) return false;
    for (std::size_t i = 0; i < kLength; ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const bool hex = std::string_view("0123456789abcdefABCDEF").find(text[i]) != std::string_view::npos;
        if (dash ? text[i] != '-' : !hex) return false;
    }
    return true;
}

std::string uuid_of(std::string_view text) {
    if (is_uuid(text)) return std::string(text);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
    digest[6] = static_cast<unsigned char>((digest[6] & 0x0FU) | 0x80U);  // version 8
    digest[8] = static_cast<unsigned char>((digest[8] & 0x3FU) | 0x80U);  // variant 10
    std::string out;
    for (std::size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
        out += kHexDigits[digest[i] >> 4U];
        out += kHexDigits[digest[i] & 15U];
    }
    return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> out;
    for (std::size_t begin = 0;;) {
        const std::size_t end = text.find(separator, begin);
        out.push_back(text.substr(begin, end == std::string_view::npos ? end : end - begin));
        if (end == std::string_view::npos) return out;
        begin = end + 1;
    }
}

}  // namespace citybridge::freeswitch
