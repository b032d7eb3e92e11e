#include "plugins/email/header_writer.h"

#include <algorithm>
#include <cstdint>

#include "plugins/email/encodings.h"

namespace citybridge::email {
namespace {

constexpr std::size_t kLine = 78;
constexpr std::size_t kEncodedWord = 75;  // RFC 2047, 2
constexpr std::string_view kOpen = "=?UTF-8?B?";
constexpr std::string_view kClose = "?=";
constexpr std::size_t kParameterBytes = 54;  // of one continuation, so that its line stays below 78

bool is_printable(char c) { return c >= ' ' && c < '\x7f'; }

std::size_t longest_word(std::string_view text) {
    std::size_t longest = 0;
    std::size_t here = 0;
    for (const char c : text) {
        here = c == ' ' ? 0 : here + 1;
        longest = std::max(longest, here);
    }
    return longest;
}

// May stand in a header as it is, wherever its blanks are folded.
bool is_plain_text(std::string_view text) {
    if (text.empty() || text.front() == ' ' || text.back() == ' ') return false;
    if (text.find("  ") != std::string_view::npos || text.find("=?") != std::string_view::npos) return false;
    return std::all_of(text.begin(), text.end(), is_printable) && longest_word(text) <= 60;
}

std::string quoted_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

// U+0085, U+2028 and U+2029 end a line for some readers, as the C0 and C1 controls do.
bool breaks_lines(std::string_view character) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(character[i]); };
    if (character.size() == 1) return byte(0) < 0x20 || byte(0) == 0x7F;
    if (character.size() == 2) return byte(0) == 0xC2 && byte(1) < 0xA0;
    return character == "\xE2\x80\xA8" || character == "\xE2\x80\xA9";
}

}  // namespace

std::string one_line(std::string_view utf8) {
    std::string out;
    out.reserve(utf8.size());
    while (!utf8.empty()) {
        const std::string_view character = utf8.substr(0, character_length(utf8));
        out.append(breaks_lines(character) ? std::string_view(" ") : character);
        utf8.remove_prefix(character.size());
    }
    return out;
}

void HeaderWriter::begin(std::string_view name) {
    out_.append(name).append(":");
    column_ = name.size() + 1;
}

void HeaderWriter::end() { out_ += "\r\n"; }

void HeaderWriter::word(std::string_view word) {
    // A line may be too long, but a field must not begin with an empty one.
    if (column_ + 1 + word.size() > kLine && out_.back() != ':') {
        out_ += "\r\n";
        column_ = 0;
    }
    out_.append(" ").append(word);
    column_ += 1 + word.size();
}

void HeaderWriter::encoded_words(std::string_view utf8) {
    while (!utf8.empty()) {
        // What is left of this line, or a new line if that is next to nothing.
        std::size_t room = column_ + 24 > kLine ? kLine - 1 : kLine - column_ - 1;
        room = std::min(room, kEncodedWord) - kOpen.size() - kClose.size();
        const std::size_t most = room / 4 * 3;
        std::size_t taken = 0;
        while (taken < utf8.size()) {
            const std::size_t next = character_length(utf8.substr(taken));
            if (taken + next > most) break;
            taken += next;
        }
        word(std::string(kOpen) + base64(utf8.substr(0, taken)) + std::string(kClose));
        utf8.remove_prefix(taken);
    }
}

void HeaderWriter::text(std::string_view name, std::string_view utf8) {
    const std::string line = one_line(utf8);
    if (line.empty()) return plain(name, "");
    if (is_plain_text(line)) return plain(name, line);
    begin(name);
    encoded_words(line);
    end();
}

void HeaderWriter::mailbox(std::string_view name, std::string_view display, const Address& address) {
    begin(name);
    const std::string line = one_line(display);
    if (line.empty()) {
        word(address.text());
        return end();
    }
    if (is_plain_text(line) && line.size() <= 60)
        word(quoted_text(line));
    else
        encoded_words(line);
    word('<' + address.text() + '>');
    end();
}

void HeaderWriter::plain(std::string_view name, std::string_view value) {
    begin(name);
    if (value.empty()) out_ += ' ';
    while (!value.empty()) {
        const auto blank = value.find(' ');
        word(value.substr(0, blank));
        value.remove_prefix(blank == std::string_view::npos ? value.size() : blank + 1);
    }
    end();
}

void HeaderWriter::with_parameter(std::string_view name, std::string_view value, std::string_view parameter,
                                  std::string_view text) {
    begin(name);
    const std::string line = one_line(text);
    if (line.empty()) {
        word(value);
        return end();
    }
    word(std::string(value) + ';');
    if (line.size() <= 50 && std::all_of(line.begin(), line.end(), is_printable)) {
        word(std::string(parameter) + '=' + quoted_text(line));
        return end();
    }
    std::vector<std::string> pieces(1);
    for (std::string_view rest = line; !rest.empty();) {
        const std::string character = percent_encoded(rest.substr(0, character_length(rest)));
        if (pieces.back().size() + character.size() > kParameterBytes) pieces.emplace_back();
        pieces.back() += character;
        rest.remove_prefix(character_length(rest));
    }
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        std::string part(parameter);
        if (pieces.size() > 1) part += '*' + std::to_string(i);
        part += "*=";
        if (i == 0) part += "UTF-8''";
        word(part + pieces[i] + (i + 1 < pieces.size() ? ";" : ""));
    }
    end();
}

}  // namespace citybridge::email
