// Recordings at the door: who may hear what, how it is sent, and what is noted.
// Where the bytes come from is the node's business (tests/unit/node).
#include <thread>

#include "core/api/model_json.h"
#include "tests/unit/gateway/gateway_fixture.h"

namespace citybridge::test {
namespace {

using gateway::Slice;

// A recording whose byte at n is n modulo 251, without being held anywhere.
class Pattern final : public gateway::BodySource {
public:
    Pattern(Slice slice, std::uint64_t fails_at) : slice_(slice), at_(slice.offset), fails_at_(fails_at) {}
    std::uint64_t length() const override { return slice_.length; }
    Result<std::string> read(std::size_t most) override {
        if (at_ >= fails_at_) return Error{"recording.gone", ""};
        std::string out;
        for (std::size_t i = 0; i < most; ++i) out += static_cast<char>(at_++ % 251);
        return out;
    }

private:
    const Slice slice_;
    std::uint64_t at_;
    const std::uint64_t fails_at_;
};

std::string pattern(std::uint64_t offset, std::uint64_t length) {
    return *Pattern({offset, length}, ~0ULL).read(static_cast<std::size_t>(length));
}

class FakeRecordings final : public RecordingsPort {
public:
    // Of several workers at once.
    Result<RecordingAnswer> open(const RecordingAsk& ask) override {
        const std::lock_guard lock(mutex_);
        last = ask;
        if (!refuse.code.empty()) return refuse;
        RecordingAnswer answer;
        answer.size = size;
        answer.slice = {0, size};
        answer.etag = "\"v1\"";
        answer.last_modified = "Sun, 06 Nov 1994 08:49:37 GMT";
        if (ask.range) {
            const auto slice = gateway::slice_of(*ask.range, size);
            answer.status = slice ? 206 : 416;
            if (!slice) return answer;
            answer.slice = *slice;
        }
        answer.body = std::make_shared<Pattern>(answer.slice, fails_at);
        return answer;
    }
    RecordingAsk last;
    Error refuse;
    std::atomic<std::uint64_t> size = 1'000;
    std::uint64_t fails_at = ~0ULL;

private:
    std::mutex mutex_;
};

User grouped(User user, const std::string& group) {
    user.groups = {group};
    return user;
}

class RecordingsApi : public GatewayTest {
protected:
    RecordingsApi() {
        hooks_.recordings = &port_;
        hooks_.log = [this](LogLevel, std::string_view code, std::string_view text) {
            const std::lock_guard lock(mutex_);
            if (code == "recording.access") log_.emplace_back(text);
        };
        live_.publish_contact(contact("c1", "SIP/1001"));
    }
    void begin(GatewaySettings settings = {}) {
        std::vector<User> users = users_of_every_role();
        users[0] = grouped(users[0], "sales");
        users[1] = grouped(users[1], "repair");
        users.push_back(grouped(make_user("sales_lead", Role::team_lead), "sales"));
        users.push_back(grouped(make_user("repair_lead", Role::team_lead), "repair"));
        start(std::move(settings), users);
    }
    // Agent 1001 talked, 1002 was only rung.
    static Contact contact(const std::string& id, const std::string& agent) {
        Contact out = make_contact(id, agent);
        out.legs[0].joined_at = at_ms(5);
        Leg rung;
        rung.agent = rung.device = "SIP/1002";
        out.legs.push_back(rung);
        out.recordings = {{"r1", "/monitor/2026/in-1.wav", Recording::State::finished, at_ms(5), at_ms(9)},
                          {"r 2", "in-2.MP3", Recording::State::recording, at_ms(7), {}}};
        return out;
    }
    std::vector<std::string> log() {
        const std::lock_guard lock(mutex_);
        return log_;
    }

