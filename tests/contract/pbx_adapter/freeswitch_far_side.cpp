// The FreeSWITCH adapter before a FreeSWITCH played on loopback.
#include "tests/contract/pbx_adapter/fake_freeswitch.h"
#include "tests/contract/pbx_adapter/far_side.h"

namespace citybridge::contract {
namespace {

class FreeSwitchFarSide final : public FarSide {
public:
    std::string library() const override { return "freeswitch"; }
    bool can(Fate) const override { return true; }
    std::vector<std::pair<std::string, std::string>> settings(Fate) override {
        return {{"host", "127.0.0.1"},       {"port", std::to_string(pbx_.port())},
                {"password", "ClueCon"},     {"reply_timeout_ms", "500"},
                {"ping_interval_ms", "500"}, {"reconnect_min_ms", "50"},
                {"reconnect_max_ms", "100"}, {"recording_folder", "/srv/recordings"},
                {"park_extension", "5900"}};
    }
    DialCommand dial(Fate fate) override {
        DialCommand command{"c-1", "1001", "13912345678", Millis{200}};
        switch (fate) {
            case Fate::answers: break;
            case Fate::busy: command.device = "1011"; break;
            case Fate::no_answer: command.device = "1012"; break;
            case Fate::rejects: command.device = "1013"; break;
            case Fate::unregistered: command.device = "1003"; break;
            case Fate::unknown_number: command.number = "5555"; break;
            case Fate::lost_but_there: command.device = "1014"; break;
            case Fate::lost: command.device = "1015"; break;
        }
        return command;
    }
    int dials() const override { return pbx_.dials(); }
    std::string agent() const override { return "1001"; }
    std::string colleague() const override { return "1002"; }
    std::vector<std::string> queues() const override { return {"sales@beijing"}; }

    bool has_link() const override { return true; }
    void cut_in_the_middle() override { pbx_.set(PlayedPbx::Fault::cut_in_the_middle); }
    void talk_garbage() override { pbx_.set(PlayedPbx::Fault::garbage); }
    void fall_silent(bool silent) override { pbx_.fall_silent(silent); }
    void restart() override { pbx_.set(PlayedPbx::Fault::restart); }
    void refuse_connections(bool refuses) override { pbx_.refuse(refuses); }

private:
    FakeFreeSwitch pbx_;
};

}  // namespace

std::unique_ptr<FarSide> make_freeswitch_far_side() { return std::make_unique<FreeSwitchFarSide>(); }

}  // namespace citybridge::contract
