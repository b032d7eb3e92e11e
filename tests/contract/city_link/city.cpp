#include "tests/contract/city_link/city.h"

#include <spdlog/sinks/base_sink.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/api/link_figures.h"

namespace citybridge::test {
namespace {

constexpr std::chrono::seconds kPatience{30};
constexpr std::chrono::milliseconds kBetweenAttempts{100};

class BookSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    explicit BookSink(std::shared_ptr<Book> book) : book_(std::move(book)) {}

protected:
    void sink_it_(const spdlog::details::log_msg& line) override {
        book_->wrote(std::string(line.payload.data(), line.payload.size()));
    }
    void flush_() override {}

private:
    const std::shared_ptr<Book> book_;
};

}  // namespace

Result<> Book::take(const InboundMessage& message) {
    const std::lock_guard lock(mutex_);
    if (judge_)
        if (auto judged = judge_(message); !judged) return judged;
    taken_.push_back(message);
    known_.insert(message.source + ' ' + message.id);
    changed_.notify_all();
    return ok();
}

void Book::judge_by(Judge judge) {
    const std::lock_guard lock(mutex_);
    judge_ = std::move(judge);
}

std::vector<InboundMessage> Book::taken() const {
    const std::lock_guard lock(mutex_);
    return taken_;
}

std::size_t Book::different() const {
    const std::lock_guard lock(mutex_);
    return known_.size();
}

void Book::wrote(const std::string& line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(line);
    changed_.notify_all();
}

std::size_t Book::lines_with(const std::string& text) const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::count_if(
        lines_.begin(), lines_.end(), [&](const std::string& line) { return line.find(text) != std::string::npos; }));
}

std::string Book::log() const {
    const std::lock_guard lock(mutex_);
    std::string out;
    for (const std::string& each : lines_) out += each + '\n';
    return out;
}

bool Book::wait(const std::function<bool(const Book&)>& until) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return until(*this); });
}

City::City(const std::string& name, const std::string& library, const LinkSettings& settings,
           const std::shared_ptr<Book>& book) {
    HostOptions options;
    options.city = name;
    options.plugin_dir = std::string(CITYBRIDGE_BINARY_DIR) + "/lib/plugins";
    options.inbound = [book](const InboundMessage& message, const std::function<void(Result<>)>& done) {
        done(book->take(message));
    };
    options.logger = std::make_shared<spdlog::logger>(name, std::make_shared<BookSink>(book));
    plugins_ = std::make_unique<PluginSet>(std::move(options));
    PluginConfig config{library, "cities", {"city.xml", 1, 1}, {}};
    for (const auto& [key, value] : settings) config.settings.settings.push_back({key, value, {"city.xml", 2, 1}});
    Problems problems;
    plugins_->load({config}, problems);
    if (!problems.empty()) throw std::runtime_error(to_string(problems.front()));
    if (const auto started = plugins_->start(); !started) throw std::runtime_error(started.error().detail);
    for (const NamedOutbound& each : plugins_->find("cities").destinations) destinations_[each.name] = each.connector;
}

City::~City() = default;

std::future<DeliveryReply> City::send(const std::string& to, const OutboxRecord& message) {
    auto promise = std::make_shared<std::promise<DeliveryReply>>();
    destinations_.at(to)->deliver(message, [promise](DeliveryReply reply) { promise->set_value(std::move(reply)); });
    return promise->get_future();
}

DeliveryReply City::send_until_done(const std::string& to, const OutboxRecord& message) {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    OutboxRecord attempt = message;
    DeliveryReply last;
    while (std::chrono::steady_clock::now() < until) {
        auto answer = send(to, attempt);
        if (answer.wait_until(until) != std::future_status::ready) break;
        last = answer.get();
        if (last.outcome == DeliveryOutcome::delivered || last.outcome == DeliveryOutcome::refused) return last;
        ++attempt.attempts;
        std::this_thread::sleep_for(kBetweenAttempts);
    }
    return last;
}

std::map<std::string, std::uint64_t> City::refused(const std::string& reason) const {
    std::map<std::string, std::uint64_t> out;
    for (const auto& [name, connector] : destinations_) {
        const auto* figures = dynamic_cast<const LinkFigures*>(connector);
        if (figures == nullptr) throw std::runtime_error(name + " tells no figures");
        for (const LinkRefusal& each : figures->refused())
            if (each.reason == reason) out[each.city] += each.number;
    }
    return out;
}

OutboxRecord city_message(const std::string& id, const std::string& from, const std::string& to, std::size_t fill) {
    OutboxRecord out;
    out.id = id;
    out.destination = "cities." + to;
    out.key = id.substr(0, id.find('.'));
    out.kind = "city_message";
    out.payload =
        nlohmann::ordered_json{
            {"protocol", 1}, {"from", from}, {"to", to}, {"matter", "客户要求回电"}, {"fill", std::string(fill, 'x')}}
            .dump();
    out.created_at = *from_rfc3339("2026-11-22T09:30:00.123Z");
    return out;
}

}  // namespace citybridge::test
