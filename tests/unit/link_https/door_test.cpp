// The door against those who come as nobody, slowly, or too many at once.
#include "plugins/link_https/door.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/contract/city_link/pem_files.h"
#include "tests/support/plugin_host.h"
#include "tools/support/temp_folder.h"

namespace citybridge::link_https {
namespace {

// Somebody who connects, with a certificate or none; every wait ends after 20 s.
class Caller {
public:
    Caller(std::uint16_t port, const test::PemFiles* files) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        ::signal(SIGPIPE, SIG_IGN);  // who writes to a closed door hears of it by an error
        const timeval patience{20, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
        if (files == nullptr) return;
        context_.reset(SSL_CTX_new(TLS_client_method()));
        SSL_CTX_set_verify(context_.get(), SSL_VERIFY_NONE, nullptr);
        SSL_CTX_use_certificate_file(context_.get(), files->certificate.c_str(), SSL_FILETYPE_PEM);
        SSL_CTX_use_PrivateKey_file(context_.get(), files->key.c_str(), SSL_FILETYPE_PEM);
        ssl_ = SSL_new(context_.get());
        SSL_set_fd(ssl_, socket_);
        SSL_connect(ssl_);
    }
    ~Caller() {
        SSL_free(ssl_);
        ::close(socket_);
    }
    Caller(const Caller&) = delete;
    Caller& operator=(const Caller&) = delete;

    bool connected() const { return connected_; }
    bool send(std::string_view text) { return SSL_write(ssl_, text.data(), static_cast<int>(text.size())) > 0; }
    std::string receive() {
        char buffer[4'096];
        const int got = ssl_ != nullptr ? SSL_read(ssl_, buffer, sizeof buffer)
                                        : static_cast<int>(::recv(socket_, buffer, sizeof buffer, 0));
        return got > 0 ? std::string(buffer, static_cast<std::size_t>(got)) : std::string();
    }
    bool is_closed() { return receive().empty() && errno != EAGAIN; }

private:
    const int socket_;
    bool connected_ = false;
    Context context_;
    SSL* ssl_ = nullptr;
};

class CityDoor : public testing::Test {
protected:
    void open(DoorLimits limits) {
        const auto identity = Identity::load(own_.certificate, own_.key);
        ASSERT_TRUE(identity);
        for (const auto& [files, city] : {std::pair{&beijing_, "beijing"}, std::pair{&expired_, "nanjing"}})
            pins_.add(*parse_fingerprint(files->fingerprint), city);
        door_ = std::make_unique<Door>(
            "hangzhou", limits, identity->door(pins_), pins_,
            [this](const InboundMessage& message, const std::function<void(Result<>)>& done) {
                taken_.push_back(message.id);
                done(answer_);
            },
            refusals_);
        ASSERT_TRUE(door_->open("127.0.0.1", 0));
    }
    void wait_for(const char* code) {
        while (refusals_.counted(code) == 0) std::this_thread::sleep_for(Millis(1));
    }
    static std::string post(const std::string& body) {
        return "POST /city/v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
               "\r\n\r\n" + body;
    }

