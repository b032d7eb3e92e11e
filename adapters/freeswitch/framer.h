#pragma once
// Bytes of the event socket in, frames out; however the bytes are split, the
// frames are the same. No socket, no clock, one copy of the bytes.
//
// A frame is a block of `Name: value` lines ended by an empty line (LF only),
// then exactly Content-Length bytes of body if that header is there. Nothing
// stands between a body and the next frame.
#include <cstddef>
#include <string>
#include <string_view>

#include "core/api/result.h"

namespace citybridge::freeswitch {

// The largest header block seen from a real PBX has 8 kB (an outbound socket's
// channel), the largest body 21 kB, but `show channels` grows with the calls.
inline constexpr std::size_t kMaxHeaderBytes = std::size_t{64} * 1024;
inline constexpr std::size_t kMaxBodyBytes = std::size_t{16} * 1024 * 1024;

// One frame. Views point into the framer and end with its next call.
struct Frame {
    enum class Kind {
        auth_request,   // the PBX's first word on a connection made by us
        command_reply,  // see reply()
        channel_data,   // answer to `connect` on an outbound socket: a reply and an Event in one
        api_response,   // see body; raw text, may be anything
        event_plain,    // the three are read by Event
        event_json,
        event_xml,
        log_data,
        disconnect_notice,  // the end, unless lingers()
        rude_rejection,     // refused by the PBX's access list
        other,
    };

    Kind kind = Kind::other;
    std::string_view headers;  // without the empty line
    std::string_view body;

    bool is_event() const { return kind == Kind::event_plain || kind == Kind::event_json || kind == Kind::event_xml; }
    // First header of that name as it stands on the wire, of the frame itself and not of an event
    // in its body; empty: not there. Nothing is encoded here, but in channel_data everything.
    std::string_view header(std::string_view name) const;
    // Reply-Text of a command_reply: "+OK accepted", "-ERR invalid".
    std::string_view reply() const { return header("Reply-Text"); }
    bool reply_ok() const { return reply().starts_with("+OK"); }
    // This disconnect_notice is not the end: events of the channel go on for `Linger-Time` seconds.
    bool lingers() const { return kind == Kind::disconnect_notice && header("Content-Disposition") == "linger"; }
};

class Framer {
public:
    explicit Framer(std::size_t max_body_bytes = kMaxBodyBytes) : max_body_(max_body_bytes) {}

    void feed(std::string_view bytes);

    // The next complete frame; nullptr: feed more. After an error every call
    // fails alike: freeswitch.headers_too_long, freeswitch.body_too_long,
    // freeswitch.bad_frame (a Content-Length that is none).
    Result<const Frame*> next();

    // Bytes of this connection up to the end of the last frame given.
    std::size_t consumed() const { return dropped_ + begin_; }
    // Bytes of a frame that has not ended.
    std::size_t waiting() const { return buffer_.size() - begin_; }

    // A new connection: nothing of the old is left.
    void reset();

private:
    Result<bool> read_headers();

    std::size_t max_body_;
    std::string buffer_;
    std::size_t begin_ = 0;         // of the frame being read
    std::size_t scan_ = 0;          // everything before was looked at for the empty line
    std::size_t dropped_ = 0;       // bytes no longer in the buffer
    bool headers_read_ = false;     // then the two below hold
    std::size_t header_bytes_ = 0;  // with the empty line
    std::size_t body_bytes_ = 0;
    Frame frame_;
};

}  // namespace citybridge::freeswitch
