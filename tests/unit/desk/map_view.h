#pragma once
// Rows in maps: what a store and its batch would show, and a desk on it.
#include <algorithm>
#include <map>
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
    const CustomerRecord* customer(const std::string& id) const override { return find(customers, id); }
    const CustomerRecord* customer_by_number(const std::string& e164) const override {
        for (const auto& [id, row] : customers)
            if (std::find(row.numbers.begin(), row.numbers.end(), e164) != row.numbers.end()) return &row;
        return nullptr;
    }
    bool inbox_has(const std::string& source, const std::string& id) const override {
        return inbox.contains({source, id});
    }

    const PaperRecord* paper(const std::string& id) const override { return find(papers, id); }
    const MarkRecord* mark(const std::string& about, const std::string& user, const std::string& what) const override {
        return find(marks, about + '\n' + user + '\n' + what);
    }
    const DispositionRecord* disposition(const std::string& contact) const override {
        return find(dispositions, contact);
    }

    // As the store would: throws on what the store refuses.
    void take(const Changes& changes) {
        for (const auto& row : changes.customers) customers[row.id] = row;
        for (const auto& row : changes.orders) orders[row.id] = row;
        for (const auto& row : changes.deadlines) deadlines[{row.order, row.name, row.n}] = row;
        for (const auto& row : changes.history)
            if (!history.emplace(std::pair{row.order, row.n}, row).second) throw std::logic_error("history repeated");
        for (const auto& row : changes.outbox)
            if (!outbox.emplace(row.id, row).second) throw std::logic_error("outbox id repeated: " + row.id);
        for (const auto& row : changes.inbox)
            if (!inbox.emplace(std::pair{row.source, row.id}, row).second) throw std::logic_error("inbox repeated");
        take_papers(changes.papers);
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
    std::map<std::pair<std::string, std::string>, InboxRecord> inbox;

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
