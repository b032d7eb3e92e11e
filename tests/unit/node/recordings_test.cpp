// Where recordings come from: a folder full of traps, and a server that lies.
#include "core/node/recordings.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/node/recording_files.h"
#include "tests/support/hostile_http_server.h"
#include "tools/support/temp_folder.h"

namespace citybridge::test {
namespace {

namespace fs = std::filesystem;
using Kind = HostileAnswer::Kind;

std::string below(const std::string& file, const std::string& folder = "/var/spool/asterisk/monitor") {
    const auto path = path_below(file, folder);
    return path ? *path : path.error().code;
}

TEST(PathBelow, takes_the_pbx_folder_off_the_front) {
    EXPECT_EQ(below("/var/spool/asterisk/monitor/in-1.wav"), "in-1.wav");
    EXPECT_EQ(below("/var/spool/asterisk/monitor/2026/11/in-1.wav"), "2026/11/in-1.wav");
    EXPECT_EQ(below("//var/spool/./asterisk//monitor//in-1.wav"), "in-1.wav");
    EXPECT_EQ(below("/var/spool/asterisk/monitor/in-1.wav", "/var/spool/asterisk/monitor/"), "in-1.wav");
    EXPECT_EQ(below("2026/in-1.wav"), "2026/in-1.wav") << "a relative name is meant from the folder";
    EXPECT_EQ(below("张三 1.wav"), "张三 1.wav");
    EXPECT_EQ(below("..wav"), "..wav");
    EXPECT_EQ(below("/r/a.wav", "/"), "r/a.wav");
}

TEST(PathBelow, refuses_what_leads_elsewhere) {
    for (const std::string& file :
         {std::string("../etc/passwd"), std::string("a/../../etc/passwd"), std::string("a/.."), std::string(".."),
          std::string("/etc/passwd"), std::string("/var/spool/asterisk/monitor"), std::string("/"), std::string(""),
          std::string("/var/spool/asterisk/monitor/../voicemail/x.wav"),
          std::string("/var/spool/asterisk/monitors/x.wav"), std::string("x\0.wav", 6), std::string("x\n.wav"),
          std::string("./"), std::string("x\x7f")})
        EXPECT_EQ(below(file), "recording.refused") << file;
    EXPECT_EQ(below("/x.wav", ""), "recording.refused");
}

class RecordingFiles : public testing::Test {
protected:
    RecordingFiles() {
        fs::create_directory(mount_);
        fs::create_directory(mount_ + "/2026");
        write(mount_ + "/2026/in.wav", "0123456789");
        write(folder_.path() + "/secret", "secret");
    }
    static void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }
    static std::string read(RecordingAnswer& answer) {
        std::string out;
        while (out.size() < answer.body->length()) {
            auto piece = answer.body->read(3);
            if (!piece) return out + "!" + piece.error().code;
            out += *piece;
        }
        return out;
    }
    Result<RecordingAnswer> open(const std::string& path, const std::string& range = {}, const std::string& cond = {}) {
        return open_recording_file(mount_, path, {path, false, gateway::parse_range(range), cond});
    }
    std::string code(const std::string& path) {
        const auto answer = open(path);
        return answer ? std::to_string(answer->status) : answer.error().code;
    }

    TempFolder folder_{"citybridge-recordings"};
    const std::string mount_ = folder_.path() + "/monitor";
};

TEST_F(RecordingFiles, are_read_whole_and_in_part) {
    auto whole = open("2026/in.wav");
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->status, 200);
    EXPECT_EQ(whole->size, 10U);
    EXPECT_EQ(read(*whole), "0123456789");
    auto part = open("2026/in.wav", "bytes=2-5");
    EXPECT_EQ(part->status, 206);
    EXPECT_EQ(read(*part), "2345");
    EXPECT_EQ(open("2026/in.wav", "bytes=10-")->status, 416);
    EXPECT_EQ(open("2026/in.wav", "bytes=10-")->size, 10U);
    auto matching = open("2026/in.wav", "bytes=2-5", whole->etag);
    EXPECT_EQ(matching->status, 206);
    EXPECT_EQ(open("2026/in.wav", "bytes=2-5", "\"other\"")->status, 200);
    write(mount_ + "/2026/in.wav", "0123456789abc");
    EXPECT_EQ(open("2026/in.wav", "bytes=2-5", whole->etag)->status, 200) << "it is another version now";
}

