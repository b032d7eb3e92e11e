#pragma once
// What plugins tell the node: signals and log lines, in order.
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <mutex>
#include <string>
#include <vector>

#include "core/host/host_options.h"

namespace citybridge::test {

class LogSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    std::string text() {
        const std::lock_guard lock(mutex_);
        return text_;
    }

protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        text_.append(message.payload.data(), message.payload.size());
        text_ += '\n';
    }
    void flush_() override {}

private:
    std::string text_;
};

// Signals of misbehaving.cpp: "start", "stop" as "instance:start", "instance:stop"; ticks are counted.
class Recorder {
public:
    HostOptions options() {
        HostOptions options;
        options.city = "beijing";
        options.plugin_dir = BROKEN_PLUGINS;
        options.signals = [this](std::string_view instance, std::span<PbxSignal> signals) {
            take(instance, signals);
            return true;
        };
        options.logger = std::make_shared<spdlog::logger>("test", log_);
        options.logger->set_level(spdlog::level::debug);
        options.stop_grace = Millis{100};
        return options;
    }
    std::vector<std::string> steps() {
        const std::lock_guard lock(mutex_);
        return steps_;
    }
    std::size_t ticks() {
        const std::lock_guard lock(mutex_);
        return ticks_;
    }
    std::string log() { return log_->text(); }

private:
    void take(std::string_view instance, std::span<PbxSignal> signals) {
        const std::lock_guard lock(mutex_);
        for (const auto& each : signals) {
            const auto& what = std::get<signal::AttributeSet>(each.body).value;
            if (what == "tick")
                ++ticks_;
            else
                steps_.push_back(std::string(instance) + ':' + what);
        }
    }
    std::mutex mutex_;
    std::vector<std::string> steps_;
    std::size_t ticks_ = 0;
    std::shared_ptr<LogSink> log_ = std::make_shared<LogSink>();
};

}  // namespace citybridge::test
