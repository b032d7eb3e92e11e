#pragma once
// What the PBX is asked not to send. VarSet, Newexten, CEL and RTCP are 78 % of
// the bytes of a queue call, and only Newexten of VoiceMail bears on an outcome.
//
// `Action: Filter` with an extended POSIX regular expression over the whole
// event text, "!" in front to exclude: the form every Asterisk since 10 takes
// (newer ones have MatchCriteria too). There is no look-ahead, so "Newexten but
// not of VoiceMail" is spelt out by the application's first letters.
#include <array>
#include <string_view>

namespace citybridge::asterisk {

inline constexpr std::array<std::string_view, 2> kEventFilters{
    "!^Event: (VarSet|CEL|RTCPSent|RTCPReceived)[[:cntrl:]]",
    "!^Event: Newexten[[:cntrl:]].*[[:cntrl:]]Application: ([^V]|V[^o]|Vo[^i])",
};

}  // namespace citybridge::asterisk
