#pragma once
// A capture played to a Session in process, as `./dev replay --fast` does it.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/asterisk/replay_peer.h"
#include "adapters/asterisk/session.h"

namespace citybridge::asterisk {

// Every capture under tests/wire/captures/asterisk but the busy one.
inline constexpr std::array<std::string_view, 26> kCaptures{
    "01a-login-ok",
    "01b-login-wrong",
    "01c-login-md5",
    "01e-login-readonly",
    "02-inbound-queue-hold",
    "03-inbound-ringall-pjsip",
    "05a-abandon-empty",
    "05b-abandon-ringing",
    "06a-ring-no-answer",
    "07-pause-unpause",
    "08a-originate-ok",
    "08b-originate-fail",
    "09b-blindtransfer-action",
    "09c-refer-blind",
    "10a-atxfer-action",
    "10b-atxfer-cancel",
    "11a-threeway-confbridge",
    "12-mixmonitor",
    "13-hangup",
    "14-lists-admin",
    "16a-fastagi",
    "17-parking",
    "18a-chinese-names",
    "19-command",
    "25b-crash",
    "25c-connect-while-booting"};

std::string capture_name(std::string_view capture);  // "asterisk/02-inbound-queue-hold.ami"

// Talks to `peer` until neither has anything to say.
void converse(Session& session, ReplayPeer& peer, std::string first_bytes, Now now, std::vector<PbxSignal>& out);

// All signals of a capture, with its recorded times.
std::vector<PbxSignal> replayed(std::string_view capture);

template <class T>
std::vector<std::pair<PbxSignal, T>> of_type(const std::vector<PbxSignal>& signals) {
    std::vector<std::pair<PbxSignal, T>> out;
    for (const PbxSignal& signal : signals) {
        if (const auto* body = std::get_if<T>(&signal.body)) out.emplace_back(signal, *body);
    }
    return out;
}

}  // namespace citybridge::asterisk
