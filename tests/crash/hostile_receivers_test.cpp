// P2 against receivers that behave as badly as they can: relay, plugin and store
// together. For each behaviour the end of the message, of its key and of the
// destination, as the READMEs of plugins/webhook and plugins/erp_rest say; then a
// person acts, and everything arrives with one effect each.
#include <date/date.h>
#include <gtest/gtest.h>

#include "core/host/plugin_set.h"
#include "tests/crash/strand_node.h"
#include "tests/support/hostile_http_server.h"
#include "tools/support/temp_folder.h"

namespace citybridge::crash {
namespace {

using test::HostileAnswer;
using Kind = HostileAnswer::Kind;

constexpr std::size_t kAttempts = 4;  // of a schedule of three waits

enum class Meaning { not_done, unclear, refused, gone };

struct Behaviour {
    const char* name;
    HostileAnswer answer;
    bool takes_effect;  // before it behaves so
    Meaning webhook;
    Meaning rest;
    bool for_long = false;       // and not only at the first attempt
    bool retry_at_date = false;  // Retry-After names a time, to be filled in
};

std::ostream& operator<<(std::ostream& out, const Behaviour& behaviour) { return out << behaviour.name; }

HostileAnswer status(int code, HttpHeaders headers = {}) {
    return {.status = code, .headers = std::move(headers), .body = "no"};
}

std::vector<Behaviour> behaviours() {
    using enum Meaning;
    return {
        {"closes_early", {.kind = Kind::close_before}, false, unclear, unclear},
        {"resets", {.kind = Kind::reset}, false, unclear, unclear},
        {"commits_and_drops_the_answer", {.kind = Kind::close_before}, true, unclear, unclear},
        {"closes_within_the_answer", {.kind = Kind::close_middle}, true, unclear, unclear},
        {"one_byte_a_second", {.kind = Kind::slow}, true, unclear, unclear},
        {"endless_body", {.kind = Kind::endless_body}, true, unclear, unclear},
        {"endless_header", {.kind = Kind::endless_header}, true, unclear, unclear},
        {"length_too_long", {.kind = Kind::too_short}, true, unclear, unclear},
        {"no_http", {.kind = Kind::garbage}, true, unclear, unclear},
        {"answers_after_our_time_out", {.kind = Kind::late}, true, unclear, unclear},
        {"status_500", status(500), false, unclear, unclear},
        {"status_500_for_long", status(500), false, unclear, unclear, true},
        {"status_503_for_long", status(503), false, not_done, not_done, true},
        {"status_429_in_seconds", status(429, {{"Retry-After", "1"}}), false, not_done, not_done},
        {"status_429_at_a_date", status(429), false, not_done, not_done, false, true},
        {"redirect", status(302, {{"Location", "http://127.0.0.1:1/"}}), false, not_done, refused},
        {"status_400", status(400), false, not_done, refused},
        {"status_410", status(410), false, gone, gone},
    };
}

struct Flavour {
    const char* name;
    bool webhook;
    Repeats repeats;
};
std::ostream& operator<<(std::ostream& out, const Flavour& flavour) { return out << flavour.name; }

constexpr Flavour kFlavours[] = {{"webhook_dedupes", true, Repeats::dedupes},
                                 {"webhook_neither", true, Repeats::neither},
                                 {"rest_dedupes", false, Repeats::dedupes},
                                 {"rest_findable", false, Repeats::findable},
                                 {"rest_neither", false, Repeats::neither}};

struct End {
    OutboxState state;
    std::size_t posts;        // of the message that met the behaviour
    bool others_pass = true;  // messages of other keys
    bool disabled = false;    // the destination
};

// What plugins/webhook/README.md and plugins/erp_rest/README.md say.
End expected_end(const Behaviour& behaviour, const Flavour& flavour) {
    const std::size_t posts = behaviour.for_long ? kAttempts : 2;
    const OutboxState after_repeats = behaviour.for_long ? OutboxState::dead : OutboxState::delivered;
    switch (flavour.webhook ? behaviour.webhook : behaviour.rest) {
        case Meaning::not_done: return {after_repeats, posts};
        case Meaning::refused: return {OutboxState::dead, 1};
        case Meaning::gone: return {OutboxState::pending, 1, false, true};
        case Meaning::unclear: break;
    }
    if (flavour.repeats == Repeats::neither) return {OutboxState::possibly_done, 1};
    if (flavour.repeats == Repeats::findable && behaviour.takes_effect) return {OutboxState::delivered, 1};
    return {after_repeats, posts};
}

RawSettings settings_of(const std::vector<std::pair<std::string, std::string>>& values) {
    const Position here{"test", 1, 1};
    RawSettings raw{here, {}};
    for (const auto& [name, value] : values) raw.settings.push_back({name, value, here});
    return raw;
}

PluginConfig plugin_of(const Flavour& flavour, const std::string& url, const std::string& ca_file = {}) {
    std::vector<std::pair<std::string, std::string>> values{{"url", url},
                                                            {"repeats", std::string(to_string(flavour.repeats))},
                                                            {"retry_schedule", "40ms, 40ms, 40ms"},
                                                            {"timeout_ms", "300"},
                                                            {"far_timeout_ms", "400"},
                                                            {"connections", "1"}};
    if (!ca_file.empty()) values.emplace_back("ca_file", ca_file);
    const Position here{"test", 1, 1};
    if (flavour.webhook) {
        values.emplace_back("secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        values.emplace_back("events", "order.*");
        return {"webhook", "events", here, settings_of(values)};
    }
    values.emplace_back("append_note_path", "/notes");
    values.emplace_back("find_path", "/orders?citybridge_id={id}");
    return {"erp_rest", "erp", here, settings_of(values)};
}

// A receiver that misbehaves towards the first message of order A, and counts effects by key.
class Receiver {
public:
    Receiver(Behaviour behaviour, Flavour flavour) : behaviour_(std::move(behaviour)), flavour_(flavour) {
        server.answer_by([this](const test::ReceivedRequest& request) { return answer(request); });
    }
    void behave() {
        {
            const std::lock_guard lock(mutex_);
            well_ = true;
        }
        server.release();
    }
    std::size_t posts(const std::string& id) const {
        const std::lock_guard lock(mutex_);
        return posts_.contains(id) ? posts_.at(id) : 0;
    }
    std::map<std::string, std::size_t> effects() const {
        const std::lock_guard lock(mutex_);
        return effects_;
    }

private:
    HostileAnswer answer(const test::ReceivedRequest& request) {
        const std::lock_guard lock(mutex_);
        if (request.method == "GET") return look(request.target.substr(request.target.find('=') + 1));
        const std::string id = request.header(flavour_.webhook ? "webhook-id" : "idempotency-key");
        ++posts_[id];
        const bool meant = id.find(".1.") != std::string::npos && request.body.find("mark-A") != std::string::npos;
        if (meant && !well_ && (behaviour_.for_long || posts_[id] == 1)) {
            if (behaviour_.takes_effect) take_effect(id);
            HostileAnswer bad = behaviour_.answer;
            if (behaviour_.retry_at_date)
                bad.headers = {
                    {"Retry-After", date::format("%a, %d %b %Y %H:%M:%S GMT", std::chrono::floor<std::chrono::seconds>(
                                                                                  system_now().wall + Millis{2'000}))}};
            return bad;
        }
        take_effect(id);
        return {.status = 201, .body = nlohmann::json{{"id", "ERP-" + id}}.dump()};
    }
    void take_effect(const std::string& id) {
        std::size_t& count = effects_[id];
        if (flavour_.repeats != Repeats::dedupes || count == 0) ++count;
    }
    HostileAnswer look(const std::string& id) const {
        nlohmann::json list = nlohmann::json::array();
        if (effects_.contains(id)) list.push_back({{"id", "ERP-" + id}, {"citybridge_id", id}});
        return {.body = list.dump()};
    }

    const Behaviour behaviour_;
    const Flavour flavour_;
    mutable std::mutex mutex_;
    bool well_ = false;
    std::map<std::string, std::size_t> posts_;
    std::map<std::string, std::size_t> effects_;

public:
    test::HostileHttpServer server;  // the last member: its threads use the others
};

// Strand, store and one loaded plugin.
class Sender {
public:
    Sender(const PluginConfig& plugin, const std::string& path) : plugin_(plugin), plugins_(options()) {
        Problems problems;
        plugins_.load({plugin}, problems);
        if (!problems.empty()) throw std::runtime_error(to_string(problems.front()));
        store::StoreSettings settings;
        settings.path = path;
        std::vector<desk::Subscriber> subscribers;
        OutboundConnector* connector = plugins_.find(plugin.name).outbound;
        if (const auto traits = connector->delivery_traits(); !traits.events.empty())
            subscribers.push_back({plugin.name, traits.events});
        auto strand = make_strand(settings, subscribers, metrics_);
        if (!strand) throw std::runtime_error(strand.error().detail);
        strand_ = std::move(*strand);
        strand_->add_destination(plugin.name, connector);
        if (auto started = plugins_.start(); !started) throw std::runtime_error(started.error().detail);
        if (auto started = strand_->start(); !started) throw std::runtime_error(started.error().detail);
        door_ = door_of(*strand_);
    }
    ~Sender() {
        plugins_.stop();
        strand_->stop();
    }
    Sender(const Sender&) = delete;
    Sender& operator=(const Sender&) = delete;

    // The id of the message to our destination.
    std::string open(const std::string& mark) {
        const Answer answer = door_->ask({Wish::What::open, "caller0", mark, {}, {}});
        EXPECT_EQ(answer.status, 201) << answer.body;
        order_ = answer.order;
        return message_with(mark);
    }
    // Behind the order opened last.
    std::string note(const std::string& mark) {
        const Answer answer = door_->ask({Wish::What::note, "caller0", mark, order_, {}});
        EXPECT_EQ(answer.status, 200) << answer.body;
        return message_with(mark);
    }
    OutboxRecord row(const std::string& id) {
        const auto found = strand_->readers().outbox_message(id);
        EXPECT_TRUE(found && *found) << id;
        return found && *found ? **found : OutboxRecord{};
    }
    bool becomes(const std::string& id, OutboxState state) {
        const MonoTime until = system_now().mono + Millis{15'000};
        while (row(id).state != state) {
            if (system_now().mono > until) return false;
            std::this_thread::sleep_for(Millis{5});
        }
        return true;
    }
    bool becomes_disabled() {
        const MonoTime until = system_now().mono + Millis{15'000};
        while (!disabled()) {
            if (system_now().mono > until) return false;
            std::this_thread::sleep_for(Millis{5});
        }
        return true;
    }
    bool disabled() {
        const auto all = strand_->destinations();
        return all && all->front().disabled;
    }
    void enable() { EXPECT_TRUE(strand_->set_disabled(plugin_.name, false)); }
    void act(const std::string& id, OutboxAct::What what) {
        const auto done = strand_->act({what, id, "chief"});
        EXPECT_TRUE(done) << done.error().code;
    }

private:
    static HostOptions options() {
        HostOptions options;
        options.city = "beijing";
        options.plugin_dir = std::string(CITYBRIDGE_BINARY_DIR) + "/lib/plugins";
        return options;
    }
    // Its number in the history depends on what became of others meanwhile.
    std::string message_with(const std::string& mark) {
        store::OutboxQuery query;
        query.destination = plugin_.name;
        query.order = order_;
        const auto rows = strand_->readers().outbox(query);
        for (const OutboxRecord& row : rows ? *rows : std::vector<OutboxRecord>{})
            if (row.payload.find('"' + mark + '"') != std::string::npos) return row.id;
        ADD_FAILURE() << "no message of " << order_ << " says " << mark;
        return {};
    }

    const PluginConfig plugin_;
    prometheus::Registry metrics_;
    PluginSet plugins_;
    std::unique_ptr<DurableStrand> strand_;
    std::unique_ptr<Door> door_;
    std::string order_;
};

class HostileReceiver : public ::testing::TestWithParam<std::tuple<Behaviour, Flavour>> {};

TEST_P(HostileReceiver, TheMessageItsKeyAndTheDestinationEndAsWritten) {
    const auto& [behaviour, flavour] = GetParam();
    const End end = expected_end(behaviour, flavour);
    const TempFolder folder("citybridge-hostile");
    Receiver receiver(behaviour, flavour);
    Sender sender(plugin_of(flavour, receiver.server.url(flavour.webhook ? "/" : "")), folder / "node.db");
    const std::string first = sender.open("mark-A");
    const std::string behind = sender.note("behind mark-A");
    const std::string other = sender.open("mark-B");

    if (end.disabled) {
        EXPECT_TRUE(sender.becomes_disabled());
    } else {
        EXPECT_TRUE(sender.becomes(first, end.state)) << to_string(sender.row(first).state);
        EXPECT_FALSE(sender.disabled());
    }
    if (end.others_pass) {
        EXPECT_TRUE(sender.becomes(other, OutboxState::delivered));
    }
    EXPECT_EQ(sender.row(first).state, end.state);
    EXPECT_EQ(receiver.posts(first), end.posts);
    if (end.state == OutboxState::delivered) {
        EXPECT_TRUE(sender.becomes(behind, OutboxState::delivered));
    } else {
        EXPECT_EQ(sender.row(behind).state, OutboxState::pending) << "its key is not parked";
        EXPECT_EQ(receiver.posts(behind), 0U);
        EXPECT_FALSE(sender.row(first).last_code.empty());
    }
    if (!end.others_pass) {
        EXPECT_EQ(receiver.posts(other), 0U);
    }

    // A person looks: what took effect is not sent again, all else is. He looks before an enabled destination is sent
    // what waited for it.
    const bool there = receiver.effects().contains(first);
    receiver.behave();
    if (end.disabled) sender.enable();
    if (end.state == OutboxState::dead || end.state == OutboxState::possibly_done)
        sender.act(first, there ? OutboxAct::What::cancel : OutboxAct::What::replay);
    for (const std::string& id : {first, behind, other})
        EXPECT_TRUE(sender.becomes(id, id == first && there && end.state != OutboxState::delivered
                                           ? OutboxState::cancelled
                                           : OutboxState::delivered))
            << id << " is " << to_string(sender.row(id).state) << ", " << sender.row(id).last_code;
    for (const std::string& id : {first, behind, other}) EXPECT_EQ(receiver.effects()[id], 1U) << id;
}

std::string case_name(const ::testing::TestParamInfo<std::tuple<Behaviour, Flavour>>& tested) {
    return std::string(std::get<0>(tested.param).name) + "_" + std::get<1>(tested.param).name;
}

INSTANTIATE_TEST_SUITE_P(all, HostileReceiver,
                         ::testing::Combine(::testing::ValuesIn(behaviours()), ::testing::ValuesIn(kFlavours)),
                         case_name);

// Nothing of a message goes to somebody with another name: dead when its schedule is over, and never unclear.
TEST(HostileReceiverTls, AnotherNameGetsNothing) {
    const test::TestCertificate certificate({.address = "127.0.0.2"});
    const test::HostileHttpServer server({}, &certificate);
    for (const Flavour& flavour : kFlavours) {
        const TempFolder folder("citybridge-hostile");
        Sender sender(plugin_of(flavour, server.url(flavour.webhook ? "/" : ""), certificate.ca_file()),
                      folder / "node.db");
        const std::string id = sender.open("mark-A");
        EXPECT_TRUE(sender.becomes(id, OutboxState::dead)) << flavour.name;
        EXPECT_EQ(sender.row(id).last_code, "http.tls") << flavour.name;
        EXPECT_EQ(sender.row(id).attempts, static_cast<std::int64_t>(kAttempts)) << flavour.name;
    }
    EXPECT_TRUE(server.requests().empty());
}

TEST(HostileReceiverTls, TheRightNameGetsEverything) {
    const test::TestCertificate certificate;
    const test::HostileHttpServer server({}, &certificate);
    const TempFolder folder("citybridge-hostile");
    Sender sender(plugin_of(kFlavours[0], server.url(), certificate.ca_file()), folder / "node.db");
    EXPECT_TRUE(sender.becomes(sender.open("mark-A"), OutboxState::delivered));
}

}  // namespace
}  // namespace citybridge::crash
