// However the bytes of a stream are split, the frames are the same.
#include <gtest/gtest.h>

#include "tests/wire/capture_file.h"
#include "tests/wire/freeswitch/streams.h"

namespace citybridge::freeswitch {
namespace {

// Count and hash of everything a framer gave.
struct Digest {
    std::size_t frames = 0;
    std::size_t hash = 0;
    friend bool operator==(const Digest&, const Digest&) = default;

    void take(Framer& framer) {
        while (true) {
            const auto frame = framer.next();
            ASSERT_TRUE(frame) << frame.error().detail;
            if (*frame == nullptr) return;
            ++frames;
            for (const std::string_view text : {(*frame)->headers, (*frame)->body})
                hash = hash * 1'099'511'628'211ULL + std::hash<std::string_view>{}(text);
            hash += static_cast<std::size_t>((*frame)->kind) + framer.consumed();
        }
    }
};

Digest in_chunks(std::string_view bytes, std::size_t chunk) {
    Framer framer;
    Digest digest;
    for (std::size_t at = 0; at < bytes.size(); at += chunk) {
        framer.feed(bytes.substr(at, chunk));
        digest.take(framer);
    }
    return digest;
}

struct Split : ::testing::TestWithParam<std::string_view> {};

TEST_P(Split, ChunksOfOneTo256BytesGiveTheSame) {
    // Longer streams repeat the same kinds of frames.
    const std::string bytes = stream(GetParam()).substr(0, 120'000);
    const Digest whole = in_chunks(bytes, bytes.size());
    EXPECT_GE(whole.frames, 3U);
    for (std::size_t chunk = 1; chunk <= 256; ++chunk) ASSERT_EQ(in_chunks(bytes, chunk), whole) << chunk;
}

// A cut can only matter to the frame it falls into and to its neighbours, so
// these three are read again for every position of the cut.
TEST_P(Split, EveryCutInTwoGivesTheSame) {
    const std::string bytes = stream(GetParam()).substr(0, 200'000);
    const std::vector<Kept> whole = frames_of(bytes);
    std::size_t at = 0;
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        while (at + 1 < whole.size() && whole[at].end <= cut) ++at;
        const std::size_t first = at == 0 ? 0 : at - 1;
        const std::size_t last = std::min(at + 1, whole.size() - 1);
        const std::size_t begin = first == 0 ? 0 : whole[first - 1].end;
        if (cut >= whole[last].end) break;
        Framer framer;
        std::size_t seen = first;
        const auto check = [&] {
            for (auto frame = framer.next(); frame && *frame != nullptr; frame = framer.next(), ++seen) {
                ASSERT_LE(seen, last);
                ASSERT_TRUE((*frame)->headers == whole[seen].headers && (*frame)->body == whole[seen].body) << cut;
            }
        };
        framer.feed(std::string_view(bytes).substr(begin, cut - begin));
        check();
        framer.feed(std::string_view(bytes).substr(cut, whole[last].end - cut));
        check();
        ASSERT_EQ(seen, last + 1) << "cut at " << cut;
    }
}

INSTANTIATE_TEST_SUITE_P(Streams, Split, ::testing::ValuesIn(kStreams));

TEST(BusySplit, OddChunksOfTheBusyStreamGiveTheSame) {
    const std::string bytes = capture("freeswitch/busy-head.esl");
    const Digest whole = in_chunks(bytes, bytes.size());
    EXPECT_GT(whole.frames, 2'000U);
    for (const std::size_t chunk : {7U, 100U, 1448U, 65'536U}) EXPECT_EQ(in_chunks(bytes, chunk), whole) << chunk;
}

}  // namespace
}  // namespace citybridge::freeswitch
