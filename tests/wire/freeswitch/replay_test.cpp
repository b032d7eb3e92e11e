// `./dev replay` of event socket streams: the same calls in whatever format the
// events came, and from a socket that tells of one channel only.
#include <gtest/gtest.h>

#include "adapters/freeswitch/event.h"
#include "tests/wire/capture_file.h"
#include "tests/wire/freeswitch/streams.h"
#include "tools/replay/fast_replay.h"

namespace citybridge::freeswitch {
namespace {

replay::Recording recording_of(const std::string& name) {
    const std::string file = "freeswitch/" + name + ".esl";
    return {capture(file), capture_times(file).value(), replay::Wire::freeswitch};
}

std::string framed(const std::string& type, const std::string& body) {
    return "Content-Length: " + std::to_string(body.size()) + "\nContent-Type: " + type + "\n\n" + body;
}

std::string as_json(const Event& event) {
    auto out = nlohmann::ordered_json::object();
    for (const Event::Pair& pair : event.all()) {
        if (out.contains(pair.name)) continue;
        if (pair.value.starts_with("ARRAY::"))
            out[std::string(pair.name)] = event.list(pair.name);
        else
            out[std::string(pair.name)] = pair.value;
    }
    out["Event-Name"] = event.name();
    if (!event.body().empty()) out["_body"] = event.body();
    return framed("text/event-json", out.dump());
}

std::string as_xml(const Event& event) {
    std::string text = "<event>\n  <headers>\n";
    for (const Event::Pair& pair : event.all()) {
        std::string value;
        for (const char c : event.raw(pair.name)) value += c == '&' ? "&amp;" : c == '<' ? "&lt;" : std::string(1, c);
        text += "    <" + std::string(pair.name) + ">" + value + "</" + std::string(pair.name) + ">\n";
    }
    return framed("text/event-xml", text + "  </headers>\n</event>");
}

// The stream with every plain event in another format.
replay::Recording rewritten(const replay::Recording& plain, std::string (*write)(const Event&)) {
    replay::Recording out{{}, {}, plain.wire};
    Event event;
    for (const Kept& kept : frames_of(plain.bytes)) {
        const Frame frame = frame_of(kept);
        if (kept.kind == Frame::Kind::event_plain && event.read(frame))
            out.bytes += write(event);
        else
            out.bytes += kept.headers + "\n\n" + kept.body;
    }
    return out;
}

TEST(Replay, PlainJsonAndXmlTellTheSameCalls) {
    for (const auto* name : {"transfer_blind", "inbound_ivr_queue", "utf8_names", "three_way"}) {
        replay::Recording plain = recording_of(name);
        plain.times.clear();  // the offsets are of the plain stream
        const std::string said = replay::replay_fast(plain, {}).json().dump();
        EXPECT_NE(said.find("\"contacts\":[{"), std::string::npos) << name;
        EXPECT_EQ(replay::replay_fast(rewritten(plain, as_json), {}).json().dump(), said) << name << " as json";
        EXPECT_EQ(replay::replay_fast(rewritten(plain, as_xml), {}).json().dump(), said) << name << " as xml";
    }
}

// outbound_async.md: 13901234567 calls 8084; 1001 rings at 1.7 s and answers at 2.7 s; the customer hangs up at 4.7 s.
TEST(Replay, AnOutboundSocketTellsItsCallWhole) {
    const auto contacts = replay::replay_fast(recording_of("outbound_async"), {}).contacts();
    ASSERT_EQ(contacts.size(), 1U);
    const Contact& contact = *contacts.front();
    EXPECT_EQ(contact.customer_number, "13901234567");
    EXPECT_EQ(contact.called_number, "8084");
    EXPECT_EQ(contact.outcome, Outcome::answered);
    EXPECT_EQ(contact.ended_by, EndedBy::customer);
    EXPECT_NEAR(static_cast<double>(contact.talk.count()), 2'000, 300);
    EXPECT_NEAR(static_cast<double>(contact.wait.value_or(Millis{0}).count()), 1'000, 300);
    ASSERT_EQ(contact.offers.size(), 1U);
    EXPECT_EQ(contact.offers.front().agent, "1001");
    EXPECT_EQ(contact.offers.front().state, OfferState::accepted);
}

// outbound_sync.md: hung up by the application at 0.81 s; the socket does not linger for the end of the channel.
TEST(Replay, AnOutboundSocketThatDoesNotLingerTellsTheEndOfItsCall) {
    const auto contacts = replay::replay_fast(recording_of("outbound_sync"), {}).contacts();
    ASSERT_EQ(contacts.size(), 1U);
    const Contact& contact = *contacts.front();
    EXPECT_EQ(contact.called_number, "8085");
    EXPECT_EQ(contact.outcome, Outcome::ivr_only);
    EXPECT_EQ(contact.ended_by, EndedBy::system);
    ASSERT_TRUE(contact.ended_at.has_value());
    EXPECT_NEAR(static_cast<double>((*contact.ended_at - contact.started_at).count()), 813, 100);
}

// filters.md: of the last whole call no bridge was subscribed to; 1001 answered, and the customer hung up 0.5 s later.
TEST(Replay, AConversationWithoutABridgeInTheStreamWasOne) {
    const auto contacts = replay::replay_fast(recording_of("filters"), {}).contacts();
    ASSERT_EQ(contacts.size(), 1U);
    EXPECT_EQ(contacts.front()->outcome, Outcome::answered);
    EXPECT_NEAR(static_cast<double>(contacts.front()->talk.count()), 480, 100);
}

TEST(Replay, RecordingsAreKnownByTheirNames) {
    EXPECT_EQ(replay::wire_of("a/b.ami"), replay::Wire::asterisk);
    EXPECT_EQ(replay::wire_of("b.ami.xz"), replay::Wire::asterisk);
    EXPECT_EQ(replay::wire_of("b.esl"), replay::Wire::freeswitch);
    EXPECT_EQ(replay::wire_of("b.esl.xz"), replay::Wire::freeswitch);
    EXPECT_FALSE(replay::wire_of("b.idx"));
    EXPECT_FALSE(replay::wire_of(".xz"));
    EXPECT_EQ(replay::times_path("a/b.ami"), "a/b.ami.ts");
    EXPECT_EQ(replay::times_path("a/b.esl"), "a/b.idx");
    const auto read = replay::read_recording(CITYBRIDGE_SOURCE_DIR "/tests/wire/captures/freeswitch/busy-head.esl.xz");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->wire, replay::Wire::freeswitch);
    EXPECT_TRUE(read->times.starts_with("# epoch "));
    const auto unknown = replay::read_recording("x.pcap");
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, "replay.unreadable");
}

}  // namespace
}  // namespace citybridge::freeswitch
