#pragma once
// Asks a gateway for delivery reports, gives them to the node, and acknowledges
// them when it has them. Lane thread only.
#include <functional>
#include <string>
#include <vector>

#include "core/api/plugin.h"
#include "plugins/sms_http/settings.h"

namespace citybridge::sms_http {

class Poll {
public:
    // `nonce` makes the random part of a request.
    Poll(Host& host, const Config& config, std::function<std::string()> nonce)
        : host_(host), config_(config), nonce_(std::move(nonce)) {}
    Poll(const Poll&) = delete;
    Poll& operator=(const Poll&) = delete;

    void start() { arm(); }
    void stop();

private:
    void arm();
    void turn();
    void ask();
    void on_answer(const HttpOutcome& outcome);
    void offer();
    void on_taken(std::size_t index, const Result<>& answer);
    void acknowledge();
    void trouble(const std::string& code, const std::string& text);

    Host& host_;
    const Config& config_;
    std::function<std::string()> nonce_;
    TimerId timer_ = 0;
    bool stopped_ = false;
    bool in_trouble_ = false;  // told once
    // Of one answer: what the node has not taken yet, and the numbers of all.
    std::vector<InboundMessage> left_;
    std::vector<bool> taken_;
    std::size_t waiting_ = 0;
    std::uint64_t round_ = 0;  // an answer of Host::take that comes later is of an older round
    std::string ids_;
};

}  // namespace citybridge::sms_http