    TempFolder folder_{"citybridge-door"};
    const test::PemFiles own_ = test::make_certificate(folder_.path(), "hangzhou");
    const test::PemFiles beijing_ = test::make_certificate(folder_.path(), "beijing");
    const test::PemFiles expired_ = test::make_certificate(folder_.path(), "nanjing", -10, -1);
    const test::PemFiles stranger_ = test::make_certificate(folder_.path(), "stranger");
    const std::string line_ = R"({"id":"a","kind":"city_message","from":"beijing","to":"hangzhou",)"
                              R"("at":"2026-11-22T09:30:00.000Z","data":{}})";
    tests::PluginHost host_{"cities"};
    CityRefusals refusals_{host_};
    Pins pins_;
    Result<> answer_ = ok();
    std::vector<std::string> taken_;  // by the door's thread, which the test waits for
    std::unique_ptr<Door> door_;
};

TEST_F(CityDoor, TakesACitysMessagesOneRequestAfterTheOther) {
    open({});
    Caller beijing(door_->port(), &beijing_);
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(beijing.send(post(line_ + "\n")));
        EXPECT_NE(beijing.receive().find(R"({"results":[{"id":"a","result":"received"}]})"), std::string::npos);
    }
    EXPECT_EQ(taken_.size(), 3U);
}

TEST_F(CityDoor, TakesABodyThatComesByteByByte) {
    open({});
    Caller beijing(door_->port(), &beijing_);
    for (const char c : post(line_)) ASSERT_TRUE(beijing.send(std::string_view(&c, 1)));
    EXPECT_NE(beijing.receive().find("received"), std::string::npos);
}

TEST_F(CityDoor, KnowsNoStranger) {
    open({});
    Caller stranger(door_->port(), &stranger_);
    (void)stranger.send(post(line_));
    EXPECT_TRUE(stranger.is_closed());
    wait_for("link_https.wrong_certificate");
    EXPECT_TRUE(taken_.empty());
}

TEST_F(CityDoor, KnowsNoCityWhoseCertificateHasEnded) {
    open({});
    Caller nanjing(door_->port(), &expired_);
    (void)nanjing.send(post(line_));
    EXPECT_TRUE(nanjing.is_closed());
    wait_for("link_https.wrong_certificate");
    EXPECT_TRUE(taken_.empty());
}

TEST_F(CityDoor, ClosesOnWhoSaysNothing) {
    open({.handshake = Millis(50)});
    Caller silent(door_->port(), nullptr);
    EXPECT_TRUE(silent.is_closed());
    wait_for("link_https.slow_peer");
}

TEST_F(CityDoor, ClosesOnARequestThatNeverEnds) {
    open({.request = Millis(100)});
    Caller beijing(door_->port(), &beijing_);
    // Bytes that keep coming win no time: the whole request has one deadline.
    while (beijing.send("X")) std::this_thread::sleep_for(Millis(10));
    wait_for("link_https.slow_peer");
}

TEST_F(CityDoor, ClosesIdleConnectionsWithoutBlame) {
    open({.idle = Millis(50)});
    Caller beijing(door_->port(), &beijing_);
    EXPECT_TRUE(beijing.is_closed());
    EXPECT_EQ(refusals_.counted("link_https.slow_peer"), 0U);
}

TEST_F(CityDoor, StrangersDoNotKeepACityOut) {
    open({.connections = 4});
    std::vector<std::unique_ptr<Caller>> strangers;
    strangers.reserve(12);
    for (int i = 0; i < 12; ++i) strangers.push_back(std::make_unique<Caller>(door_->port(), nullptr));
    Caller beijing(door_->port(), &beijing_);
    ASSERT_TRUE(beijing.send(post(line_)));
    EXPECT_NE(beijing.receive().find("received"), std::string::npos);
}

TEST_F(CityDoor, OneCityDoesNotTakeAllConnections) {
    open({.connections = 8, .connections_of_a_city = 2});
    std::vector<std::unique_ptr<Caller>> many;
    for (int i = 0; i < 6; ++i) {
        many.push_back(std::make_unique<Caller>(door_->port(), &beijing_));
        ASSERT_TRUE(many.back()->send(post(line_)));
        EXPECT_NE(many.back()->receive().find("received"), std::string::npos) << "the newest is the one that counts";
    }
    EXPECT_TRUE(many.front()->is_closed());
}

TEST_F(CityDoor, AnswersWhatIsNoMessageAndGoesOn) {
    open({});
    for (const auto& [request, status] :
         {std::pair{std::string("GET /city/v1/messages HTTP/1.1\r\n\r\n"), "405"},
          std::pair{std::string("POST /other HTTP/1.1\r\nContent-Length: 0\r\n\r\n"), "404"},
          std::pair{std::string("POST /city/v1/messages HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n"), "413"},
          std::pair{std::string("\x16\x03garbage\r\n\r\n"), "400"}, std::pair{std::string(9'000, 'A'), "413"}}) {
        Caller beijing(door_->port(), &beijing_);
        ASSERT_TRUE(beijing.send(request));
        EXPECT_EQ(beijing.receive().substr(9, 3), status) << request.substr(0, 60);
        EXPECT_TRUE(beijing.is_closed());
    }
}

TEST_F(CityDoor, SaysNotNowWhenTheNodeDoesNotAnswerInTime) {
    const auto identity = Identity::load(own_.certificate, own_.key);
    pins_.add(*parse_fingerprint(beijing_.fingerprint), "beijing");
    std::vector<std::function<void(Result<>)>> unanswered;
    Door door(
        "hangzhou", {.take = Millis(50)}, identity->door(pins_), pins_,
        [&](const InboundMessage&, std::function<void(Result<>)> done) { unanswered.push_back(std::move(done)); },
        refusals_);
    ASSERT_TRUE(door.open("127.0.0.1", 0));
    Caller beijing(door.port(), &beijing_);
    ASSERT_TRUE(beijing.send(post(line_)));
    EXPECT_NE(beijing.receive().find(R"("result":"not_now")"), std::string::npos);
    door.close();
    for (const auto& done : unanswered) done(ok());  // too late is no harm
}

}  // namespace
}  // namespace citybridge::link_https
