// Calls given away, parked, joined by a third, recorded.
#include "tests/wire/calls/expected.h"

namespace citybridge {
namespace {

Case blind_by_command() {
    ExpectedContact e = queue_call("13900000002", "sales", "SIP/1001", 0.204, 1.553, 3.054, 9.570);
    e.talk = (5.067 - 3.054) + (9.570 - 6.568);
    e.legs[1].left = 5.067;
    e.legs.push_back({LegRole::agent, "PJSIP/2001", 6.568, 9.575});
    e.offers.push_back({"PJSIP/2001", OfferState::accepted, 5.066, 6.568});
    e.transfers = {{TransferKind::blind, "SIP/1001", "PJSIP/2001", TransferResult::completed, 5.066}};
    return {"09b-blindtransfer-action", {e}};
}

Case blind_by_refer() {
    ExpectedContact e = queue_call("13900000003", "repair", "PJSIP/2001", 0.204, 1.556, 3.058, 9.571);
    e.talk = (5.066 - 3.058) + (9.571 - 6.570);
    e.legs[1].left = 5.066;  // his phone closed its side of the dialog later
    e.legs.push_back({LegRole::agent, "PJSIP/2002", std::nullopt, 3.065});
    e.legs.push_back({LegRole::agent, "SIP/1001", 6.570, 9.574});
    e.offers.push_back({"PJSIP/2002", OfferState::revoked, 1.559, 3.065});
    e.offers.push_back({"SIP/1001", OfferState::accepted, 5.068, 6.570});
    e.transfers = {{TransferKind::blind, "PJSIP/2001", "SIP/1001", TransferResult::completed, 5.066}};
    return {"09c-refer-blind", {e}};
}

// The customer's music while the agent consults is no hold, and the time counts as talk.
Case attended() {
    ExpectedContact e = queue_call("13900000004", "sales", "SIP/1002", 0.202, 1.553, 3.057, 13.993);
    e.legs[1].left = 9.993;
    e.legs.push_back({LegRole::agent, "PJSIP/2001", 6.992, 13.997});
    e.offers.push_back({"PJSIP/2001", OfferState::accepted, 5.490, 6.992});
    e.transfers = {{TransferKind::attended, "SIP/1002", "PJSIP/2001", TransferResult::completed, 9.993}};
    return {"10a-atxfer-action", {e}};
}

Case attended_cancelled() {
    ExpectedContact e = queue_call("13900000005", "sales", "SIP/1001", 0.204, 1.559, 3.067, 11.507);
    e.legs.push_back({LegRole::consult, "PJSIP/2001", std::nullopt, 7.764});
    e.offers.push_back({"PJSIP/2001", OfferState::revoked, 5.506, 7.764});
    e.transfers = {{TransferKind::attended, "SIP/1001", "PJSIP/2001", TransferResult::cancelled, 7.764,
                    TransferReason::cancelled}};
    return {"10b-atxfer-cancel", {e}};
}

// Entering the room takes the dialplan and the room's announcement most of a
// second that no phone logged; until then they are with nobody.
Case conference() {
    ExpectedContact e = queue_call("13900000008", "sales", "SIP/1001", 0.202, 1.552, 3.054, 15.570);
    e.legs[1].left = 13.570;
    e.legs.push_back({LegRole::agent, "PJSIP/2003", 8.563, 15.570});  // stays in the room alone after that
    e.transfers = {{TransferKind::conference, "SIP/1001", "601", TransferResult::completed, 5.058}};
    return {"11a-threeway-confbridge", {e}};
}

Case recorded() {
    ExpectedContact e = queue_call("13900000010", "sales", "SIP/1001", 0.203, 1.551, 3.054, 15.061);
    e.recordings = {{"/monitor/cti-${UNIQUEID}.wav", 4.055, 9.057},
                    {"/monitor/auto-1795290318-1001-13900000010.wav", 10.060, 13.060}};
    return {"12-mixmonitor", {e}};
}

Case parked() {
    ExpectedContact e = queue_call("13900000018", "sales", "SIP/1002", 0.206, 1.555, 3.059, 9.069);
    e.talk = (4.058 - 3.059) + (9.069 - 5.078);
    e.legs[1].left = 6.667;
    e.legs.push_back({LegRole::agent, "PJSIP/2001", 5.078, 9.073});
    e.transfers = {{TransferKind::park, "SIP/1002", "PJSIP/2001", TransferResult::completed, 4.058}};
    return {"17-parking", {e}};
}

}  // namespace

std::vector<Case> transfer_cases() {
    return {blind_by_command(), blind_by_refer(), attended(), attended_cancelled(), conference(), recorded(), parked()};
}

}  // namespace citybridge
