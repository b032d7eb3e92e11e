#pragma once
// What the simulated PBX and its people are like. Durations are those of a
// real call centre; `speed` divides every one of them, so that the times on
// the signals stay real and a demonstration need not wait.
#include <cstdint>
#include <string>
#include <vector>

#include "core/api/time.h"

namespace citybridge::simulator {

enum class Strategy { round_robin, ring_all, least_recent };

struct QueueConfig {
    std::string name;
    Strategy strategy = Strategy::round_robin;
};

// Deliberate faults in the signals, for tests of who reads them. The PBX's own
// state and the truth stay right.
struct Faults {
    bool duplicate_dial_end = false;  // every DialEnded comes twice
    int drop_per_mille = 0;           // signals that never arrive
};

struct Config {
    std::uint64_t seed = 1;
    int speed = 1;
    std::string hotline = "4008001234";

    int callers_per_minute = 6;          // Poisson; 0: nobody calls
    std::vector<std::string> callers;    // numbers that call, in turn, and know the menu; empty: anybody
    std::vector<std::string> answering;  // numbers that always answer whom a customer is handed to or who is asked
    std::vector<std::string> busy;       // numbers that never do
    int agents = 8;
    int desks = 1;  // phones that are in no queue
    std::vector<QueueConfig> queues{
        {"sales", Strategy::round_robin}, {"repair", Strategy::ring_all}, {"service", Strategy::least_recent}};

    Millis menu_max{8'000};  // until a key is pressed
    Millis patience_mean{120'000};
    Millis answer_mean{4'000};  // an agent's phone until he takes it
    Millis ring_timeout{15'000};
    Millis queue_timeout{90'000};
    Millis retry_delay{1'000};  // the queue's pause after a phone that was not answered
    Millis talk_mean{90'000};
    Millis wrap_up{10'000};
    Millis break_every{2'400'000};  // mean working time between two breaks; 0: no breaks
    Millis break_mean{600'000};

    int menu_hangup_percent = 8;
    int answer_percent = 85;  // of phones that ring; the rest, after refusals, ring out
    int refuse_percent = 5;
    int hold_percent = 25;
    int agent_hangup_percent = 50;
    int survey_percent = 40;     // of calls the agent ended
    int voicemail_percent = 50;  // of calls the queue gave up
    int race_percent = 15;       // of ring-all answers: a second phone answers within milliseconds
    int internal_per_hour = 6;
    int transfer_percent = 0;  // of talks: given to a colleague without asking him
    int consult_percent = 0;   // a colleague is asked, who then takes the customer or not
    int park_percent = 0;
    int regular_percent = 0;  // of callers: somebody who has called before

    std::size_t truth_limit = 100'000;  // finished calls remembered; the oldest are forgotten
    Faults faults;
};

}  // namespace citybridge::simulator