    FakeRecordings port_;

private:
    std::mutex mutex_;
    std::vector<std::string> log_;
};

const std::string kSound = "/v1/contacts/c1/recordings/r1";

TEST_F(RecordingsApi, are_listed_with_where_their_sound_is) {
    begin();
    const auto items = ask("GET", "/v1/contacts/c1/recordings", log_in("quality")).json()["items"];
    ASSERT_EQ(items.size(), 2U);
    EXPECT_EQ(items[0]["id"], "r1");
    EXPECT_EQ(items[0]["file"], "/monitor/2026/in-1.wav");
    EXPECT_EQ(items[0]["state"], "finished");
    EXPECT_EQ(items[0]["media_type"], "audio/wav");
    EXPECT_EQ(items[0]["url"], kSound);
    EXPECT_EQ(items[1]["media_type"], "audio/mpeg");
    EXPECT_EQ(items[1]["url"], "/v1/contacts/c1/recordings/r%202");
    EXPECT_TRUE(log().empty()) << "a list is not a listening";
}

TEST_F(RecordingsApi, are_heard_by_whom_they_concern_only) {
    begin();
    for (const auto& [name, status] : std::vector<std::pair<std::string, int>>{{"agent1", 200},
                                                                               {"agent2", 404},
                                                                               {"sales_lead", 200},
                                                                               {"repair_lead", 404},
                                                                               {"team_lead", 404},
                                                                               {"supervisor", 200},
                                                                               {"quality", 200},
                                                                               {"admin", 200},
                                                                               {"erp", 403},
                                                                               {"node", 403}}) {
        const std::string token = log_in(name);
        for (const std::string& target : {kSound, std::string("/v1/contacts/c1/recordings")}) {
            const Reply reply = ask("GET", target, token);
            EXPECT_EQ(reply.status, status) << name << " " << target;
            if (status == 404) {
                EXPECT_EQ(reply.code(), "contact.unknown");
            }
        }
    }
    EXPECT_EQ(ask("GET", kSound).status, 401);
}

TEST_F(RecordingsApi, the_whole_is_sent_with_what_a_player_needs) {
    begin();
    Client client(port());
    const std::string token = log_in("quality");
    const Reply reply = client.ask("GET", kSound, token);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, pattern(0, 1'000));
    EXPECT_EQ(reply.headers.at("content-type"), "audio/wav");
    EXPECT_EQ(reply.headers.at("accept-ranges"), "bytes");
    EXPECT_EQ(reply.headers.at("etag"), "\"v1\"");
    EXPECT_EQ(reply.headers.at("last-modified"), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(reply.headers.at("content-disposition"), "inline; filename*=UTF-8''in-1.wav");
    EXPECT_EQ(reply.headers.count("content-range"), 0U);
    EXPECT_EQ(port_.last.file, "/monitor/2026/in-1.wav");
    EXPECT_EQ(client.ask("GET", "/healthz").status, 200) << "the connection is still in step";
    EXPECT_EQ(client.ask("GET", "/v1/contacts/c1/recordings/r%202", token).headers.at("content-type"), "audio/mpeg");
}

TEST_F(RecordingsApi, parts_are_sent_as_the_standard_says) {
    begin();
    Client client(port());
    const std::string token = log_in("quality");
    const Reply part = client.ask("GET", kSound, token, {}, "Range: bytes=100-299\r\nIf-Range: \"v1\"\r\n");
    EXPECT_EQ(part.status, 206);
    EXPECT_EQ(part.body, pattern(100, 200));
    EXPECT_EQ(part.headers.at("content-range"), "bytes 100-299/1000");
    EXPECT_EQ(part.headers.at("content-length"), "200");
    EXPECT_EQ(port_.last.if_range, "\"v1\"");
    const Reply tail = client.ask("GET", kSound, token, {}, "Range: bytes=-1\r\n");
    EXPECT_EQ(tail.headers.at("content-range"), "bytes 999-999/1000");
    const Reply none = client.ask("GET", kSound, token, {}, "Range: bytes=1000-\r\n");
    EXPECT_EQ(none.status, 416);
    EXPECT_EQ(none.code(), "recording.bad_range");
    EXPECT_EQ(none.headers.at("content-range"), "bytes */1000");
    EXPECT_EQ(client.ask("GET", kSound, token, {}, "Range: bytes=0-1,5-6\r\n").status, 200);
    const Reply head = client.ask("HEAD", kSound, token, {}, "Range: bytes=0-1\r\n");
    EXPECT_EQ(head.status, 200) << "a range is GET's";
    EXPECT_EQ(head.headers.at("content-length"), "1000");
    EXPECT_TRUE(port_.last.head);
    EXPECT_FALSE(port_.last.range);
    EXPECT_EQ(client.ask("GET", "/healthz").status, 200) << "the connection is still in step";
}

TEST_F(RecordingsApi, a_player_that_knows_the_contact_gets_the_first) {
    begin();
    const std::string token = log_in("quality"), target = "/v1/contacts/c1/recordings";
    EXPECT_EQ(ask("GET", target, token, {}, "Range: bytes=0-9\r\n").body, pattern(0, 10));
    EXPECT_EQ(ask("GET", target, token, {}, "Accept: audio/*\r\n").body, pattern(0, 1'000));
    EXPECT_EQ(ask("GET", target, token, {}, "Accept: application/json, audio/*\r\n").json()["items"].size(), 2U);
    EXPECT_EQ(ask("GET", target, log_in("agent2"), {}, "Range: bytes=0-9\r\n").status, 404);
    live_.publish_contact(make_contact("c2", "SIP/1001"));
    EXPECT_EQ(ask("GET", "/v1/contacts/c2/recordings", token, {}, "Range: bytes=0-9\r\n").code(), "recording.unknown");
    EXPECT_TRUE(ask("GET", "/v1/contacts/c2/recordings", token).json()["items"].empty());
}

TEST_F(RecordingsApi, yesterdays_are_found_in_the_journal) {
    JournalRecord row{"old", "+8613800138000", at_ms(0), at_ms(1), {}};
    write_json(row.body, contact("old", "SIP/1001"));
    durable_.readers_.journal_row = row;
    begin();
    const std::string target = "/v1/contacts/old/recordings/r1";
    EXPECT_EQ(ask("GET", target, log_in("agent1")).body, pattern(0, 1'000));
    EXPECT_EQ(ask("GET", target, log_in("agent2")).status, 404);
    EXPECT_EQ(ask("GET", target, log_in("sales_lead")).status, 200);
    durable_.readers_.journal_row->body = "{}";  // what is left of an erased person
    EXPECT_EQ(ask("GET", target, log_in("quality")).code(), "recording.unknown");
    durable_.readers_.fault = {"store.unavailable", "away"};
    EXPECT_EQ(ask("GET", target, log_in("quality")).code(), "store.unavailable");
}

TEST_F(RecordingsApi, every_access_is_noted_whatever_came_of_it) {
    begin();
    ask("GET", kSound, log_in("quality"), {}, "Range: bytes=0-9\r\n");
    ask("GET", kSound, log_in("agent2"));
    ask("HEAD", kSound, log_in("agent1"));
    port_.refuse = {"recording.gone", "No file."};
    EXPECT_EQ(ask("GET", kSound, log_in("admin")).code(), "recording.gone");
    const auto lines = log();
    ASSERT_EQ(lines.size(), 4U);
    EXPECT_EQ(lines[0],
              "user=\"quality\" role=quality peer=127.0.0.1 method=GET contact=\"c1\" recording=\"r1\" "
              "file=\"/monitor/2026/in-1.wav\" range=\"bytes=0-9\" status=206");
    EXPECT_EQ(lines[1],
              "user=\"agent2\" role=agent peer=127.0.0.1 method=GET contact=\"c1\" recording=\"r1\" file=\"\" "
              "range=\"\" status=404");
    EXPECT_NE(lines[2].find("method=HEAD"), std::string::npos);
    EXPECT_TRUE(lines[3].ends_with("status=404"));
    const std::string metrics = ask("GET", "/metrics").body;
    EXPECT_NE(metrics.find("citybridge_recording_requests_total{status=\"206\"} 1"), std::string::npos);
    EXPECT_NE(metrics.find("citybridge_recording_requests_total{status=\"404\"} 2"), std::string::npos);
}

TEST_F(RecordingsApi, every_refusal_has_its_status) {
    begin();
    const std::string token = log_in("quality");
    for (const auto& [code, status] : std::vector<std::pair<std::string, int>>{{"recording.gone", 404},
                                                                               {"recording.refused", 403},
                                                                               {"recording.unavailable", 502},
                                                                               {"recording.busy", 503}}) {
        port_.refuse = {code, "Because."};
        const Reply reply = ask("GET", kSound, token);
        EXPECT_EQ(reply.status, status);
        EXPECT_EQ(reply.code(), code);
    }
    EXPECT_EQ(ask("GET", "/v1/contacts/c1/recordings/r3", token).code(), "recording.unknown");
    EXPECT_EQ(ask("GET", "/v1/contacts/cx/recordings/r1", token).code(), "contact.unknown");
    for (const char* hostile : {"..", "%2e%2e", "..%2f..%2fetc%2fpasswd", "%2fetc%2fpasswd", "r1%2f..", "r1%20"})
        EXPECT_EQ(ask("GET", "/v1/contacts/c1/recordings/" + std::string(hostile), token).code(), "recording.unknown")
            << "an id is looked up, never opened: " << hostile;
    EXPECT_EQ(ask("GET", "/v1/contacts/c1/recordings/r1%00", token).code(), "route.not_found");
}

TEST_F(RecordingsApi, without_a_way_to_them_that_is_said) {
    hooks_.recordings = nullptr;
    begin();
    EXPECT_EQ(ask("GET", kSound, log_in("quality")).code(), "recording.not_configured");
    EXPECT_EQ(ask("GET", "/v1/contacts/c1/recordings", log_in("quality")).json()["items"].size(), 2U);
}

TEST_F(RecordingsApi, a_long_one_arrives_whole_beside_others) {
    port_.size = 20 << 20;
    // The second waits until the first is read, however long that takes.
    GatewaySettings settings;
    settings.write_timeout_ms = 600'000;
    begin(settings);
    const std::string token = log_in("quality");
    Client first(port()), second(port());
    const std::string get = "GET " + kSound + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\n\r\n";
    first.send(get);
    second.send(get + get);
    const std::string whole = pattern(0, port_.size);
    EXPECT_TRUE(first.reply().body == whole);
    EXPECT_TRUE(second.reply().body == whole);
    EXPECT_TRUE(second.reply().body == whole) << "pipelined behind the first";
}

TEST_F(RecordingsApi, one_that_breaks_off_is_never_taken_for_whole) {
    port_.size = 1 << 20;
    port_.fails_at = 300'000;
    begin();
    Client client(port());
    client.send("GET " + kSound + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + log_in("quality") + "\r\n\r\n");
    const std::string bytes = client.read_to_end();
    EXPECT_NE(bytes.find("Content-Length: 1048576\r\n"), std::string::npos);
    EXPECT_LT(bytes.size(), port_.size) << "closed before what was announced";
    EXPECT_EQ(ask("GET", "/healthz").status, 200);
}

TEST_F(RecordingsApi, who_takes_nothing_is_dropped_and_holds_nobody_up) {
    port_.size = 1ULL << 40;  // a terabyte that nobody could hold
    GatewaySettings settings;
    settings.write_timeout_ms = 200;
    settings.media_workers = 1;
    begin(settings);
    const std::string token = log_in("quality");
    Client slow(port(), 4'096);
    slow.send("GET " + kSound + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\n\r\n");
    EXPECT_EQ(ask("GET", kSound, token, {}, "Range: bytes=0-9\r\n").body, pattern(0, 10)) << "the one worker is free";
    const auto dropped = [&] {
        return ask("GET", "/metrics").body.find("connections_dropped_total{why=\"slow_reader\"} 1") !=
               std::string::npos;
    };
    const MonoTime until = system_now().mono + Millis{20'000};
    while (!dropped() && system_now().mono < until) std::this_thread::sleep_for(Millis{20});
    EXPECT_TRUE(dropped());
}

TEST_F(RecordingsApi, a_client_that_leaves_in_the_middle_leaves_nothing_behind) {
    port_.size = 1ULL << 40;
    begin();
    const std::string token = log_in("quality");
    for (int i = 0; i < 20; ++i) {
        Client client(port());
        client.send("GET " + kSound + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\n\r\n");
        if (i % 2 == 0) client.shut_write();
    }
    port_.size = 10;
    EXPECT_EQ(ask("GET", kSound, token).body, pattern(0, 10));
    gateway_->stop();
}

}  // namespace
}  // namespace citybridge::test
