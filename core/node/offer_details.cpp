#include "core/node/offer_details.h"

#include "core/api/model_json.h"
#include "core/api/records_json.h"
#include "core/relay/callback.h"
#include "core/store/callback_reader.h"

namespace citybridge {
namespace {

constexpr std::size_t kQueueBound = 1'000;
constexpr std::size_t kShown = 5;

}  // namespace

OfferDetails::OfferDetails(store::Readers& readers, Publish publish, Show show, Transferred transferred)
    : readers_(readers), publish_(std::move(publish)), show_(std::move(show)), transferred_(std::move(transferred)) {}

void OfferDetails::start() {
    thread_ = std::thread([this] { run(); });
}

void OfferDetails::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    waiting_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void OfferDetails::heard(const EventPtr& event) {
    const auto* offer = std::get_if<OfferChanged>(&event->event);
    if (offer == nullptr || offer->what != OfferChanged::What::shown) return;
    if (offer->contact->customer_number.empty()) return;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || queue_.size() >= kQueueBound) return;
        queue_.push_back(event);
    }
    waiting_.notify_one();
}

void OfferDetails::run() {
    for (;;) {
        EventPtr event;
        {
            std::unique_lock lock(mutex_);
            waiting_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
            if (stopping_) return;
            event = std::move(queue_.front());
            queue_.pop_front();
        }
        const auto& offer = std::get<OfferChanged>(event->event);
        std::string details = look_up(*offer.contact);
        if (!details.empty()) publish_({OfferChanged::What::details, offer.offer, offer.contact, std::move(details)});
    }
}

Result<nlohmann::ordered_json> OfferDetails::orders_of(const std::string& customer) const {
    store::OrderQuery query;
    query.customer = customer;
    query.open_only = true;
    query.limit = kShown;
    const auto found = readers_.orders(query);
    if (!found) return found.error();
    std::vector<std::string> ids;
    for (const OrderRecord& order : *found) ids.push_back(order.id);
    const auto deadlines = readers_.deadlines(ids);
    if (!deadlines) return deadlines.error();
    nlohmann::ordered_json orders = nlohmann::ordered_json::array();
    for (const OrderRecord& order : *found) {
        std::vector<DeadlineRecord> own;
        for (const DeadlineRecord& row : *deadlines)
            if (row.order == order.id) own.push_back(row);
        orders.push_back(show_ ? show_(order, own) : to_json(order, own));
    }
    return orders;
}

// Empty: the store cannot be read; the pop stays as it is.
std::string OfferDetails::look_up(const Contact& contact) const {
    nlohmann::ordered_json transfer = transferred_ ? transferred_(contact) : nlohmann::ordered_json(nullptr);
    // Another city's line shows that city's number; the customer is who was transferred.
    std::string number = contact.customer_number_e164;
    if (transfer.is_object()) number = transfer.value("number", number);
    if (number.empty()) return {};
    const auto customer = readers_.customer_by_number(number);
    if (!customer) return {};
    std::vector<std::string> numbers{number};
    nlohmann::ordered_json orders = nlohmann::ordered_json::array();
    if (*customer) {
        numbers = (*customer)->numbers;
        auto found = orders_of((*customer)->id);
        if (!found) return {};
        orders = std::move(*found);
    }
    const auto journal = readers_.journal(numbers, kShown);
    const auto open = store::read_callbacks_of(readers_, *customer ? (*customer)->id : "", numbers, true, kShown);
    if (!journal || !open) return {};
    nlohmann::ordered_json contacts = nlohmann::ordered_json::array();
    for (const JournalRecord& row : *journal)
        if (auto parsed = nlohmann::ordered_json::parse(row.body, nullptr, false); !parsed.is_discarded())
            contacts.push_back(std::move(parsed));
    nlohmann::ordered_json callbacks = nlohmann::ordered_json::array();
    for (const CallbackRecord& row : *open) callbacks.push_back(relay::callback_json(row));
    return dump({{"customer", *customer ? to_json(**customer) : nlohmann::ordered_json(nullptr)},
                 {"contacts", std::move(contacts)},
                 {"orders", std::move(orders)},
                 {"callbacks", std::move(callbacks)},
                 {"transfer", std::move(transfer)}});
}

}  // namespace citybridge
