// What became of callbacks between cities, as facts: each side's store tells
// its own view, from what its history says.
#include <map>

#include "core/api/records_json.h"
#include "core/reports/make_facts.h"

namespace citybridge::reports {
namespace {

constexpr const char* kDialledAt = "dialled_at";  // in CallbackRecord::state_detail: the dialling that is to be settled

OrderFact about_callback(const CallbackRecord& row, const char* what, WallTime at) {
    const bool out = row.side == "origin";
    OrderFact fact;
    fact.order = row.id;
    fact.what = what;
    fact.name = row.side;
    fact.n = 1;  // the first of its kind counts; the store leaves a known one as it is
    fact.at = at;
    fact.due_at = row.promised_at;
    fact.kind = out ? "callback_out" : "callback_in";
    fact.group = row.group;
    fact.owner = out ? row.state_detail.value("offered_by", "") : row.owner;
    fact.city = out ? row.target : row.origin;
    fact.contact = row.contact;
    fact.state = to_string(row.state);
    return fact;
}

class CallbackFacts {
public:
    explicit CallbackFacts(std::vector<OrderFact>& out) : out_(out) {}

    void take(CallbackRecord& row, const CallbackHistoryRecord& entry) {
        if (entry.n == 1) out_.push_back(about_callback(row, "callback_begun", entry.at));
        if (entry.action == "escalated") out_.push_back(about_callback(row, "callback_escalated", entry.at));
        if (entry.to_state == "dialling") {
            // After a dialling that nobody knows the end of, the next one counts.
            if (entry.from_state != "dialling") row.state_detail[kDialledAt] = epoch_ms(entry.at);
            return;
        }
        if (entry.to_state == "done" || entry.to_state == "failed") return ended(row, entry);
        if (entry.from_state == "dialling" && entry.to_state != "uncertain") dialled(row, entry);
    }

private:
    void dialled(CallbackRecord& row, const CallbackHistoryRecord& entry) {
        const auto begun = row.state_detail.find(kDialledAt);
        if (begun == row.state_detail.end()) return;
        const WallTime at = from_epoch_ms(begun->get<std::int64_t>());
        row.state_detail.erase(begun);
        const bool in_vain = entry.action == "not_dialled" || entry.detail.value("result", "") == "not_dialled";
        // His phone never rang.
        if (!in_vain) settle(row, at, true);
    }

    void ended(CallbackRecord& row, const CallbackHistoryRecord& entry) {
        const auto begun = row.state_detail.find(kDialledAt);
        const bool known = begun != row.state_detail.end();
        const WallTime at = known ? from_epoch_ms(begun->get<std::int64_t>()) : entry.at;
        if (known) row.state_detail.erase(begun);
        settle(row, at, known || entry.to_state == "done");
    }

    void settle(const CallbackRecord& row, WallTime at, bool called) {
        OrderFact fact = about_callback(row, "callback_settled", at);
        fact.state = called ? "called" : "not_called";
        out_.push_back(std::move(fact));
    }

    std::vector<OrderFact>& out_;
};

}  // namespace

void add_callback_facts(Changes& changes) {
    std::map<std::string_view, CallbackRecord*> rows;
    for (CallbackRecord& row : changes.callback.callbacks) rows[row.id] = &row;
    CallbackFacts facts(changes.facts.orders);
    for (const CallbackHistoryRecord& entry : changes.callback.history)
        if (const auto it = rows.find(entry.callback); it != rows.end()) facts.take(*it->second, entry);
}

}  // namespace citybridge::reports
