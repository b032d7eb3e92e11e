#pragma once
// A durable strand for the gateway's tests: remembers what it was given,
// answers as it is told, keeps first answers by key like the store. Any thread.
// What orders and customers really become is tested with a whole node
// (tests/unit/node).
#include <functional>
#include <map>
#include <mutex>

#include "core/gateway/durable_port.h"
#include "tests/unit/gateway/fake_papers.h"

namespace citybridge::test {

// Holds at most one row of each kind; `fault`: what every read answers instead.
class FakeReaders final : public store::Readers {
public:
    Result<std::optional<OrderRecord>> order(const std::string& id) override { return one(order_row, id); }
    Result<std::vector<DeadlineRecord>> deadlines(const std::vector<std::string>&) override {
        return list(deadline_row);
    }
    Result<std::vector<OrderRecord>> orders(const store::OrderQuery& query) override {
        if (query.after.empty()) return list(order_row);
        return list(std::optional<OrderRecord>{});
    }
    Result<std::vector<HistoryRecord>> history(const std::string&) override { return list(history_row); }
    Result<std::optional<CustomerRecord>> customer(const std::string& id) override { return one(customer_row, id); }
    Result<std::optional<CustomerRecord>> customer_by_number(const std::string& number) override {
        return one(customer_row, customer_row && customer_row->numbers.front() == number ? customer_row->id : "");
    }
    Result<std::vector<JournalRecord>> journal(const std::vector<std::string>&, std::size_t) override {
        return list(journal_row);
    }
    Result<std::optional<JournalRecord>> journal_entry(const std::string& contact) override {
        return one(journal_row, contact);
    }
    Result<std::vector<OutboxRecord>> outbox(const store::OutboxQuery& query) override {
        asked_outbox = query;
        return list(outbox_row);
    }
    Result<std::optional<OutboxRecord>> outbox_message(const std::string& id) override { return one(outbox_row, id); }
    Result<std::vector<store::OutboxCount>> outbox_counts() override { return std::vector<store::OutboxCount>{}; }
    Result<std::optional<CommandRecord>> command(const std::string& id) override { return one(command_row, id); }
    Result<std::vector<UserRecord>> users() override { return stored_users; }
    store::PaperReaders& papers() override { return papers_; }
    Result<> read(const std::function<void(store::Connection&)>& what) override {
        if (database != nullptr) return database->read(what);
        return Error{"store.unavailable", "this one has no database"};
    }
    Result<std::vector<CalendarOverrideRecord>> calendar_overrides() override { return overrides; }
    Result<std::vector<DeadlineRecord>> open_deadlines_after(const DeadlineRecord&, std::size_t) override {
        return list(deadline_row);
    }

    Error fault;
    store::Readers* database = nullptr;  // what statements read; null: there is none
    FakePapers papers_;
    std::optional<OrderRecord> order_row;
    std::optional<DeadlineRecord> deadline_row;
    std::optional<HistoryRecord> history_row;
    std::optional<CustomerRecord> customer_row;
    std::optional<JournalRecord> journal_row;
    std::optional<OutboxRecord> outbox_row;
    std::optional<CommandRecord> command_row;
    std::vector<UserRecord> stored_users;
    std::vector<CalendarOverrideRecord> overrides;
    store::OutboxQuery asked_outbox;

private:
    template <class Row>
    Result<std::optional<Row>> one(const std::optional<Row>& row, const std::string& id) const {
        if (!fault.code.empty()) return fault;
        return row && row->id == id ? row : std::optional<Row>{};
    }
    template <class Row>
    Result<std::vector<Row>> list(const std::optional<Row>& row) const {
        if (!fault.code.empty()) return fault;
        return row ? std::vector<Row>{*row} : std::vector<Row>{};
    }
};

class FakeDurable final : public DurablePort {
public:
    Result<DurableAnswer> submit(desk::Request request, std::optional<RequestKey> key) override {
        const std::lock_guard lock(mutex_);
        if (!refuse.code.empty()) return refuse;
        const auto* taken = std::get_if<desk::TakeInbound>(&request.what);
        if (taken != nullptr && refuse_of.contains(taken->message.id)) return refuse_of[taken->message.id];
        if (auto first = first_answer(key, reply)) return std::move(*first);
        submitted.push_back(std::move(request));
        return DurableAnswer{reply};
    }
    Result<DurableAnswer> record(Changes changes, desk::Reply answer, std::optional<RequestKey> key) override {
        const std::lock_guard lock(mutex_);
        if (on_record) on_record();
        if (!refuse.code.empty()) return refuse;
        if (auto first = first_answer(key, answer)) return std::move(*first);
        recorded.push_back(std::move(changes));
        return DurableAnswer{std::move(answer)};
    }
    void note(Changes changes) override {
        const std::lock_guard lock(mutex_);
        noted.push_back(std::move(changes));
    }
    Result<DurableAnswer> act(const OutboxAct& act) override {
        const std::lock_guard lock(mutex_);
        if (!refuse.code.empty()) return refuse;
        acts.push_back(act);
        return DurableAnswer{};
    }
    Result<std::vector<relay::DestinationStatus>> destinations() override {
        if (!refuse.code.empty()) return refuse;
        return statuses;
    }
    Result<DurableAnswer> set_disabled(const std::string& destination, bool disabled) override {
        if (!refuse.code.empty()) return refuse;
        disabled_[destination] = disabled;
        return DurableAnswer{};
    }
    const desk::Desk& desk() const override { return desk_; }
    store::Readers& readers() override { return readers_; }

    // Set before the requests they are for.
    Error refuse;
    std::map<std::string, Error> refuse_of;  // by id of the inbound message
    desk::Reply reply{201, "/v1/orders/ord_1", R"({"id":"ord_1"})"};
    std::function<void()> on_record;
    std::vector<relay::DestinationStatus> statuses;
    FakeReaders readers_;
    std::shared_ptr<desk::CentreBox> centre_ = std::make_shared<desk::CentreBox>();

    std::vector<desk::Request> submitted;
    std::vector<Changes> recorded;
    std::vector<Changes> noted;
    std::vector<OutboxAct> acts;
    std::map<std::string, bool> disabled_;

private:
    static desk::DeskSettings settings_with(std::shared_ptr<desk::CentreBox> centre) {
        desk::DeskSettings out;
        out.centre = std::move(centre);
        desk::City& city = out.cities.all["hangzhou"];
        city.id = "hangzhou";
        city.name = "Hangzhou";
        city.destination = "cities.hangzhou";
        return out;
    }
    std::optional<Result<DurableAnswer>> first_answer(const std::optional<RequestKey>& key, const desk::Reply& answer) {
        if (!key) return std::nullopt;
        const auto [first, is_new] = answers_.try_emplace({key->user, key->key}, key->fingerprint, answer);
        if (is_new) return std::nullopt;
        if (first->second.first != key->fingerprint) return Error{"idempotency.mismatch", "another request"};
        return DurableAnswer{first->second.second, true};
    }

    std::mutex mutex_;
    std::map<std::pair<std::string, std::string>, std::pair<std::string, desk::Reply>> answers_;
    desk::Desk desk_{settings_with(centre_), desk::FlowSet{}, desk::Calendar{}};
};

}  // namespace citybridge::test
