#include "core/api/delivery_text.h"

#include <date/date.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <locale>
#include <sstream>

#include "core/api/text.h"

namespace citybridge {
namespace {

constexpr std::size_t kMaxWaits = 100;
constexpr Millis kLongestWait = std::chrono::days(30);

struct Unit {
    std::string_view name;
    Millis length;
};
constexpr std::array<Unit, 5> kUnits{{{"ms", Millis(1)},
                                      {"s", std::chrono::seconds(1)},
                                      {"m", std::chrono::minutes(1)},
                                      {"h", std::chrono::hours(1)},
                                      {"d", std::chrono::days(1)}}};

// A wait is checked before it is multiplied: a long row of digits must not wrap around.
std::optional<Millis> parse_wait(std::string_view text) {
    std::int64_t count = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, count);
    if (error != std::errc() || count <= 0) return {};
    const std::string_view name = trimmed({rest, static_cast<std::size_t>(end - rest)});
    const auto* const unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) { return u.name == name; });
    if (unit == kUnits.end() || count > kLongestWait / unit->length) return {};
    return count * unit->length;
}

std::optional<WallTime> parse_http_date(const std::string& text) {
    // IMF-fixdate, the obsolete form of RFC 850, and asctime's.
    for (const char* format : {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"}) {
        std::istringstream in(text);
        in.imbue(std::locale::classic());
        WallTime out;
        in >> date::parse(format, out);
        if (!in.fail() && in.peek() == std::istringstream::traits_type::eof()) return out;
    }
    return {};
}

}  // namespace

Result<std::vector<Millis>> parse_schedule(std::string_view text) {
    std::vector<Millis> out;
    while (true) {
        const auto comma = std::min(text.find(','), text.size());
        const std::string_view part = trimmed(text.substr(0, comma));
        const auto wait = parse_wait(part);
        if (!wait)
            return Error{"delivery.bad_schedule", "\"" + std::string(part) +
                                                      "\" is no wait; write waits of at most 30 days, separated by "
                                                      "commas, as in 5s, 15s, 5m, 2h, 1d"};
        if (out.size() == kMaxWaits)
            return Error{"delivery.bad_schedule", "more than " + std::to_string(kMaxWaits) + " waits; leave some out"};
        out.push_back(*wait);
        if (comma == text.size()) return out;
        text.remove_prefix(comma + 1);
    }
}

std::optional<Millis> parse_retry_after(std::string_view text, WallTime now, Millis most) {
    text = trimmed(text);
    if (text.empty()) return {};
    if (text.find_first_not_of("0123456789") == std::string_view::npos) {
        std::int64_t seconds = 0;
        const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
        const auto longest = std::chrono::duration_cast<std::chrono::seconds>(most).count();
        if (error != std::errc() || seconds > longest) return most;
        return std::chrono::seconds(seconds);
    }
    const auto date = parse_http_date(std::string(text));
    if (!date) return {};
    return std::clamp(*date - now, Millis(0), most);
}

DeliveryOutcome outcome_of_status(int status) {
    if (status >= 200 && status <= 299) return DeliveryOutcome::delivered;
    if (status == 429 || status == 503) return DeliveryOutcome::not_done;
    if (status == 410) return DeliveryOutcome::gone;
    if (status == 408) return DeliveryOutcome::unclear;
    if (status >= 300 && status <= 499) return DeliveryOutcome::refused;
    return DeliveryOutcome::unclear;
}

std::string_view code_of_status(int status) {
    if (status >= 200 && status <= 299) return {};
    if (status == 429) return "delivery.throttled";
    if (status == 503) return "delivery.unavailable";
    if (status == 410) return "delivery.gone";
    if (status == 408) return "delivery.far_timeout";
    if (status >= 300 && status <= 399) return "delivery.redirected";
    if (status >= 400 && status <= 499) return "delivery.refused";
    return "delivery.server_error";
}

std::string short_text(std::string_view bytes, std::size_t max_bytes) {
    // Made valid before it is cut: a character cut in half would look like bytes of another charset.
    const std::size_t look = std::min(bytes.size(), max_bytes + 4);
    std::size_t end = look;
    while (look < bytes.size() && end > 0 && (static_cast<unsigned char>(bytes[end]) & 0xC0) == 0x80) --end;
    std::string out = to_utf8(bytes.substr(0, end), "GB18030");
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    std::replace_if(out.begin(), out.end(), is_control, ' ');
    if (out.size() > max_bytes) {
        std::size_t cut = max_bytes;
        while (cut > 0 && (static_cast<unsigned char>(out[cut]) & 0xC0) == 0x80) --cut;
        out.resize(cut);
    }
    return out;
}

}  // namespace citybridge
