#pragma once
// Agents leave their places: breaks with a reason, and now and then a phone
// that loses its network.
#include "adapters/simulator/stage.h"

namespace citybridge::simulator {

class Breaks {
public:
    explicit Breaks(Stage& stage);

    void open();
    CommandReply set_state(const AgentStateCommand& command);

private:
    void plan_break(std::size_t phone);
    void plan_outage(std::size_t phone);
    void go(std::size_t phone);
    void come_back(std::size_t phone);
    void lose_network(std::size_t phone);
    CommandReply change_queues(std::size_t phone, const AgentStateCommand& command);

    Stage& stage_;
    Random random_;
};

}  // namespace citybridge::simulator
