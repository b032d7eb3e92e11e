// Why a consultation came to nothing, by what a real FreeSWITCH said of such calls. Expectations: what the phones saw,
// in NAME.md beside each capture.
#include <gmock/gmock.h>

#include "tests/wire/consulted_in_vain.h"
#include "tests/wire/freeswitch_calls/retold.h"

namespace citybridge::freeswitch {
namespace {

using testing::ElementsAre;

// 486, CANCEL by the caller while it rang, rang out after 4 s, 486 of a line outside.
TEST(TransferReasons, of_direct_calls) {
    EXPECT_THAT(calls::consulted_in_vain(signals_of("direct_calls")),
                ElementsAre("1002 failed busy", "1003 cancelled cancelled", "13912345679 failed no_answer",
                            "13912345670 failed busy"));
}

// An agent's channel bridges out, as it does for a consultation: 486, and no answer within call_timeout.
TEST(TransferReasons, of_lines_an_agents_own_channel_called) {
    EXPECT_THAT(calls::consulted_in_vain(signals_of("click2dial_fail")),
                ElementsAre("13812345670 failed busy", "13812345679 failed no_answer"));
}

}  // namespace
}  // namespace citybridge::freeswitch
