// RFC 8032, section 7.1, gives the expectations.
#include "plugins/link_nats/keys.h"

#include <gtest/gtest.h>

#include <fstream>

#include "plugins/link_nats/postman.h"
#include "tools/support/temp_folder.h"

namespace citybridge::link_nats {
namespace {

// TEST 3: message af82.
constexpr char kPublic[] = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025";
constexpr char kSignature[] =
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc0"
    "27beceea1ec40a";

TEST(CityKeys, VerifyWhatTheStandardSigned) {
    const auto key = PublicKey::parse(kPublic);
    ASSERT_TRUE(key);
    EXPECT_TRUE(key->verifies("\xaf\x82", kSignature));
    EXPECT_FALSE(key->verifies("\xaf\x83", kSignature));
    EXPECT_FALSE(key->verifies("\xaf\x82", std::string(kSignature).substr(2)));
    EXPECT_FALSE(key->verifies("\xaf\x82", std::string(128, 'z')));
    EXPECT_FALSE(key->verifies("\xaf\x82", ""));
    EXPECT_FALSE(PublicKey::parse("12"));
}

TEST(CityKeys, SignWithTheKeyOfAFile) {
    const TempFolder folder("citybridge-keys");
    const std::string file = folder / "key.pem";
    ASSERT_EQ(std::system(("openssl genpkey -algorithm ed25519 -out " + file).c_str()), 0);
    const auto key = SigningKey::load(file);
    ASSERT_TRUE(key);
    const auto known = PublicKey::parse(key->public_hex());
    ASSERT_TRUE(known);
    EXPECT_TRUE(known->verifies("text", key->sign("text")));
    EXPECT_FALSE(known->verifies("other", key->sign("text")));
    std::ofstream(folder / "none.pem") << "nothing";
    EXPECT_EQ(SigningKey::load(folder / "none.pem").error().code, "link_nats.bad_key");
}

TEST(CityKeys, AReceiptIsNeverReadAsAMessage) { EXPECT_NE(signed_text('m', "{}"), signed_text('r', "{}")); }

}  // namespace
}  // namespace citybridge::link_nats
