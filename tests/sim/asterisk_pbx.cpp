#include "tests/sim/asterisk_pbx.h"

#include <regex.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <unordered_map>

#include "adapters/asterisk/filter.h"
#include "adapters/asterisk/session.h"
#include "tests/wire/capture_file.h"

namespace citybridge::sim {
namespace {

constexpr std::size_t kAmiCheckpoint = 64;

class AmiClient final : public Client {
public:
    AmiClient() : session_(settings(), 1) {}
    void connected(Now now) override { session_.on_connected(now); }
    void bytes(std::string_view bytes, Now now) override { session_.on_bytes(bytes, now); }
    void tick(Now now) override { session_.on_tick(now); }
    std::optional<MonoTime> deadline() const override { return session_.next_deadline(); }
    void closed(Now now, bool) override { session_.on_closed({"asterisk.closed", "the link was cut"}, now); }
    ClientOutput take() override {
        asterisk::Output out = session_.take_output();
        return {std::move(out.write), std::move(out.signals), out.close.has_value()};
    }

private:
    static asterisk::SessionSettings settings() {
        asterisk::SessionSettings settings;
        settings.user = "cti";
        settings.secret = "secret";
        return settings;
    }
    asterisk::Session session_;
};

// As Asterisk applies `Action: Filter`: regexec over the event's text, "!" excludes.
class ServerFilter {
public:
    ServerFilter() {
        for (std::size_t i = 0; i < compiled_.size(); ++i)
            regcomp(&compiled_[i], std::string(asterisk::kEventFilters[i].substr(1)).c_str(), REG_EXTENDED | REG_NOSUB);
    }
    ~ServerFilter() {
        for (regex_t& each : compiled_) regfree(&each);
    }
    ServerFilter(const ServerFilter&) = delete;
    ServerFilter& operator=(const ServerFilter&) = delete;
    bool passes(const std::string& event) const {
        return std::none_of(compiled_.begin(), compiled_.end(),
                            [&](const regex_t& filter) { return regexec(&filter, event.c_str(), 0, nullptr, 0) == 0; });
    }

private:
    std::array<regex_t, asterisk::kEventFilters.size()> compiled_{};
};

// Channels and groups of channels a message speaks of.
std::vector<std::string> ids_of(const AmiMessage& message) {
    std::vector<std::string> out;
    for (const auto& [key, value] : message.fields) {
        const bool id = key.ends_with("Uniqueid") || key.ends_with("Linkedid");
        if (!id || key.find("Bridge") != std::string::npos || value.find('.') == std::string::npos) continue;
        out.push_back(value);
    }
    return out;
}

std::string header(std::string_view action, std::string_view key) {
    const std::size_t at = action.find(std::string(key) + ": ");
    if (at == std::string_view::npos) return {};
    const std::size_t begin = at + key.size() + 2;
    return std::string(action.substr(begin, action.find("\r\n", begin) - begin));
}

}  // namespace

AsteriskPbx::AsteriskPbx(const std::string& name)
    : raw_(read_ami(capture(name), capture_times(name).value_or(std::string{}))) {
    const ServerFilter filter;
    PbxTable table;
    std::set<std::pair<std::string_view, std::string_view>> came_later;
    for (const AmiMessage& each : raw_) {
        if (each.event() == "QueueMemberAdded") came_later.emplace(each.get("Queue"), each.get("Interface"));
        if (each.event() != "QueueMember" || each.get("Location").empty()) continue;
        if (!came_later.contains({each.get("Queue"), each.get("Location")})) table.know_member(each);
    }
    for (std::size_t i = 0; i < raw_.size(); ++i) {
        if (i % kAmiCheckpoint == 0) checkpoints_.push_back(table);
        table.see(raw_[i]);
        if (!raw_[i].is_live() || !filter.passes(raw_[i].bytes)) continue;
        boots_in_stream_ = boots_in_stream_ || raw_[i].event() == "FullyBooted";
        sent_.push_back(i);
    }
    find_ends_of_calls();
}

std::unique_ptr<Client> AsteriskPbx::client() const { return std::make_unique<AmiClient>(); }

// Ids named together belong to one call, however the PBX regroups them later.
void AsteriskPbx::find_ends_of_calls() {
    std::unordered_map<std::string, std::string> parent;
    const auto root = [&](std::string id) {
        while (parent.try_emplace(id, id).first->second != id) id = parent[id];
        return id;
    };
    for (const std::size_t i : sent_) {
        const auto ids = ids_of(raw_[i]);
        for (const std::string& id : ids) parent[root(id)] = root(ids.front());
    }
    std::unordered_map<std::string, std::size_t> last;
    for (std::size_t n = 0; n < sent_.size(); ++n)
        if (const auto ids = ids_of(raw_[sent_[n]]); !ids.empty()) last[root(ids.front())] = n;
    for (std::size_t n = 0; n < sent_.size(); ++n) {
        const auto ids = ids_of(raw_[sent_[n]]);
        end_of_call_.push_back(1 + (ids.empty() ? n : last[root(ids.front())]));
    }
}

// FACTS 14: what is said of devices and members comes any time; so does
// AgentComplete against what it sums up, and of two channels either may leave first.
bool AsteriskPbx::may_swap(std::size_t first, std::size_t second) const {
    const AmiMessage& a = raw_[sent_[first]];
    const AmiMessage& b = raw_[sent_[second]];
    const auto unordered = [](const AmiMessage& each) {
        return each.event() == "DeviceStateChange" || each.event() == "QueueMemberStatus" ||
               each.event() == "ExtensionStatus" || each.event() == "Cdr";
    };
    const auto same_subject = [](const AmiMessage& x, const AmiMessage& y) {
        return (!x.get("Device").empty() && x.get("Device") == y.get("Device")) ||
               (!x.get("Interface").empty() && x.get("Interface") == y.get("Interface"));
    };
    if (same_subject(a, b)) return false;
    if (unordered(a) || unordered(b)) return true;
    const auto pair_of = [&](std::string_view x, std::string_view y) {
        return (a.event() == x && b.event() == y) || (a.event() == y && b.event() == x);
    };
    if (pair_of("AgentComplete", "BridgeLeave") || pair_of("AgentComplete", "Hangup")) return true;
    const auto ours = ids_of(a);
    const auto theirs = ids_of(b);
    if (ours.empty() || theirs.empty()) return false;
    return std::none_of(ours.begin(), ours.end(), [&](const std::string& id) {
        return std::find(theirs.begin(), theirs.end(), id) != theirs.end();
    });
}

PbxTable AsteriskPbx::table(std::size_t happened) const {
    // Also what the filter keeps from the client has happened by then.
    const std::size_t end = happened < sent_.size() ? sent_[happened] : raw_.size();
    const std::size_t start = std::min(end / kAmiCheckpoint, checkpoints_.size() - 1);
    PbxTable table = checkpoints_[start];
    for (std::size_t i = start * kAmiCheckpoint; i < end; ++i) table.see(raw_[i]);
    return table;
}

std::string AsteriskPbx::answer(std::string_view asked, std::size_t happened, WallTime now) const {
    std::string out;
    for (std::size_t end = asked.find("\r\n\r\n"); end != std::string_view::npos; end = asked.find("\r\n\r\n")) {
        out += answer_one(asked.substr(0, end + 2), happened, now);
        asked.remove_prefix(end + 4);
    }
    return out;
}

std::string AsteriskPbx::answer_one(std::string_view action, std::size_t happened, WallTime now) const {
    const std::string name = header(action, "Action");
    const std::string id_line = "ActionID: " + header(action, "ActionID") + "\r\n";
    const auto success = [&](const std::string& rest) { return "Response: Success\r\n" + id_line + rest + "\r\n"; };
    if (name == "Challenge") return success("Challenge: 167415\r\n");
    if (name == "Login") {
        // Before the recorded FullyBooted the PBX has not said that it is ready.
        const auto booted = [&](std::size_t n) { return raw_[sent_[n]].event() == "FullyBooted"; };
        bool ready = !boots_in_stream_;
        for (std::size_t n = 0; n < happened && !ready; ++n) ready = booted(n);
        const std::string boot = "Event: FullyBooted\r\nPrivilege: system,all\r\nStatus: Fully Booted\r\n\r\n";
        return success("Message: Authentication accepted\r\n") + (ready ? boot : std::string{});
    }
    if (name == "Ping") return success("Ping: Pong\r\n");
    if (name == "Filter") return success("Message: Filter Added\r\n");
    if (name == "CoreStatus") return success("CoreStartupDate: 2026-11-21\r\nCoreStartupTime: 19:35:00\r\n");
    const std::string_view complete = PbxTable::complete_event(name);
    if (complete.empty())
        return "Response: Error\r\n" + id_line + "Message: Invalid/unknown command: " + name + ".\r\n\r\n";
    std::string out = success("EventList: start\r\nMessage: List will follow\r\n");
    const auto items = table(happened).list(name, now);
    for (const PbxTable::Fields& item : items) {
        for (const auto& [key, value] : item) out += key + ": " + value + "\r\n";
        out += id_line + "\r\n";
    }
    out += "Event: " + std::string(complete) + "\r\n" + id_line +
           "EventList: Complete\r\nListItems: " + std::to_string(items.size()) + "\r\n\r\n";
    return out;
}

std::vector<std::string> asterisk_captures() {
    std::vector<std::string> out;
    const std::filesystem::path folder = CITYBRIDGE_SOURCE_DIR "/tests/wire/captures/asterisk";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        std::string name = entry.path().filename().string();
        if (name.ends_with(".xz")) name.resize(name.size() - 3);
        if (name.ends_with(".ami") && name.find("busy") == std::string::npos) out.push_back("asterisk/" + name);
    }
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace citybridge::sim
