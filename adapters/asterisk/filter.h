#pragma once
// What the PBX is asked not to send. VarSet, Newexten, CEL and RTCP are 78 % of
// the bytes of a queue call; only Newexten of VoiceMail bears on an outcome, and
// only VarSet of MIXMONITOR_FILENAME names the file of a recording.
//
// `Action: Filter` with an extended POSIX regular expression over the whole
// event text, "!" in front to exclude: the form every Asterisk since 10 takes
// (newer ones have MatchCriteria too). There is no look-ahead, so "Newexten but
// not of VoiceMail" is spelt out by the application's first letters, and so is the variable.
#include <array>
#include <string_view>

namespace citybridge::asterisk {

inline constexpr std::array<std::string_view, 3> kEventFilters{
    "!^Event: (CEL|RTCPSent|RTCPReceived)[[:cntrl:]]",
    "!^Event: VarSet[[:cntrl:]].*[[:cntrl:]]Variable: ([^M]|M[^I]|MI[^X])",
    "!^Event: Newexten[[:cntrl:]].*[[:cntrl:]]Application: ([^V]|V[^o]|Vo[^i])",
};

}  // namespace citybridge::asterisk
