#pragma once
// A recorded Asterisk: its stream as a client with the node's event filter sees
// it, its answers from the pbx_table of that moment.
#include "tests/sim/ami_stream.h"
#include "tests/sim/cut_run.h"
#include "tests/sim/pbx_table.h"

namespace citybridge::sim {

class AsteriskPbx final : public RecordedPbx {
public:
    // `name` under tests/wire/captures: "asterisk/02-inbound-queue-hold.ami".
    explicit AsteriskPbx(const std::string& name);

    std::unique_ptr<Client> client() const override;
    std::size_t size() const override { return sent_.size(); }
    WallTime at(std::size_t message) const override { return raw_[sent_[message]].at; }
    const std::string& bytes(std::size_t message) const override { return raw_[sent_[message]].bytes; }
    std::size_t end_of_call(std::size_t message) const override { return end_of_call_[message]; }
    bool may_swap(std::size_t first, std::size_t second) const override;
    std::string greeting() const override { return "Asterisk Call Manager/9.0.0\r\n"; }
    std::string answer(std::string_view asked, std::size_t happened, WallTime now) const override;

    const std::vector<AmiMessage>& raw() const { return raw_; }
    // The house after `happened` of the messages a client sees.
    PbxTable table(std::size_t happened) const;

private:
    void find_ends_of_calls();
    std::string answer_one(std::string_view action, std::size_t happened, WallTime now) const;

    std::vector<AmiMessage> raw_;
    std::vector<std::size_t> sent_;  // indices into raw_
    std::vector<std::size_t> end_of_call_;
    bool boots_in_stream_ = false;
    std::vector<PbxTable> checkpoints_;  // every kCheckpoint raw messages
};

// Names of the recorded Asterisk streams but the busy one, for AsteriskPbx.
std::vector<std::string> asterisk_captures();

}  // namespace citybridge::sim
