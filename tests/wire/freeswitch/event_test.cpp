// Events of recorded streams read by name; expectations from the ground truth
// beside the streams and from the format's description.
#include "adapters/freeswitch/event.h"

#include <gtest/gtest.h>

#include "adapters/freeswitch/decode.h"
#include "tests/wire/freeswitch/streams.h"

namespace citybridge::freeswitch {
namespace {

// The first event of that name, and subclass if given.
Kept event_of(std::string_view stream_name, std::string_view name, std::string_view subclass = {}) {
    Event event;
    for (const Kept& kept : frames_of(stream(stream_name))) {
        const Frame frame = frame_of(kept);
        if (!frame.is_event() || !event.read(frame) || event.name() != name) continue;
        if (subclass.empty() || event.subclass() == subclass) return kept;
    }
    throw std::runtime_error("no such event");
}

Frame plain(std::string_view text) { return {Frame::Kind::event_plain, {}, text}; }

TEST(Decode, TakesPercentBytesAndNothingElse) {
    EXPECT_EQ(decode("%E5%BC%A0%E4%BC%9F"), "张伟");
    EXPECT_EQ(decode("a+b"), "a+b") << "a plus is a plus";
    EXPECT_EQ(decode("100%25%2B%26%3D%3B"), "100%+&=;");
    EXPECT_EQ(decode("%e5%bc%a0"), "张");
    EXPECT_EQ(decode("Sat,%2021%20Nov"), "Sat, 21 Nov");
    for (const auto* kept : {"%", "%2", "%zz", "100%", "%2g", "%g2", ""}) EXPECT_EQ(decode(kept), kept);
    EXPECT_EQ(decode("%%41"), "%A");
    EXPECT_EQ(decode("%00x"), std::string("\0x", 2));
}

TEST(Event, ChineseNamesAndVariables) {
    // utf8_names.md: 13901234567 "张伟" -> 01062345678; originate with 王芳 100% and erp_note.
    const Kept inbound = event_of("utf8_names", "CHANNEL_CREATE");
    Event event;
    ASSERT_TRUE(event.read(frame_of(inbound)));
    EXPECT_EQ(event.value("Caller-Caller-ID-Name"), "张伟");
    EXPECT_EQ(event.raw("Caller-Caller-ID-Name"), "%E5%BC%A0%E4%BC%9F");
    EXPECT_EQ(event.value("Caller-Caller-ID-Number"), "13901234567");
    EXPECT_EQ(event.value("Caller-Destination-Number"), "01062345678");
    EXPECT_EQ(event.value("Channel-Name"), "sofia/internal/13901234567@127.0.0.1:5260");
    EXPECT_EQ(event.value("Unique-ID"), "b5e0c0c9-b359-4da3-bd3c-cd4c2e8c31d8");
    EXPECT_TRUE(event.has("Unique-ID"));
    EXPECT_FALSE(event.has("Unique-Id")) << "names are compared as they are";
    EXPECT_EQ(event.value("No-Such-Header"), "");
    std::vector<std::string> notes;
    for (const Kept& kept : frames_of(stream("utf8_names"))) {
        if (!frame_of(kept).is_event()) continue;
        ASSERT_TRUE(event.read(frame_of(kept)));
        if (event.name() == "CHANNEL_HANGUP_COMPLETE" && event.has("variable_erp_note"))
            notes.emplace_back(event.value("variable_erp_note"));
    }
    ASSERT_FALSE(notes.empty());
    for (const std::string& note : notes) EXPECT_EQ(note, "客户：李女士, 朝阳区");
}

TEST(Event, TimesAreMicrosecondsAndZeroIsNever) {
    Event event;
    const Kept created = event_of("transfer_blind", "CHANNEL_CREATE");
    ASSERT_TRUE(event.read(frame_of(created)));
    ASSERT_TRUE(event.at());
    // Recorded 2026-11-21 19:36:57 UTC.
    EXPECT_EQ(to_rfc3339(*event.at()).substr(0, 20), "2026-11-21T19:36:57.");
    EXPECT_EQ(event.raw("Caller-Channel-Answered-Time"), "0");
    EXPECT_FALSE(event.time("Caller-Channel-Answered-Time"));
    EXPECT_TRUE(event.time("Caller-Channel-Created-Time"));
    EXPECT_FALSE(event.number("Channel-Name"));
}

TEST(Event, CustomEventsBeginWithOtherHeaders) {
    const Kept info = event_of("inbound_ivr_queue", "CUSTOM", "callcenter::info");
    Event event;
    ASSERT_TRUE(event.read(frame_of(info)));
    EXPECT_EQ(event.name(), "CUSTOM");
    EXPECT_EQ(event.subclass(), "callcenter::info");
    EXPECT_EQ(event.value("CC-Queue"), "repair@beijing");
}

TEST(Event, ABodyMayHaveEmptyLinesAndTwoLengths) {
    // commands.md: sendevent CUSTOM lab::test, X-Title 工单, body "hello\n\nworld!".
    const Kept sent = event_of("commands", "CUSTOM", "lab::test");
    Event event;
    ASSERT_TRUE(event.read(frame_of(sent)));
    EXPECT_EQ(event.body(), "hello\n\nworld!");
    EXPECT_EQ(event.value("X-Title"), "工单");
    EXPECT_EQ(event.value("Content-Length"), "13");
}

TEST(Event, AJobsResultIsNotDecoded) {
    Event event;
    ASSERT_TRUE(event.read(plain("Event-Name: BACKGROUND_JOB\nJob-UUID: j1\nContent-Length: 11\n\n-ERR 100%25")));
    EXPECT_EQ(event.value("Job-UUID"), "j1");
    EXPECT_EQ(event.body(), "-ERR 100%25");
    const Kept job = event_of("click2dial_fail", "BACKGROUND_JOB");
    ASSERT_TRUE(event.read(frame_of(job)));
    EXPECT_TRUE(event.body().starts_with("-ERR ") || event.body().starts_with("+OK ")) << event.body();
}

TEST(Event, OfTwoHeadersTheFirstCounts) {
    Event event;
    ASSERT_TRUE(event.read(plain("Event-Name: CHANNEL_HANGUP\nHangup-Cause: A\nHangup-Cause: B\n\n")));
    EXPECT_EQ(event.value("Hangup-Cause"), "A");
    EXPECT_EQ(event.size(), 3U);
    ASSERT_TRUE(event.read(
        plain("Event-Name: COMMAND\nCommand: sendmsg\nCore-UUID: 1\nEvent-Name: PRIVATE_COMMAND\nCore-UUID: 2\n\n")));
    EXPECT_EQ(event.name(), "PRIVATE_COMMAND") << "it is wrapped in a COMMAND";
    EXPECT_EQ(event.value("Core-UUID"), "1");
}

TEST(Event, ArraysAreListsInEveryFormat) {
    Event event;
    ASSERT_TRUE(event.read(plain("Event-Name: X\nA: ARRAY%3A%3Aone%7C%3Atwo%7C%3A%E4%B8%89\nB: one\n\n")));
    const std::vector<std::string> three{"one", "two", "三"};
    EXPECT_EQ(event.list("A"), three);
    EXPECT_EQ(event.list("B"), std::vector<std::string>{"one"});
    EXPECT_TRUE(event.list("C").empty());
    ASSERT_TRUE(event.read({Frame::Kind::event_json, {}, R"({"Event-Name":"X","A":["one","two","三"],"B":"one"})"}));
    EXPECT_EQ(event.list("A"), three);
    EXPECT_EQ(event.value("A"), "ARRAY::one|:two|:三");
    EXPECT_EQ(event.list("B"), std::vector<std::string>{"one"});
    ASSERT_TRUE(event.read({Frame::Kind::event_xml,
                            {},
                            "<event>\n  <headers>\n    <Event-Name>X</Event-Name>\n    <A>one</A>\n    <A>two</A>\n"
                            "    <A>%E4%B8%89</A>\n    <B>one</B>\n  </headers>\n</event>"}));
    EXPECT_EQ(event.list("A"), three);
    EXPECT_EQ(event.value("A"), "one");
    // json_all: the dialled number as an array of two, the same in every event that has it.
    Event other;
    for (const Kept& kept : frames_of(stream("json_all"))) {
        if (kept.kind != Frame::Kind::event_json || kept.body.find("DP_MATCH") == std::string::npos) continue;
        ASSERT_TRUE(other.read(frame_of(kept)));
        EXPECT_EQ(other.list("variable_DP_MATCH"), (std::vector<std::string>{"01062345678", "01062345678"}));
    }
}

TEST(Event, JsonSaysWhatPlainSays) {
    const Kept created = event_of("json_all", "CHANNEL_CREATE");
    EXPECT_EQ(created.kind, Frame::Kind::event_json);
    Event event;
    ASSERT_TRUE(event.read(frame_of(created)));
    EXPECT_EQ(event.value("Caller-Caller-ID-Name"), "张伟");
    EXPECT_EQ(event.value("Caller-Destination-Number"), "01062345678");
    EXPECT_EQ(event.value("Unique-ID"), "63c5f604-a99e-4fa3-aa33-7f5fc299d35d");
    ASSERT_TRUE(event.read({Frame::Kind::event_json, {}, R"({"Event-Name":"X","A":"100%25","_body":"+OK\n\n%41"})"}));
    EXPECT_EQ(event.value("A"), "100%25") << "values are not percent-encoded here";
    EXPECT_EQ(event.body(), "+OK\n\n%41");
    ASSERT_TRUE(event.read({Frame::Kind::event_json,
                            {},
                            R"({"Event-Name":"COMMAND","n":1,"t":true,"z":null,"o":{"x":"y","a":["b"]},"e":[],
                                "Event-Name":"PRIVATE_COMMAND","lines":"a\nb: c"})"}));
    EXPECT_EQ(event.name(), "PRIVATE_COMMAND");
    EXPECT_EQ(event.value("n"), "1");
    EXPECT_EQ(event.value("t"), "true");
    EXPECT_EQ(event.value("lines"), "a\nb: c");
    EXPECT_FALSE(event.has("b"));
    EXPECT_TRUE(event.list("e").empty() || event.list("e").front().empty());
}

TEST(Event, BytesThatAreNotUtf8SurviveJson) {
    const std::string gbk = "\xD5\xC5\xCE\xB0";  // 张伟 as GBK
    const std::string text = R"({"Event-Name":"X","Name":")" + gbk + "\"}";
    Event event;
    ASSERT_TRUE(event.read({Frame::Kind::event_json, {}, text}));
    EXPECT_EQ(event.value("Name"), gbk);
    EXPECT_EQ(event.name(), "X");
}

TEST(Event, XmlIsPercentEncodedButItsBody) {
    Event event;
    ASSERT_TRUE(event.read({Frame::Kind::event_xml,
                            {},
                            "<event>\n  <headers>\n    <Event-Name>CUSTOM</Event-Name>\n"
                            "    <Caller-Caller-ID-Name>%E5%BC%A0%E4%BC%9F</Caller-Caller-ID-Name>\n"
                            "    <Event-Date-Timestamp>1795289817192692</Event-Date-Timestamp>\n    <Empty></Empty>\n"
                            "  </headers>\n  <Content-Length>13</Content-Length>\n"
                            "  <body>a &lt; b\n%41\n</body>\n</event>"}));
    EXPECT_EQ(event.name(), "CUSTOM");
    EXPECT_EQ(event.value("Caller-Caller-ID-Name"), "张伟");
    EXPECT_EQ(event.at(), WallTime(Millis(1'795'289'817'192)));
    EXPECT_EQ(event.body(), "a < b\n%41\n");
    EXPECT_TRUE(event.has("Empty"));
    EXPECT_EQ(event.size(), 4U);
}

// Every recorded plain event written as XML, as FreeSWITCH writes it, reads the same.
TEST(Event, XmlSaysWhatPlainSays) {
    const auto escaped = [](std::string_view text) {
        std::string out;
        for (const char c : text) {
            if (c == '&')
                out += "&amp;";
            else if (c == '<')
                out += "&lt;";
            else if (c == '>')
                out += "&gt;";
            else
                out += c;
        }
        return out;
    };
    Event event;
    Event as_xml;
    for (const Kept& kept : frames_of(stream("utf8_names"))) {
        if (kept.kind != Frame::Kind::event_plain) continue;
        ASSERT_TRUE(event.read(frame_of(kept)));
        std::string xml = "<event>\n  <headers>\n";
        for (const Event::Pair& pair : event.all())
            xml += "    <" + std::string(pair.name) + ">" + escaped(event.raw(pair.name)) + "</" +
                   std::string(pair.name) + ">\n";
        xml += "  </headers>\n  <body>" + escaped(event.body()) + "</body>\n</event>";
        ASSERT_TRUE(as_xml.read({Frame::Kind::event_xml, {}, xml})) << xml;
        ASSERT_EQ(as_xml.size(), event.size());
        EXPECT_EQ(as_xml.name(), event.name());
        EXPECT_EQ(as_xml.body(), event.body());
        for (const Event::Pair& pair : event.all()) EXPECT_EQ(as_xml.value(pair.name), event.value(pair.name));
    }
}

TEST(Event, TheAnswerToConnectIsReadLikeAnEvent) {
    const auto frames = frames_of(stream("outbound_async"));
    Event event;
    ASSERT_TRUE(event.read(frame_of(frames.front())));
    // outbound_async.md: 167 headers with the reply's own, this channel, caller and destination.
    EXPECT_EQ(event.size(), 167U);
    EXPECT_EQ(event.value("Unique-ID"), "51a70f13-fe90-48d0-bb3a-53622203bc6d");
    EXPECT_EQ(event.value("Caller-Caller-ID-Number"), "13901234567");
    EXPECT_EQ(event.value("Caller-Destination-Number"), "8084");
    EXPECT_EQ(event.value("Reply-Text"), "+OK\n");
    EXPECT_EQ(event.value("Socket-Mode"), "async");
    EXPECT_EQ(event.value("Control"), "full");
}

TEST(Event, BlocksFromElsewhereAreNotDecoded) {
    Event event;
    ASSERT_TRUE(event.read_block("Unique-ID: 1\nName: 100%25\nVoid: _undef_", false));
    EXPECT_EQ(event.value("Name"), "100%25");
    ASSERT_TRUE(event.read_block("Unique-ID: 1\nName: 100%25\nVoid: _undef_", true));
    EXPECT_EQ(event.value("Name"), "100%");
    EXPECT_EQ(event.value("Void"), "") << "how plain says that a value is empty";
    EXPECT_EQ(event.raw("Void"), "_undef_");
}

TEST(Event, ValuesStayWhereTheyAreUntilTheNextEvent) {
    const Kept created = event_of("utf8_names", "CHANNEL_CREATE");
    Event event;
    ASSERT_TRUE(event.read(frame_of(created)));
    const std::string_view name = event.value("Caller-Caller-ID-Name");
    for (const Event::Pair& pair : event.all()) EXPECT_EQ(decode(event.raw(pair.name)), event.value(pair.name));
    EXPECT_EQ(name, "张伟");
    EXPECT_EQ(name.data(), event.value("Caller-Caller-ID-Name").data()) << "decoded once";
}

TEST(HostileEvent, OddLinesAreReadAsFarAsTheyGo) {
    Event event;
    ASSERT_TRUE(event.read(plain("no colon\n: no name\nA:tight\nB: \nvariable_a:b: c\nLast: 1")));
    EXPECT_EQ(event.value("A"), "tight");
    EXPECT_TRUE(event.has("B"));
    EXPECT_EQ(event.value("B"), "");
    EXPECT_EQ(event.value("variable_a:b"), "c") << "a colon of the name";
    EXPECT_EQ(event.value("Last"), "1");
    EXPECT_EQ(event.name(), "");
    ASSERT_TRUE(event.read(plain("")));
    EXPECT_EQ(event.size(), 0U);
    EXPECT_EQ(event.value(""), "");
    const std::string endless_name = std::string(70'000, 'n') + ": v\nA: 1\n\n";
    ASSERT_TRUE(event.read(plain(endless_name)));
    EXPECT_EQ(event.value("A"), "1");
}

TEST(HostileEvent, WhatIsNotItsFormatIsRefusedAndLeavesNothing) {
    Event event;
    ASSERT_TRUE(event.read(plain("Event-Name: X\nA: 1\n\nbody")));
    for (const auto* text : {"", "{", "[]", "\"x\"", "1", "{\"a\":\"b\"", "{\"a\":\"b\"}x", "null"}) {
        const auto read = event.read({Frame::Kind::event_json, {}, text});
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().code, "freeswitch.bad_event");
        EXPECT_EQ(event.name(), "");
        EXPECT_EQ(event.value("A"), "");
        EXPECT_EQ(event.body(), "");
    }
    for (const auto* text : {"", "<event>", "<other/>", "<event><headers><a>1</b></headers></event>", "plain"})
        EXPECT_FALSE(event.read({Frame::Kind::event_xml, {}, text})) << text;
    EXPECT_FALSE(event.read({Frame::Kind::api_response, {}, "x"}));
}

TEST(HostileEvent, TooManyHeadersAreRefused) {
    std::string lines;
    std::string json = "{\"x\":1";
    for (std::size_t i = 0; i <= kMaxHeaders; ++i) {
        lines += "a: 1\n";
        json += ",\"a\":1";
    }
    Event event;
    EXPECT_FALSE(event.read(plain(lines)));
    EXPECT_FALSE(event.read({Frame::Kind::event_json, {}, json + "}"}));
    lines.resize((kMaxHeaders - 1) * 5);
    EXPECT_TRUE(event.read(plain(lines)));
    EXPECT_EQ(event.size(), kMaxHeaders - 1);
    std::string deep(100'000, '[');
    EXPECT_FALSE(event.read({Frame::Kind::event_json, {}, "{\"a\":" + deep}));
}

}  // namespace
}  // namespace citybridge::freeswitch
