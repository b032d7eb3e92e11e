#pragma once
// The node as a plugin under test sees it: a lane on virtual time, links and HTTP that a test answers by hand, and all
// that was said kept. Nothing here has a thread.
#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/api/plugin.h"

namespace citybridge::tests {

class VirtualLane final : public Lane {
public:
    explicit VirtualLane(WallTime begins) : begins_(begins) {}

    Now now() const override { return {begins_ + passed_ + wall_jump, MonoTime{Millis{1'000'000} + passed_}}; }
    bool post(std::function<void()> task) override {
        if (full) return false;
        tasks_.push_back(std::move(task));
        return true;
    }
    TimerId after(Millis delay, std::function<void()> task) override {
        timers_.emplace(std::pair(passed_ + delay, ++last_timer_), std::move(task));
        return last_timer_;
    }
    void cancel(TimerId timer) override {
        std::erase_if(timers_, [&](const auto& each) { return each.first.second == timer; });
    }
    std::unique_ptr<Link> connect(const LinkOptions& options, LinkCallbacks given) override {
        ++connects;
        asked = options;
        callbacks = std::move(given);
        return std::make_unique<KeptLink>(*this);
    }

    // What was posted, and what falls due within `length`.
    void run(Millis length = Millis{0}) {
        const Millis end = passed_ + length;
        run_tasks();
        while (!timers_.empty() && timers_.begin()->first.first <= end) {
            const auto timer = timers_.extract(timers_.begin());
            passed_ = std::max(passed_, timer.key().first);
            timer.mapped()();
            run_tasks();
        }
        passed_ = end;
    }
    // Until the next timer, whenever it is due.
    void run_next() { run(next_wait()); }
    Millis next_wait() const { return timers_.empty() ? Millis{0} : timers_.begin()->first.first - passed_; }
    std::size_t timers() const { return timers_.size(); }
    std::size_t posted() const { return tasks_.size(); }

    bool full = false;        // takes nothing more
    Millis wall_jump{0};      // of the wall clock, which others may set
    int connects = 0;         // asked for so far
    int links = 0;            // not dropped yet
    int writes = 0;           // to any of them
    std::string sent;         // by any of them
    LinkOptions asked;        // last
    LinkCallbacks callbacks;  // of the last

private:
    class KeptLink final : public Link {
    public:
        explicit KeptLink(VirtualLane& lane) : lane_(lane) { ++lane_.links; }
        ~KeptLink() override { --lane_.links; }
        void send(std::string_view bytes) override {
            lane_.sent += bytes;
            ++lane_.writes;
        }

    private:
        VirtualLane& lane_;
    };

    void run_tasks() {
        while (!tasks_.empty()) {
            const auto task = std::move(tasks_.front());
            tasks_.pop_front();
            task();
        }
    }

    WallTime begins_;
    Millis passed_{0};
    TimerId last_timer_ = 0;
    std::deque<std::function<void()>> tasks_;
    std::map<std::pair<Millis, TimerId>, std::function<void()>> timers_;
};

class KeptHttp final : public HttpClient {
public:
    bool allow(std::string_view url) override {
        allowed.emplace_back(url);
        return may_reach && may_reach(url);
    }
    void send(HttpOutgoing request, std::function<void(HttpOutcome)> done) override {
        requests.push_back(std::move(request));
        waiting.push_back(std::move(done));
    }

    std::function<bool(std::string_view url)> may_reach;  // none: nothing
    std::vector<std::string> allowed;
    std::vector<HttpOutgoing> requests;
    std::vector<std::function<void(HttpOutcome)>> waiting;
};

class PluginHost final : public Host {
public:
    explicit PluginHost(std::string instance, WallTime begins = WallTime{Millis{1'000'000}})
        : kept_lane(begins), instance_(std::move(instance)) {}

    std::string_view city() const override { return "beijing"; }
    std::string_view instance() const override { return instance_; }
    Lane& lane() override { return kept_lane; }
    HttpClient& http() override { return kept_http; }
    void log(LogLevel, std::string_view code, std::string_view text) override {
        codes.emplace_back(code);
        log_lines.push_back(std::string(code) + ": " + std::string(text));
    }
    bool signal(std::span<PbxSignal> batch) override {
        if (refuse > 0) {
            --refuse;
            return false;
        }
        if (full) return false;
        for (PbxSignal& each : batch) signals.push_back(std::move(each));
        return true;
    }
    void take(InboundMessage message, std::function<void(Result<>)> done) override {
        taken.push_back(std::move(message));
        if (taken.size() <= at_once.size()) return done(at_once[taken.size() - 1]);
        waiting.push_back(std::move(done));
    }

    template <class T>
    std::size_t count() const {
        return static_cast<std::size_t>(std::count_if(
            signals.begin(), signals.end(), [](const auto& each) { return std::holds_alternative<T>(each.body); }));
    }

    VirtualLane kept_lane;
    KeptHttp kept_http;
    bool full = false;  // the live strand
    int refuse = 0;     // so many batches, as if it were full
    std::vector<PbxSignal> signals;
    std::vector<std::string> codes;
    std::vector<std::string> log_lines;  // "code: text"
    std::vector<InboundMessage> taken;
    std::vector<Result<>> at_once;  // answers to the first of them, given from within the call
    std::vector<std::function<void(Result<>)>> waiting;

private:
    std::string instance_;
};

}  // namespace citybridge::tests
