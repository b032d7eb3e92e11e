#pragma once
// What stands behind a PBX adapter in the contract suite: a PBX played on
// loopback, the simulator's own, or a real one. A new adapter joins the suite
// with one file that implements this and one line in far_sides.cpp.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/api/capabilities.h"
#include "core/api/settings.h"

namespace citybridge::contract {

// What becomes of a click to dial.
enum class Fate {
    answers,
    busy,
    no_answer,
    rejects,
    unregistered,    // the agent's phone is not there
    unknown_number,  // nobody has the number dialled
    lost_but_there,  // the PBX's answer is lost, the call is there
    lost,            // the answer is lost and nothing is there
};
std::string to_string(Fate fate);

class FarSide {
public:
    virtual ~FarSide() = default;

    virtual std::string library() const = 0;  // of the plugin: "asterisk"
    // Why this far side cannot be had here; empty: it can.
    virtual std::string absent() const { return {}; }
    virtual bool can(Fate fate) const = 0;
    // The plugin's settings for a run in which the first dial meets `fate`.
    virtual std::vector<std::pair<std::string, std::string>> settings(Fate fate) = 0;
    virtual DialCommand dial(Fate fate) = 0;
    // What has to happen on the PBX before that dial.
    virtual void prepare(Fate, PbxAdapter&) {}
    // How many dials reached the PBX; -1: it does not say.
    virtual int dials() const { return -1; }

    virtual std::string agent() const = 0;      // of Fate::answers
    virtual std::string colleague() const = 0;  // number that may be consulted, invited, transferred to
    // Queues of this agent; empty: his membership may not be touched.
    virtual std::vector<std::string> queues() const { return {}; }

    // A recording that begins is told by the PBX itself.
    virtual bool tells_recordings() const { return true; }
    // Calls that a test leaves behind go on, and somebody has to end them.
    virtual bool is_real() const { return false; }

    // Faults of the link; not every far side has them.
    virtual bool has_link() const { return false; }
    virtual void cut_in_the_middle() {}  // closes after half a message
    virtual void talk_garbage() {}       // sends what nobody can read
    virtual void fall_silent(bool) {}    // keeps the connection and says nothing
    virtual void restart() {}            // another run of the PBX: its calls are gone
    virtual void refuse_connections(bool) {}
};

struct Implementation {
    std::string name;
    std::function<std::unique_ptr<FarSide>()> make;
};
std::unique_ptr<FarSide> make_asterisk_far_side();
std::unique_ptr<FarSide> make_freeswitch_far_side();
std::unique_ptr<FarSide> make_simulator_far_side();

}  // namespace citybridge::contract
