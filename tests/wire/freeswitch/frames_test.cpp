// Every recorded stream is framed completely: as many frames, of the same types
// and sizes, as the ground truth beside it counts.
#include <gtest/gtest.h>

#include "adapters/freeswitch/event.h"
#include "tests/wire/capture_file.h"
#include "tests/wire/freeswitch/streams.h"

namespace citybridge::freeswitch {
namespace {

struct EveryStream : ::testing::TestWithParam<std::string_view> {};

TEST_P(EveryStream, IsFramedAsItsGroundTruthCounts) {
    const Counted truth = counted(GetParam());
    const std::string bytes = stream(GetParam());
    ASSERT_EQ(bytes.size(), truth.bytes);
    Framer framer;
    framer.feed(bytes);
    std::vector<Kept> frames;
    drain(framer, frames);
    EXPECT_EQ(frames.size(), truth.frames);
    EXPECT_EQ(framer.consumed(), bytes.size());
    EXPECT_EQ(framer.waiting(), 0U);
    std::size_t largest = 0;
    std::map<std::string, std::size_t> types;
    std::map<std::string, std::size_t> names;
    Event event;
    for (const Kept& kept : frames) {
        const Frame frame = frame_of(kept);
        largest = std::max(largest, kept.body.size());
        ++types[std::string(frame.header("Content-Type"))];
        EXPECT_NE(kept.kind, Frame::Kind::other) << kept.headers;
        if (!frame.is_event()) continue;
        ASSERT_TRUE(event.read(frame));
        ++names[std::string(event.name())];
        EXPECT_TRUE(event.at()) << kept.body;
    }
    EXPECT_EQ(largest, truth.largest_body);
    EXPECT_EQ(types, truth.types);
    EXPECT_EQ(names, truth.names);
}

INSTANTIATE_TEST_SUITE_P(Streams, EveryStream, ::testing::ValuesIn(kStreams));

// Counted in the text: lines that begin with "Content-Type: text/event-plain".
TEST(BusyStream, IsFramedToItsCut) {
    const std::string bytes = capture("freeswitch/busy-head.esl");
    std::size_t announced = 0;
    constexpr std::string_view kLine = "\nContent-Type: text/event-plain\n";
    for (std::size_t at = bytes.find(kLine); at != std::string::npos; at = bytes.find(kLine, at + 1)) ++announced;
    const auto frames = frames_of(bytes);
    const auto events = static_cast<std::size_t>(
        std::count_if(frames.begin(), frames.end(), [](const Kept& kept) { return frame_of(kept).is_event(); }));
    EXPECT_GE(events, announced - 1);
    EXPECT_LE(events, announced);
    EXPECT_GT(events, 2'000U);
}

}  // namespace
}  // namespace citybridge::freeswitch
