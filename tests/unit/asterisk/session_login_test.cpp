#include <gtest/gtest.h>

#include "tests/unit/asterisk/session_driver.h"

namespace citybridge::asterisk {
namespace {

SessionSettings plain() {
    SessionSettings settings;
    settings.user = "cti";
    settings.secret = "cti-s3cret";
    settings.md5 = false;
    return settings;
}

TEST(SessionLogin, SendsUserAndSecretAfterTheBanner) {
    SessionDriver driver(plain());
    driver.session.on_connected(driver.now);
    driver.bytes("Asterisk Call Ma");
    EXPECT_TRUE(driver.written.empty());
    driver.bytes("nager/9.0.0\r\n");
    EXPECT_EQ(driver.sent("Login", "Username"), "cti");
    EXPECT_EQ(driver.sent("Login", "Secret"), "cti-s3cret");
}

// Challenge and key recorded with secret cti-s3cret (capture 01c).
TEST(SessionLogin, AnswersAChallengeWithMd5AndDoesNotSendTheSecret) {
    SessionSettings settings = plain();
    settings.md5 = true;
    SessionDriver driver(settings);
    driver.session.on_connected(driver.now);
    driver.bytes("Asterisk Call Manager/9.0.0\r\n");
    EXPECT_EQ(driver.sent("Challenge", "AuthType"), "MD5");
    driver.answer("Challenge", "Success", {{"Challenge", "135027867"}});
    EXPECT_EQ(driver.sent("Login", "Key"), "6fb1a2b0f981dc7295c5ebfabb54a5e0");
    EXPECT_EQ(driver.written.find("cti-s3cret"), std::string::npos);
}

TEST(SessionLogin, ReportsARefusalAndRetriesSlowly) {
    SessionDriver driver(plain());
    driver.session.on_connected(driver.now);
    driver.bytes("Asterisk Call Manager/9.0.0\r\n");
    driver.answer("Login", "Error", {{"Message", "Authentication failed"}});
    ASSERT_TRUE(driver.closed);
    EXPECT_EQ(driver.closed->code, "asterisk.login_refused");
    EXPECT_NE(driver.closed->detail.find("'cti'"), std::string::npos);
    EXPECT_EQ(driver.closed->detail.find("s3cret"), std::string::npos);
    EXPECT_EQ(driver.close(driver.closed->code), Millis(60'000));
    EXPECT_TRUE(driver.signals.empty()) << "the link was never up";
}

TEST(SessionLogin, OtherFailuresAreRetriedSoonThenLessOften) {
    SessionDriver driver(plain());
    EXPECT_LE(driver.close("link.refused"), Millis(600));
    for (int i = 0; i < 10; ++i) driver.close("link.refused");
    const Millis late = driver.close("link.refused");
    EXPECT_GE(late, Millis(24'000));
    EXPECT_LE(late, Millis(36'000));
    driver.make_ready();
    EXPECT_LE(driver.close("link.closed"), Millis(600)) << "a working link starts anew";
}

TEST(SessionLogin, GivesUpOnAPeerThatSaysNothing) {
    SessionDriver driver(plain());
    driver.session.on_connected(driver.now);
    ASSERT_TRUE(driver.session.next_deadline());
    driver.pass(Millis(4'999));
    EXPECT_FALSE(driver.closed);
    driver.pass(Millis(1));
    ASSERT_TRUE(driver.closed);
    EXPECT_EQ(driver.closed->code, "asterisk.no_banner");
}

TEST(SessionLogin, GivesUpOnALoginWithoutAnswer) {
    SessionDriver driver(plain());
    driver.session.on_connected(driver.now);
    driver.bytes("Asterisk Call Manager/9.0.0\r\n");
    driver.pass(Millis(5'000));
    ASSERT_TRUE(driver.closed);
    EXPECT_EQ(driver.closed->code, "asterisk.reply_timeout");
}

TEST(SessionLogin, RefusesWhatIsNoManagerPort) {
    SessionDriver driver(plain());
    driver.session.on_connected(driver.now);
    driver.bytes("HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n");
    ASSERT_TRUE(driver.closed);
    EXPECT_EQ(driver.closed->code, "asterisk.not_a_manager_port");
    EXPECT_TRUE(driver.written.empty()) << "no secret to a stranger";
}

TEST(SessionLogin, RefusesAnEndlessLine) {
    SessionDriver driver(plain());
    driver.session.on_connected(driver.now);
    for (int i = 0; i < 100 && !driver.closed; ++i) driver.bytes(std::string(1000, 'x'));
    ASSERT_TRUE(driver.closed);
    EXPECT_EQ(driver.closed->code, "asterisk.line_too_long");
}

TEST(SessionLogin, WaitsLongForAStartingPbxAndPingsItMeanwhile) {
    SessionDriver driver(plain());
    driver.log_in();
    for (int i = 0; i < 20; ++i) {
        for (int n = 0; n < 200; ++n) {
            driver.event({{"Event", "PeerStatus"}, {"Peer", "SIP/1001"}, {"PeerStatus", "Registered"}});
            driver.event({{"Event", "DeviceStateChange"}, {"Device", "SIP/1001"}, {"State", "NOT_INUSE"}});
        }
        driver.pass(Millis(10'000));
        driver.answer("Ping", "Success", {{"Ping", "Pong"}});
        while (driver.asked("Filter")) driver.answer("Filter", "Success");
    }
    EXPECT_FALSE(driver.closed);
    EXPECT_FALSE(driver.asked("CoreShowChannels")) << "no lists before FullyBooted";
    EXPECT_TRUE(driver.signals.empty());
    driver.boot();
    driver.answer_lists();
    EXPECT_TRUE(driver.session.ready());
}

TEST(SessionLogin, GivesUpWhenThePbxNeverBoots) {
    SessionSettings settings = plain();
    settings.boot_timeout = Millis(20'000);
    SessionDriver driver(settings);
    driver.log_in();
    driver.pass(Millis(10'000));
    driver.answer("Ping", "Success");
    driver.pass(Millis(10'000));
    ASSERT_TRUE(driver.closed);
    EXPECT_EQ(driver.closed->code, "asterisk.not_booted");
}

TEST(SessionLogin, AsksForTheFilterAndGoesOnWithoutItSayingSoOnce) {
    SessionDriver driver(plain());
    for (int connection = 0; connection < 2; ++connection) {
        driver.log_in();
        EXPECT_EQ(driver.sent("Filter", "Operation"), "Add");
        EXPECT_TRUE(driver.sent("Filter", "Filter").starts_with("!"));
        while (driver.asked("Filter")) driver.answer("Filter", "Error", {{"Message", "Permission denied"}});
        driver.boot();
        driver.answer_lists();
        EXPECT_TRUE(driver.session.ready());
        driver.close("link.closed");
    }
    const auto warnings = std::count_if(driver.log.begin(), driver.log.end(),
                                        [](const LogLine& line) { return line.code == "asterisk.filter_refused"; });
    EXPECT_EQ(warnings, 1);
}

TEST(SessionLogin, AsksForNoFilterWhenTold) {
    SessionSettings settings = plain();
    settings.filter = false;
    SessionDriver driver(settings);
    driver.make_ready();
    EXPECT_EQ(driver.count("Filter"), 0U);
}

TEST(SessionLogin, ALineBreakInTheUserNameIsNotSent) {
    SessionSettings settings = plain();
    settings.user = "cti\r\nAction: Logoff";
    SessionDriver driver(settings);
    driver.session.on_connected(driver.now);
    driver.bytes("Asterisk Call Manager/9.0.0\r\n");
    EXPECT_TRUE(driver.written.empty());
    ASSERT_TRUE(driver.closed);
    EXPECT_EQ(driver.closed->code, "asterisk.bad_value");
}

}  // namespace
}  // namespace citybridge::asterisk
