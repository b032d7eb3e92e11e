// Whatever bytes come, the session neither crashes nor hangs, and never says
// anything of a link that it did not say was up.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/unit/asterisk/session_driver.h"

namespace citybridge::asterisk {
namespace {

std::string random_bytes() {
    static const std::vector<std::string> kPieces{"Event: ",
                                                  "Response: ",
                                                  "Success",
                                                  "Error",
                                                  "\r\n",
                                                  "\r\n\r\n",
                                                  "\n",
                                                  "\r",
                                                  ": ",
                                                  "Hangup",
                                                  "Newchannel",
                                                  "QueueCallerAbandon",
                                                  "ActionID: ",
                                                  "Uniqueid: ",
                                                  "Timestamp: ",
                                                  "FullyBooted",
                                                  "OriginateResponse",
                                                  "DialEnd",
                                                  "DestUniqueid: 1.1",
                                                  "EventList: Complete",
                                                  "<unknown>",
                                                  "\xFF\xFE",
                                                  "CallerIDName: \xCD\xF5",
                                                  "Shutdown",
                                                  "1795291397.6",
                                                  "-1",
                                                  "99999999999999999999"};
    const auto pieces = *rc::gen::container<std::vector<std::string>>(
        rc::gen::oneOf(rc::gen::elementOf(kPieces), rc::gen::string<std::string>()));
    std::string out;
    for (const std::string& piece : pieces) out += piece;
    return out;
}

TEST(SessionFuzz, RandomBytesAreHarmlessInEveryPhase) {
    rc::check("random bytes", [] {
        SessionDriver driver;
        const int phase = *rc::gen::inRange(0, 4);
        if (phase == 0) driver.session.on_connected(driver.now);
        if (phase >= 1) driver.log_in();
        if (phase >= 2) driver.boot();
        if (phase >= 3) driver.answer_lists();
        driver.session.dial({"1", "SIP/1001", "139", Millis(100)}, driver.expect_reply(), driver.now);
        const std::string bytes = random_bytes();
        std::size_t at = 0;
        while (at < bytes.size()) {
            const std::size_t length = *rc::gen::inRange<std::size_t>(1, 40);
            driver.bytes(std::string_view(bytes).substr(at, length));
            at += length;
            driver.pass(Millis(*rc::gen::inRange(0, 2000)));
        }
        driver.close("link.closed");
        driver.pass(Millis(1'000'000));
        RC_ASSERT(driver.replies.size() == 1U);
        bool up = false;
        for (const PbxSignal& signal : driver.signals) {
            if (std::holds_alternative<signal::LinkUp>(signal.body)) {
                RC_ASSERT(!up);
                up = true;
            } else {
                RC_ASSERT(up);
                if (std::holds_alternative<signal::LinkDown>(signal.body)) up = false;
            }
        }
        RC_ASSERT(!up);
    });
}

TEST(SessionFuzz, AnySplitOfTheBytesGivesTheSameSignals) {
    rc::check("any split", [] {
        const std::string bytes = random_bytes() + "\r\n\r\nEvent: Hold\r\nUniqueid: 1.1\r\n\r\n";
        SessionDriver whole;
        whole.make_ready();
        whole.bytes(bytes);
        SessionDriver split;
        split.make_ready();
        std::size_t at = 0;
        while (at < bytes.size()) {
            const std::size_t length = *rc::gen::inRange<std::size_t>(1, 10);
            split.bytes(std::string_view(bytes).substr(at, length));
            at += length;
        }
        RC_ASSERT(whole.signals.size() == split.signals.size());
        for (std::size_t i = 0; i < whole.signals.size(); ++i) {
            RC_ASSERT(whole.signals[i].body.index() == split.signals[i].body.index());
            RC_ASSERT(whole.signals[i].channel == split.signals[i].channel);
            RC_ASSERT(whole.signals[i].group == split.signals[i].group);
        }
        RC_ASSERT(whole.closed == split.closed);
    });
}

}  // namespace
}  // namespace citybridge::asterisk
