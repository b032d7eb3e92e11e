#include "bench/day_stream.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <map>
#include <set>
#include <stdexcept>

namespace citybridge::bench {
namespace {

// What of an event says to which call it belongs. Events of one agent belong
// together too: his state is told by events that name no call.
struct Belongs {
    std::vector<std::string> ids;
    std::string begins;  // a channel or queue entry
    std::string ends;
};

std::string_view header(std::string_view text, std::string_view name) {
    for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
        const bool at_line = at == 0 || text[at - 1] == '\n';
        const std::string_view rest = text.substr(at + name.size());
        if (!at_line || !rest.starts_with(": ")) continue;
        return rest.substr(2, rest.find_first_of("\r\n") - 2);
    }
    return {};
}

template <std::size_t N>
Belongs with_ids(std::string_view text, const std::array<const char*, N>& names) {
    Belongs out;
    for (const char* name : names) {
        const std::string_view value = header(text, name);
        if (!value.empty()) out.ids.emplace_back(value);
    }
    return out;
}

Belongs of_asterisk(std::string_view text) {
    constexpr std::array kUnused{"VarSet", "CEL", "RTCPSent", "RTCPReceived", "Newexten", "DeviceStateChange"};
    const std::string_view event = header(text, "Event");
    if (std::find(kUnused.begin(), kUnused.end(), event) != kUnused.end()) return {};
    Belongs out = with_ids(
        text, std::array{"Uniqueid", "UniqueID", "Linkedid", "LinkedID", "DestUniqueid", "DestLinkedid", "Interface"});
    if (event == "Newchannel") out.begins = header(text, "Uniqueid");
    if (event == "Hangup") out.ends = header(text, "Uniqueid");
    return out;
}

Belongs of_freeswitch(std::string_view text) {
    const std::string_view event = header(text, "Event-Name");
    Belongs out = with_ids(
        text, std::array{"Unique-ID", "Other-Leg-Unique-ID", "Bridge-A-Unique-ID", "Bridge-B-Unique-ID",
                         "CC-Member-Session-UUID", "CC-Member-UUID", "variable_cc_member_session_uuid", "CC-Agent"});
    if (event == "CHANNEL_CREATE") out.begins = header(text, "Unique-ID");
    if (event == "CHANNEL_HANGUP_COMPLETE") out.ends = header(text, "Unique-ID");
    const std::string_view action = header(text, "CC-Action");
    if (action == "member-queue-start") out.begins = header(text, "CC-Member-UUID");
    if (action == "member-queue-end") out.ends = header(text, "CC-Member-UUID");
    return out;
}

// Which ids belong together.
class Groups {
public:
    std::string of(const std::string& id) {
        std::string& parent = parents_.try_emplace(id, id).first->second;
        if (parent != id) parent = of(parent);
        return parent;
    }
    void join(const std::string& a, const std::string& b) { parents_[of(a)] = of(b); }

private:
    std::map<std::string, std::string> parents_;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }

std::size_t run_of(std::string_view text, std::size_t at, bool (*wanted)(char)) {
    std::size_t end = at;
    while (end < text.size() && wanted(text[end])) ++end;
    return end - at;
}

bool is_uuid(std::string_view text, std::size_t at) {
    constexpr std::array<std::size_t, 5> kParts{8, 4, 4, 4, 12};
    for (const std::size_t part : kParts) {
        if (run_of(text, at, is_hex) != part) return false;
        at += part;
        if (part != kParts.back() && (at >= text.size() || text[at++] != '-')) return false;
    }
    return true;
}

std::uint64_t number_at(const std::string& text, std::size_t at, std::size_t size, int base) {
    std::uint64_t out = 0;
    std::from_chars(text.data() + at, text.data() + at + size, out, base);
    return out;
}

constexpr std::string_view kLetters = "bcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::size_t kFirstNumber = 1'000;
constexpr std::size_t kNumbers = 9'000;  // of four digits

void write_at(std::string& text, std::size_t at, const char* format, unsigned long long value) {
    std::array<char, 32> digits{};
    const int size = std::snprintf(digits.data(), digits.size(), format, value);
    text.replace(at, static_cast<std::size_t>(size), digits.data());
}

}  // namespace

