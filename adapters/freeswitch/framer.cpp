#include "adapters/freeswitch/framer.h"

#include <array>
#include <charconv>
#include <cstring>

namespace citybridge::freeswitch {
namespace {

constexpr std::string_view kEmptyLine = "\n\n";
// What a single huge answer may leave allocated while nothing waits.
constexpr std::size_t kKeptFrameBytes = 1 << 20;

struct ContentType {
    std::string_view text;
    Frame::Kind kind;
};
constexpr std::array kContentTypes{
    ContentType{"text/event-plain", Frame::Kind::event_plain},
    ContentType{"command/reply", Frame::Kind::command_reply},
    ContentType{"api/response", Frame::Kind::api_response},
    ContentType{"auth/request", Frame::Kind::auth_request},
    ContentType{"text/event-json", Frame::Kind::event_json},
    ContentType{"text/event-xml", Frame::Kind::event_xml},
    ContentType{"log/data", Frame::Kind::log_data},
    ContentType{"text/disconnect-notice", Frame::Kind::disconnect_notice},
    ContentType{"text/rude-rejection", Frame::Kind::rude_rejection},
};

// Cuts the next line off `rest`: its name and value. A line without a colon has an empty name.
std::pair<std::string_view, std::string_view> take_line(std::string_view& rest) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return {{}, line};
    std::string_view value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    return {line.substr(0, colon), value};
}

Frame::Kind kind_of(const Frame& frame) {
    const std::string_view type = frame.header("Content-Type");
    for (const ContentType& known : kContentTypes) {
        if (known.text != type) continue;
        // An outbound socket answers `connect` with the channel as the headers of a reply.
        const bool channel = known.kind == Frame::Kind::command_reply && !frame.header("Event-Name").empty();
        return channel ? Frame::Kind::channel_data : known.kind;
    }
    return Frame::Kind::other;
}

}  // namespace

std::string_view Frame::header(std::string_view name) const {
    for (std::string_view rest = headers; !rest.empty();) {
        const auto [found, value] = take_line(rest);
        if (found == name) return value;
    }
    return {};
}

void Framer::reset() {
    buffer_.clear();
    begin_ = scan_ = dropped_ = 0;
    headers_read_ = false;
}

void Framer::feed(std::string_view bytes) {
    if (begin_ != 0) {
        dropped_ += begin_;
        buffer_.erase(0, begin_);
        scan_ -= begin_;
        begin_ = 0;
        if (buffer_.empty() && buffer_.capacity() > kKeptFrameBytes) buffer_.shrink_to_fit();
    }
    buffer_.append(bytes);
}

// True: the block is whole, and the frame's kind and length are known.
Result<bool> Framer::read_headers() {
    while (begin_ < buffer_.size() && buffer_[begin_] == '\n') ++begin_;
    scan_ = std::max(scan_, begin_);
    const std::size_t end = buffer_.find(kEmptyLine, scan_);
    const std::size_t seen = (end == std::string::npos ? buffer_.size() : end) - begin_;
    if (seen > kMaxHeaderBytes)
        return Error{"freeswitch.headers_too_long",
                     "the headers of a frame are longer than 64 KiB; is this an event socket?"};
    if (end == std::string::npos) {
        // The last byte may be the first half of an empty line.
        scan_ = std::max(begin_, buffer_.empty() ? 0 : buffer_.size() - 1);
        return false;
    }
    frame_.headers = std::string_view(buffer_).substr(begin_, end - begin_);
    header_bytes_ = end + kEmptyLine.size() - begin_;
    body_bytes_ = 0;
    const std::string_view length = frame_.header("Content-Length");
    if (!length.empty()) {
        const auto [rest, failed] = std::from_chars(length.data(), length.data() + length.size(), body_bytes_);
        if (failed == std::errc::result_out_of_range) body_bytes_ = max_body_ + 1;
        if (failed == std::errc::invalid_argument || rest != length.data() + length.size())
            return Error{"freeswitch.bad_frame", "a frame's Content-Length is not a number; is this an event socket?"};
    }
    if (body_bytes_ > max_body_)
        return Error{"freeswitch.body_too_long", "a frame announces a body of more than " + std::to_string(max_body_) +
                                                     " bytes, the most that is taken"};
    headers_read_ = true;
    return true;
}

Result<const Frame*> Framer::next() {
    if (!headers_read_) {
        const auto read = read_headers();
        if (!read) return read.error();
        if (!*read) return nullptr;
    }
    if (buffer_.size() - begin_ < header_bytes_ + body_bytes_) return nullptr;
    const std::string_view bytes = std::string_view(buffer_).substr(begin_);
    frame_.headers = bytes.substr(0, header_bytes_ - kEmptyLine.size());
    frame_.body = bytes.substr(header_bytes_, body_bytes_);
    frame_.kind = kind_of(frame_);
    begin_ += header_bytes_ + body_bytes_;
    scan_ = begin_;
    headers_read_ = false;
    return &frame_;
}

}  // namespace citybridge::freeswitch
