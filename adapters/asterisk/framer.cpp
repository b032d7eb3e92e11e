#include "adapters/asterisk/framer.h"

#include <cstring>
#include <utility>

namespace citybridge::asterisk {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

Field split_line(std::string_view line) {
    while (!line.empty() && line.back() == '\n') line.remove_suffix(1);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return {line, {}};
    std::string_view value = line.substr(colon + 1);
    // Exactly one: further spaces are the value's own (Command output is indented).
    if (value.starts_with(' ')) value.remove_prefix(1);
    return {line.substr(0, colon), value};
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] != b[i] && lower(a[i]) != lower(b[i])) return false;
    }
    return true;
}

void Message::assign(std::string_view bytes, const std::vector<std::uint32_t>& ends, bool banner) {
    bytes_ = bytes;
    ends_ = &ends;
    split_ = false;
    if (banner) {
        kind_ = Kind::banner;
        name_ = bytes;
        return;
    }
    const Field first = split_line(bytes.substr(0, ends.front()));
    name_ = first.value;
    kind_ = Kind::other;
    if (equal_ignoring_case(first.key, "Event")) kind_ = Kind::event;
    if (equal_ignoring_case(first.key, "Response")) kind_ = Kind::response;
}

const std::vector<Field>& Message::fields() const {
    if (split_) return fields_;
    fields_.clear();
    split_ = true;
    std::size_t begin = 0;
    for (const std::uint32_t end : *ends_) {
        fields_.push_back(split_line(bytes_.substr(begin, end - begin)));
        begin = end + kLineEnd.size();
    }
    return fields_;
}

std::string_view Message::get(std::string_view key) const {
    for (const Field& field : fields()) {
        if (equal_ignoring_case(field.key, key)) return field.value;
    }
    return {};
}

std::vector<std::string_view> Message::all(std::string_view key) const {
    std::vector<std::string_view> out;
    for (const Field& field : fields()) {
        if (equal_ignoring_case(field.key, key)) out.push_back(field.value);
    }
    return out;
}

void Framer::reset() {
    buffer_.clear();
    begin_ = line_ = scan_ = dropped_ = 0;
    banner_seen_ = false;
    ends_.clear();
}

void Framer::feed(std::string_view bytes) {
    if (begin_ != 0) {
        dropped_ += begin_;
        buffer_.erase(0, begin_);
        line_ -= begin_;
        scan_ -= begin_;
        begin_ = 0;
    }
    buffer_.append(bytes);
}

// Moves scan_ past the end of the current line. False: it has none yet.
bool Framer::scan_line() {
    while (scan_ < buffer_.size()) {
        const void* found = std::memchr(buffer_.data() + scan_, '\n', buffer_.size() - scan_);
        if (found == nullptr) break;
        scan_ = static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data()) + 1;
        if (scan_ >= line_ + 2 && buffer_[scan_ - 2] == '\r') return true;
    }
    scan_ = buffer_.size();
    return false;
}

Result<const Message*> Framer::next() {
    while (true) {
        const bool complete = scan_line();
        const std::size_t length = scan_ - line_;
        if (length > kMaxLineBytes)
            return Error{"asterisk.line_too_long",
                         "a line from the PBX is longer than 64 KiB; is this a manager port?"};
        if (scan_ - begin_ > kMaxMessageBytes)
            return Error{"asterisk.message_too_long", "a message from the PBX is longer than 256 KiB"};
        if (!complete) return nullptr;
        if (line_ == begin_) ends_.clear();
        const bool empty_line = length == kLineEnd.size();
        if (!empty_line) ends_.push_back(static_cast<std::uint32_t>(scan_ - kLineEnd.size() - begin_));
        const std::size_t end = empty_line ? line_ : scan_;
        const std::string_view text(buffer_.data() + begin_, end - begin_);
        line_ = scan_;
        if (banner_seen_ && !empty_line) continue;
        begin_ = scan_;
        const bool banner = !std::exchange(banner_seen_, true);
        if (text.empty()) continue;
        message_.assign(text.substr(0, text.size() - kLineEnd.size()), ends_, banner);
        return &message_;
    }
}

}  // namespace citybridge::asterisk
