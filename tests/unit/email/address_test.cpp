#include "plugins/email/address.h"

#include <gtest/gtest.h>

namespace citybridge::email {
namespace {

TEST(Address, TakesWhatMailboxesLookLike) {
    for (const std::string text : {"a@b", "wang.li@partner.example.com", "o'neil+x=1@sub-domain.example",
                                   "desk@xn--55qx5d.xn--io0a7i", "1001@163.com"}) {
        const auto address = parse_address(text);
        ASSERT_TRUE(address) << text;
        EXPECT_EQ(address->text(), text);
    }
    EXPECT_EQ(parse_address("Desk@Example.COM")->text(), "Desk@example.com") << "only the domain has no case";
}

TEST(Address, RefusesWhatCouldEndAHeaderOrACommand) {
    using namespace std::string_literals;
    for (const std::string& text : {"a@b\r\nBcc: x@y"s,
                                    "a\r\n@b"s,
                                    "a@b\n"s,
                                    "a\0b@c"s,
                                    "a@b\0"s,
                                    "a b@c"s,
                                    "<a@b>"s,
                                    "a@b>"s,
                                    "a@b RCPT"s,
                                    "\"a b\"@c"s,
                                    "a,b@c"s,
                                    "a;b@c"s,
                                    "a(b)@c"s,
                                    "a@b,c@d"s,
                                    "王@b.cn"s,
                                    "a@公司.cn"s,
                                    ""s,
                                    "@"s,
                                    "a@"s,
                                    "@b"s,
                                    "a@@b"s,
                                    "a@b@c"s,
                                    ".a@b"s,
                                    "a.@b"s,
                                    "a..b@c"s,
                                    "a@-b"s,
                                    "a@b-"s,
                                    "a@b..c"s,
                                    "a@.b"s,
                                    "a@[127.0.0.1]"s,
                                    std::string(65, 'a') + "@b",
                                    "a@" + std::string(64, 'b'),
                                    "a@" + std::string(254, 'b')})
        EXPECT_FALSE(parse_address(text)) << text;
    EXPECT_TRUE(parse_address(std::string(64, 'a') + "@" + std::string(63, 'b')));
}

TEST(Address, SubAddressesFitOrAreNone) {
    const Address reply{"reply", "city.example"};
    EXPECT_EQ(sub_address(reply, '+', "abc").text(), "reply+abc@city.example");
    EXPECT_EQ(sub_address(reply, '-', std::string(58, 'x')).local.size(), 64U);
    EXPECT_TRUE(sub_address(reply, '-', std::string(59, 'x')).local.empty());
}

}  // namespace
}  // namespace citybridge::email
