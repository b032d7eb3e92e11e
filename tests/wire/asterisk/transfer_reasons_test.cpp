// Why a consultation came to nothing, by what a real Asterisk said of such calls. Expectations: what the phones and the
// driver saw, in NAME.md beside each capture.
#include <gmock/gmock.h>

#include "tests/wire/asterisk/replayed.h"
#include "tests/wire/consulted_in_vain.h"

namespace citybridge::asterisk {
namespace {

using testing::ElementsAre;

TEST(TransferReasons, a_phone_that_the_pbx_stops_ringing_did_not_answer) {
    EXPECT_THAT(calls::consulted_in_vain(replayed("06a-ring-no-answer")), ElementsAre("SIP/1001 failed no_answer"));
}

TEST(TransferReasons, a_line_that_answers_486_is_busy) {
    EXPECT_THAT(calls::consulted_in_vain(replayed("08b-originate-fail")), ElementsAre("913912345678 failed busy"));
}

TEST(TransferReasons, a_phone_whose_caller_gives_up_was_taken_back) {
    EXPECT_THAT(calls::consulted_in_vain(replayed("05b-abandon-ringing")), ElementsAre("SIP/1001 cancelled cancelled"));
}

}  // namespace
}  // namespace citybridge::asterisk
