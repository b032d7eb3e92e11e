#include "plugins/link_https/courier.h"

#include <algorithm>
#include <new>

#include "core/api/quiet_thread.h"

namespace citybridge::link_https {
namespace {

constexpr int kLongestWaitMs = 1'000;
constexpr int kTellAgainMs = 5;
constexpr long kKeptConnections = 512;

}  // namespace

Courier::Courier(std::string city, const std::vector<Peer>& peers, CourierLimits limits, const Identity& identity,
                 std::function<bool(std::shared_ptr<Answers>)> answered)
    : city_(std::move(city)),
      limits_(limits),
      identity_(identity),
      answered_(std::move(answered)),
      multi_(curl_multi_init()) {
    if (multi_ == nullptr) throw std::bad_alloc();
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kKeptConnections);
    for (const Peer& each : peers) {
        City& far = cities_.emplace_back();
        far.name = each.city;
        far.url = each.url;
        for (const Fingerprint& print : each.pins) far.pins.add(print, each.city);
    }
    thread_ = quiet_thread("city courier", [this] { loop(); });
}

Courier::~Courier() {
    stop();
    curl_multi_cleanup(multi_);
}

void Courier::stop() {
    stopping_ = true;
    curl_multi_wakeup(multi_);
    if (thread_.joinable()) thread_.join();
}

void Courier::submit(std::size_t peer, Parcel parcel) {
    {
        const std::lock_guard lock(mutex_);
        submitted_.emplace_back(peer, std::move(parcel));
        if (submitted_.size() > 1) return;  // somebody before us has woken it
    }
    curl_multi_wakeup(multi_);
}

void Courier::loop() {
    while (!stopping_) {
        accept();
        int running = 0;
        curl_multi_perform(multi_, &running);
        collect();
        tell();
        curl_multi_poll(multi_, nullptr, 0, untold_ ? kTellAgainMs : kLongestWaitMs, nullptr);
    }
    for (const auto& [exchange, owner] : active_) curl_multi_remove_handle(multi_, exchange->handle());
    active_.clear();
    idle_.clear();
}

void Courier::accept() {
    std::vector<std::pair<std::size_t, Parcel>> fresh;
    {
        const std::lock_guard lock(mutex_);
        fresh.swap(submitted_);
    }
    for (auto& [peer, parcel] : fresh) {
        auto line = city_line(parcel.message, city_, cities_[peer].name);
        if (line) {
            parcel.line = std::move(*line);
            cities_[peer].waiting.push_back(std::move(parcel));
        } else {
            answer(std::move(parcel.done), city_reply(CityAnswer::refused, line.error().code, line.error().detail));
        }
    }
    for (const auto& [peer, parcel] : fresh)
        if (!cities_[peer].waiting.empty()) start_requests(peer);
}

void Courier::start_requests(std::size_t peer) {
    City& city = cities_[peer];
    while (city.on_the_way < limits_.requests && !city.waiting.empty()) {
        std::vector<Parcel> parcels;
        std::size_t bytes = 0;
        while (!city.waiting.empty() && parcels.size() < limits_.batch_messages) {
            bytes += city.waiting.front().line.size() + 1;
            if (!parcels.empty() && bytes > limits_.batch_bytes) break;
            parcels.push_back(std::move(city.waiting.front()));
            city.waiting.pop_front();
        }
        start(peer, std::move(parcels));
    }
}

void Courier::start(std::size_t peer, std::vector<Parcel> parcels) {
    City& city = cities_[peer];
    // A handle keeps its city: with it go the certificate it takes and its connections.
    const auto used = std::find_if(idle_.begin(), idle_.end(), [&](const auto& each) { return each->peer() == peer; });
    std::unique_ptr<Exchange> exchange;
    if (used != idle_.end()) {
        exchange = std::move(*used);
        idle_.erase(used);
    } else {
        exchange = std::make_unique<Exchange>(peer, identity_, city.pins);
    }
    ++city.on_the_way;
    if (!exchange->begin(city.url, std::move(parcels), limits_) ||
        curl_multi_add_handle(multi_, exchange->handle()) != CURLM_OK)
        return end(std::move(exchange), CURLE_OUT_OF_MEMORY);
    Exchange* const key = exchange.get();
    active_.emplace(key, std::move(exchange));
}

void Courier::collect() {
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        const CURLcode result = message->data.result;
        const auto found = active_.find(Exchange::of(message->easy_handle));
        std::unique_ptr<Exchange> exchange = std::move(found->second);
        active_.erase(found);
        curl_multi_remove_handle(multi_, exchange->handle());
        const std::size_t peer = exchange->peer();
        end(std::move(exchange), result);
        start_requests(peer);
    }
}

void Courier::end(std::unique_ptr<Exchange> exchange, CURLcode result) {
    --cities_[exchange->peer()].on_the_way;
    std::vector<DeliveryReply> replies = exchange->finish(result);
    for (std::size_t i = 0; i < replies.size(); ++i)
        answer(std::move(exchange->parcels()[i].done), std::move(replies[i]));
    exchange->parcels().clear();
    idle_.push_back(std::move(exchange));
}

void Courier::answer(DeliveryDone done, DeliveryReply reply) {
    if (!untold_) untold_ = std::make_shared<Answers>();
    untold_->emplace_back(std::move(done), std::move(reply));
}

// The lane may be full: then the same is told again, because nobody else would.
void Courier::tell() {
    if (untold_ && answered_(untold_)) untold_ = nullptr;
}

}  // namespace citybridge::link_https
