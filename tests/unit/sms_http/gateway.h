#pragma once
// The plugin under test between a lane, an HTTP client and a node of the test's own.
#include <gtest/gtest.h>

#include <deque>
#include <map>

#include "plugins/sms_http/sms_http.h"

namespace citybridge::sms_http {

inline const WallTime kNow{std::chrono::seconds(1'551'113'065)};  // 2019-02-25T16:44:25Z

using Settings = std::vector<std::pair<std::string, std::string>>;

inline RawSettings raw(const Settings& settings) {
    RawSettings out{{"city.xml", 3, 5}, {}};
    int line = 4;
    for (const auto& [name, value] : settings) out.settings.push_back({name, value, {"city.xml", line++, 7}});
    return out;
}

inline OutboxRecord message(const std::string& text = "您的验证码123456", const std::string& to = "+8613800000000") {
    OutboxRecord out;
    out.id = "ver_1.1.sms";
    out.order = "ord_1";
    out.payload = nlohmann::json{{"channel", "sms"}, {"to", to}, {"text", text}, {"kind", "verification"}}.dump();
    return out;
}

inline HttpOutcome answered(int status, const std::string& body) {
    HttpOutcome out;
    out.progress = HttpProgress::answered;
    out.status = status;
    out.body = body;
    return out;
}

class TestLane final : public Lane {
public:
    Now now() const override { return {kNow, MonoTime(Millis(1'000))}; }
    bool post(std::function<void()> task) override {
        if (full) return false;
        tasks.push_back(std::move(task));
        return true;
    }
    TimerId after(Millis wait, std::function<void()> task) override {
        timers[++last_timer] = {wait, std::move(task)};
        return last_timer;
    }
    void cancel(TimerId timer) override { timers.erase(timer); }
    std::unique_ptr<Link> connect(const LinkOptions&, LinkCallbacks) override { return nullptr; }
    void run() {
        for (; !tasks.empty(); tasks.pop_front()) tasks.front()();
    }
    void fire() {
        auto due = std::move(timers);
        timers.clear();
        for (auto& [id, timer] : due) timer.second();
    }

    bool full = false;
    TimerId last_timer = 0;
    std::deque<std::function<void()>> tasks;
    std::map<TimerId, std::pair<Millis, std::function<void()>>> timers;
};

class TestHttp final : public HttpClient {
public:
    bool allow(std::string_view url) override {
        allowed.emplace_back(url);
        return url.starts_with("https://") || url.starts_with("http://127.");
    }
    void send(HttpOutgoing request, std::function<void(HttpOutcome)> done) override {
        requests.push_back(std::move(request));
        waiting.push_back(std::move(done));
    }
    std::vector<std::string> allowed;
    std::vector<HttpOutgoing> requests;
    std::vector<std::function<void(HttpOutcome)>> waiting;
};

class TestHost final : public Host {
public:
    std::string_view city() const override { return "beijing"; }
    std::string_view instance() const override { return "sms"; }
    Lane& lane() override { return test_lane; }
    HttpClient& http() override { return test_http; }
    void log(LogLevel, std::string_view code, std::string_view text) override {
        log_lines.push_back(std::string(code) + ": " + std::string(text));
    }
    void take(InboundMessage given, std::function<void(Result<>)> done) override {
        taken.push_back(std::move(given));
        if (taken.size() <= at_once.size()) return done(at_once[taken.size() - 1]);
        waiting.push_back(std::move(done));
    }
    bool signal(std::span<PbxSignal>) override { return false; }

    TestLane test_lane;
    TestHttp test_http;
    std::vector<std::string> log_lines;
    std::vector<InboundMessage> taken;
    std::vector<Result<>> at_once;  // answers to the first of them, given from within the call
    std::vector<std::function<void(Result<>)>> waiting;
};

struct Fixture {
    explicit Fixture(const Settings& settings) { plugin.configure(raw(settings), problems); }
    void deliver(const OutboxRecord& record = message()) {
        plugin.deliver(record, [this](DeliveryReply reply) { replies.push_back(std::move(reply)); });
        host.test_lane.run();
    }
    TestHost host;
    SmsHttpPlugin plugin{host};
    Problems problems;
    std::vector<DeliveryReply> replies;
};

}  // namespace citybridge::sms_http
