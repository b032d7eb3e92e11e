#pragma once
// Asterisk's words for things, made ours. Pure functions of one value.
#include <string>
#include <string_view>

#include "core/api/signals.h"

namespace citybridge::asterisk {

inline constexpr int kCauseRejected = 21;  // Q.850 "call rejected", what a 603 becomes

// "<unknown>" is Asterisk's word for no value.
std::string_view known(std::string_view value);

// Asterisk writes the names of a channel's parties with C escapes: "O\'Brien" is
// O'Brien. Escaped control characters become spaces. Bytes, not yet in any charset:
// the second byte of a GBK character may be a backslash and is escaped too.
std::string unescaped(std::string_view name);

// Channel "SIP/1001-00000001" belongs to device "SIP/1001"; "Local/3001@agents-00000001;2" to "Local/3001@agents".
std::string_view device_of(std::string_view channel_name);

// A channel the PBX made for itself to join two parts of a call.
bool is_helper(std::string_view channel_name);

// "SIP/1001" yes; "Queue:sales", "MWI:1001@default", "confbridge:601" no.
bool is_phone_device(std::string_view device);

// Something a person can dial: at least two digits, + * and # included.
bool is_number(std::string_view text);

// The number in a dial string: "SIP/1001" and "1001" are 1001, "trunk/sip:13912345678@10.0.0.1" is 13912345678.
std::string_view number_in(std::string_view dial_string);

// ChannelState, AST_STATE_*: "0".."9".
ChannelState channel_state(std::string_view number);
// Status of a queue member, AST_DEVICE_*: "0".."8".
DeviceStatus member_status(std::string_view number);
// State of DeviceStateChange: "NOT_INUSE", "RINGING", ...
DeviceStatus device_status(std::string_view word);
// DialStatus of DialEnd.
DialResult dial_result(std::string_view word);
BridgeKind bridge_kind(std::string_view type, std::string_view technology, std::string_view creator);
Application application(std::string_view name);

// Leading digits; 0 if there are none or far too many.
int to_int(std::string_view text);
// "01:02:03" in seconds; 0 if it is not that.
int seconds_of_duration(std::string_view hh_mm_ss);

}  // namespace citybridge::asterisk
