// Mails by the e-mail plugin, built, signed and sent over sessions that stay
// open, to a server on loopback that takes everything; beside it a bare client
// that sends the same bytes, prepared beforehand, over as many connections.
// In clear on both sides: encryption would cost both the same.
#include <spdlog/spdlog.h>

#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "bench/program.h"
#include "bench/rows.h"
#include "bench/smtp_sink.h"
#include "bench/statistics.h"
#include "core/host/plugin_set.h"
#include "core/node/paths.h"
#include "plugins/email/outgoing.h"

namespace citybridge::bench {
namespace {

constexpr char kConfirmKey[] = "0123456789abcdef0123456789abcdef";
constexpr std::size_t kSessions = 4;
constexpr std::size_t kUnderWay = kSessions * 4;

struct Options {
    std::string plugins = default_plugin_dir();
    std::string rows;
    int rounds = 5;
    std::size_t mails = 10'000;
};

// A mail of a flow: Chinese subject, some lines of text, to be confirmed.
OutboxRecord mail_number(std::size_t number) {
    char order[64];
    std::snprintf(order, sizeof order, "ord_0190a1b2-c3d4-7e5f-8a9b-%012zx", number);
    std::string text;
    for (int line = 0; line < 10; ++line) text += "客户王女士第二次来电，朝阳区三居室漏水，请在30分钟内联系。\n";
    OutboxRecord message;
    message.id = std::string(order) + ".5.mail.t1";
    message.order = message.key = order;
    message.destination = "mail";
    message.kind = "tell_email";
    message.created_at = WallTime{std::chrono::seconds(1'795'342'428)};
    message.payload = nlohmann::json{
        {"to", "quality@partner.example"},
        {"name", "王经理"},
        {"subject", "投诉：王女士，朝阳区三居室漏水，第二次来电"},
        {"text", text},
        {"confirm", true}}.dump();
    return message;
}

class Plugins {
public:
    Plugins(const Options& options, std::uint16_t port) : set_(host_options(options)) {
        PluginConfig config{"email", "mail", {"bench", 1, 1}, {{"bench", 1, 1}, {}}};
        for (const auto& [name, value] :
             std::vector<std::pair<std::string, std::string>>{{"host", "127.0.0.1"},
                                                              {"port", std::to_string(port)},
                                                              {"tls", "none"},
                                                              {"from", "service@city.example"},
                                                              {"from_name", "北京服务中心"},
                                                              {"reply_to", "reply@city.example"},
                                                              {"confirm_key", kConfirmKey},
                                                              {"sessions", std::to_string(kSessions)}})
            config.settings.settings.push_back({name, value, {"bench", 1, 1}});
        Problems problems;
        set_.load({config}, problems);
        if (!problems.empty()) throw std::runtime_error(to_string(problems.front()));
        if (const auto started = set_.start(); !started) throw std::runtime_error(started.error().detail);
    }
    ~Plugins() { set_.stop(); }
    Plugins(const Plugins&) = delete;
    Plugins& operator=(const Plugins&) = delete;

    double send(const std::vector<OutboxRecord>& mails) {
        std::mutex mutex;
        std::condition_variable changed;
        std::size_t under_way = 0;
        std::size_t failed = 0;
        const auto began = std::chrono::steady_clock::now();
        for (const OutboxRecord& mail : mails) {
            {
                std::unique_lock lock(mutex);
                changed.wait(lock, [&] { return under_way < kUnderWay; });
                ++under_way;
            }
            set_.find("mail").outbound->deliver(mail, [&](const DeliveryReply& reply) {
                const std::lock_guard lock(mutex);
                --under_way;
                failed += reply.outcome == DeliveryOutcome::delivered ? 0 : 1;
                changed.notify_one();
            });
        }
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return under_way == 0; });
        if (failed != 0) throw std::runtime_error("a mail was not taken");
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    }

private:
    static HostOptions host_options(const Options& options) {
        HostOptions out;
        out.city = "beijing";
        out.plugin_dir = options.plugins;
        return out;
    }

    PluginSet set_;
};

std::vector<email::Prepared> prepared(const std::vector<OutboxRecord>& mails) {
    email::Writer writer;
    writer.from = {"service", "city.example"};
    writer.from_name = "北京服务中心";
    writer.reply_to = {"reply", "city.example"};
    writer.id_domain = "city.example";
    writer.max_bytes = 1 << 20;
    const email::TokenKeys keys("mail", {kConfirmKey});
    std::vector<email::Prepared> out;
    for (const OutboxRecord& mail : mails) {
        auto one = email::prepare_mail(mail, writer, keys);
        if (!one) throw std::runtime_error(one.error().detail);
        out.push_back(std::move(*one));
    }
    return out;
}

double floor_of(const std::vector<email::Prepared>& mails, std::uint16_t port) {
    std::vector<BareClient> clients;
    for (std::size_t i = 0; i < kSessions; ++i) clients.emplace_back(port);
    const auto began = std::chrono::steady_clock::now();
    std::vector<std::thread> threads;
    for (std::size_t first = 0; first < kSessions; ++first)
        threads.emplace_back([&, first] {
            for (std::size_t i = first; i < mails.size(); i += kSessions)
                clients[first].send(mails[i].envelope.from, mails[i].envelope.to, mails[i].bytes);
        });
    for (std::thread& thread : threads) thread.join();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

void run(const Options& options) {
    const SmtpSink sink;
    spdlog::set_level(spdlog::level::err);
    std::vector<OutboxRecord> mails;
    for (std::size_t number = 0; number < options.mails; ++number) mails.push_back(mail_number(number));
    const auto ready = prepared(mails);
    const auto count = static_cast<double>(mails.size());
    std::vector<double> our_rates, floor_rates;
    Plugins plugins(options, sink.port());
    for (int round = 0; round < options.rounds; ++round) {
        our_rates.push_back(count / plugins.send(mails));
        floor_rates.push_back(count / floor_of(ready, sink.port()));
        std::printf("round %d: %7.0f mails/s, bare client %7.0f\n", round + 1, our_rates.back(), floor_rates.back());
        std::fflush(stdout);
    }
    add_row(options.rows, {"mails, 4 sessions, bare client with mails made beforehand", "1/s", median(our_rates),
                           median(floor_rates), 0, Good::ratio_at_least});
}

}  // namespace
}  // namespace citybridge::bench

int main(int argc, char** argv) {
    citybridge::bench::Program program("mail", "mails over sessions that stay open, beside a bare client");
    citybridge::bench::Options options;
    program.rounds(options.rounds);
    program.app().add_option("--mails", options.mails, "Sent in a round")->capture_default_str();
    program.plugins(options.plugins);
    program.rows(options.rows);
    return program.run(argc, argv, [&] { citybridge::bench::run(options); });
}
