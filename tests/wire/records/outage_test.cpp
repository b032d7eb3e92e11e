// A busy recording with a piece cut out, and the PBX's own records of the same
// minutes beside it: what went on wholly in the gap comes back from them.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "adapters/asterisk/cdr_calls.h"
#include "adapters/freeswitch/cdr_calls.h"
#include "adapters/freeswitch/framer.h"
#include "adapters/freeswitch/translate.h"
#include "core/calls/call_book.h"
#include "tests/wire/asterisk/replayed.h"
#include "tests/wire/capture_file.h"

namespace citybridge {
namespace {

using Signals = std::vector<PbxSignal>;
using Find = std::function<Signals(const Outage&, const Outages&)>;
constexpr Millis kRead{5'000};

// What the PBX would list at one moment, from what it told before.
class Fold {
public:
    void see(const PbxSignal& s) {
        if (const auto* e = std::get_if<signal::ChannelStarted>(&s.body)) {
            auto& channel = channels_[s.channel] = {};
            channel.id = s.channel;
            channel.group = s.group;
            channel.started = *e;
            channel.started_at = s.at;
        }
        if (std::holds_alternative<signal::ChannelEnded>(s.body)) {
            channels_.erase(s.channel);
            callers_.erase(s.channel);
        }
        if (const auto* e = std::get_if<signal::ChannelStateChanged>(&s.body))
            change(s.channel).started.state = e->state;
        if (const auto* e = std::get_if<signal::BridgeEntered>(&s.body)) change(s.channel).bridge = e->bridge;
        if (std::holds_alternative<signal::BridgeLeft>(s.body)) change(s.channel).bridge.clear();
        if (const auto* e = std::get_if<signal::QueueEntered>(&s.body))
            callers_[s.channel] = {e->queue, s.channel, s.at};
        if (std::holds_alternative<signal::QueueLeft>(s.body)) callers_.erase(s.channel);
        if (const auto* e = std::get_if<signal::MemberChanged>(&s.body)) members_[{e->agent, e->queue}] = *e;
        if (const auto* e = std::get_if<signal::Snapshot>(&s.body))
            for (const signal::MemberChanged& member : e->members) members_[{member.agent, member.queue}] = member;
    }
    signal::Snapshot snapshot() const {
        signal::Snapshot out;
        for (const auto& [id, channel] : channels_) out.channels.push_back(channel);
        for (const auto& [id, caller] : callers_) out.queue_callers.push_back(caller);
        for (const auto& [key, member] : members_) out.members.push_back(member);
        return out;
    }

private:
    signal::SnapshotChannel& change(const std::string& id) {
        static signal::SnapshotChannel nobody;
        const auto found = channels_.find(id);
        return found == channels_.end() ? nobody = {} : found->second;
    }
    std::map<std::string, signal::SnapshotChannel> channels_;
    std::map<std::string, signal::SnapshotQueueCaller> callers_;
    std::map<std::pair<std::string, std::string>, signal::MemberChanged> members_;
};

struct Run {
    std::map<std::string, ContactPtr> contacts;  // as last told
    std::map<std::string, int> started;
    std::set<std::string> merged;
};

class Node {
public:
    explicit Node(Find find) : find_(std::move(find)) {}

    void tell(const PbxSignal& signal) {
        clock_ = std::max(clock_, signal.at);
        outages_.heard(clock_);
        outages_.told(Outages::facts_of({&signal, 1}), clock_);
        apply(signal);
        if (read_at_ && clock_ >= *read_at_) read();
    }
    void cut() {
        const PbxSignal down{clock_, {}, {}, signal::LinkDown{"cut"}};
        outages_.told(Outages::facts_of({&down, 1}), clock_);
        apply(down);
    }
    void come_back(WallTime at, const std::string& start, signal::Snapshot snapshot) {
        clock_ = std::max(clock_, at);
        for (SignalBody body : {SignalBody(signal::LinkUp{start}), SignalBody(std::move(snapshot))})
            tell({clock_, {}, {}, std::move(body)});
        read_at_ = clock_ + kRead;
    }
    void read() {
        read_at_.reset();
        for (const Outage& outage : outages_.outages())
            for (const PbxSignal& signal : find_(outage, outages_)) apply(signal);
        outages_.forget_outages();
    }
    Run run;

private:
    void apply(const PbxSignal& signal) {
        std::vector<Event> out;
        book_.apply(signal, {clock_, MonoTime(clock_.time_since_epoch())}, out);
        for (const Event& event : out) {
            const auto* changed = std::get_if<ContactChanged>(&event);
            if (changed == nullptr) continue;
            run.contacts[changed->contact->id] = changed->contact;
            if (changed->what == ContactChanged::What::started) ++run.started[changed->contact->id];
            if (changed->what == ContactChanged::What::merged) run.merged.insert(changed->contact->id);
        }
    }

    const Find find_;
    calls::CallBook book_{{.city = "beijing", .pbx = "pbx1"}};
    Outages outages_;
    WallTime clock_{};
    std::optional<WallTime> read_at_;
};

struct Cut {
    std::size_t from = 0;
    std::size_t to = 0;
};

Run play(const Signals& signals, const Cut& cut, const Find& find) {
    Node node(find);
    Fold fold;
    std::string start;
    for (std::size_t i = 0; i < signals.size(); ++i) {
        if (const auto* up = std::get_if<signal::LinkUp>(&signals[i].body)) start = up->pbx_start;
        if (i == cut.from && cut.from < cut.to) node.cut();
        fold.see(signals[i]);
        if (i >= cut.from && i < cut.to) continue;
        if (i == cut.to && cut.from < cut.to)
            node.come_back(signals[i - 1].at, start, [&] {
                Fold before;
                for (std::size_t k = 0; k < i; ++k) before.see(signals[k]);
                return before.snapshot();
            }());
        node.tell(signals[i]);
    }
    node.read();
    return std::move(node.run);
}

std::string accepted_by(const Contact& contact) {
    for (const Leg& leg : contact.legs)
        if (leg.role == LegRole::agent && leg.joined_at) return leg.agent;
    return {};
}

double apart(const std::optional<WallTime>& a, const std::optional<WallTime>& b) {
    if (!a || !b) return a == b ? 0 : 1e9;
    return std::abs(static_cast<double>((*a - *b).count()) / 1e3);
}

// How many calls lay wholly in the gap; every one of them must have come back, and nobody twice.
std::size_t check(const Signals& signals, const Run& whole, const Cut& cut, const Find& find, double tolerance) {
    const Run run = play(signals, cut, find);
    const WallTime from = signals[cut.from].at, to = signals[cut.to - 1].at;
    std::map<std::string, std::size_t> begins, ends;  // index of a channel's first and last signal
    for (std::size_t i = 0; i < signals.size(); ++i) {
        begins.try_emplace(signals[i].channel, i);
        if (std::holds_alternative<signal::ChannelEnded>(signals[i].body)) ends[signals[i].channel] = i;
    }
    std::size_t inside = 0;
    for (const auto& [id, contact] : whole.contacts) {
        if (!contact->ended_at || whole.merged.contains(id)) continue;
        const bool lies_inside = std::all_of(contact->legs.begin(), contact->legs.end(), [&](const Leg& leg) {
            return std::all_of(leg.pbx_ids.begin(), leg.pbx_ids.end(), [&](const std::string& channel) {
                return begins[channel] >= cut.from && ends.contains(channel) && ends[channel] < cut.to;
            });
        });
        if (!lies_inside) continue;
        ++inside;
        const auto back = run.contacts.find(id);
        EXPECT_NE(back, run.contacts.end()) << id << " did not come back";
        if (back == run.contacts.end()) continue;
        const Contact& told = *back->second;
        EXPECT_TRUE(told.inferred);
        EXPECT_EQ(told.customer_number, contact->customer_number);
        EXPECT_EQ(told.queue, contact->queue);
        if (told.outcome != Outcome::unknown) {
            EXPECT_EQ(to_string(told.outcome.value()), to_string(contact->outcome.value())) << id;
        }
        EXPECT_EQ(accepted_by(told), accepted_by(*contact)) << id;
        EXPECT_LE(apart(told.answered_at, contact->answered_at), tolerance) << id;
        EXPECT_LE(apart(told.ended_at, contact->ended_at), tolerance) << id;
        EXPECT_GE(told.started_at, from - Millis{1'000});
        EXPECT_LE(told.ended_at.value(), to + Millis{1'000});
    }
    for (const auto& [id, contact] : run.contacts) {
        EXPECT_TRUE(whole.contacts.contains(id)) << id << " was never there";
        EXPECT_EQ(run.started.at(id), 1) << id;
    }
    return inside;
}

std::size_t check_cuts(const Signals& signals, const Find& find, double tolerance) {
    const Run whole = play(signals, {}, find);
    std::mt19937 random(7);
    std::size_t inside = 0;
    for (int i = 0; i < 12; ++i) {
        Cut cut;
        // The recordings are little longer than a call of theirs, so the gaps must be long.
        cut.from = 50 + random() % (signals.size() / 8);
        cut.to = signals.size() - 1 - random() % (signals.size() / 8);
        SCOPED_TRACE(std::to_string(cut.from) + " to " + std::to_string(cut.to));
        inside += check(signals, whole, cut, find, tolerance);
    }
    return inside;
}

TEST(OutageOfAsterisk, calls_of_the_gap_come_back_from_the_queue_log) {
    const Signals signals = asterisk::replayed("20-busy-head");
    const auto rows = asterisk::parse_queue_log_text(capture("asterisk/20-busy-head.queue_log"));
    EXPECT_EQ(rows.bad, 0U);
    const Find find = [&](const Outage& outage, const Outages& known) {
        return asterisk::calls_of({}, rows.rows, outage, known);
    };
    EXPECT_GT(check_cuts(signals, find, 1.5), 20U);
}

TEST(OutageOfFreeswitch, calls_of_the_gap_come_back_from_the_cdr) {
    freeswitch::Translator translator({});
    freeswitch::Framer framer;
    const std::string bytes = capture("freeswitch/busy-head.esl");
    framer.feed(bytes);
    freeswitch::Event event;
    Signals signals{{WallTime{}, {}, {}, signal::LinkUp{"run"}}, {WallTime{}, {}, {}, signal::Snapshot{}}};
    for (;;) {
        const auto frame = framer.next();
        if (!frame || *frame == nullptr) break;
        if (!(*frame)->is_event()) continue;
        ASSERT_TRUE(event.read(**frame));
        translator.translate(event, WallTime{}, signals);
    }
    const WallTime begin = signals.back().at - Millis{600'000};
    for (PbxSignal& signal : signals) signal.at = std::max(signal.at, begin);
    std::vector<std::string> names;
    const std::string heading = capture("freeswitch/busy-head.cdr.csv");
    for (std::size_t at = 0, end = 0; end != std::string::npos && end < heading.find('\n'); at = end + 1) {
        end = std::min(heading.find(',', at), heading.find('\n'));
        names.push_back(heading.substr(at, end - at));
    }
    const auto cdr = freeswitch::parse_cdr_text(heading, *freeswitch::CdrColumns::of(names), *LocalTime::in("UTC"));
    EXPECT_EQ(cdr.bad, 0U);
    const Find find = [&](const Outage& outage, const Outages& known) {
        return freeswitch::calls_of(cdr.rows, outage, known);
    };
    EXPECT_GT(check_cuts(signals, find, 1.5), 20U);
}

}  // namespace
}  // namespace citybridge
