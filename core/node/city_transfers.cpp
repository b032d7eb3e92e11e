#include "core/node/city_transfers.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "core/gateway/crypto.h"
#include "core/store/transfer_reader.h"

namespace citybridge {
namespace {

constexpr std::size_t kMostNews = 10'000;
constexpr std::size_t kMostRemembered = 200;
constexpr Millis kLookEvery{1'000};

bool is_transfer_event(const Event& event) {
    const auto* paper = std::get_if<PaperChanged>(&event);
    return paper != nullptr && paper->type.starts_with("transfer.");
}

bool may_concern(const Event& event) {
    return std::holds_alternative<ContactChanged>(event) || std::holds_alternative<CommandFinished>(event);
}

}  // namespace

CityTransfers::CityTransfers(LivePort& live, DurablePort& durable, ShowAgain show_again)
    : live_(live), durable_(durable), show_again_(std::move(show_again)) {}

Result<> CityTransfers::start() {
    const auto open = store::read_open_transfers(durable_.readers());
    if (!open) return open.error();
    for (const CommandRecord& row : *open) {
        watch_.put(relay::transfer_of(row));
        remember(relay::transfer_of(row));
    }
    busy_ = !watch_.empty();
    thread_ = std::thread([this] { run(); });
    return ok();
}

void CityTransfers::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    waiting_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void CityTransfers::heard(const EventPtr& event) {
    if (!is_transfer_event(event->event) && !(busy_ && may_concern(event->event))) return;
    {
        const std::lock_guard lock(mutex_);
        // What is lost here is seen when it is looked around next.
        if (stopping_ || queue_.size() >= kMostNews) return;
        queue_.push_back(event);
    }
    waiting_.notify_one();
}

void CityTransfers::run() {
    for (;;) {
        EventPtr event;
        {
            std::unique_lock lock(mutex_);
            const auto news = [this] { return stopping_ || !queue_.empty(); };
            if (busy_)
                waiting_.wait_for(lock, kLookEvery, news);
            else
                waiting_.wait(lock, news);
            if (stopping_) return;
            if (!queue_.empty()) {
                event = std::move(queue_.front());
                queue_.pop_front();
            }
        }
        if (event != nullptr)
            take(event->event);
        else
            look_around();
    }
}

void CityTransfers::take(const Event& event) {
    if (const auto* paper = std::get_if<PaperChanged>(&event)) return changed(paper->id);
    if (const auto* change = std::get_if<ContactChanged>(&event)) {
        for (const TransferWatch::Wish& wish : watch_.contact(*change)) carry_out(wish);
        return;
    }
    for (const TransferWatch::Wish& wish : watch_.command(std::get<CommandFinished>(event))) carry_out(wish);
}

// As it stands in the store: the event may be older by now.
void CityTransfers::changed(const std::string& id) {
    const auto row = durable_.readers().command(id);
    if (!row) return spdlog::warn("{} {}", row.error().code, row.error().detail);
    if (!*row) return;
    const relay::CityTransfer transfer = relay::transfer_of(**row);
    watch_.put(transfer);
    busy_ = !watch_.empty();
    remember(transfer);
    // Its call may be there already; and its pop is to say what was learnt.
    look_around();
    if (transfer.out || transfer.contact.empty()) return;
    const auto live = live_.snapshot();
    if (!live) return;
    for (const ContactPtr& contact : live->contacts)
        if (contact->id == transfer.contact) show_pop(contact);
}

// What the live strand shows now, and what time it is: nothing is missed for having come before it was waited for.
void CityTransfers::look_around() {
    if (watch_.empty()) return;
    if (const auto live = live_.snapshot()) {
        for (const auto* list : {&live->contacts, &live->ended})
            for (const ContactPtr& contact : *list) look_at(contact);
    }
    // A command may have failed before its transfer was known here.
    for (const auto& [id, command] : watch_.rung()) {
        const auto row = durable_.readers().command(command);
        if (!row || !*row) continue;
        const std::string& state = (*row)->state;
        if (state != to_string(CommandOutcome::failed) && state != to_string(CommandOutcome::not_supported)) continue;
        const CommandFinished result{command, (*row)->user, CommandOutcome::failed, (*row)->reason, (*row)->contact};
        for (const TransferWatch::Wish& wish : watch_.command(result)) carry_out(wish);
    }
    for (const TransferWatch::Wish& wish : watch_.time_passed(system_now().wall)) carry_out(wish);
}

void CityTransfers::look_at(const ContactPtr& contact) {
    for (const TransferWatch::Wish& wish : watch_.contact({ContactChanged::What::changed, contact, {}}))
        carry_out(wish);
}

void CityTransfers::carry_out(const TransferWatch::Wish& wish) {
    const auto row = durable_.readers().command(wish.id);
    if (!row || !*row) return;
    const relay::CityTransfer transfer = relay::transfer_of(**row);
    if (wish.what == TransferWatch::Wish::What::complete) {
        const std::string command = gateway::random_hex(16);
        const CallOrder order{command, transfer.user, transfer.contact, transfer.agent, CallAction::attended_transfer,
                              {}};
        watch_.completing(wish.id, command, true);
        const Result<> taken = live_.command(order);
        if (!taken) watch_.completing(wish.id, command, false);
        return;
    }
    desk::StepTransfer step{wish.id, wish.to, wish.reason, wish.contact, wish.agent};
    const auto done =
        durable_.submit({gateway::uuid_v7(system_now().wall), {"system", "system", {}}, std::move(step)}, std::nullopt);
    if (done) return;
    spdlog::warn("{} {}", done.error().code, done.error().detail);
    watch_.again(wish.id);
}

// Everybody whose screen shows the call learns who it is.
void CityTransfers::show_pop(const ContactPtr& contact) {
    for (const Offer& offer : contact->offers) {
        if (offer.state != OfferState::offered && offer.state != OfferState::shown &&
            offer.state != OfferState::accepted)
            continue;
        auto event = std::make_shared<EventEnvelope>();
        event->event = OfferChanged{OfferChanged::What::shown, offer, contact};
        show_again_(event);
    }
}

void CityTransfers::remember(const relay::CityTransfer& transfer) {
    if (transfer.out || transfer.contact.empty()) return;
    const std::lock_guard lock(mutex_);
    if (!by_contact_.contains(transfer.contact)) remembered_.push_back(transfer.contact);
    by_contact_[transfer.contact] = relay::transfer_json(transfer);
    if (remembered_.size() <= kMostRemembered) return;
    by_contact_.erase(remembered_.front());
    remembered_.pop_front();
}

nlohmann::ordered_json CityTransfers::of_contact(const Contact& contact) const {
    const std::lock_guard lock(mutex_);
    const auto found = by_contact_.find(contact.id);
    return found == by_contact_.end() ? nlohmann::ordered_json(nullptr) : found->second;
}

}  // namespace citybridge
