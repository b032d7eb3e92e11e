// However the bytes of a capture are split, the messages are the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "adapters/asterisk/framer.h"
#include "tests/wire/asterisk/replayed.h"
#include "tests/wire/capture_file.h"

namespace citybridge::asterisk {
namespace {

// Count and hash of everything a framer gave: kinds, texts, fields.
struct Digest {
    std::size_t messages = 0;
    std::size_t fields = 0;
    std::size_t hash = 0;
    friend bool operator==(const Digest&, const Digest&) = default;

    void mix(std::string_view text) { hash = hash * 1'099'511'628'211ULL + std::hash<std::string_view>{}(text); }
};

void drain(Framer& framer, Digest& digest) {
    while (true) {
        const auto message = framer.next();
        ASSERT_TRUE(message) << message.error().detail;
        if (*message == nullptr) return;
        ++digest.messages;
        digest.mix((*message)->bytes());
        digest.hash += static_cast<std::size_t>((*message)->kind());
        for (const Field& field : (*message)->fields()) {
            ++digest.fields;
            digest.hash = digest.hash * 31 + field.key.size() * 7 + field.value.size();
        }
    }
}

Digest in_chunks(std::string_view bytes, std::size_t chunk) {
    Framer framer;
    Digest digest;
    for (std::size_t at = 0; at < bytes.size(); at += chunk) {
        framer.feed(bytes.substr(at, chunk));
        drain(framer, digest);
    }
    return digest;
}

struct Split : ::testing::TestWithParam<std::string_view> {};

TEST_P(Split, ChunksOfOneTo256BytesGiveTheSame) {
    const std::string bytes = capture(capture_name(GetParam()));
    const Digest whole = in_chunks(bytes, bytes.size());
    EXPECT_GT(whole.messages, 1U);
    for (std::size_t chunk = 1; chunk <= 256; ++chunk) ASSERT_EQ(in_chunks(bytes, chunk), whole) << chunk;
}

struct Piece {
    std::string text;
    std::size_t end = 0;
};

void drain(Framer& framer, std::vector<Piece>& out) {
    while (true) {
        const auto message = framer.next();
        ASSERT_TRUE(message) << message.error().detail;
        if (*message == nullptr) return;
        out.push_back({std::string((*message)->bytes()), framer.consumed()});
    }
}

// A cut can only matter to the message it falls into and to its neighbours, so
// these three are read again for every position of the cut.
void expect_same_for_every_cut(const std::string& bytes) {
    Framer whole_framer;
    std::vector<Piece> whole;
    whole_framer.feed(bytes);
    drain(whole_framer, whole);
    std::size_t at = 0;
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        while (at + 1 < whole.size() && whole[at].end <= cut) ++at;
        const std::size_t first = at == 0 ? 0 : at - 1;
        const std::size_t last = std::min(at + 1, whole.size() - 1);
        const std::size_t begin = first == 0 ? 0 : whole[first - 1].end;
        Framer framer;
        std::vector<Piece> seen;
        if (begin != 0) framer.feed("Asterisk Call Manager/9.0.0\r\n");
        drain(framer, seen);
        seen.clear();
        framer.feed(std::string_view(bytes).substr(begin, cut - begin));
        drain(framer, seen);
        if (whole[last].end > cut) framer.feed(std::string_view(bytes).substr(cut, whole[last].end - cut));
        drain(framer, seen);
        ASSERT_EQ(seen.size(), last - first + 1) << "cut at " << cut;
        for (std::size_t i = 0; i < seen.size(); ++i)
            ASSERT_EQ(seen[i].text, whole[first + i].text) << "cut at " << cut;
    }
}

TEST(TwoWaySplit, EveryCutOfEveryCaptureUnder100KilobytesGivesTheSame) {
    int taken = 0;
    for (const std::string_view name : kCaptures) {
        const std::string bytes = capture(capture_name(name));
        if (bytes.size() >= 100'000) continue;
        SCOPED_TRACE(name);
        ++taken;
        expect_same_for_every_cut(bytes);
    }
    EXPECT_EQ(taken, 14);
}

INSTANTIATE_TEST_SUITE_P(Captures, Split, ::testing::ValuesIn(kCaptures));

TEST(BusySplit, OddChunksOfTheBusyCaptureGiveTheSame) {
    const std::string bytes = capture("asterisk/20-busy-head.ami");
    const Digest whole = in_chunks(bytes, bytes.size());
    EXPECT_GT(whole.messages, 30'000U);
    for (const std::size_t chunk : {7U, 100U, 1448U, 65'536U}) EXPECT_EQ(in_chunks(bytes, chunk), whole) << chunk;
}

}  // namespace
}  // namespace citybridge::asterisk
