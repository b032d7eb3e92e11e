#pragma once
// FreeSWITCH's words for things, made ours. Pure functions of one value.
#include <string>
#include <string_view>
#include <vector>

#include "core/api/signals.h"

namespace citybridge::freeswitch {

// "1001@beijing", "1001@127.0.0.1" and "1001" are user 1001.
std::string_view bare_user(std::string_view name);

// "sofia/internal/1001@10.0.0.7:5060" in parts: technology, profile, user and host.
struct ChannelName {
    std::string_view technology;  // "sofia"
    std::string_view profile;     // "internal"; empty for other technologies than sofia
    std::string_view address;     // "1001@10.0.0.7:5060"
};
ChannelName channel_name(std::string_view name);

// A channel the PBX made for itself to join two parts of a call.
bool is_helper(std::string_view channel_name);

// Something a person can dial: at least two digits, + * and # included.
bool is_number(std::string_view text);

// The number of a phone of ours: up to six digits.
bool is_extension(std::string_view text);

// "Outbound Call" is FreeSWITCH's word for a party without a name; a number is no name either.
std::string_view party_name(std::string_view name, std::string_view number);

// How ringing ended, by Hangup-Cause of the leg that rang.
DialResult dial_result(std::string_view hangup_cause);
// The same as the reason of a failed command.
std::string reason_of_cause(std::string_view hangup_cause);

// State of a channel in `show channels`: callstate of one that calls us or that is called.
ChannelState channel_state(std::string_view call_state, bool outbound);

Application application(std::string_view name);

// One word of a command: no blank, quote or sign that ends a list, a variable or the command.
bool is_plain_word(std::string_view text);

// "11111111-2222-3333-4444-555555550001"
bool is_uuid(std::string_view text);
// An id for a channel or job, the same for the same text; a UUID stays as it is.
std::string uuid_of(std::string_view text);

// Elements between `separator`; an empty text has one empty element.
std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace citybridge::freeswitch
