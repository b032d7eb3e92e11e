#include "plugins/email/charsets.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <optional>

#include "core/api/text.h"
#include "plugins/email/encodings.h"

namespace citybridge::email {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::size_t kLongestEncodedWord = 4'000;  // RFC 2047 allows 75; each search is bounded by this

// Of what iconv knows only charsets that mails are written in: its rarer tables are no door for strangers.
constexpr std::array<std::pair<std::string_view, const char*>, 34> kCharsets{{
    {"us-ascii", "UTF-8"},        {"ascii", "UTF-8"},
    {"utf-8", "UTF-8"},           {"utf8", "UTF-8"},
    {"gb2312", "GB18030"},        {"gbk", "GB18030"},
    {"gb18030", "GB18030"},       {"cp936", "GB18030"},
    {"x-gbk", "GB18030"},         {"gb_2312-80", "GB18030"},
    {"big5", "BIG5-HKSCS"},       {"big5-hkscs", "BIG5-HKSCS"},
    {"cp950", "BIG5-HKSCS"},      {"iso-2022-jp", "ISO-2022-JP"},
    {"shift_jis", "SHIFT_JIS"},   {"euc-jp", "EUC-JP"},
    {"euc-kr", "EUC-KR"},         {"ks_c_5601-1987", "EUC-KR"},
    {"iso-8859-1", "ISO-8859-1"}, {"latin1", "ISO-8859-1"},
    {"iso-8859-2", "ISO-8859-2"}, {"iso-8859-5", "ISO-8859-5"},
    {"iso-8859-9", "ISO-8859-9"}, {"iso-8859-15", "ISO-8859-15"},
    {"windows-1250", "CP1250"},   {"windows-1251", "CP1251"},
    {"windows-1252", "CP1252"},   {"windows-1254", "CP1254"},
    {"windows-1256", "CP1256"},   {"koi8-r", "KOI8-R"},
    {"utf-16", "UTF-16"},         {"utf-16le", "UTF-16LE"},
    {"utf-16be", "UTF-16BE"},     {"tis-620", "TIS-620"},
}};

const char* iconv_name(std::string_view charset) {
    const std::string name = lower_case(trimmed(charset));
    const auto* const found =
        std::find_if(kCharsets.begin(), kCharsets.end(), [&](const auto& row) { return row.first == name; });
    return found == kCharsets.end() ? nullptr : found->second;
}

class Converter {
public:
    explicit Converter(const char* from) : handle_(::iconv_open("UTF-8", from)) {}
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;
    ~Converter() {
        if (good()) ::iconv_close(handle_);
    }

    bool good() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

    // `wrong` counts bytes that mean nothing and became U+FFFD.
    std::string convert(std::string_view bytes, std::size_t& wrong) {
        std::string out;
        char* in = const_cast<char*>(bytes.data());  // NOLINT: iconv's interface is older than const
        std::size_t left = bytes.size();
        while (left > 0) {
            std::array<char, 4096> chunk;
            char* to = chunk.data();
            std::size_t room = chunk.size();
            const std::size_t result = ::iconv(handle_, &in, &left, &to, &room);
            out.append(chunk.data(), chunk.size() - room);
            if (result != static_cast<std::size_t>(-1) || errno == E2BIG) continue;
            ++wrong;
            out.append(kReplacement);
            if (errno == EINVAL) break;  // cut in the middle of a character
            ++in;
            --left;
        }
        return out;
    }

private:
    iconv_t handle_;
};

// Controls other than tab and line ends have no place in a text that is stored, shown and logged.
std::string without_controls(std::string text) {
    std::erase_if(text, [](char c) {
        return (static_cast<std::uint8_t>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == '\x7f';
    });
    return text;
}

struct EncodedWord {
    std::string charset;
    std::string bytes;
    std::size_t length = 0;  // of the whole, from "=?" to "?="
};

// The encoded-word at the beginning, if there is one.
std::optional<EncodedWord> encoded_word(std::string_view text) {
    if (!text.starts_with("=?")) return std::nullopt;
    text = text.substr(0, kLongestEncodedWord);
    const auto charset_end = text.find('?', 2);
    if (charset_end == std::string_view::npos || charset_end + 2 >= text.size() || text[charset_end + 2] != '?')
        return std::nullopt;
    const auto begin = charset_end + 3;
    const auto end = text.find("?=", begin);
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view charset = text.substr(2, charset_end - 2);
    charset = charset.substr(0, charset.find('*'));  // RFC 2231: language behind it
    const std::string_view content = text.substr(begin, end - begin);
    if (charset.find_first_of(" \t\r\n") != std::string_view::npos) return std::nullopt;
    const char encoding = text[charset_end + 1];
    EncodedWord word{std::string(charset), {}, end + 2};
    if (encoding == 'B' || encoding == 'b')
        word.bytes = base64_decoded(content);
    else if (encoding == 'Q' || encoding == 'q')
        word.bytes = quoted_printable_decoded(content, true);
    else
        return std::nullopt;
    return word;
}

}  // namespace

std::string to_readable(std::string_view bytes, std::string_view charset, const std::string& fallback) {
    const char* const name = iconv_name(charset);
    if (name != nullptr && std::string_view(name) != "UTF-8") {
        Converter converter(name);
        std::size_t wrong = 0;
        if (converter.good()) {
            std::string text = converter.convert(bytes, wrong);
            // A mail that says GBK and is UTF-8 is met now and then; the other way round is what is below for.
            if (wrong == 0 || !is_utf8(bytes)) return without_controls(std::move(text));
        }
    }
    return without_controls(citybridge::to_utf8(bytes, fallback));
}

std::string decoded_words(std::string_view value, const std::string& fallback) {
    std::string out;
    // Neighbours of one charset are read together: some mailers cut a character in two.
    std::string pending;
    std::string charset;
    const auto flush = [&] {
        if (!pending.empty()) out += to_readable(pending, charset, fallback);
        pending.clear();
    };
    bool after_word = false;
    while (!value.empty()) {
        const auto next = value.find("=?");
        const std::string_view between = value.substr(0, next);
        const auto word = next == std::string_view::npos ? std::nullopt : encoded_word(value.substr(next));
        const bool only_blanks = between.find_first_not_of(" \t\r\n") == std::string_view::npos;
        if (!after_word || !word || !only_blanks) {
            flush();
            out += to_readable(between, "utf-8", fallback);
        }
        if (next == std::string_view::npos) break;
        value.remove_prefix(next);
        after_word = word.has_value();
        if (!word) {
            flush();
            out += "=?";
            value.remove_prefix(2);
            continue;
        }
        if (lower_case(word->charset) != lower_case(charset)) flush();
        charset = word->charset;
        pending += word->bytes;
        value.remove_prefix(word->length);
    }
    flush();
    return out;
}

std::string shortened(std::string_view utf8, std::size_t max_bytes) {
    if (utf8.size() <= max_bytes) return std::string(utf8);
    std::size_t end = max_bytes;
    while (end > 0 && (static_cast<std::uint8_t>(utf8[end]) & 0xC0U) == 0x80U) --end;
    return std::string(utf8.substr(0, end));
}

}  // namespace citybridge::email
