#include "adapters/freeswitch/cdr_file.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/api/csv.h"

namespace citybridge::freeswitch {
namespace {

// In the order of CdrColumns::What.
constexpr std::array<std::string_view, 18> kNames{"uuid",        "direction",  "caller name", "caller number",
                                                  "destination", "channel",    "start",       "answer",
                                                  "end",         "cause",      "bleg uuid",   "last app",
                                                  "cc queue",    "cc agent",   "cc cause",    "cc cancel reason",
                                                  "cc joined",   "cc answered"};
constexpr std::array<std::string_view, 7> kNeeded{"uuid",  "direction", "caller number", "channel",
                                                  "start", "end",       "cause"};

std::string plain(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c >= 'A' && c <= 'Z')
            out += static_cast<char>(c - 'A' + 'a');
        else
            out += c == '_' ? ' ' : c;
    }
    return out;
}

// A stamp in the PBX's zone, or seconds or microseconds since the epoch; 0 is never.
std::optional<WallTime> time_of(const std::string& text, const LocalTime& zone) {
    constexpr std::int64_t kLastSecond = 100'000'000'000;
    if (text.empty()) return std::nullopt;
    if (text.find_first_not_of("0123456789") != std::string::npos) return zone.parse(text);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value == 0) return std::nullopt;
    return WallTime(value > kLastSecond ? Millis(value / 1'000) : Millis(std::chrono::seconds(value)));
}

}  // namespace

Result<CdrColumns> CdrColumns::of(const std::vector<std::string>& names) {
    static_assert(kNames.size() == kCount);
    CdrColumns out;
    out.count_ = names.size();
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto known = std::find(kNames.begin(), kNames.end(), plain(names[i]));
        if (known != kNames.end()) out.at_[static_cast<std::size_t>(known - kNames.begin())] = i;
    }
    for (const std::string_view name : kNeeded) {
        const auto what = std::find(kNames.begin(), kNames.end(), name);
        if (!out.at_[static_cast<std::size_t>(what - kNames.begin())])
            return Error{"records.columns", "the columns of the CDR file must name \"" + std::string(name) + '"'};
    }
    return out;
}

bool CdrColumns::is_heading(std::string_view line) const {
    const auto fields = split_csv(line);
    return fields && fields->size() == count_ && plain((*fields)[*at_[uuid]]) == kNames[uuid];
}

std::optional<CdrRow> CdrColumns::parse(std::string_view line, const LocalTime& zone) const {
    const auto fields = split_csv(line);
    if (!fields || fields->size() != count_) return std::nullopt;
    const auto value = [&](What what) { return at_[what] ? (*fields)[*at_[what]] : std::string{}; };
    const auto started = time_of(value(start), zone), ended = time_of(value(end), zone);
    if (value(uuid).empty() || !started || !ended || *ended < *started) return std::nullopt;
    CdrRow row;
    row.uuid = value(uuid);
    row.outbound = value(direction) == "outbound";
    row.caller_name = value(caller_name);
    row.caller_number = value(caller_number);
    row.destination = value(destination);
    row.channel = value(channel);
    row.start = *started;
    row.answer = time_of(value(answer), zone);
    row.end = *ended;
    row.cause = value(cause);
    row.bleg = value(bleg_uuid);
    row.last_app = value(last_app);
    row.queue = value(cc_queue);
    row.agent = value(cc_agent);
    row.queue_result = value(cc_cause);
    row.cancel_reason = value(cc_cancel_reason);
    row.queue_joined = time_of(value(cc_joined), zone);
    row.queue_answered = time_of(value(cc_answered), zone);
    return row;
}

ParsedCdr parse_cdr_text(std::string_view text, const CdrColumns& columns, const LocalTime& zone) {
    constexpr std::size_t kExampleBytes = 80;
    ParsedCdr out;
    for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end + 1);
        if (line.empty() || line == "\r" || columns.is_heading(line)) continue;
        if (auto row = columns.parse(line, zone)) {
            out.rows.push_back(std::move(*row));
        } else if (out.bad++ == 0) {
            out.example = line.substr(0, kExampleBytes);
        }
    }
    return out;
}

}  // namespace citybridge::freeswitch
