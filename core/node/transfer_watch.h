#pragma once
// What is to be done about on-line transfers, from what the live strand shows of
// their calls. No thread, no clock: events and the time in, wishes out.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/api/events.h"
#include "core/relay/city_transfer.h"

namespace citybridge {

class TransferWatch {
public:
    struct Wish {
        enum class What { complete, step };
        What what = What::step;
        std::string id;
        // step
        relay::TransferState to = relay::TransferState::unknown;
        std::string reason{};
        std::string contact{};
        std::string agent{};
    };

    // As committed.
    void put(relay::CityTransfer transfer);
    bool empty() const { return open_.empty(); }
    bool expects() const;  // a call of another city

    std::vector<Wish> contact(const ContactChanged& change);
    std::vector<Wish> command(const CommandFinished& result);
    // What did not happen in time.
    std::vector<Wish> time_passed(WallTime now);
    // Commands that are to make a phone ring of which nothing was seen yet.
    std::vector<std::pair<std::string, std::string>> rung() const;
    // Its step could not be committed: it is wished once more when its call is looked at.
    void again(const std::string& id);
    // The customer goes over: it has been asked for, under this command; false: it was refused.
    void completing(const std::string& id, const std::string& command, bool taken);

private:
    struct Open {
        relay::CityTransfer transfer;
        std::string completing{};  // id of the command; empty: not asked for
        bool called = false;       // the hotline's leg was seen
        bool stepped = false;      // its end was told to the strand, whose word counts
    };
    void at_origin(Open& open, const Contact& contact, std::vector<Wish>& out);
    void at_target(Open& open, const Contact& contact, std::vector<Wish>& out);
    void wish(Open& open, relay::TransferState to, std::string reason, std::vector<Wish>& out);
    void find_call(const Contact& contact, std::vector<Wish>& out);

    std::map<std::string, Open> open_;
};

}  // namespace citybridge
