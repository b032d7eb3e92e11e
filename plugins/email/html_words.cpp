#include <array>
#include <charconv>
#include <cstdint>

#include "core/api/text.h"
#include "plugins/email/charsets.h"

namespace citybridge::email {
namespace {

constexpr std::size_t kLongestEntity = 10;

void append_character(std::string& out, std::uint32_t code) {
    const auto byte = [&](std::uint32_t value) { out += static_cast<char>(value); };
    if (code < 0x20 || (code >= 0xD800 && code < 0xE000) || code > 0x10FFFF) {
        out += ' ';
    } else if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xC0U | (code >> 6U));
        byte(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
        byte(0xE0U | (code >> 12U));
        byte(0x80U | ((code >> 6U) & 0x3FU));
        byte(0x80U | (code & 0x3FU));
    } else {
        byte(0xF0U | (code >> 18U));
        byte(0x80U | ((code >> 12U) & 0x3FU));
        byte(0x80U | ((code >> 6U) & 0x3FU));
        byte(0x80U | (code & 0x3FU));
    }
}

// Appends what "&name;" at the beginning means; the length read, 0: it is none.
std::size_t append_entity(std::string& out, std::string_view text) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kNames{
        {{"nbsp", " "}, {"lt", "<"}, {"gt", ">"}, {"amp", "&"}, {"quot", "\""}, {"apos", "'"}, {"#39", "'"}}};
    const auto end = text.substr(0, kLongestEntity).find(';');
    if (end == std::string_view::npos) return 0;
    std::string_view name = text.substr(1, end - 1);
    for (const auto& [known, meaning] : kNames) {
        if (name != known) continue;
        out += meaning;
        return end + 1;
    }
    if (!name.starts_with('#')) return 0;
    name.remove_prefix(1);
    const bool hex = name.starts_with('x') || name.starts_with('X');
    if (hex) name.remove_prefix(1);
    std::uint32_t code = 0;
    const auto [stop, error] = std::from_chars(name.data(), name.data() + name.size(), code, hex ? 16 : 10);
    if (error != std::errc{} || stop != name.data() + name.size()) return 0;
    append_character(out, code);
    return end + 1;
}

// Length of an element whose content is not for people, with its end tag; 0: it is none of these.
std::size_t hidden_element(std::string_view lower) {
    for (const auto& [open, close] : {std::pair<std::string_view, std::string_view>{"<script", "</script"},
                                      {"<style", "</style"},
                                      {"<head", "</head"},
                                      {"<!--", "-->"}}) {
        if (!lower.starts_with(open)) continue;
        if (open == "<head" && lower.starts_with("<header")) continue;
        const auto end = lower.find(close);
        return end == std::string_view::npos ? lower.size() : end + close.size();
    }
    return 0;
}

bool ends_line(std::string_view lower) {
    for (const std::string_view tag : {"<br", "<p", "</p", "<div", "</div", "<tr", "</tr", "<li", "<h", "<blockquote"})
        if (lower.starts_with(tag)) return true;
    return false;
}

}  // namespace

std::string words_of_html(std::string_view html) {
    const std::string lower = lower_case(html);
    std::string out;
    for (std::size_t at = 0; at < html.size();) {
        const char c = html[at];
        if (c == '<') {
            const std::string_view here = std::string_view(lower).substr(at);
            const std::size_t hidden = hidden_element(here);
            if (hidden == 0 && ends_line(here) && !out.empty() && out.back() != '\n') out += '\n';
            // What is hidden may end in the middle of its end tag; the rest of that is left out as a tag's.
            const auto end = html.find('>', hidden == 0 ? at : std::min(at + hidden - 1, html.size()));
            at = end == std::string_view::npos ? html.size() : end + 1;
        } else if (c == '&') {
            const std::size_t read = append_entity(out, html.substr(at));
            if (read == 0) out += c;
            at += read == 0 ? 1 : read;
        } else {
            const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
            if (!blank)
                out += c;
            else if (!out.empty() && out.back() != ' ' && out.back() != '\n')
                out += ' ';
            ++at;
        }
    }
    return out;
}

}  // namespace citybridge::email
