#include "adapters/asterisk/cdr_calls.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "adapters/asterisk/words.h"
#include "core/api/past_calls.h"

namespace citybridge::asterisk {
namespace {

constexpr std::array<std::string_view, 8> kLastEvents{"ABANDON",          "COMPLETEAGENT",   "COMPLETECALLER",
                                                      "EXITEMPTY",        "EXITWITHTIMEOUT", "EXITWITHKEY",
                                                      "ATTENDEDTRANSFER", "BLINDTRANSFER"};

struct Call {
    std::string channel;
    std::vector<const CdrRow*> cdr;
    std::vector<const QueueLogRow*> log;
};

// A phone of ours: queues know it, or its own name is a short number.
std::string agent_of(const std::string& device, const Outages& known) {
    constexpr std::size_t kLongestInternal = 6;
    if (const KnownMember* member = known.member(device)) return member->agent;
    const std::string_view number = std::string_view(device).substr(device.rfind('/') + 1);
    const bool digits = number.find_first_not_of("0123456789") == std::string_view::npos;
    return digits && !number.empty() && number.size() <= kLongestInternal ? device : std::string{};
}

DialResult result_of(const std::string& disposition) {
    if (disposition == "ANSWERED") return DialResult::answered;
    if (disposition == "BUSY") return DialResult::busy;
    if (disposition == "NO ANSWER") return DialResult::no_answer;
    return DialResult::failed;
}

std::vector<Call> calls_by_channel(const std::vector<CdrRow>& cdr, const std::vector<QueueLogRow>& queue_log) {
    std::map<std::string, Call> calls;
    std::map<std::string, std::string> linked;  // unique id -> the call's first channel
    for (const CdrRow& row : cdr) {
        if (is_helper(row.channel)) continue;
        const std::string& key = row.linked_id.empty() ? row.unique_id : row.linked_id;
        linked[row.unique_id] = key;
        Call& call = calls[key];
        call.channel = key;
        call.cdr.push_back(&row);
    }
    for (const QueueLogRow& row : queue_log) {
        // MANAGER and NONE speak of members, not of a call.
        if (row.call == "NONE" || row.call == "MANAGER" || row.call == "REALTIME") continue;
        const auto found = linked.find(row.call);
        const std::string& key = found == linked.end() ? row.call : found->second;
        Call& call = calls[key];
        call.channel = key;
        call.log.push_back(&row);
    }
    std::vector<Call> out;
    out.reserve(calls.size());
    for (auto& [key, call] : calls) out.push_back(std::move(call));
    for (Call& call : out)
        std::stable_sort(call.cdr.begin(), call.cdr.end(),
                         [](const CdrRow* a, const CdrRow* b) { return a->start < b->start; });
    return out;
}

bool was_told(const Call& call, const Outages& known) {
    if (known.told_of(call.channel)) return true;
    for (const CdrRow* row : call.cdr)
        if (known.told_of(row->unique_id)) return true;
    for (const QueueLogRow* row : call.log)
        if (row->event == "CONNECT" && row->data.size() > 1 && known.told_of(row->data[1])) return true;
    return false;
}

// What the CDRs say of one call; the queue_log is more exact where there is one.
void read_cdr(const Call& call, signal::PastCall& out, const Outages& known) {
    const CdrRow& first = *call.cdr.front();
    out.number = first.number;
    out.name = first.name;
    if (is_number(first.dialled)) out.dialled = first.dialled;
    out.caller_device = device_of(first.channel);
    out.started_at = first.start;
    const CdrRow* last_tried = nullptr;
    for (const CdrRow* row : call.cdr) {
        if (row->application == "Queue") out.queue = row->application_data.substr(0, row->application_data.find(','));
        if (row->dst_channel.empty() || is_helper(row->dst_channel)) continue;
        const bool answered = row->disposition == "ANSWERED";
        if (out.answered_at && !answered) continue;
        if (!out.answered_at || last_tried == nullptr) last_tried = row;
        // Of a channel that a menu or queue had answered before, `answer` is the earliest it can have been.
        if (answered && !out.answered_at) out.answered_at = row->answer.value_or(row->start);
    }
    const CdrRow& last = *call.cdr.back();
    if (last_tried == nullptr) {
        out.abandoned = last.application == "Queue" && last.disposition != "ANSWERED";
        const bool dialled = last.application == "Dial" || last.application == "Queue";
        if (dialled) out.result = result_of(last.disposition);
        return;
    }
    out.result = result_of(last_tried->disposition);
    out.device = device_of(last_tried->dst_channel);
    out.agent = agent_of(out.device, known);
    // Who gave up is still in the queue; who was sent on by a time-out is somewhere else.
    out.abandoned = !out.answered_at && last.application == "Queue" && last.disposition == "NO ANSWER";
}

void name_member(const QueueLogRow& row, signal::PastCall& out, const Outages& known) {
    if (const KnownMember* member = known.member(row.member)) {
        out.agent = member->agent;
        out.device = member->device;
    } else if (row.member.find('/') != std::string::npos) {
        out.agent = out.device = row.member;  // a member without a name has his interface for one
    }
}

void read_queue_log(const Call& call, signal::PastCall& out, const Outages& known) {
    bool connected = false;
    for (const QueueLogRow* row : call.log) {
        const auto data = [&](std::size_t i) { return i < row->data.size() ? row->data[i] : std::string{}; };
        if (row->event == "ENTERQUEUE") {
            out.queue = row->queue;
            if (!out.queued_at) out.queued_at = row->at;
            if (out.number.empty()) out.number = data(1);
        } else if (row->event == "CONNECT" && !connected) {
            connected = true;
            out.queue = row->queue;
            out.answered_at = row->at;
            out.result = DialResult::answered;
            out.abandoned = false;
            out.agent_channel = data(1);
            name_member(*row, out, known);
        } else if (row->event == "RINGNOANSWER" && !connected) {
            out.result = DialResult::no_answer;
            name_member(*row, out, known);
        } else if (row->event == "ABANDON") {
            out.abandoned = !connected;
            if (!connected) out.answered_at.reset();
        } else if ((row->event == "EXITWITHTIMEOUT" || row->event == "EXITEMPTY") && !connected) {
            out.result = DialResult::no_answer;
            out.abandoned = false;
        }
    }
}

// Whoever calls from outside is known by his number alone. A call between two strangers was answered by nobody of ours;
// its device says that it reached somebody all the same.
void judge_parties(signal::PastCall& out, const Outages& known) {
    const bool ours = !agent_of(out.caller_device, known).empty();
    if (ours || out.caller_device.empty()) return;
    if (out.agent.empty()) out.answered_at.reset();
    if (!out.agent.empty() || out.device.empty()) out.caller_device.clear();
}

bool is_over(const Call& call) {
    if (!call.cdr.empty()) return true;
    return std::any_of(call.log.begin(), call.log.end(), [](const QueueLogRow* row) {
        return std::find(kLastEvents.begin(), kLastEvents.end(), row->event) != kLastEvents.end();
    });
}

}  // namespace

std::vector<PbxSignal> calls_of(const std::vector<CdrRow>& cdr, const std::vector<QueueLogRow>& queue_log,
                                const Outage& outage, const Outages& known, bool cdr_is_to_come) {
    std::vector<PbxSignal> out;
    for (const Call& call : calls_by_channel(cdr, queue_log)) {
        if (!is_over(call) || was_told(call, known) || (cdr_is_to_come && call.cdr.empty())) continue;
        signal::PastCall past;
        WallTime end{};
        if (!call.cdr.empty()) read_cdr(call, past, known);
        if (!call.log.empty()) {
            // Whole seconds: the queue's first word can be in the same second as the call's, never before it.
            if (call.cdr.empty()) past.started_at = call.log.front()->at;
            end = call.log.back()->at;
            read_queue_log(call, past, known);
        }
        for (const CdrRow* row : call.cdr) end = std::max(end, row->end);
        judge_parties(past, known);
        if (past.answered_at) past.answered_at = std::max(*past.answered_at, past.started_at);
        if (past.queued_at) past.queued_at = std::max(*past.queued_at, past.started_at);
        if (lies_in(outage, past.started_at, end)) out.push_back({end, call.channel, call.channel, std::move(past)});
    }
    std::stable_sort(out.begin(), out.end(), [](const PbxSignal& a, const PbxSignal& b) { return a.at < b.at; });
    return out;
}

}  // namespace citybridge::asterisk
