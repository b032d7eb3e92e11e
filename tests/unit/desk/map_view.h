#pragma once
// Rows in maps: what a store and its batch would show, and a desk on it.
#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "core/desk/desk.h"

namespace citybridge::desk::testing {

class MapView final : public View {
public:
    const OrderRecord* order(const std::string& id) const override { return find(orders, id); }
    const OrderRecord* order_by_external(const std::string& system, const std::string& id) const override {
        for (const auto& [key, row] : orders)
            if (row.external_system == system && row.external_id == id) return &row;
        return nullptr;
    }
    std::vector<DeadlineRecord> open_deadlines(const std::string& order) const override {
        std::vector<DeadlineRecord> out;
        for (const auto& [key, row] : deadlines)
            if (row.order == order && row.state == DeadlineState::open) out.push_back(row);
        return out;
    }
    // What was promised, without the engine's own timers.
    std::vector<DeadlineRecord> open_follow_ups(const std::string& order) const {
        std::vector<DeadlineRecord> out = open_deadlines(order);
        std::erase_if(out, [](const DeadlineRecord& row) { return row.kind != "follow_up"; });
        return out;
    }
    const CustomerRecord* customer(const std::string& id) const override { return find(customers, id); }
    const CustomerRecord* customer_by_number(const std::string& e164) const override {
        for (const auto& [id, row] : customers)
            if (std::find(row.numbers.begin(), row.numbers.end(), e164) != row.numbers.end()) return &row;
        return nullptr;
    }
    bool inbox_has(const std::string& source, const std::string& id) const override {
        return inbox.contains({source, id});
    }

    const AttachmentRecord* attachment(const std::string& id) const override { return find(attachments, id); }
    const OutgoingListRecord* outgoing_list(const std::string& id) const override { return find(outgoing_lists, id); }
    const OutgoingEntryRecord* outgoing_entry(const std::string& id) const override {
        return find(outgoing_entries, id);
    }
    std::vector<OutgoingEntryRecord> outgoing_next(const std::string& list) const override {
        std::vector<OutgoingEntryRecord> out;
        for (const auto& [id, row] : outgoing_entries)
            if (row.list == list && (row.state == EntryState::waiting || row.state == EntryState::taken))
                out.push_back(row);
        std::sort(out.begin(), out.end(), [](const OutgoingEntryRecord& a, const OutgoingEntryRecord& b) {
            return std::tie(a.next_at, a.line) < std::tie(b.next_at, b.line);
        });
        return out;
    }
    void take_desk(const DeskChanges& changes) {
        for (const auto& row : changes.order_texts) order_texts[{row.order, row.n}] = row.words;
        for (const auto& row : changes.attachments) attachments[row.id] = row;
        for (const auto& id : changes.removed_attachments) attachments.erase(id);
        for (const auto& row : changes.outgoing_lists) outgoing_lists[row.id] = row;
        for (const auto& row : changes.outgoing_entries) outgoing_entries[row.id] = row;
        for (const auto& row : changes.merges) {
            merges.push_back(row);
            for (auto& [id, order] : orders)
                if (order.customer == row.from) order.customer = row.into;
        }
    }

    const PaperRecord* paper(const std::string& id) const override { return find(papers, id); }
    const MarkRecord* mark(const std::string& about, const std::string& user, const std::string& what) const override {
        return find(marks, about + '\n' + user + '\n' + what);
    }
    const DispositionRecord* disposition(const std::string& contact) const override {
        return find(dispositions, contact);
    }

    std::vector<const OrderRecord*> orders_of(const OrdersOf& what) const override {
        std::vector<const OrderRecord*> out;
        for (const auto& [id, row] : orders)
            if (row.customer == what.customer && row.kind == what.kind && !(what.open_only && row.closed_at))
                out.push_back(&row);
        std::sort(out.begin(), out.end(), [](const OrderRecord* a, const OrderRecord* b) {
            return std::tie(a->created_at, a->id) > std::tie(b->created_at, b->id);
        });
        return out;
    }
    const OrderRecord* first_in_turn(const TurnOf& what) const override {
        const OrderRecord* first = nullptr;
        for (const auto& [id, row] : orders)
            if (row.kind == what.kind && row.state == what.state && row.group == what.group && !row.closed_at &&
                (first == nullptr || std::tie(row.created_at, row.id) < std::tie(first->created_at, first->id)))
                first = &row;
        return first;
    }
    std::vector<const UserRecord*> people() const override {
        std::vector<const UserRecord*> out;
        for (const auto& [name, row] : users) out.push_back(&row);
        return out;
    }
    std::int64_t open_orders(const std::string& user) const override {
        return std::count_if(orders.begin(), orders.end(),
                             [&](const auto& each) { return each.second.owner == user && !each.second.closed_at; });
    }
    bool signed_in(const UserRecord& user) const override { return signed_in_.contains(user.name); }

