#include "plugins/erp_rest/path_template.h"

#include <gtest/gtest.h>

namespace citybridge::erp_rest {
namespace {

std::string fill(std::string_view path, const PathValues& values) {
    auto parsed = PathTemplate::parse(path);
    if (!parsed) return "parse: " + parsed.error().detail;
    auto filled = parsed->fill(values);
    return filled ? *filled : filled.error().code;
}

TEST(PathTemplate, PutsTheValuesIn) {
    const PathValues values{"m1", "o1", "E1", "append_note"};
    EXPECT_EQ(fill("/orders", values), "/orders");
    EXPECT_EQ(fill("/{kind}/{external_id}/x?key={id}&o={order}", values), "/append_note/E1/x?key=m1&o=o1");
}

TEST(PathTemplate, NoValueCanChangeThePath) {
    EXPECT_EQ(fill("/o/{external_id}", {"", "", "a/b?c=d&e#f%g h", ""}), "/o/a%2Fb%3Fc%3Dd%26e%23f%25g%20h");
    EXPECT_EQ(fill("/o/{external_id}", {"", "", "\xE5\xBC\xA0\r\n", ""}), "/o/%E5%BC%A0%0D%0A");
    EXPECT_EQ(fill("/o/{external_id}", {"", "", "..", ""}), "erp_rest.cannot_address");
    EXPECT_EQ(fill("/o/{external_id}", {"", "", ".", ""}), "erp_rest.cannot_address");
    EXPECT_EQ(fill("/o/{external_id}", {"", "", "", ""}), "erp_rest.cannot_address");
}

TEST(PathTemplate, SaysWhatIsWrongWithAPath) {
    for (const char* path :
         {"", "orders", "/a b", "/a#b", "/a{", "/a}", "/{}", "/{id", "/{nothing}", "/张", "/a\\b", "/{id}}"})
        EXPECT_FALSE(PathTemplate::parse(path)) << path;
}

}  // namespace
}  // namespace citybridge::erp_rest
