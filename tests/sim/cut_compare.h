#pragma once
// The comparison behind differences(); shared by its source files only.
#include "tests/sim/cut_run.h"

namespace citybridge::sim {

class Comparison {
public:
    Comparison(const Told& uncut, const Told& cut) : uncut_(uncut), cut_(cut) {}
    std::vector<std::string> run();

private:
    using Time = std::optional<WallTime>;

    // ---- What a gap excuses
    bool in_gap(const Time& time) const;
    // In a gap, or of the same millisecond as the last signal before one: which of the two it was the time does not
    // tell.
    bool maybe_lost(WallTime time) const { return in_gap(time) || in_gap(time + Millis{1}); }
    // A fact that began and ended while nobody listened.
    bool unseen(const Time& from, const Time& to) const;
    // A time told for one that lies in a gap.
    bool bounded(WallTime truth, WallTime told) const;
    bool about_then(WallTime truth, WallTime told) const;
    Millis excused(WallTime from, WallTime to) const;
    void set_gaps_for(const Contact& truth);

    // ---- Words
    void complain(const std::string& what) { out_.push_back(where_ + ": " + what); }
    void same(const std::string& what, std::string_view truth, std::string_view told);
    void same_time(const std::string& what, const Time& truth, const Time& told);
    // Of what nobody saw, the next of its kind is the first that is told: here a party's next bridge.
    bool next_meeting(const Contact& truth, const Time& was, const Time& told) const;
    void same_meeting(const Contact& truth, const std::string& what, const Time& was, const Time& told);
    Time seen_at(const Contact& contact, const std::string& part) const;

    void contact(const Contact& truth);
    void merge(const std::string& id, const std::string& into);
    void facts(const Contact& truth, const Contact& told);
    void answer(const Contact& truth, const Contact& told);
    void end(const Contact& truth, const Contact& told);
    void durations(const Contact& truth, const Contact& told);
    void legs(const Contact& truth, const Contact& told);
    void leg(const Contact& contact, const Leg& truth, const Leg& told);
    void offers(const Contact& truth, const Contact& told);
    void offer(const Contact& contact, const Offer& truth, const Offer& told);
    bool hold_went_on_unseen(const Contact& truth, const Hold& told) const;
    bool same_transfer(const Contact& truth, const Transfer& was, const Transfer& is) const;
    void pops(const Contact& truth);
    void holds(const Contact& truth, const Contact& told);
    void transfers(const Contact& truth, const Contact& told);
    bool same_recording(const Recording& was, const Recording& is) const;
    void recordings(const Contact& truth, const Contact& told);
    void extras(const Contact& truth, const Contact& told);
    void agents();

    std::vector<std::string> out_;
    std::vector<Gap> gaps_;
    std::string where_;
    const Told& uncut_;
    const Told& cut_;
};

}  // namespace citybridge::sim
