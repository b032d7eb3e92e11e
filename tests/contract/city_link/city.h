#pragma once
// One city as far as a link is concerned: the plugin as the node loads it, and
// in the place of the node's store a book of what was taken.
#include <spdlog/logger.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "core/host/plugin_set.h"

namespace citybridge::test {

using LinkSettings = std::map<std::string, std::string>;

// What outlives the node: its store and what it wrote into its log. Any thread.
class Book {
public:
    using Judge = std::function<Result<>(const InboundMessage&)>;

    Result<> take(const InboundMessage& message);
    void judge_by(Judge judge);
    std::vector<InboundMessage> taken() const;  // with repetitions
    std::size_t different() const;              // ids taken for the first time
    void wrote(const std::string& line);
    // Lines of the log that hold `text`.
    std::size_t lines_with(const std::string& text) const;
    std::string log() const;
    // False: it did not become true in 30 s.
    bool wait(const std::function<bool(const Book&)>& until) const;

private:
    mutable std::recursive_mutex mutex_;
    mutable std::condition_variable_any changed_;
    Judge judge_;
    std::vector<InboundMessage> taken_;
    std::set<std::string> known_;
    std::vector<std::string> lines_;
};

class City {
public:
    // Starts the plugin. Throws std::runtime_error.
    City(const std::string& name, const std::string& library, const LinkSettings& settings,
         const std::shared_ptr<Book>& book);
    ~City();
    City(const City&) = delete;
    City& operator=(const City&) = delete;

    // One attempt.
    std::future<DeliveryReply> send(const std::string& to, const OutboxRecord& message);
    // Attempts, as the relay makes them, until one is delivered or refused; the last answer. 30 s at most.
    DeliveryReply send_until_done(const std::string& to, const OutboxRecord& message);
    void stop() { plugins_->stop(); }
    // As the node asks for it: what was refused for this reason, by city.
    std::map<std::string, std::uint64_t> refused(const std::string& reason) const;

private:
    std::unique_ptr<PluginSet> plugins_;
    std::map<std::string, OutboundConnector*> destinations_;
};

// A message of `from` to `to` as the callback protocol writes them, `fill` bytes of content besides.
OutboxRecord city_message(const std::string& id, const std::string& from, const std::string& to, std::size_t fill = 0);

}  // namespace citybridge::test
