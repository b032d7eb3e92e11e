// Passwords, throttle and sessions without a server.
#include <gtest/gtest.h>

#include "core/gateway/crypto.h"
#include "core/gateway/passwords.h"
#include "core/gateway/session_store.h"
#include "core/gateway/throttle.h"

namespace citybridge::gateway {
namespace {

Now at(Millis since) { return {WallTime(Millis(1'790'000'000'000) + since), MonoTime(Millis(1'000'000) + since)}; }

User person(const std::string& name) {
    User user;
    user.name = name;
    user.role = Role::admin;
    user.password_hash = "scrypt$16$1$1$" + to_base64("saltsalt") + "$" + to_base64(std::string(32, 'h'));
    return user;
}

std::string from_hex(std::string_view hex) {
    std::string out;
    for (std::size_t i = 0; i < hex.size(); i += 2)
        out.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
    return out;
}

TEST(Passwords, verify_the_example_of_rfc_7914) {
    // Section 12: P="pleaseletmein", S="SodiumChloride", N=16384, r=8, p=1.
    const std::string hash = from_hex(
        "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
        "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887");
    const std::string stored = "scrypt$16384$8$1$" + to_base64("SodiumChloride") + "$" + to_base64(hash);
    EXPECT_TRUE(verify_password("pleaseletmein", stored));
    EXPECT_FALSE(verify_password("pleaseletmeim", stored));
}

TEST(Passwords, hashes_are_salted_and_verify_only_their_password) {
    const std::string one = hash_password("秘密", {1024, 8, 1}), two = hash_password("秘密", {1024, 8, 1});
    EXPECT_NE(one, two);
    EXPECT_TRUE(one.starts_with("scrypt$1024$8$1$"));
    EXPECT_TRUE(verify_password("秘密", one));
    EXPECT_FALSE(verify_password("", one));
    EXPECT_FALSE(verify_password("秘密 ", one));
}

TEST(Passwords, the_default_cost_works) { EXPECT_TRUE(verify_password("x", hash_password("x"))); }

TEST(Passwords, malformed_or_ruinous_hashes_are_refused) {
    const std::string tail = "$" + to_base64("saltsalt") + "$" + to_base64(std::string(32, 'h'));
    ASSERT_TRUE(is_password_hash("scrypt$16$1$1" + tail));
    for (const std::string& stored :
         {std::string(), std::string("scrypt"), "bcrypt$16$1$1" + tail, "scrypt$15$1$1" + tail, "scrypt$0$1$1" + tail,
          "scrypt$1048576$32$1" + tail, "scrypt$16$1$99" + tail, "scrypt$-16$1$1" + tail, "scrypt$16$1$1" + tail + "$",
          std::string("scrypt$16$1$1$!!!!$####"), "scrypt$16$1$1$" + to_base64("s") + "$" + to_base64("h")})
        EXPECT_FALSE(is_password_hash(stored)) << stored;
}

TEST(Base64, goes_both_ways_and_is_strict) {
    for (std::size_t n = 0; n < 70; ++n) EXPECT_EQ(from_base64(to_base64(std::string(n, 'k'))), std::string(n, 'k'));
    EXPECT_EQ(to_base64("foobar"), "Zm9vYmFy");  // RFC 4648 section 10
    EXPECT_EQ(to_base64("foob"), "Zm9vYg==");
    for (const char* text : {"Zg", "Zg=", "Zg==\n", " Zg==", "Zh==", "Z===", "====", "Zm9=", "Zm9v!mFy"})
        EXPECT_FALSE(from_base64(text)) << text;
}

TEST(Throttle, waits_double_after_the_free_attempts) {
    Throttle throttle({.free_attempts = 3, .first_wait = Millis(1000), .longest_wait = Millis(5000)});
    MonoTime now(Millis(5'000'000));
    throttle.attempt("u", now);
    throttle.attempt("u", now);
    EXPECT_EQ(throttle.wait("u", now), Millis(0));
    for (const std::int64_t wait : {1000, 2000, 4000, 5000, 5000}) {
        throttle.attempt("u", now);
        EXPECT_EQ(throttle.wait("u", now), Millis(wait));
        now += Millis(wait);
        EXPECT_EQ(throttle.wait("u", now), Millis(0));
    }
    EXPECT_EQ(throttle.wait("other", now), Millis(0));
    throttle.success("u");
    throttle.attempt("u", now);
    EXPECT_EQ(throttle.wait("u", now), Millis(0));
}

TEST(Throttle, forgets_after_a_while_and_stays_bounded) {
    Throttle throttle({.free_attempts = 1, .forget_after = Millis(60'000), .max_keys = 10});
    const MonoTime now(Millis(5'000'000));
    for (int i = 0; i < 3; ++i) throttle.attempt("blocked", now);
    for (int i = 0; i < 1000; ++i) throttle.attempt("flood" + std::to_string(i), now);
    EXPECT_LE(throttle.size(), 10U);
    EXPECT_GT(throttle.wait("blocked", now), Millis(0)) << "a flood of names must not free a blocked one";
    throttle.attempt("blocked", now + Millis(120'000));
    EXPECT_EQ(throttle.wait("blocked", now + Millis(120'000)), Millis(1000)) << "counted from the start again";
}

TEST(Throttle, a_right_password_takes_back_only_its_own_attempt) {
    Throttle throttle({.free_attempts = 2});
    const MonoTime now(Millis(5'000'000));
    throttle.attempt("a", now);
    throttle.undo("a");
    EXPECT_EQ(throttle.size(), 0U);
    throttle.attempt("a", now);
    throttle.attempt("a", now);
    throttle.undo("a");
    throttle.attempt("a", now);
    EXPECT_GT(throttle.wait("a", now), Millis(0));
}

struct Sessions : ::testing::Test {
    SessionStore store{{.lifetime = Millis(1000), .idle = Millis(400), .total = 5, .per_user = 2}};
    Sessions() { store.set_users({person("ann"), person("bob"), person("cid"), person("dan")}); }
    std::string open(const std::string& name, Millis since = Millis(0)) {
        return store.open(*store.find_user(name), at(since)).token;
    }
};

TEST_F(Sessions, end_when_unused_too_old_or_revoked) {
    const std::string token = open("ann");
    EXPECT_EQ(token.size(), 64U);
    EXPECT_TRUE(store.identify(token, at(Millis(399))));
    EXPECT_TRUE(store.identify(token, at(Millis(798)))) << "use keeps it";
    EXPECT_FALSE(store.identify(token, at(Millis(1000)))) << "but not for ever";
    const std::string idle = open("ann");
    EXPECT_FALSE(store.identify(idle, at(Millis(400))));
    const std::string revoked = open("ann");
    store.revoke(store.identify(revoked, at(Millis(1)))->session);
    EXPECT_FALSE(store.identify(revoked, at(Millis(2))));
    EXPECT_EQ(store.size(), 0U);
}

TEST_F(Sessions, are_bounded_per_user_and_in_all) {
    const std::string first = open("ann"), second = open("ann"), third = open("ann");
    EXPECT_FALSE(store.identify(first, at(Millis(1))));
    EXPECT_TRUE(store.identify(second, at(Millis(1))));
    for (const char* name : {"bob", "bob", "cid", "cid"}) open(name);
    EXPECT_EQ(store.size(), 5U);
    EXPECT_FALSE(store.identify(second, at(Millis(1)))) << "the oldest of all went";
    EXPECT_TRUE(store.identify(third, at(Millis(1))));
}

TEST_F(Sessions, end_with_the_user_or_his_password) {
    const std::string ann = open("ann"), bob = open("bob"), cid = open("cid");
    User changed = person("bob");
    changed.password_hash = "scrypt$16$1$1$" + to_base64("otherslt") + "$" + to_base64(std::string(32, 'h'));
    User promoted = person("cid");
    promoted.role = Role::quality;
    store.set_users({changed, promoted});
    EXPECT_FALSE(store.identify(ann, at(Millis(1))));
    EXPECT_FALSE(store.identify(bob, at(Millis(1))));
    EXPECT_EQ(store.identify(cid, at(Millis(1)))->user.role, Role::quality) << "a new role holds at once";
}

TEST_F(Sessions, fixed_tokens_identify_systems_while_configured) {
    User erp;
    erp.name = "erp";
    erp.role = Role::erp;
    erp.token_hash = sha256_hex("the-token");
    store.set_users({erp});
    const auto who = store.identify("the-token", at(Millis(0)));
    ASSERT_TRUE(who);
    EXPECT_EQ(who->user.name, "erp");
    EXPECT_FALSE(who->expires_at);
    EXPECT_TRUE(store.still_valid(who->session, at(Millis(99'999'999))));
    EXPECT_FALSE(store.identify(erp.token_hash, at(Millis(0)))) << "the hash is not the token";
    store.set_users({});
    EXPECT_FALSE(store.still_valid(who->session, at(Millis(0))));
}

TEST(UsersFile, faults_are_all_reported) {
    User twice = person("ann"), with_token = person("bob"), agent = person("cid"), system = person("erp"),
         bad = person("x");
    with_token.token_hash = sha256_hex("t");
    agent.role = Role::agent;
    system.role = Role::erp;
    bad.password_hash = "plain";
    const auto checked = SessionStore::check({person("ann"), twice, with_token, agent, system, bad});
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, "gateway.users_invalid");
    for (const char* part : {"'ann' appears twice", "'bob' may not have a fixed token", "'cid' needs an agent id",
                             "'erp' may not have a password", "'x' has a password hash"})
        EXPECT_NE(checked.error().detail.find(part), std::string::npos) << part << " in " << checked.error().detail;
    EXPECT_TRUE(SessionStore::check({person("ann"), person("bob")}));
}

}  // namespace
}  // namespace citybridge::gateway
