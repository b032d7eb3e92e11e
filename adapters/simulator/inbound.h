#pragma once
// A customer calls: menu, queue, voicemail, survey, and where he gives up.
#include <optional>
#include <string>
#include <vector>

#include "adapters/simulator/offering.h"

namespace citybridge::simulator {

class Inbound {
public:
    Inbound(Stage& stage, Talk& talk, Offering& offering);

    void open();  // callers may begin to call
    // A command ends the caller's channel outside a conversation.
    void end_by_command(Call& call);

private:
    void plan_arrival();
    std::optional<std::string> next_caller();
    void arrive();
    void introduce(Call& call);
    void leave_menu(Call& call);
    void enter_queue(Call& call, std::size_t queue);
    void abandon(Call& call, bool requested);
    void time_out(Call& call);
    void enter_voicemail(Call& call);
    bool enter_survey(Call& call);
    void end(Call& call, Outcome outcome, bool requested);

    Stage& stage_;
    Offering& offering_;
    Random arrivals_;
    std::size_t next_caller_ = 0;  // of the named ones
    struct Caller {
        std::string number;
        std::string name;
    };
    std::vector<Caller> known_;  // who may call again; bounded
};

}  // namespace citybridge::simulator
