#pragma once
// A recorded FreeSWITCH: its events as a client with the node's subscription
// sees them, its answers from the switch_table of that moment.
#include <set>

#include "tests/sim/cut_run.h"
#include "tests/sim/esl_stream.h"
#include "tests/sim/switch_table.h"

namespace citybridge::sim {

class FreeswitchPbx final : public RecordedPbx {
public:
    // `name` under tests/wire/captures: "freeswitch/transfer_blind.esl".
    explicit FreeswitchPbx(const std::string& name);

    std::unique_ptr<Client> client() const override;
    std::size_t size() const override { return sent_.size(); }
    WallTime at(std::size_t message) const override { return raw_[sent_[message]].at; }
    const std::string& bytes(std::size_t message) const override { return raw_[sent_[message]].bytes; }
    std::size_t end_of_call(std::size_t message) const override { return end_of_call_[message]; }
    bool may_swap(std::size_t first, std::size_t second) const override;
    std::string greeting() const override { return "Content-Type: auth/request\n\n"; }
    std::string answer(std::string_view asked, std::size_t happened, WallTime now) const override;
    // Some of its times are whole seconds, and an event is sent a moment after what it tells.
    Millis grain() const override { return Millis{1'000}; }

    const std::vector<EslFrame>& raw() const { return raw_; }
    SwitchTable table(std::size_t happened, WallTime now = WallTime::max()) const;

private:
    void subscribe();
    bool is_subscribed(const EslFrame& frame) const;
    void find_ends_of_calls();
    std::string answer_one(std::string_view command, std::size_t happened, WallTime now) const;

    std::vector<EslFrame> raw_;
    std::vector<std::size_t> sent_;
    std::vector<std::size_t> end_of_call_;
    std::vector<SwitchTable> checkpoints_;
    std::set<std::string, std::less<>> subscribed_;
};

// Names of the recorded event sockets with plain events but the busy one, for FreeswitchPbx.
std::vector<std::string> freeswitch_captures();

}  // namespace citybridge::sim
