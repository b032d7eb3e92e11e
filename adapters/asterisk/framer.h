#pragma once
// Bytes of the manager stream in, messages out; however the bytes are split,
// the messages are the same. No socket, no clock, one copy of the bytes.
//
// A message is a run of `Key: value` lines ended by CR LF and an empty line.
// A lone LF is part of a value, empty messages are skipped. The first line of
// a connection is the banner, a message of its own.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/result.h"

namespace citybridge::asterisk {

// Longest line and message taken. The largest seen from a real PBX is a Command
// answer of 26 kB; what is longer is no Asterisk, or one that has gone wrong.
inline constexpr std::size_t kMaxLineBytes = std::size_t{64} * 1024;
inline constexpr std::size_t kMaxMessageBytes = std::size_t{256} * 1024;

struct Field {
    std::string_view key;
    std::string_view value;
};

bool equal_ignoring_case(std::string_view a, std::string_view b);

// One message. Views point into the framer and end with its next call. Only the
// first key decides what a message is: OriginateResponse is an event that has
// a `Response` field too.
class Message {
public:
    enum class Kind { banner, response, event, other };

    Kind kind() const { return kind_; }
    std::string_view name() const {
        return name_;
    }  // value of the first field: "Success", "Newchannel"; banner: the line
    std::string_view bytes() const { return bytes_; }

    // Keys differ in case between events (`Uniqueid`, `UniqueID`), and keys
    // repeat: get() gives the first, empty when there is none.
    std::string_view get(std::string_view key) const;
    std::vector<std::string_view> all(std::string_view key) const;
    const std::vector<Field>& fields() const;

private:
    friend class Framer;
    // `ends`: where each line of `bytes` ends, before its CR LF.
    void assign(std::string_view bytes, const std::vector<std::uint32_t>& ends, bool banner);

    Kind kind_ = Kind::other;
    std::string_view name_;
    std::string_view bytes_;
    const std::vector<std::uint32_t>* ends_ = nullptr;  // the framer's, as the bytes are
    // Split on first use: most events are not looked into.
    mutable bool split_ = false;
    mutable std::vector<Field> fields_;
};

class Framer {
public:
    void feed(std::string_view bytes);

    // The next complete message; nullptr: feed more. After an error
    // (asterisk.line_too_long, asterisk.message_too_long) every call fails alike.
    Result<const Message*> next();

    // Bytes of this connection up to the end of the last message given.
    std::size_t consumed() const { return dropped_ + begin_; }

    // A new connection: nothing of the old is left.
    void reset();

private:
    bool scan_line();

    std::string buffer_;
    std::size_t begin_ = 0;    // of the message being read
    std::size_t line_ = 0;     // of the line being read
    std::size_t scan_ = 0;     // everything before was looked at
    std::size_t dropped_ = 0;  // bytes no longer in the buffer
    bool banner_seen_ = false;
    std::vector<std::uint32_t> ends_;  // of the lines of the message being read, from its begin_
    Message message_;
};

}  // namespace citybridge::asterisk
