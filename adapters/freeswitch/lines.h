#pragma once
// Finds the lines of a block of `Name: value` in one pass, 64 bytes at a time:
// looking for the end, the colon and the percent sign of each of 150 lines one
// after the other costs twice as much (bench/esl_stream).
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace citybridge::freeswitch {

inline constexpr std::size_t kLineBlock = 64;

// Which of 64 bytes are `wanted`: bit i for bytes[i].
inline std::uint64_t bytes_equal(const char* bytes, char wanted) {
#if defined(__SSE2__)
    const __m128i pattern = _mm_set1_epi8(wanted);
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + i * 16));
        const auto equal = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(block, pattern)));
        out |= static_cast<std::uint64_t>(equal) << (i * 16);
    }
    return out;
#else
    std::uint64_t out = 0;
    for (unsigned i = 0; i < kLineBlock; ++i) out |= static_cast<std::uint64_t>(bytes[i] == wanted) << i;
    return out;
#endif
}

struct Line {
    std::size_t begin = 0;
    std::size_t colon = 0;  // the first one; the end if there is none
    std::size_t end = 0;    // of the line, without its LF
    bool percent = false;   // there is a % somewhere
};

// Gives each line to `use`, the last one also if no LF ends it, until it returns false.
template <class Use>
void each_line(std::string_view text, Use use) {
    constexpr std::size_t kNone = std::string_view::npos;
    Line line;
    line.colon = kNone;
    for (std::size_t base = 0; base < text.size(); base += kLineBlock) {
        const char* bytes = text.data() + base;
        char tail[kLineBlock];
        if (text.size() - base < kLineBlock) {
            std::memset(tail, 0, sizeof tail);
            std::memcpy(tail, bytes, text.size() - base);
            bytes = tail;
        }
        std::uint64_t ends = bytes_equal(bytes, '\n');
        std::uint64_t colons = bytes_equal(bytes, ':');
        std::uint64_t percents = bytes_equal(bytes, '%');
        for (; ends != 0; ends &= ends - 1) {
            const std::uint64_t before = (ends & (~ends + 1)) - 1;  // bits of this line and of earlier ones
            if (line.colon == kNone && (colons & before) != 0)
                line.colon = base + static_cast<std::size_t>(std::countr_zero(colons));
            line.end = base + static_cast<std::size_t>(std::countr_zero(ends));
            line.percent = line.percent || (percents & before) != 0;
            if (line.colon == kNone) line.colon = line.end;
            if (!use(line)) return;
            colons &= ~before;
            percents &= ~before;
            line = {line.end + 1, kNone, 0, false};
        }
        if (line.colon == kNone && colons != 0) line.colon = base + static_cast<std::size_t>(std::countr_zero(colons));
        line.percent = line.percent || percents != 0;
    }
    if (line.begin >= text.size()) return;
    line.end = text.size();
    if (line.colon == kNone) line.colon = line.end;
    (void)use(line);
}

}  // namespace citybridge::freeswitch
