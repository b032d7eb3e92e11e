#include <gtest/gtest.h>

#include "tests/contract/city_link/pem_files.h"
#include "tests/contract/city_link/world.h"
#include "tests/support/free_port.h"
#include "tools/support/temp_folder.h"

namespace citybridge::test {
namespace {

class HttpsWorld final : public World {
public:
    HttpsWorld() {
        for (const char* city : kCities) {
            Place& place = places_[city];
            place.files = make_certificate(folder_.path(), city);
            place.port = free_port();
            place.line = std::make_unique<Line>(place.port);
        }
    }

    std::string library() const override { return "link_https"; }

    LinkSettings settings(const std::string& city) override {
        std::string peers;
        std::string pins;
        for (const auto& [name, place] : places_) {
            if (name == city) continue;
            peers += name + "=https://127.0.0.1:" + std::to_string(place.line->port()) + ',';
            pins += name + '=' + place.files.fingerprint + ',';
        }
        peers.pop_back();
        pins.pop_back();
        const Place& own = places_.at(city);
        return {{"peers", peers},       {"pins", pins},           {"certificate", own.files.certificate},
                {"key", own.files.key}, {"address", "127.0.0.1"}, {"port", std::to_string(own.port)},
                {"timeout_ms", "2000"}};
    }

    Line& line(const std::string& city) override { return *places_.at(city).line; }

    void impostor() override {
        const PemFiles own = make_certificate(folder_.path(), "stranger");
        LinkSettings settings = this->settings("nanjing");
        settings["certificate"] = own.certificate;
        settings["key"] = own.key;
        City stranger("nanjing", library(), settings, std::make_shared<Book>());
        const DeliveryReply reply = stranger.send("hangzhou", city_message("x.1", "nanjing", "hangzhou")).get();
        EXPECT_EQ(reply.outcome, DeliveryOutcome::not_done) << reply.code << ' ' << reply.detail;
    }
    std::string impostor_code() const override { return "link_https.wrong_certificate"; }
    std::string impostor_city() const override { return ""; }

    void false_name() override {
        LinkSettings settings = this->settings("nanjing");
        settings["peers"] = "hangzhou=https://127.0.0.1:" + std::to_string(line("hangzhou").port());
        settings["pins"] = "hangzhou=" + places_.at("hangzhou").files.fingerprint;
        City liar("beijing", library(), settings, std::make_shared<Book>());
        const DeliveryReply reply = liar.send("hangzhou", city_message("x.2", "beijing", "hangzhou")).get();
        EXPECT_EQ(reply.outcome, DeliveryOutcome::refused) << reply.code << ' ' << reply.detail;
    }
    std::string false_name_code() const override { return "link_https.wrong_city"; }

    // TLS lets nobody do either; the most he can do is to spoil the line.
    void alter_and_replay() override {
        const auto beijing = start("beijing");
        const DeliveryReply first = beijing->send_until_done("hangzhou", city_message("x.4", "beijing", "hangzhou"));
        EXPECT_EQ(first.outcome, DeliveryOutcome::delivered) << first.code << ' ' << first.detail;
        line("hangzhou").set(Line::Mode::altering);
        const DeliveryReply reply = beijing->send("hangzhou", city_message("x.3", "beijing", "hangzhou")).get();
        EXPECT_NE(reply.outcome, DeliveryOutcome::delivered) << reply.code << ' ' << reply.detail;
        line("hangzhou").set(Line::Mode::open);
    }
    std::string altered_code() const override { return "link_https.altered"; }

private:
    struct Place {
        PemFiles files;
        std::uint16_t port = 0;
        std::unique_ptr<Line> line;
    };
    TempFolder folder_{"citybridge-https"};
    std::map<std::string, Place> places_;
};

}  // namespace

std::unique_ptr<World> https_world() { return std::make_unique<HttpsWorld>(); }

}  // namespace citybridge::test