DayStream::DayStream(const replay::Recording& recording, std::size_t agents) : wire_(recording.wire) {
    const auto peer = replay::make_peer(recording);
    (void)peer->on_client_bytes("auth x\n\nevent plain all\n\n");  // an event socket plays what was asked for
    Groups groups;
    std::vector<Belongs> belongs;
    std::set<std::string> open;
    while (auto chunk = peer->next()) {
        Belongs each = wire_ == replay::Wire::asterisk ? of_asterisk(chunk->bytes) : of_freeswitch(chunk->bytes);
        if (each.ids.empty()) continue;
        for (const std::string& id : each.ids) groups.join(id, each.ids.front());
        if (!each.begins.empty()) open.insert(each.begins);
        open.erase(each.ends);
        belongs.push_back(std::move(each));
        pieces_.push_back({chunk->offset, std::move(chunk->bytes), {}});
    }
    std::set<std::string> unfinished;
    for (const std::string& id : open) unfinished.insert(groups.of(id));
    std::vector<Piece> whole;
    std::map<std::string, std::size_t> names;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
        if (unfinished.contains(groups.of(belongs[i].ids.front()))) continue;
        if (header(pieces_[i].bytes, "Event-Name") == "CHANNEL_CREATE" ||
            header(pieces_[i].bytes, "Event") == "Newchannel")
            ++channels_;
        find_spots(pieces_[i]);
        for (Spot& spot : pieces_[i].spots)
            if (spot.change == Change::agent)
                spot.agent = names.try_emplace(pieces_[i].bytes.substr(spot.at, 4), names.size()).first->second;
        whole.push_back(std::move(pieces_[i]));
    }
    pieces_ = std::move(whole);
    if (channels_ == 0 || names.empty()) throw std::runtime_error("no call of an agent is whole in the recording");
    agents_ = names.size();
    variants_ = (agents + agents_ - 1) / agents_;
    if (wire_ == replay::Wire::asterisk ? variants_ > kLetters.size() : variants_ * agents_ > kNumbers)
        throw std::runtime_error("too few agents in the recording");
}

Millis DayStream::length() const { return pieces_.back().offset; }

void DayStream::find_spots(Piece& piece) const {
    const std::string& text = piece.bytes;
    const bool asterisk = wire_ == replay::Wire::asterisk;
    const std::string core(header(text, "Core-UUID"));
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char before = at == 0 ? '\n' : text[at - 1];
        if (!is_hex(text[at]) || is_hex(before)) continue;
        const std::size_t hex = run_of(text, at, is_hex);
        const std::size_t digits = run_of(text, at, is_digit);
        if (is_uuid(text, at)) {
            if (text.compare(at, core.size(), core) != 0 || core.empty()) piece.spots.push_back({at, Change::hex, 0});
            at += 35;
        } else if (const bool agent = asterisk ? before == '/' && text[at] == 'b' && hex == 4  // "PJSIP/b249"
                                               : digits == 4 && hex == 4 && text.compare(at, 2, "10") == 0;  // "1004"
                   agent) {
            piece.spots.push_back({at, Change::agent, 0});
        } else if (asterisk && hex == 8 && before == '-') {
            piece.spots.push_back({at, Change::hex, 0});  // "PJSIP/trunk-0000016b"
        } else if (asterisk && digits == 10 && hex == 10 && at + 10 < text.size() && text[at + 10] == '.') {
            piece.spots.push_back({at, Change::seconds, 0});  // "1795290643.804"
        } else if (!asterisk && digits == 16 && hex == 16) {
            piece.spots.push_back({at, Change::micros, 0});
        }
    }
}

std::string DayStream::event(std::size_t event, std::uint64_t round, Millis later) const {
    const Piece& piece = pieces_.at(event);
    std::string out = piece.bytes;
    for (const Spot& spot : piece.spots) {
        switch (spot.change) {
            case Change::seconds:
                write_at(out, spot.at, "%010llu",
                         number_at(out, spot.at, 10, 10) + static_cast<std::uint64_t>(later.count()) / 1'000);
                break;
            case Change::micros: {
                const std::uint64_t was = number_at(out, spot.at, 16, 10);
                if (was != 0)
                    write_at(out, spot.at, "%016llu", was + static_cast<std::uint64_t>(later.count()) * 1'000);
                break;
            }
            case Change::hex:
                write_at(out, spot.at, "%08llx", (number_at(out, spot.at, 8, 16) + round * 0x10001) & 0xFFFF'FFFF);
                break;
            case Change::agent:
                if (wire_ == replay::Wire::asterisk)
                    out[spot.at] = kLetters[round % variants_];
                else
                    write_at(out, spot.at, "%04llu", kFirstNumber + spot.agent * variants_ + round % variants_);
                break;
        }
    }
    return out;
}

}  // namespace citybridge::bench