    const OutboxRecord* outbox_by_far(const std::string& destination, const std::string& far) const override {
        for (const auto& [id, row] : outbox)
            if (row.destination == destination && row.external_id == far) return &row;
        return nullptr;
    }
    const WrittenMessageRecord* written_message(const std::string& id) const override { return find(written, id); }
    const MessageBudgetRecord* message_budget(const std::string& of) const override {
        return find(message_budgets, of);
    }
    const BlockedAddressRecord* blocked(const std::string& address, const std::string& channel) const override {
        const auto it = blocked_addresses.find({address, channel});
        return it == blocked_addresses.end() ? nullptr : &it->second;
    }

    // As the store would: throws on what the store refuses.
    void take(const Changes& changes) {
        for (const auto& row : changes.customers) customers[row.id] = row;
        for (const auto& row : changes.orders) orders[row.id] = row;
        for (const auto& row : changes.deadlines) deadlines[{row.order, row.name, row.n}] = row;
        for (const auto& row : changes.tellings) tellings[row.id] = row;
        for (const auto& row : changes.history)
            if (!history.emplace(std::pair{row.order, row.n}, row).second) throw std::logic_error("history repeated");
        for (const auto& row : changes.outbox)
            if (!outbox.emplace(row.id, row).second) throw std::logic_error("outbox id repeated: " + row.id);
        for (const auto& row : changes.inbox)
            if (!inbox.emplace(std::pair{row.source, row.id}, row).second) throw std::logic_error("inbox repeated");
        for (const auto& row : changes.written.messages) written[row.id] = row;
        for (const auto& row : changes.written.budgets) message_budgets[row.of] = row;
        take_papers(changes.papers);
        take_desk(changes.desk);
    }

    void take_papers(const PaperChanges& changes) {
        for (const auto& row : changes.rows) papers[row.id] = row;
        for (const auto& row : changes.marks) marks[row.about + '\n' + row.user + '\n' + row.what] = row;
        for (const auto& row : changes.skills) skills[row.user + '\n' + row.skill] = row;
        for (const auto& row : changes.words) words[row.paper] = row;
        for (const auto& row : changes.dispositions) dispositions[row.contact] = row;
        for (const auto& row : changes.entries)
            if (!entries.emplace(std::pair{row.paper, row.n}, row).second) throw std::logic_error("entry repeated");
    }

    std::map<std::string, OrderRecord> orders;
    std::map<std::string, CustomerRecord> customers;
    std::map<std::tuple<std::string, std::string, std::int64_t>, DeadlineRecord> deadlines;
    std::map<std::pair<std::string, std::int64_t>, HistoryRecord> history;
    std::map<std::string, OutboxRecord> outbox;
    std::map<std::string, TellingRecord> tellings;
    std::map<std::pair<std::string, std::string>, BlockedAddressRecord> blocked_addresses;
    std::map<std::string, UserRecord> users;
    std::map<std::string, WrittenMessageRecord> written;
    std::map<std::string, MessageBudgetRecord> message_budgets;
    std::set<std::string> signed_in_;
    std::map<std::pair<std::string, std::string>, InboxRecord> inbox;

    std::map<std::pair<std::string, std::int64_t>, std::string> order_texts;
    std::map<std::string, AttachmentRecord> attachments;
    std::map<std::string, OutgoingListRecord> outgoing_lists;
    std::map<std::string, OutgoingEntryRecord> outgoing_entries;
    std::vector<CustomerMergeRecord> merges;
    std::map<std::string, PaperRecord> papers;
    std::map<std::pair<std::string, std::int64_t>, PaperEntry> entries;
    std::map<std::string, MarkRecord> marks;
    std::map<std::string, SkillRecord> skills;
    std::map<std::string, PaperWords> words;
    std::map<std::string, DispositionRecord> dispositions;

private:
    template <class Row>
    static const Row* find(const std::map<std::string, Row>& rows, const std::string& id) {
        const auto it = rows.find(id);
        return it == rows.end() ? nullptr : &it->second;
    }
};

}  // namespace citybridge::desk::testing
