// Messages a second through the loaded SMPP plugin to the npm centre, with a
// window of 50, beside a bare socket that sends the same PDUs with the same
// window to the same centre, in turns.
#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <future>
#include <thread>

#include "bench/child.h"
#include "bench/program.h"
#include "bench/rows.h"
#include "bench/sockets.h"
#include "bench/statistics.h"
#include "core/host/plugin_set.h"
#include "plugins/sms_smpp/message.h"
#include "plugins/sms_smpp/pdu.h"

namespace citybridge::bench {
namespace {

constexpr std::size_t kWindow = 50;
constexpr const char* kPassword = "secret";

OutboxRecord message_of(std::size_t number) {
    OutboxRecord out;
    out.id = "ord_" + std::to_string(number) + ".1.sms";
    out.payload =
        nlohmann::json{{"channel", "sms"},
                       {"to", "+86138" + std::to_string(10'000'000 + number)},
                       {"text", "【安居】您的验证码是" + std::to_string(100'000 + number) + "，10分钟内有效。"}}
            .dump();
    return out;
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// The plugin as the node has it: as many messages on their way as the window is wide.
class Ours {
public:
    Ours(const std::string& plugin_dir, std::uint16_t port) : plugins_(options(plugin_dir)) {
        PluginConfig config{"sms_smpp", "sms", {"bench", 1, 1}, {{"bench", 1, 1}, {}}};
        for (const auto& [name, value] : {std::pair<std::string, std::string>{"host", "127.0.0.1"},
                                          {"port", std::to_string(port)},
                                          {"system_id", "city"},
                                          {"password", kPassword},
                                          {"window", std::to_string(kWindow)},
                                          {"reconnect_min_ms", "50"},
                                          {"reconnect_max_ms", "50"}})
            config.settings.settings.push_back({name, value, {"bench", 1, 1}});
        Problems problems;
        plugins_.load({config}, problems);
        if (!problems.empty()) throw std::runtime_error(to_string(problems.front()));
        if (const auto started = plugins_.start(); !started) throw std::runtime_error(started.error().detail);
        connector_ = plugins_.find("sms").outbound;
        become_ready();
    }
    ~Ours() { plugins_.stop(); }
    Ours(const Ours&) = delete;
    Ours& operator=(const Ours&) = delete;

    double run(const std::vector<OutboxRecord>& messages) {
        messages_ = &messages;
        next_ = 0;
        left_ = messages.size();
        all_ = {};
        auto done = all_.get_future();
        const auto begin = std::chrono::steady_clock::now();
        for (std::size_t i = 0; i < kWindow; ++i) send_next();
        done.get();
        return static_cast<double>(messages.size()) / seconds_since(begin);
    }

private:
    static HostOptions options(const std::string& plugin_dir) {
        HostOptions out;
        out.city = "bench";
        out.plugin_dir = plugin_dir;
        out.logger = std::make_shared<spdlog::logger>("bench", std::make_shared<spdlog::sinks::null_sink_mt>());
        return out;
    }
    void become_ready() {
        for (int attempt = 0; attempt < 600; ++attempt) {
            std::promise<DeliveryOutcome> answer;
            connector_->deliver(message_of(0), [&](const DeliveryReply& reply) { answer.set_value(reply.outcome); });
            if (answer.get_future().get() == DeliveryOutcome::delivered) return;
            std::this_thread::sleep_for(Millis(20));
        }
        throw std::runtime_error("the plugin finds no centre");
    }
    void send_next() {
        const std::size_t mine = next_.fetch_add(1);
        if (mine >= messages_->size()) return;
        connector_->deliver((*messages_)[mine], [this](const DeliveryReply& reply) {
            if (reply.outcome != DeliveryOutcome::delivered) failed_ = true;
            if (left_.fetch_sub(1) == 1) {
                if (failed_)
                    all_.set_exception(std::make_exception_ptr(std::runtime_error("a message was not delivered")));
                else
                    all_.set_value();
                return;
            }
            send_next();
        });
    }

    PluginSet plugins_;
    OutboundConnector* connector_ = nullptr;
    const std::vector<OutboxRecord>* messages_ = nullptr;
    std::atomic<std::size_t> next_{0};
    std::atomic<std::size_t> left_{0};
    std::atomic<bool> failed_{false};
    std::promise<void> all_;
};

// The floor: PDUs made before, one connection, the same window.
class Bare {
public:
    explicit Bare(std::uint16_t port) : socket_(connect_to_loopback(port)) {
        send_all(socket_.fd(), sms_smpp::encode(sms_smpp::command::kBindTransceiver, 0, 1,
                                                sms_smpp::bind_body({"city", kPassword, ""})));
        if (answers() != 1) throw std::runtime_error("the centre did not answer the bind");
    }
    double run(const std::vector<std::string>& pdus) {
        const auto begin = std::chrono::steady_clock::now();
        std::size_t sent = 0;
        std::string burst;
        for (; sent < kWindow; ++sent) burst += pdus[sent];
        send_all(socket_.fd(), burst);
        for (std::size_t answered = 0; answered < pdus.size();) {
            const std::size_t more = answers();
            answered += more;
            burst.clear();
            for (std::size_t i = 0; i < more && sent < pdus.size(); ++i) burst += pdus[sent++];
            if (!burst.empty()) send_all(socket_.fd(), burst);
        }
        return static_cast<double>(pdus.size()) / seconds_since(begin);
    }

private:
    // Waits for at least one whole answer; all of them must say success.
    std::size_t answers() {
        std::size_t count = 0;
        while (count == 0) {
            const std::size_t size = receive(socket_.fd(), buffer_.data(), buffer_.size());
            if (size == 0) throw std::runtime_error("the centre closed the connection");
            framer_.feed({buffer_.data(), size});
            for (auto pdu = framer_.next(); pdu && *pdu; pdu = framer_.next(), ++count)
                if ((*pdu)->status != 0) throw std::runtime_error("the centre refused a message");
        }
        return count;
    }
    Socket socket_;
    sms_smpp::Framer framer_;
    std::array<char, 65536> buffer_{};
};

std::vector<std::string> pdus_of(const std::vector<OutboxRecord>& messages) {
    std::vector<std::string> out;
    std::uint32_t sequence = 1;
    for (const OutboxRecord& message : messages) {
        auto prepared = sms_smpp::prepare(message, {});
        if (!prepared) throw std::runtime_error(prepared.error().detail);
        prepared->head.short_message = prepared->parts.front();
        out.push_back(
            sms_smpp::encode(sms_smpp::command::kSubmitSm, 0, ++sequence, sms_smpp::submit_body(prepared->head)));
    }
    return out;
}

void exec_centre(const std::string& packages, std::uint16_t port) {
    ::setenv("NODE_PATH", (packages + "/node_modules").c_str(), 1);
    ::execlp("node", "node", CITYBRIDGE_SOURCE_DIR "/bench/smpp_centre.js", std::to_string(port).c_str(), kPassword,
             nullptr);
    throw_errno("node");
}

void run(const std::string& packages, const std::string& plugin_dir, int rounds, std::size_t count,
         const std::string& rows) {
    const std::uint16_t port = port_of(listen_on_loopback());
    const Child centre([&] { exec_centre(packages, port); });
    std::vector<OutboxRecord> messages;
    for (std::size_t i = 0; i < count; ++i) messages.push_back(message_of(i));
    const std::vector<std::string> pdus = pdus_of(messages);
    Ours ours(plugin_dir, port);
    Bare bare(port);
    std::vector<double> our_rates;
    std::vector<double> bare_rates;
    for (int round = -1; round < rounds; ++round) {
        const double first = ours.run(messages);
        const double second = bare.run(pdus);
        if (round < 0) continue;  // the centre's compiler warms up
        our_rates.push_back(first);
        bare_rates.push_back(second);
        std::printf("round %d: plugin %.0f/s, bare socket %.0f/s, %.2f\n", round + 1, first, second, first / second);
    }
    add_row(rows, {"SMPP submits, window 50, to the npm centre", "msg/s", median(our_rates), median(bare_rates), 0.7,
                   Good::ratio_at_least});
    std::printf("median: plugin %.0f/s, bare socket %.0f/s, %.2f\n", median(our_rates), median(bare_rates),
                median(our_rates) / median(bare_rates));
}

}  // namespace
}  // namespace citybridge::bench

int main(int argc, char** argv) {
    citybridge::bench::Program program("smpp", "messages a second through the SMPP plugin, beside a bare socket");
    std::string packages;
    std::string plugins;
    std::string rows;
    int rounds = 7;
    std::size_t messages = 20'000;
    program.app().add_option("--packages", packages, "Folder with the npm package smpp installed")->required();
    program.app().add_option("--plugins", plugins, "Folder of the plugins")->required();
    program.rounds(rounds, "Rounds; the median counts");
    program.app()
        .add_option("--messages", messages, "Messages in a round")
        ->capture_default_str()
        ->check(CLI::Range(100, 800'000));
    program.rows(rows);
    return program.run(argc, argv, [&] { citybridge::bench::run(packages, plugins, rounds, messages, rows); });
}
