#pragma once
// A real lane and a real HTTP client for tests.
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "core/host/host_lane.h"
#include "core/host/http_client.h"

namespace citybridge::test {

class HttpFixture {
public:
    explicit HttpFixture(std::vector<std::string> node_allows = {}, std::size_t lane_tasks = 1'000)
        : lane(HostLane::start({.name = "test", .max_tasks = lane_tasks})),
          client("test", *lane, std::move(node_allows)) {}
    HttpFixture(const HttpFixture&) = delete;
    HttpFixture& operator=(const HttpFixture&) = delete;
    ~HttpFixture() { stop(); }
    // As a plugin instance is stopped.
    void stop() {
        client.end();
        on_lane([&] {
            client.close();
            lane->quiesce();
        });
        lane->finish(Millis(30'000));
    }

    void on_lane(std::function<void()> step) { lane->run(std::move(step), Millis(30'000)); }
    bool allow(const std::string& url) {
        bool allowed = false;
        on_lane([&] { allowed = client.allow(url); });
        return allowed;
    }
    std::future<HttpOutcome> start(HttpOutgoing request) {
        auto promise = std::make_shared<std::promise<HttpOutcome>>();
        on_lane(
            [&] { client.send(request, [promise](HttpOutcome outcome) { promise->set_value(std::move(outcome)); }); });
        return promise->get_future();
    }
    // Throws if no outcome comes.
    HttpOutcome send(HttpOutgoing request) { return outcome_of(start(std::move(request))); }
    static HttpOutcome outcome_of(std::future<HttpOutcome> future) {
        if (future.wait_for(std::chrono::seconds(30)) != std::future_status::ready)
            throw std::runtime_error("no outcome within 30 s");
        return future.get();
    }

    std::shared_ptr<HostLane> lane;
    HostHttpClient client;
};

inline void expect_not_sent(const HttpOutcome& outcome, std::string_view code) {
    EXPECT_EQ(outcome.progress, HttpProgress::not_sent) << outcome.code << ' ' << outcome.detail;
    EXPECT_EQ(outcome.code, code) << outcome.detail;
    EXPECT_FALSE(outcome.detail.empty());
}

}  // namespace citybridge::test
