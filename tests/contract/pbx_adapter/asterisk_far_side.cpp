// The Asterisk adapter before an Asterisk played on loopback.
#include "tests/contract/pbx_adapter/fake_asterisk.h"
#include "tests/contract/pbx_adapter/far_side.h"

namespace citybridge::contract {
namespace {

class AsteriskFarSide final : public FarSide {
public:
    std::string library() const override { return "asterisk"; }
    bool can(Fate) const override { return true; }
    std::vector<std::pair<std::string, std::string>> settings(Fate) override {
        return {{"host", "127.0.0.1"},
                {"port", std::to_string(pbx_.port())},
                {"user", "cti"},
                {"secret", "cti-s3cret"},
                {"reply_timeout_ms", "500"},
                {"ping_interval_ms", "500"},
                {"reconnect_min_ms", "50"},
                {"reconnect_max_ms", "100"},
                {"offers", "transfer, consult, conference, record, park"},
                {"conference_context", "citybridge-conference"}};
    }
    DialCommand dial(Fate fate) override {
        DialCommand command{"c-1", "SIP/1001", "13912345678", Millis{200}};
        switch (fate) {
            case Fate::answers: break;
            case Fate::busy: command.device = "SIP/1011"; break;
            case Fate::no_answer: command.device = "SIP/1012"; break;
            case Fate::rejects: command.device = "SIP/1013"; break;
            case Fate::unregistered: command.device = "SIP/1003"; break;
            case Fate::unknown_number: command.number = "5555"; break;
            case Fate::lost_but_there: command.device = "SIP/1014"; break;
            case Fate::lost: command.device = "SIP/1015"; break;
        }
        return command;
    }
    int dials() const override { return pbx_.dials(); }
    std::string agent() const override { return "SIP/1001"; }
    std::string colleague() const override { return "1002"; }
    std::vector<std::string> queues() const override { return {"sales"}; }

    bool has_link() const override { return true; }
    void cut_in_the_middle() override { pbx_.set(FakeAsterisk::Fault::cut_in_the_middle); }
    void talk_garbage() override { pbx_.set(FakeAsterisk::Fault::garbage); }
    void fall_silent(bool silent) override { pbx_.fall_silent(silent); }
    void restart() override { pbx_.set(FakeAsterisk::Fault::restart); }
    void refuse_connections(bool refuses) override { pbx_.refuse(refuses); }

private:
    FakeAsterisk pbx_;
};

}  // namespace

std::unique_ptr<FarSide> make_asterisk_far_side() { return std::make_unique<AsteriskFarSide>(); }

}  // namespace citybridge::contract
