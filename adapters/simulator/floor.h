#pragma once
// The agents on the floor: their phones, their queues, who may be rung next.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/simulator/switchboard.h"

namespace citybridge::simulator {

struct Phone {
    std::string agent;  // agent id and device: "SIM/1001"
    std::string number;
    std::string name;
    std::vector<std::size_t> queues;      // indexes into Config::queues; empty: a desk without a queue, or logged out
    std::vector<std::size_t> own_queues;  // those he works in
    bool as_device = false;               // is told of without a queue too
    DeviceStatus status = DeviceStatus::idle;
    bool paused = false;
    bool paused_by_command = false;  // only a command brings him back
    std::string reason;
    WallTime free_from{};  // end of wrap-up
    WallTime last_call{};
};

class Floor {
public:
    Floor(const Config& config, Switchboard& board);

    // Makes the members known to the switchboard; once, at the start.
    void open();

    std::size_t size() const { return phones_.size(); }
    Phone& phone(std::size_t index) { return phones_[index]; }
    std::optional<std::size_t> find(std::string_view agent) const;
    std::optional<std::size_t> find_number(std::string_view number) const;

    void set_status(std::size_t index, DeviceStatus status);
    // Into a queue, or out of it. False: he is (or is not) there already.
    bool log_in(std::size_t index, std::size_t queue);
    bool log_out(std::size_t index, std::size_t queue);
    std::optional<std::size_t> find_queue(std::string_view name) const;

    void set_pause(std::size_t index, bool paused, const std::string& reason);
    // The phone is on the hook again after a call. From `free_from` on queues may ring it.
    void release(std::size_t index, WallTime now, WallTime free_from);

    // Whom this queue rings next, by its strategy; empty: nobody is free.
    std::vector<std::size_t> choose(std::size_t queue, WallTime now);

private:
    bool available(const Phone& phone, WallTime now) const;
    void announce(const Phone& phone);
    signal::MemberChanged member_of(const Phone& phone) const;

    const Config& config_;
    Switchboard& board_;
    int wrap_up_seconds_;
    std::vector<Phone> phones_;
    std::vector<std::vector<std::size_t>> members_;  // phones of each queue
    std::vector<std::size_t> next_;                  // round robin: where each queue goes on
};

// The wrap-up the queues know, after Config::speed: whole seconds, as a PBX has it.
int wrap_up_seconds(const Config& config);

}  // namespace citybridge::simulator
