#include "adapters/asterisk/words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "adapters/asterisk/framer.h"

namespace citybridge::asterisk {
namespace {

constexpr std::size_t kMaxSuffix = 8;  // hex digits of a channel's counter

bool is_hex(std::string_view text) {
    return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

}  // namespace

std::string_view known(std::string_view value) { return value == "<unknown>" ? std::string_view{} : value; }

std::string unescaped(std::string_view name) {
    std::string out;
    out.reserve(name.size());
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char next = name[i] == '\\' && i + 1 < name.size() ? name[i + 1] : '\0';
        if (std::string_view("\\\"'?").find(next) != std::string_view::npos && next != '\0') {
            out.push_back(next);
            ++i;
        } else if (std::string_view("abfnrtv").find(next) != std::string_view::npos && next != '\0') {
            out.push_back(' ');
            ++i;
        } else {
            out.push_back(name[i]);
        }
    }
    return out;
}

std::string_view device_of(std::string_view channel_name) {
    // Halves of a Local channel end in ;1 and ;2, a channel being replaced in <ZOMBIE>.
    const std::string_view name = channel_name.substr(0, channel_name.find_first_of(";<"));
    const std::size_t dash = name.rfind('-');
    if (dash == std::string_view::npos) return name;
    const std::string_view suffix = name.substr(dash + 1);
    if (suffix.empty() || suffix.size() > kMaxSuffix || !is_hex(suffix)) return name;
    return name.substr(0, dash);
}

// Channels the PBX makes for itself: both halves of a Local pair, what plays
// into and records a conference, stand-ins. Nobody's phone is behind them.
bool is_helper(std::string_view channel_name) {
    constexpr std::array<std::string_view, 8> kTechnologies{"Local/",    "CBAnn/",   "CBRec/",     "Announcer/",
                                                            "Recorder/", "Message/", "Surrogate/", "Snoop/"};
    return std::any_of(kTechnologies.begin(), kTechnologies.end(),
                       [&](std::string_view technology) { return channel_name.starts_with(technology); });
}

bool is_number(std::string_view text) {
    return text.size() >= 2 && text.find_first_not_of("0123456789+*#") == std::string_view::npos;
}

bool is_phone_device(std::string_view device) {
    const std::size_t slash = device.find('/');
    if (slash == 0 || slash == std::string_view::npos || slash + 1 == device.size() || is_helper(device)) return false;
    return device.substr(0, slash).find(':') == std::string_view::npos;
}

std::string_view number_in(std::string_view dial_string) {
    std::string_view number = dial_string;
    if (const std::size_t at = number.find('@'); at != std::string_view::npos) number = number.substr(0, at);
    if (const std::size_t slash = number.rfind('/'); slash != std::string_view::npos) number = number.substr(slash + 1);
    for (const std::string_view scheme : {"sip:", "sips:", "tel:"}) {
        if (number.starts_with(scheme)) number.remove_prefix(scheme.size());
    }
    return number;
}

ChannelState channel_state(std::string_view number) {
    switch (to_int(number)) {
        case 2:  // off hook
        case 4: return ChannelState::calling;
        case 5: return ChannelState::ringing;
        case 6: return ChannelState::up;
        default: return ChannelState::down;
    }
}

DeviceStatus member_status(std::string_view number) {
    switch (to_int(number)) {
        case 1: return DeviceStatus::idle;
        case 2:
        case 3:
        case 7: return DeviceStatus::in_use;  // in use, busy, in use and ringing again
        case 4:
        case 5: return DeviceStatus::unavailable;
        case 6: return DeviceStatus::ringing;
        case 8: return DeviceStatus::on_hold;
        default: return DeviceStatus::unknown;
    }
}

DeviceStatus device_status(std::string_view word) {
    // In the order of member_status.
    constexpr std::array<std::string_view, 9> kWords{"UNKNOWN",     "NOT_INUSE", "INUSE",     "BUSY",  "INVALID",
                                                     "UNAVAILABLE", "RINGING",   "RINGINUSE", "ONHOLD"};
    for (std::size_t i = 0; i < kWords.size(); ++i) {
        if (equal_ignoring_case(kWords[i], word)) return member_status(std::string(1, static_cast<char>('0' + i)));
    }
    return DeviceStatus::unknown;
}

DialResult dial_result(std::string_view word) {
    // CONTINUE and GOTO: the called party was there and sent the caller elsewhere.
    if (word == "ANSWER" || word == "CONTINUE" || word == "GOTO") return DialResult::answered;
    if (word == "NOANSWER") return DialResult::no_answer;
    if (word == "BUSY") return DialResult::busy;
    if (word == "CANCEL" || word == "ABORT") return DialResult::cancelled;
    return DialResult::failed;  // CONGESTION, CHANUNAVAIL, ...
}

BridgeKind bridge_kind(std::string_view type, std::string_view technology, std::string_view creator) {
    if (type == "parking" || creator == "Parking") return BridgeKind::parking;
    if (technology == "softmix" || creator == "ConfBridge") return BridgeKind::conference;
    return BridgeKind::two_party;
}

Application application(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, Application>, 9> kTable{{
        {"VoiceMail", Application::voicemail},
        {"BackGround", Application::menu},
        {"BackgroundDetect", Application::menu},
        {"Read", Application::menu},
        {"WaitExten", Application::menu},
        {"ConfBridge", Application::conference},
        {"MeetMe", Application::conference},
        {"Park", Application::park},
        {"ParkAndAnnounce", Application::park},
    }};
    for (const auto& [word, meaning] : kTable) {
        if (equal_ignoring_case(word, name)) return meaning;
    }
    return Application::other;
}

int to_int(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} ? value : 0;
}

int seconds_of_duration(std::string_view hh_mm_ss) {
    constexpr int kMaxHours = 24 * 365;
    const std::size_t first = hh_mm_ss.find(':');
    const std::size_t last = hh_mm_ss.rfind(':');
    if (first == std::string_view::npos || first == last) return 0;
    const int hours = std::clamp(to_int(hh_mm_ss.substr(0, first)), 0, kMaxHours);
    const int minutes = std::clamp(to_int(hh_mm_ss.substr(first + 1)), 0, 59);
    const int seconds = std::clamp(to_int(hh_mm_ss.substr(last + 1)), 0, 59);
    return (hours * 60 + minutes) * 60 + seconds;
}

}  // namespace citybridge::asterisk
