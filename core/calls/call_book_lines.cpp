// Lines to a number outside: several rung at once, or one after the other because the first did not work.
#include <algorithm>

#include "core/calls/call_book.h"
#include "core/calls/contact_record.h"
#include "core/calls/phone_number.h"

namespace citybridge::calls {
namespace {

// A PBX takes the next line of its list within milliseconds.
constexpr Millis kNextLine{2'000};

}  // namespace

// The contact's customer is whoever is at the other end of this line.
void CallBook::make_customer(ContactRecord& record, Channel& line) {
    record.anchor_channel = line.id;
    attach(record, line, LegRole::customer);
}

// Of several lines rung for one number one ends, and the others ring on.
bool CallBook::pass_to_other_line(ContactRecord& record, const Channel& former) {
    if (record.view.direction != Direction::outbound || record.spoke_with_agent || former.dialled_by.empty())
        return false;
    for (const std::string& id : record.channels) {
        Channel* line = find_channel(id);
        if (line == nullptr || line == &former || !line->agent.empty() || line->internal_helper) continue;
        if (line->dialled_by != former.dialled_by) continue;
        make_customer(record, *line);
        return true;
    }
    return false;
}

// A line that does not work ends nothing yet: the PBX may have another one to the same number.
bool CallBook::await_retry(ContactRecord& record, const Channel& line, WallTime at, Now now) {
    const Channel* from = find_channel(line.dialled_by);
    const bool failed = record.last_try == Outcome::failed && line.state != ChannelState::up;
    if (record.view.direction != Direction::outbound || record.spoke_with_agent || !failed || inferring_) return false;
    if (from == nullptr || from->contact != &record) return false;
    if (record.hangup_by_command || record.agent_hung_up_at || record.view.ended_at) return false;
    record.retry = Retry{from->id, at, now.mono + kNextLine};
    ++retries_;
    return true;
}

// The channel dials again: the same number goes on with the contact, another one ends it. Null: ended.
ContactRecord* CallBook::retried(ContactRecord& record, const std::string& number) {
    const Retry waited = *record.retry;
    record.retry.reset();
    --retries_;
    const std::string e164 = to_e164(number, settings_.region, settings_.outside_prefix);
    const bool same = number.empty() || number == record.view.called_number ||
                      (!e164.empty() && e164 == record.view.customer_number_e164);
    if (same) return &record;
    end_contact(record, waited.failed_at, true);
    return nullptr;
}

void CallBook::expire_retries(Now now) {
    if (retries_ == 0) return;
    for (auto& [id, record] : contacts_) {
        if (!record->retry || record->retry->until > now.mono) continue;
        const WallTime failed_at = record->retry->failed_at;
        record->retry.reset();
        --retries_;
        end_contact(*record, failed_at, true);
    }
}

}  // namespace citybridge::calls