TEST_F(RecordingFiles, the_date_is_a_condition_only_when_it_is_old_enough) {
    const auto fresh = open("2026/in.wav");
    EXPECT_EQ(open("2026/in.wav", "bytes=2-5", fresh->last_modified)->status, 200);
    const timespec times[2] = {{784'111'777, 0}, {784'111'777, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, (mount_ + "/2026/in.wav").c_str(), times, 0), 0);
    EXPECT_EQ(open("2026/in.wav")->last_modified, "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(open("2026/in.wav", "bytes=2-5", "Sun, 06 Nov 1994 08:49:37 GMT")->status, 206);
}

TEST_F(RecordingFiles, links_lead_nowhere_outside) {
    fs::create_symlink("../secret", mount_ + "/out");
    fs::create_symlink(folder_.path() + "/secret", mount_ + "/absolute");
    fs::create_symlink("..", mount_ + "/up");
    fs::create_symlink("/proc/self/fd", mount_ + "/magic");
    fs::create_symlink("2026/in.wav", mount_ + "/inside");
    fs::create_symlink("loop", mount_ + "/loop");
    for (const char* path : {"out", "absolute", "up/secret", "magic/0", "loop"})
        EXPECT_EQ(code(path), "recording.refused") << path;
    EXPECT_EQ(code("inside"), "200");
}

TEST_F(RecordingFiles, only_plain_files_are_opened_and_nothing_hangs) {
    ASSERT_EQ(::mkfifo((mount_ + "/fifo").c_str(), 0600), 0);
    EXPECT_EQ(code("fifo"), "recording.refused");
    EXPECT_EQ(code("2026"), "recording.refused");
    EXPECT_EQ(code("2026/none.wav"), "recording.gone");
    EXPECT_EQ(code("2026/in.wav/x"), "recording.gone");
    EXPECT_EQ(code(std::string(300, 'x')), "recording.unavailable");
    fs::remove_all(mount_);
    EXPECT_EQ(code("2026/in.wav"), "recording.unavailable") << "nothing is mounted";
}

TEST_F(RecordingFiles, one_that_grows_is_sent_as_it_was_and_one_that_is_cut_breaks_off) {
    const std::string path = mount_ + "/2026/in.wav";
    auto grows = open("2026/in.wav");
    std::ofstream(path, std::ios::app) << "more";
    EXPECT_EQ(read(*grows), "0123456789");
    auto vanishes = open("2026/in.wav");
    fs::remove(path);
    EXPECT_EQ(read(*vanishes), "0123456789more") << "who has it open still has it";
    write(path, "0123456789");
    auto cut = open("2026/in.wav");
    EXPECT_EQ(*cut->body->read(3), "012");
    fs::resize_file(path, 4);
    EXPECT_EQ(*cut->body->read(3), "3");
    EXPECT_EQ(cut->body->read(3).error().code, "recording.gone");
}

class RecordingFetch : public testing::Test {
protected:
    Result<RecordingAnswer> fetch(const std::string& path, const std::string& range = {}, bool head = false) {
        RecordingServer server{server_.url("/rec"), "node", "pass word", {}, Millis{timeout_}};
        return fetch_recording(server, path, {path, head, gateway::parse_range(range), {}});
    }
    static std::string read(RecordingAnswer& answer) {
        std::string out;
        while (out.size() < answer.body->length()) {
            auto piece = answer.body->read(static_cast<std::size_t>(answer.body->length() - out.size()));
            if (!piece) return "!" + piece.error().code;
            out += *piece;
        }
        return out;
    }
    std::string code(const std::string& range = {}) {
        const auto answer = fetch("in.wav", range);
        return answer ? std::to_string(answer->status) : answer.error().code;
    }
    HostileHttpServer server_;
    std::int64_t timeout_ = 20'000;
};

TEST_F(RecordingFetch, asks_with_user_and_encoded_name_and_passes_on_what_comes) {
    server_.answer_with(
        {.headers = {{"ETag", "\"e1\""}, {"Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"}}, .body = "0123456789"});
    auto answer = fetch("2026/王 #1?.wav");
    ASSERT_TRUE(answer) << answer.error().detail;
    EXPECT_EQ(answer->size, 10U);
    EXPECT_EQ(answer->etag, "\"e1\"");
    EXPECT_EQ(answer->last_modified, "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(read(*answer), "0123456789");
    const ReceivedRequest request = server_.requests().at(0);
    EXPECT_EQ(request.method, "GET");
    EXPECT_EQ(request.target, "/rec/2026/%E7%8E%8B%20%231%3F.wav");
    EXPECT_EQ(request.header("authorization"), "Basic bm9kZTpwYXNzIHdvcmQ=");
    EXPECT_EQ(request.header("range"), "");
}

TEST_F(RecordingFetch, ranges_are_passed_on) {
    server_.answer_with({.status = 206, .headers = {{"Content-Range", "bytes 2-5/10"}}, .body = "2345"});
    auto answer = fetch("in.wav", "bytes=2-5");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 206);
    EXPECT_EQ(answer->slice.offset, 2U);
    EXPECT_EQ(answer->size, 10U);
    EXPECT_EQ(read(*answer), "2345");
    EXPECT_EQ(server_.requests().at(0).header("range"), "bytes=2-5");
    server_.answer_with({.status = 416, .headers = {{"Content-Range", "bytes */10"}}});
    EXPECT_EQ(fetch("in.wav", "bytes=99-")->status, 416);
    EXPECT_EQ(fetch("in.wav", "bytes=99-")->size, 10U);
    server_.answer_with({.body = "0123456789"});
    EXPECT_EQ(fetch("in.wav", "bytes=2-5")->status, 200) << "a server without ranges sends the whole";
}

TEST_F(RecordingFetch, a_server_that_contradicts_itself_is_not_believed) {
    for (const char* range : {"", "bytes 2-5", "bytes 5-2/10", "bytes 2-5/4", "bytes 2-9/20", "bytes */10",
                              "items 2-5/10", "bytes -2-5/10", "bytes 2-5/*"}) {
        server_.answer_with({.status = 206, .headers = {{"Content-Range", range}}, .body = "2345"});
        EXPECT_EQ(code("bytes=2-5"), "recording.unavailable") << range;
    }
    server_.answer_with({.status = 206, .headers = {{"Content-Range", "bytes 2-5/10"}}, .body = "2345"});
    EXPECT_EQ(code(), "recording.unavailable") << "nobody asked for a part";
}

TEST_F(RecordingFetch, every_failure_has_its_code) {
    for (const auto& [status, wanted] : std::vector<std::pair<int, std::string>>{{404, "recording.gone"},
                                                                                 {410, "recording.gone"},
                                                                                 {401, "recording.unavailable"},
                                                                                 {302, "recording.unavailable"},
                                                                                 {416, "recording.unavailable"},
                                                                                 {500, "recording.unavailable"}}) {
        server_.answer_with({.status = status});
        EXPECT_EQ(code(), wanted) << status;
    }
    for (const Kind kind : {Kind::close_before, Kind::endless_header, Kind::endless_body, Kind::garbage, Kind::reset,
                            Kind::only_interim}) {
        server_.answer_with({.kind = kind});
        EXPECT_EQ(code(), "recording.unavailable") << static_cast<int>(kind);
    }
    server_.answer_with({.kind = Kind::interim, .body = "0123"});
    EXPECT_EQ(code(), "200");
}

TEST_F(RecordingFetch, one_that_breaks_off_or_falls_silent_ends_with_an_error) {
    server_.answer_with({.kind = Kind::close_middle, .body = std::string(1'000'000, 'x')});
    auto broken = fetch("in.wav");
    ASSERT_TRUE(broken);
    EXPECT_EQ(read(*broken), "!recording.unavailable");
    timeout_ = 300;
    server_.answer_with({.kind = Kind::never});
    EXPECT_EQ(code(), "recording.unavailable");
    RecordingServer nobody{"http://127.0.0.1:" + std::to_string(closed_port()), {}, {}, {}, Millis{500}};
    EXPECT_EQ(fetch_recording(nobody, "in.wav", {"in.wav"}).error().code, "recording.unavailable");
}

TEST_F(RecordingFetch, a_long_one_comes_in_pieces_and_may_be_left_in_the_middle) {
    std::string body;
    for (int i = 0; body.size() < (8U << 20); ++i) body += std::to_string(i);
    server_.answer_with({.body = body});
    auto whole = fetch("in.wav");
    ASSERT_TRUE(whole);
    std::string got;
    while (got.size() < body.size()) {
        auto piece = whole->body->read(1 << 20);
        ASSERT_TRUE(piece) << piece.error().detail;
        EXPECT_LE(piece->size(), kFetchedBytes) << "more was held than promised";
        got += *piece;
    }
    EXPECT_TRUE(got == body);
    auto left = fetch("in.wav");
    EXPECT_TRUE(left->body->read(10));
}

TEST(Recordings, only_so_many_are_sent_at_once) {
    TempFolder folder("citybridge-recordings");
    std::ofstream(folder.path() + "/a.wav") << "sound";
    RecordingsConfig config;
    config.mount = config.pbx_folder = folder.path();
    config.max_at_once = 2;
    Recordings recordings(config);
    auto first = recordings.open({"a.wav"}), second = recordings.open({folder.path() + "/a.wav"});
    ASSERT_TRUE(first && second);
    EXPECT_EQ(recordings.open({"a.wav"}).error().code, "recording.busy");
    EXPECT_EQ(recordings.open({"../a.wav"}).error().code, "recording.refused");
    first->body.reset();
    EXPECT_EQ(*recordings.open({"a.wav"})->body->read(5), "sound");
}

Problems problems_of(std::vector<RawSetting> settings, std::vector<std::string> allow = {}) {
    NodeConfig config;
    config.sections["recordings"] = {{"node.xml", 2, 1}, std::move(settings)};
    Problems problems;
    read_recordings(config, {std::move(allow)}, problems);
    return problems;
}

TEST(RecordingsSettings, are_judged_before_anything_starts) {
    const Position at{"node.xml", 3, 1};
    EXPECT_TRUE(problems_of({}).empty()) << "a node without recordings";
    EXPECT_TRUE(problems_of({{"mount", "/mnt/rec", at}, {"pbx_folder", "/var/spool/asterisk/monitor", at}}).empty());
    EXPECT_TRUE(problems_of({{"url", "https://pbx/rec/", at}}, {"pbx"}).empty());
    EXPECT_EQ(problems_of({{"mount", "/a", at}, {"url", "http://pbx/", at}}).size(), 1U);
    EXPECT_EQ(problems_of({{"pbx_folder", "/a", at}}).size(), 1U);
    EXPECT_EQ(problems_of({{"mount", "/a", at}, {"pbx_folder", "a", at}}).size(), 1U);
    EXPECT_EQ(problems_of({{"url", "ftp://pbx/", at}}).size(), 1U);
    EXPECT_EQ(problems_of({{"url", "http://user:pass@pbx/", at}}).size(), 1U);
    EXPECT_EQ(problems_of({{"url", "http://pbx/?x=", at}}).size(), 1U);
    const Problems refused = problems_of({{"url", "http://pbx/rec", at}}, {"erp.example"});
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_THAT(to_string(refused[0]), testing::HasSubstr("node.xml:2:1: <recordings> url leads to http://pbx:80"));
}

}  // namespace
}  // namespace citybridge::test
