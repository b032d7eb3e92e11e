#include "tools/demo/terminal_text.h"

#include <algorithm>

namespace citybridge::demo {
namespace {

std::size_t bytes_of(unsigned char first) {
    if (first < 0x80) return 1;
    if (first < 0xE0) return 2;
    return first < 0xF0 ? 3 : 4;
}

// CJK, kana, Hangul, full-width forms and emoji; the C library knows them only in a UTF-8 locale.
std::size_t cells_of(unsigned char first) {
    const bool wide = first >= 0xF0 || (first >= 0xE3 && first <= 0xED) || first == 0xEF;
    return wide ? 2 : 1;
}

}  // namespace

std::string fit(std::string_view text, std::size_t width) {
    std::string out;
    std::size_t used = 0;
    for (std::size_t i = 0; i < text.size();) {
        const auto first = static_cast<unsigned char>(text[i]);
        const std::size_t size = std::min(bytes_of(first), text.size() - i);
        if (used + cells_of(first) > width) break;
        out += first < 0x20 ? std::string_view(" ") : text.substr(i, size);
        used += cells_of(first);
        i += size;
    }
    return out.append(width - used, ' ');
}

}  // namespace citybridge::demo
