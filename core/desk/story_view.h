#pragma once
// The rows of a story in memory: what a store and its batch would show.
#include <map>
#include <set>
#include <tuple>

#include "core/desk/desk.h"
#include "core/desk/story.h"

namespace citybridge::desk {

class StoryView final : public View {
public:
    const OrderRecord* order(const std::string& id) const override { return find(orders, id); }
    const OrderRecord* order_by_external(const std::string& system, const std::string& id) const override;
    std::vector<DeadlineRecord> open_deadlines(const std::string& order) const override;
    const CustomerRecord* customer(const std::string& id) const override { return find(customers, id); }
    const CustomerRecord* customer_by_number(const std::string& e164) const override;
    bool inbox_has(const std::string& source, const std::string& id) const override;
    const PaperRecord* paper(const std::string&) const override { return nullptr; }
    const MarkRecord* mark(const std::string&, const std::string&, const std::string&) const override {
        return nullptr;
    }
    const DispositionRecord* disposition(const std::string&) const override { return nullptr; }
    std::vector<const OrderRecord*> orders_of(const OrdersOf& what) const override;
    const OrderRecord* first_in_turn(const TurnOf& what) const override;
    std::vector<const UserRecord*> people() const override;
    std::int64_t open_orders(const std::string& user) const override;
    bool signed_in(const UserRecord&) const override { return true; }

    const VerificationRecord* verification(const std::string& id) const override { return find(verifications, id); }

    void take(const Changes& changes);

    std::map<std::string, OrderRecord> orders;
    std::map<std::string, CustomerRecord> customers;
    std::map<std::tuple<std::string, std::string, std::int64_t>, DeadlineRecord> deadlines;
    std::map<std::pair<std::string, std::int64_t>, HistoryRecord> history;
    std::map<std::string, OutboxRecord> outbox;
    std::map<std::string, TellingRecord> tellings;
    std::map<std::string, VerificationRecord> verifications;
    std::set<std::pair<std::string, std::string>> inbox;
    std::map<std::string, UserRecord> users;

private:
    template <class Row>
    static const Row* find(const std::map<std::string, Row>& rows, const std::string& id) {
        const auto it = rows.find(id);
        return it == rows.end() ? nullptr : &it->second;
    }
};

}  // namespace citybridge::desk
