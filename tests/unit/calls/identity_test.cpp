#include "core/calls/identity.h"

#include <gtest/gtest.h>

#include <regex>

#include "core/calls/phone_number.h"
#include "tests/unit/calls/pbx_script.h"

namespace citybridge::calls {
namespace {

// RFC 9562 section 5.8: version 8, variant 10xx.
TEST(HashedUuid, is_a_version_8_uuid) {
    const std::regex shape("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    EXPECT_TRUE(std::regex_match(hashed_uuid({"beijing", "pbx1"}), shape));
}

TEST(HashedUuid, the_split_of_the_parts_matters) { EXPECT_NE(hashed_uuid({"ab", "c"}), hashed_uuid({"a", "bc"})); }

TEST(ContactId, is_the_same_after_a_restart_of_the_node) {
    PbxScript before;
    before.connect();
    before.answered_call();
    PbxScript after;
    after.connect();
    after.at(0);
    after.caller("c", "13901234567");
    EXPECT_EQ(before.contact().id, after.contact().id);
}

TEST(ContactId, differs_by_city_by_pbx_and_by_the_pbxs_run) {
    const auto id_of = [](const std::string& city, const std::string& pbx, const std::string& start) {
        PbxScript script({.city = city, .pbx = pbx});
        script.connect(start);
        script.caller("c", "1");
        return script.contact().id;
    };
    const std::string id = id_of("beijing", "pbx1", "run-1");
    EXPECT_NE(id, id_of("shanghai", "pbx1", "run-1"));
    EXPECT_NE(id, id_of("beijing", "pbx2", "run-1"));
    EXPECT_NE(id, id_of("beijing", "pbx1", "run-2"));
}

// E.164 by the numbering plan of China: 11-digit mobiles, area codes.
TEST(E164, of_numbers_as_dialled_in_china) {
    EXPECT_EQ(to_e164("13912345678", "CN", "9"), "+8613912345678");
    EXPECT_EQ(to_e164("913912345678", "CN", "9"), "+8613912345678");
    EXPECT_EQ(to_e164("01065551234", "CN", "9"), "+861065551234");
    EXPECT_EQ(to_e164("+442071838750", "CN", "9"), "+442071838750");
    EXPECT_EQ(to_e164("1001", "CN", "9"), "");
    EXPECT_EQ(to_e164("anonymous", "CN", "9"), "");
}

}  // namespace
}  // namespace citybridge::calls
