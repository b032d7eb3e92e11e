#include "adapters/asterisk/action.h"

#include <gtest/gtest.h>

namespace citybridge::asterisk {
namespace {

TEST(Action, IsWrittenAsHeadersAndAnEmptyLine) {
    Action action("Hangup", "id-1");
    action.add("Channel", "SIP/1001-00000001").add_unless_empty("Cause", "");
    EXPECT_EQ(*action.text(), "Action: Hangup\r\nActionID: id-1\r\nChannel: SIP/1001-00000001\r\n\r\n");
}

TEST(Action, RefusesAValueThatWouldStartAHeader) {
    for (const std::string_view evil : {std::string_view("1001\r\nAction: Command"), std::string_view("a\nb"),
                                        std::string_view("a\rb"), std::string_view("a\0b", 3)}) {
        const auto text = Action("Originate", "id").add("Exten", evil).text();
        ASSERT_FALSE(text);
        EXPECT_EQ(text.error().code, "asterisk.bad_value");
        EXPECT_NE(text.error().detail.find("Exten"), std::string::npos);
    }
}

}  // namespace
}  // namespace citybridge::asterisk
