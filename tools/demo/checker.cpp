#include "tools/demo/checker.h"

#include <algorithm>
#include <cstdlib>

#include "tools/demo/json_values.h"

namespace citybridge::demo {
namespace {

// Signals carry whole milliseconds; a few facts of one moment are told one after the other.
constexpr long long kToleranceMs = 50;

long long number_or_zero(const Checker::Json& value) { return value.is_number() ? value.get<long long>() : 0; }

bool has_agent(const Checker::Json& contact, const std::string& agent) {
    const auto& legs = contact["legs"];
    return std::any_of(legs.begin(), legs.end(), [&](const Checker::Json& leg) {
        return text_or_empty(leg["agent"]) == agent && !leg["joined_at"].is_null();
    });
}

// A phone in use is busy at once, one without network fails at once: nobody is rung, so nothing pops.
bool ended_at_once(const Checker::Json& offer) { return offer["offered_at"] == offer["ended_at"]; }

struct Rings {
    int tried = 0;  // by the PBX, phones that could not ring among them
    int rang = 0;
    int offered = 0;
    int popped = 0;
};

}  // namespace

void Checker::see(const Json& frame) {
    const std::string type = text_or_empty(frame["type"]);
    if (type == "offer.shown") {
        const int times = ++shown_[text_or_empty(frame["offer"]["id"])];
        ++pops_;
        if (times > 1) mistakes_.push_back("offer " + text_or_empty(frame["offer"]["id"]) + " popped twice");
        if (text_or_empty(frame["contact"]["state"]) == "ended")
            mistakes_.emplace_back("a pop for a contact that has ended");
    }
    // Offers from before we connected: a desktop pops them from its snapshot.
    if (type == "snapshot")
        for (const Json& contact : frame["contacts"])
            for (const Json& offer : contact["offers"])
                if (text_or_empty(offer["state"]) != "offered" && !ended_at_once(offer))
                    shown_[text_or_empty(offer["id"])] = 1;
    if (type != "contact.ended") return;
    for (const Json& leg : frame["contact"]["legs"])
        for (const Json& id : leg["pbx_ids"]) ended_by_channel_[text_or_empty(id)] = frame["contact"];
}

void Checker::mistake(const Json& truth, const std::string& what) {
    mistakes_.push_back("call " + truth["number"].dump() + " of " + text_or_empty(truth["customer_number"]) + ": " +
                        what);
}

void Checker::judge(const Json& truth) {
    if (!truth.value("contact", true)) return;
    ++calls_;
    const auto found = ended_by_channel_.find(text_or_empty(truth["first_channel"]));
    if (found == ended_by_channel_.end()) return mistake(truth, "the node did not tell its end");
    judge_contact(truth, found->second);
    judge_offers(truth, found->second);
}

void Checker::judge_contact(const Json& truth, const Json& contact) {
    for (const char* field : {"direction", "outcome", "ended_by", "customer_number", "queue"})
        if (text_or_empty(truth[field]) != text_or_empty(contact[field]))
            mistake(truth, std::string(field) + " is " + contact[field].dump() + ", was " + truth[field].dump());
    for (const char* field : {"talk_ms", "hold_ms"})
        if (std::llabs(number_or_zero(truth[field]) - number_or_zero(contact[field])) > kToleranceMs)
            mistake(truth, std::string(field) + " is " + contact[field].dump() + ", was " + truth[field].dump());
    const std::string agent = text_or_empty(truth["agent"]);
    if (!agent.empty() && text_or_empty(truth["outcome"]) == "answered" && !has_agent(contact, agent))
        mistake(truth, "the answer of " + agent + " is missing");
}

// Every ringing phone pops, and no other: who rang is said by the simulator, not by the node. Of a phone that rang
// for less than a millisecond it says too little, and either is right.
void Checker::judge_offers(const Json& truth, const Json& contact) {
    std::map<std::string, Rings> agents;
    for (const Json& offer : truth["offers"]) {
        Rings& rings = agents[text_or_empty(offer["agent"])];
        ++rings.tried;
        if (!ended_at_once(offer)) ++rings.rang;
    }
    for (const Json& offer : contact["offers"]) {
        Rings& rings = agents[text_or_empty(offer["agent"])];
        ++rings.offered;
        if (shown_.contains(text_or_empty(offer["id"]))) ++rings.popped;
    }
    for (const auto& [agent, rings] : agents) {
        if (rings.tried != rings.offered)
            mistake(truth, agent + " was tried " + std::to_string(rings.tried) + " times and offered the call " +
                               std::to_string(rings.offered) + " times: " + contact["offers"].dump());
        else if (rings.popped < rings.rang || rings.popped > rings.tried)
            mistake(truth, agent + " was rung " + std::to_string(rings.rang) + " times and had " +
                               std::to_string(rings.popped) + " pops: " + contact["offers"].dump());
    }
}

}  // namespace citybridge::demo
