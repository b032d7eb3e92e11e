#pragma once
// A durable strand for the gateway's tests: remembers what it was given and
// answers as it is told. Any thread. What orders and customers really become is
// tested with a whole node (tests/unit/node).
#include <map>
#include <mutex>

#include "core/gateway/durable_port.h"

namespace citybridge::test {

class FakeReaders final : public store::Readers {
public:
    Result<std::optional<OrderRecord>> order(const std::string&) override { return std::optional<OrderRecord>{}; }
    Result<std::vector<DeadlineRecord>> deadlines(const std::vector<std::string>&) override {
        return std::vector<DeadlineRecord>{};
    }
    Result<std::vector<OrderRecord>> orders(const store::OrderQuery&) override { return std::vector<OrderRecord>{}; }
    Result<std::vector<HistoryRecord>> history(const std::string&) override { return std::vector<HistoryRecord>{}; }
    Result<std::optional<CustomerRecord>> customer(const std::string&) override {
        return std::optional<CustomerRecord>{};
    }
    Result<std::optional<CustomerRecord>> customer_by_number(const std::string&) override {
        return std::optional<CustomerRecord>{};
    }
    Result<std::vector<JournalRecord>> journal(const std::vector<std::string>&, std::size_t) override {
        return std::vector<JournalRecord>{};
    }
    Result<std::vector<OutboxRecord>> outbox(const store::OutboxQuery&) override { return std::vector<OutboxRecord>{}; }
    Result<std::optional<OutboxRecord>> outbox_message(const std::string&) override {
        return std::optional<OutboxRecord>{};
    }
    Result<std::vector<store::OutboxCount>> outbox_counts() override { return std::vector<store::OutboxCount>{}; }
    Result<std::optional<CommandRecord>> command(const std::string&) override { return std::optional<CommandRecord>{}; }
    Result<std::vector<UserRecord>> users() override { return stored_users; }

    std::vector<UserRecord> stored_users;
};

class FakeDurable final : public DurablePort {
public:
    Result<DurableAnswer> submit(desk::Request, std::optional<RequestKey>) override {
        return Error{"store.unavailable", "no store in this test"};
    }
    // With its first answer for a key, like the store.
    Result<DurableAnswer> record(Changes changes, desk::Reply reply, std::optional<RequestKey> key) override {
        const std::lock_guard lock(mutex_);
        if (!refuse.code.empty()) return refuse;
        if (key) {
            const auto [first, is_new] = answers_.try_emplace({key->user, key->key}, key->fingerprint, reply);
            if (first->second.first != key->fingerprint) return Error{"idempotency.mismatch", "another request"};
            if (!is_new) return DurableAnswer{first->second.second, true};
        }
        recorded.push_back(std::move(changes));
        return DurableAnswer{std::move(reply)};
    }
    void note(Changes changes) override {
        const std::lock_guard lock(mutex_);
        noted.push_back(std::move(changes));
    }
    Result<DurableAnswer> act(const OutboxAct&) override { return Error{"outbox.unknown", "no outbox in this test"}; }
    Result<std::vector<relay::DestinationStatus>> destinations() override {
        return std::vector<relay::DestinationStatus>{};
    }
    Result<DurableAnswer> set_disabled(const std::string&, bool) override {
        return Error{"destination.unknown", "no destination in this test"};
    }
    const desk::Desk& desk() const override { return desk_; }
    store::Readers& readers() override { return readers_; }

    Error refuse;
    std::vector<Changes> recorded;
    std::vector<Changes> noted;
    FakeReaders readers_;

private:
    std::mutex mutex_;
    std::map<std::pair<std::string, std::string>, std::pair<std::string, desk::Reply>> answers_;
    desk::Desk desk_{{}, {}, desk::Calendar{}};
};

}  // namespace citybridge::test
