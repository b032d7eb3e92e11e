#pragma once
// The simulator and the call book in one thread on virtual time.
#include <map>

#include "adapters/simulator/engine.h"
#include "core/calls/call_book.h"

namespace citybridge::sim {

class SimulatedCity {
public:
    explicit SimulatedCity(std::uint64_t seed, simulator::Faults faults = {})
        : pbx_(busy_day(seed, faults)), book_({.city = "beijing", .pbx = "sim"}) {
        pbx_.start(now_);
        connect();
        pbx_.advance(now_);  // what the snapshot contains already
    }

    // Whether the book hears of what happens.
    enum class Link { up, cut };
    void run(Millis duration, Link link = Link::up) {
        for (const WallTime until = now_ + duration; now_ < until; now_ += Millis{500}) {
            for (const PbxSignal& signal : pbx_.advance(now_))
                if (link == Link::up) apply(signal);
            std::vector<Event> out;
            book_.tick(clock(), out);
            take(out);
        }
    }
    void cut() { apply({now_, {}, {}, signal::LinkDown{"cut", false}}); }
    void connect() {
        apply({now_, {}, {}, signal::LinkUp{pbx_.pbx_start()}});
        apply({now_, {}, {}, pbx_.snapshot(now_)});
    }
    // The mutant of P4: the link is back, and nobody looks at what is there.
    void connect_without_looking() { apply({now_, {}, {}, signal::LinkUp{pbx_.pbx_start()}}); }
    void dial(const std::string& id, const std::string& device, const std::string& number) {
        pbx_.dial({id, device, number, Millis{15'000}}, now_, [](const CommandReply&) {});
    }

    auto finished() const { return pbx_.truth(); }
    std::vector<simulator::TruthCall> open() const {
        auto calls = pbx_.open_calls();
        std::erase_if(calls, [](const simulator::TruthCall& call) { return !call.contact; });
        return calls;
    }
    calls::CallBook& book() { return book_; }
    const Contact* ended(const std::string& channel) const {
        const auto it = ended_by_channel_.find(channel);
        return it == ended_by_channel_.end() ? nullptr : it->second.get();
    }
    const std::map<std::string, int>& pops() const { return pops_; }

private:
    static simulator::Config busy_day(std::uint64_t seed, simulator::Faults faults) {
        simulator::Config config;
        config.seed = seed;
        config.callers_per_minute = 20;
        config.agents = 7;
        config.patience_mean = Millis{40'000};
        config.talk_mean = Millis{30'000};
        config.answer_percent = 65;
        config.refuse_percent = 12;
        config.race_percent = 40;
        config.break_every = Millis{600'000};
        config.break_mean = Millis{60'000};
        config.internal_per_hour = 120;
        config.faults = faults;
        return config;
    }
    Now clock() const { return {now_, MonoTime{now_.time_since_epoch()}}; }
    void apply(const PbxSignal& signal) {
        std::vector<Event> out;
        book_.apply(signal, {signal.at, MonoTime{signal.at.time_since_epoch()}}, out);
        take(out);
    }
    void take(const std::vector<Event>& events) {
        for (const Event& event : events) {
            if (const auto* change = std::get_if<ContactChanged>(&event);
                change && change->what == ContactChanged::What::ended)
                for (const Leg& leg : change->contact->legs)
                    for (const std::string& id : leg.pbx_ids) ended_by_channel_[id] = change->contact;
            if (const auto* offer = std::get_if<OfferChanged>(&event);
                offer && offer->what == OfferChanged::What::shown)
                ++pops_[offer->offer.id];
        }
    }

    WallTime now_{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};
    simulator::SimulatedPbx pbx_;
    calls::CallBook book_;
    std::map<std::string, ContactPtr> ended_by_channel_;
    std::map<std::string, int> pops_;
};

}  // namespace citybridge::sim
