#include "core/desk/search_words.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace citybridge::desk {
namespace {

constexpr std::size_t kMaxWordBytes = 64;
constexpr char32_t kNone = 0;  // no character of a word

struct Range {
    char32_t from;
    char32_t to;
};

template <std::size_t n>
bool within(const Range (&ranges)[n], char32_t c) {
    return std::any_of(std::begin(ranges), std::end(ranges), [c](const Range& r) { return c >= r.from && c <= r.to; });
}

// Scripts written without blanks between words (Unicode 15 blocks).
bool is_unspaced(char32_t c) {
    static constexpr Range kRanges[] = {{0x3040, 0x30FF}, {0x3400, 0x4DBF}, {0x4E00, 0x9FFF},
                                        {0xAC00, 0xD7AF}, {0xF900, 0xFAFF}, {0x20000, 0x323AF}};
    return within(kRanges, c);
}

bool is_separator(char32_t c) {
    static constexpr Range kRanges[] = {{0x80, 0xBF},     {0xD7, 0xD7},     {0xF7, 0xF7},     {0x2000, 0x2BFF},
                                        {0x2E00, 0x2E7F}, {0x3000, 0x303F}, {0xD800, 0xF8FF}, {0xFE00, 0xFE6F},
                                        {0xFF00, 0xFFEF}, {0xFFF0, 0xFFFF}};
    if (c < 0x80) return !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'));
    return within(kRanges, c);
}

char32_t folded(char32_t c) {
    if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;  // full-width forms of ASCII
    if (c >= 'A' && c <= 'Z') return c + 32;
    if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return c + 32;
    if (c >= 0x391 && c <= 0x3A9) return c + 32;
    if (c >= 0x410 && c <= 0x42F) return c + 32;
    return c;
}

// The character at the front, taken off; kNone for a byte that is not UTF-8 (RFC 3629).
char32_t take_character(std::string_view& text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t first = byte(0);
    const std::size_t length = first < 0x80 ? 1 : first >= 0xC2 && first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    char32_t c = length == 1 ? first : first & (0xFFU >> (length + 1));
    bool good = first < 0x80 || (first >= 0xC2 && first < 0xF5 && text.size() >= length);
    for (std::size_t i = 1; good && i < length; ++i) {
        good = (byte(i) & 0xC0U) == 0x80;
        c = (c << 6U) | (byte(i) & 0x3FU);
    }
    text.remove_prefix(good ? length : 1);
    return good ? c : kNone;
}

void append(std::string& word, char32_t c) {
    const auto put = [&](char32_t bits) { word += static_cast<char>(static_cast<std::uint8_t>(bits)); };
    if (c < 0x80) return put(c);
    if (c < 0x800) {
        put(0xC0U | (c >> 6U));
    } else {
        if (c < 0x10000) {
            put(0xE0U | (c >> 12U));
        } else {
            put(0xF0U | (c >> 18U));
            put(0x80U | ((c >> 12U) & 0x3FU));
        }
        put(0x80U | ((c >> 6U) & 0x3FU));
    }
    put(0x80U | (c & 0x3FU));
}

// Cuts a text into runs; what becomes of a run of Han is the caller's.
template <class OnWord, class OnRun>
void cut(std::string_view text, const OnWord& on_word, const OnRun& on_run) {
    std::string word;
    std::u32string run;
    const auto end_word = [&] {
        if (!word.empty()) on_word(std::exchange(word, {}));
    };
    const auto end_run = [&] {
        if (!run.empty()) on_run(std::exchange(run, {}));
    };
    while (!text.empty()) {
        const char32_t c = folded(take_character(text));
        if (is_unspaced(c)) {
            end_word();
            run += c;
            continue;
        }
        end_run();
        if (c == kNone || is_separator(c)) {
            end_word();
            continue;
        }
        if (word.size() + 4 <= kMaxWordBytes) append(word, c);
    }
    end_word();
    end_run();
}

std::string pair_of(const std::u32string& run, std::size_t at, std::size_t count) {
    std::string word;
    for (std::size_t i = 0; i < count; ++i) append(word, run[at + i]);
    return word;
}

std::vector<std::string> each_once(std::vector<std::string> words) {
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return words;
}

}  // namespace

std::vector<std::string> index_words(std::string_view utf8) {
    std::vector<std::string> words;
    cut(
        utf8, [&](std::string word) { words.push_back(std::move(word)); },
        [&](const std::u32string& run) {
            for (std::size_t i = 0; i < run.size(); ++i) {
                words.push_back(pair_of(run, i, 1));
                if (i + 1 < run.size()) words.push_back(pair_of(run, i, 2));
            }
        });
    words = each_once(std::move(words));
    if (words.size() > kMaxIndexWords) words.resize(kMaxIndexWords);
    return words;
}

std::vector<std::string> query_words(std::string_view utf8) {
    std::vector<std::string> words;
    cut(
        utf8, [&](std::string word) { words.push_back(std::move(word)); },
        [&](const std::u32string& run) {
            if (run.size() == 1) words.push_back(pair_of(run, 0, 1));
            for (std::size_t i = 0; i + 1 < run.size(); ++i) words.push_back(pair_of(run, i, 2));
        });
    return each_once(std::move(words));
}

std::string joined_words(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
    return out;
}

}  // namespace citybridge::desk
