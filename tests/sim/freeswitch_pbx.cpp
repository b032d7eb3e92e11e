#include "tests/sim/freeswitch_pbx.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <sstream>
#include <unordered_map>

#include "adapters/freeswitch/session.h"
#include "tests/wire/capture_file.h"

namespace citybridge::sim {
namespace {

constexpr std::size_t kEslCheckpoint = 64;

class EslClient final : public Client {
public:
    EslClient() : session_(settings(), 1) {}
    void connected(Now now) override { session_.on_connected(now); }
    void bytes(std::string_view bytes, Now now) override { session_.on_bytes(bytes, now); }
    void tick(Now now) override { session_.on_tick(now); }
    std::optional<MonoTime> deadline() const override { return session_.next_deadline(); }
    void closed(Now now, bool refused) override {
        const std::string why(refused ? freeswitch::kStrandFull : "freeswitch.closed");
        session_.on_closed({why, "the link was cut"}, now);
    }
    ClientOutput take() override {
        freeswitch::Output out = session_.take_output();
        return {std::move(out.write), std::move(out.signals), out.close.has_value()};
    }

private:
    static freeswitch::SessionSettings settings() {
        freeswitch::SessionSettings settings;
        settings.password = "ClueCon";
        return settings;
    }
    freeswitch::Session session_;
};

// Channels an event speaks of.
std::vector<std::string> ids_of(const EslFrame& frame) {
    std::vector<std::string> out;
    for (const auto* header :
         {"Unique-ID", "Bridge-A-Unique-ID", "Bridge-B-Unique-ID", "Other-Leg-Unique-ID", "CC-Member-Session-UUID",
          "CC-Agent-UUID", "Old-Unique-ID", "variable_cc_member_session_uuid", "variable_originating_leg_uuid"})
        if (const auto id = frame.get(header); !id.empty()) out.emplace_back(id);
    return out;
}

std::string reply(std::string_view text) {
    return "Content-Type: command/reply\nReply-Text: " + std::string(text) + "\n\n";
}

std::string response(const std::string& body) {
    return "Content-Type: api/response\nContent-Length: " + std::to_string(body.size()) + "\n\n" + body;
}

}  // namespace

FreeswitchPbx::FreeswitchPbx(const std::string& name) {
    std::string index;
    try {
        index = capture(name.substr(0, name.rfind('.')) + ".idx");
    } catch (const std::exception&) {
        index.clear();  // times are then a millisecond apart
    }
    raw_ = read_esl(capture(name), index);
    subscribe();
    SwitchTable table;
    for (std::size_t i = 0; i < raw_.size(); ++i) {
        if (i % kEslCheckpoint == 0) checkpoints_.push_back(table);
        table.see(raw_[i]);
        if (is_subscribed(raw_[i])) sent_.push_back(i);
    }
    if (checkpoints_.empty()) checkpoints_.push_back(table);
    find_ends_of_calls();
}

std::unique_ptr<Client> FreeswitchPbx::client() const { return std::make_unique<EslClient>(); }

// What the session asks for when it has logged in.
void FreeswitchPbx::subscribe() {
    EslClient client;
    client.connected({});
    client.bytes(greeting(), {});
    client.take();
    client.bytes(reply("+OK accepted"), {});
    std::istringstream words(client.take().write);
    for (std::string word; words >> word;) subscribed_.insert(word);
}

bool FreeswitchPbx::is_subscribed(const EslFrame& frame) const {
    if (!frame.is_event()) return false;
    const std::string_view name = frame.get("Event-Name");
    return subscribed_.contains(name == "CUSTOM" ? frame.get("Event-Subclass") : name);
}

void FreeswitchPbx::find_ends_of_calls() {
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

// FACTS 11: events of different channels come from different threads.
bool FreeswitchPbx::may_swap(std::size_t first, std::size_t second) const {
    const auto ours = ids_of(raw_[sent_[first]]);
    const auto theirs = ids_of(raw_[sent_[second]]);
    if (ours.empty() || theirs.empty()) return false;
    return std::none_of(ours.begin(), ours.end(), [&](const std::string& id) {
        return std::find(theirs.begin(), theirs.end(), id) != theirs.end();
    });
}

SwitchTable FreeswitchPbx::table(std::size_t happened, WallTime now) const {
    std::size_t end = happened < sent_.size() ? sent_[happened] : raw_.size();
    // What a client is not told of happens in its own time too.
    const std::size_t least = happened == 0 ? 0 : sent_[std::min(happened, sent_.size()) - 1] + 1;
    while (end > least && raw_[end - 1].at > now) --end;
    const std::size_t start = std::min(end / kEslCheckpoint, checkpoints_.size() - 1);
    SwitchTable table = checkpoints_[start];
    for (std::size_t i = start * kEslCheckpoint; i < end; ++i) table.see(raw_[i]);
    return table;
}

std::string FreeswitchPbx::answer(std::string_view asked, std::size_t happened, WallTime now) const {
    std::string out;
    for (std::size_t end = asked.find("\n\n"); end != std::string_view::npos; end = asked.find("\n\n")) {
        out += answer_one(asked.substr(0, end), happened, now);
        asked.remove_prefix(end + 2);
    }
    return out;
}

std::string FreeswitchPbx::answer_one(std::string_view command, std::size_t happened, WallTime now) const {
    if (command.starts_with("auth ")) return reply("+OK accepted");
    if (command.starts_with("event ")) return reply("+OK event listener enabled plain");
    constexpr std::string_view kApi = "api ";
    if (!command.starts_with(kApi)) return reply("-ERR command not found");
    command.remove_prefix(kApi.size());
    // Each capture is one run of one FreeSWITCH, known from its first event on.
    const auto body =
        command == "global_getvar core_uuid" ? table(size()).answer(command) : table(happened, now).answer(command);
    return response(body.value_or("-ERR " + std::string(command) + " Command not found!\n"));
}

std::vector<std::string> freeswitch_captures() {
    std::vector<std::string> out;
    const std::filesystem::path folder = CITYBRIDGE_SOURCE_DIR "/tests/wire/captures/freeswitch";
    if (!std::filesystem::exists(folder)) return out;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        std::string name = entry.path().filename().string();
        if (name.ends_with(".xz")) name.resize(name.size() - 3);
        // Another format, and the other kind of socket: nothing a session subscribed to.
        const bool plain = !name.starts_with("busy") && !name.starts_with("json") && !name.starts_with("outbound");
        if (name.ends_with(".esl") && plain) out.push_back("freeswitch/" + name);
    }
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace citybridge::sim
