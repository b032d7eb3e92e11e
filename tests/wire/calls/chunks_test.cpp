// How the network cuts the stream must not matter.
#include <gtest/gtest.h>

#include "tests/wire/capture_file.h"
#include "tools/replay/fast_replay.h"

namespace citybridge {
namespace {

TEST(Chunks, the_same_contacts_for_every_size_of_read) {
    for (const std::string name : {"asterisk/05b-abandon-ringing.ami", "asterisk/08b-originate-fail.ami"}) {
        const replay::Recording recording{capture(name), capture_times(name).value()};
        const std::string whole = replay::replay_fast(recording, {}).json().dump();
        for (std::size_t size = 1; size <= 256; ++size) {
            replay::FastReplayOptions options;
            options.chunk_bytes = size;
            ASSERT_EQ(replay::replay_fast(recording, options).json().dump(), whole) << name << " in reads of " << size;
        }
    }
}

TEST(Chunks, a_stream_cut_anywhere_ends_no_contact_and_loses_none) {
    const std::string name = "asterisk/05b-abandon-ringing.ami";
    const std::string bytes = capture(name);
    const std::string times = capture_times(name).value();
    std::size_t before = 0;
    for (std::size_t cut = 0; cut < bytes.size(); cut += 97) {
        const auto result = replay::replay_fast({bytes.substr(0, cut), times}, {});
        ASSERT_GE(result.contacts().size(), before) << "cut at " << cut;
        before = result.contacts().size();
        for (const ContactPtr& contact : result.contacts())
            if (cut < bytes.size() - 2'000) {
                EXPECT_FALSE(contact->ended_at.has_value()) << "cut at " << cut;
            }
    }
    EXPECT_EQ(before, 1U);
}

}  // namespace
}  // namespace citybridge
