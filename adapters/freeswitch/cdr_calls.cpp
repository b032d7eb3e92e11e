#include "adapters/freeswitch/cdr_calls.h"

#include <algorithm>
#include <map>
#include <set>

#include "adapters/freeswitch/words.h"
#include "core/api/past_calls.h"

namespace citybridge::freeswitch {
namespace {

constexpr Millis kSecond{1'000};  // what stamps are rounded down to

std::string device_of(const CdrRow& row) {
    const ChannelName parts = channel_name(row.channel);
    const std::string_view user = bare_user(parts.address);
    return std::string(user.empty() ? std::string_view(row.channel) : user);
}

// A phone of ours: a queue knows it, or its name is a short number.
std::string agent_of(const std::string& device, const Outages& known) {
    constexpr std::size_t kLongestInternal = 6;
    if (const KnownMember* member = known.member(device)) return member->agent;
    const bool digits = !device.empty() && device.find_first_not_of("0123456789") == std::string::npos;
    return digits && device.size() <= kLongestInternal ? device : std::string{};
}

struct Call {
    const CdrRow* caller = nullptr;
    const CdrRow* met = nullptr;    // the leg it was bridged with last
    const CdrRow* tried = nullptr;  // the last leg that was rung without answer
};

// Whoever calls us, and a phone that a command rang and then connected; not the legs that were rung for somebody.
bool is_caller(const CdrRow& row, const std::set<std::string>& rung) {
    if (is_helper(row.channel) || rung.contains(row.uuid)) return false;
    return !row.outbound || row.last_app == "bridge" || row.last_app == "callcenter";
}

std::vector<Call> calls_by_caller(const std::vector<CdrRow>& rows) {
    std::set<std::string> rung;
    std::map<std::string, const CdrRow*> by_uuid;
    for (const CdrRow& row : rows) {
        by_uuid[row.uuid] = &row;
        if (!row.bleg.empty() && !row.outbound) rung.insert(row.bleg);
    }
    for (const CdrRow& row : rows)
        if (!row.bleg.empty() && !rung.contains(row.uuid)) rung.insert(row.bleg);
    std::vector<Call> calls;
    std::multimap<std::string, std::size_t> by_number;
    for (const CdrRow& row : rows) {
        if (!is_caller(row, rung)) continue;
        const auto met = by_uuid.find(row.bleg);
        by_number.emplace(row.caller_number, calls.size());
        calls.push_back({&row, met == by_uuid.end() ? nullptr : met->second, nullptr});
    }
    // A leg that nobody answered names nobody; it was rung for whoever called with its number in that time.
    for (const CdrRow& row : rows) {
        if (!row.outbound || row.answer || is_caller(row, rung)) continue;
        const auto [first, last] = by_number.equal_range(row.caller_number);
        for (auto each = first; each != last; ++each) {
            Call& call = calls[each->second];
            const bool in_time = row.start + kSecond >= call.caller->start && row.start <= call.caller->end;
            const bool same_queue = row.queue.empty() || row.queue == call.caller->queue;
            if (in_time && same_queue && (call.tried == nullptr || call.tried->end <= row.end)) call.tried = &row;
        }
    }
    return calls;
}

bool was_told(const Call& call, const Outages& known) {
    return known.told_of(call.caller->uuid) || (!call.caller->bleg.empty() && known.told_of(call.caller->bleg)) ||
           (call.tried != nullptr && known.told_of(call.tried->uuid));
}

// Whoever calls from outside is known by his number alone. A call between two strangers was answered by nobody of ours;
// its device says that it reached somebody all the same.
void judge_parties(signal::PastCall& out, const Outages& known) {
    if (!agent_of(out.caller_device, known).empty()) return;
    if (out.agent.empty()) out.answered_at.reset();
    if (!out.agent.empty() || out.device.empty()) out.caller_device.clear();
}

signal::PastCall past_of(const Call& call, const Outages& known) {
    const CdrRow& caller = *call.caller;
    signal::PastCall out;
    out.number = caller.caller_number;
    out.name = party_name(caller.caller_name, caller.caller_number);
    if (is_number(caller.destination)) out.dialled = caller.destination;
    out.caller_device = device_of(caller);
    out.queue = caller.queue;
    out.started_at = caller.start;
    out.queued_at = caller.queue_joined;
    const bool answered = caller.queue.empty() ? !caller.bleg.empty() : caller.queue_result == "answered";
    if (answered) {
        // Without the other leg's row: no earlier than the caller's own answer.
        const auto own = caller.queue_answered ? caller.queue_answered : caller.answer;
        out.answered_at = call.met != nullptr && call.met->answer ? call.met->answer : own.value_or(caller.start);
        out.agent_channel = caller.bleg;
        out.agent = !caller.agent.empty() ? std::string(bare_user(caller.agent)) : std::string{};
        if (call.met != nullptr) {
            out.device = device_of(*call.met);
            if (out.agent.empty()) out.agent = agent_of(out.device, known);
        }
        if (out.device.empty()) out.device = out.agent;
        return out;
    }
    if (call.tried != nullptr) {
        out.device = device_of(*call.tried);
        out.agent = call.tried->agent.empty() ? agent_of(out.device, known) : std::string(bare_user(call.tried->agent));
        out.agent_channel = call.tried->uuid;
        out.result = dial_result(call.tried->cause);
    } else if (caller.last_app == "bridge") {
        out.result = dial_result(caller.cause);
    }
    if (!caller.queue.empty()) {
        // Who broke out of the queue hung up in it; a time-out or a queue without agents sent him on.
        out.abandoned = caller.cancel_reason.empty() || caller.cancel_reason == "BREAK_OUT";
        if (!out.abandoned) out.result = DialResult::no_answer;
    }
    return out;
}

}  // namespace

std::vector<PbxSignal> calls_of(const std::vector<CdrRow>& rows, const Outage& outage, const Outages& known) {
    std::vector<PbxSignal> out;
    for (const Call& call : calls_by_caller(rows)) {
        const CdrRow& caller = *call.caller;
        if (was_told(call, known) || !lies_in(outage, caller.start, caller.end)) continue;
        // A phone that was rung by a command and reached nobody never became a contact.
        if (caller.outbound && caller.bleg.empty() && call.tried == nullptr) continue;
        signal::PastCall past = past_of(call, known);
        judge_parties(past, known);
        out.push_back({caller.end, caller.uuid, caller.uuid, std::move(past)});
    }
    std::stable_sort(out.begin(), out.end(), [](const PbxSignal& a, const PbxSignal& b) { return a.at < b.at; });
    return out;
}

}  // namespace citybridge::freeswitch
