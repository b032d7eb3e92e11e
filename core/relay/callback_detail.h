#pragma once
// What the protocol keeps of a callback besides its columns: in
// CallbackRecord::state_detail. Fields that a newer node wrote stay there.
#include <string>
#include <vector>

#include "core/relay/callback_states.h"

namespace citybridge::relay {

struct CallbackDetail {
    Holder holder = Holder::target;
    std::int64_t hand = 1;        // how often the origin handed it over
    std::int64_t offered_to = 0;  // generation of the target's store, as known when it was handed over last
    std::int64_t life = 0;        // generation of the store that wrote this row
    std::int64_t dials = 0;       // begun by this side
    std::int64_t far_dials = 0;   // by the other, as it told
    bool unsure = false;          // this side may have dialled in a life its store does not remember
    bool far_unsure = false;
    bool asked = false;                // taken back, and the target has not answered yet
    std::int64_t seen_generation = 0;  // of the other side's messages: the newest that took effect
    std::int64_t seen_version = 0;
    std::string result;                 // of this side's last dialling
    std::string confirmed_by;           // who last allowed another dialling
    std::string command;                // of the dialling under way, or the last one
    std::vector<std::string> tried;     // people who did not take it in time
    bool told = false;                  // the promise was missed, and the origin's team lead knows
    Fields unknown = Fields::object();  // of the other side's messages, for a newer node

    bool dialled_by_anybody() const { return dials > 0 || far_dials > 0 || unsure || far_unsure; }
    // As far as both sides know nobody has dialled, and nobody is still to answer.
    bool free() const { return !asked && !dialled_by_anybody(); }
};

// In CallbackRecord::data of a person who was erased, and nothing else.
inline constexpr const char* kErased = "erased";

CallbackDetail detail_of(const CallbackRecord& row);
void keep_detail(CallbackRecord& row, const CallbackDetail& detail);
inline Holder side_of(const CallbackRecord& row) { return row.side == "origin" ? Holder::origin : Holder::target; }
// The city on the other side.
inline const std::string& far_city(const CallbackRecord& row) { return row.side == "origin" ? row.target : row.origin; }

// What a newer node says of it besides what is known here; so many fields that a row does not grow for ever.
void keep_unknown(Fields& kept, const Fields& told);

}  // namespace citybridge::relay
