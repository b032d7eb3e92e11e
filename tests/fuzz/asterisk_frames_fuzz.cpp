#include "tests/fuzz/asterisk_frames_fuzz.h"

#include <cstdlib>
#include <functional>
#include <vector>

#include "adapters/asterisk/framer.h"

namespace {

using namespace citybridge;
using namespace citybridge::asterisk;

struct Seen {
    std::vector<std::size_t> messages;
    bool broken = false;
};

Seen read_in_pieces(std::string_view bytes, std::size_t step) {
    Framer framer;
    Seen seen;
    for (std::size_t at = 0; at < bytes.size() && !seen.broken; at += step) {
        framer.feed(bytes.substr(at, step));
        while (true) {
            const auto message = framer.next();
            seen.broken = !message;
            if (!message || *message == nullptr) break;
            if (framer.consumed() > at + step) std::abort();
            std::size_t digest = std::hash<std::string_view>{}((*message)->bytes());
            for (const Field& field : (*message)->fields()) {
                if ((*message)->get(field.key).empty() && (*message)->all(field.key).empty()) std::abort();
                digest = digest * 31 + std::hash<std::string_view>{}(field.value);
            }
            seen.messages.push_back(digest);
        }
    }
    return seen;
}

}  // namespace

int fuzz_asterisk_frames(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const Seen pieces = read_in_pieces(bytes, 1 + (data[0] >> 2U));
    const Seen whole = read_in_pieces(bytes, bytes.size() + 1);
    if (pieces.messages != whole.messages || pieces.broken != whole.broken) std::abort();
    return 0;
}

#ifdef CITYBRIDGE_LIBFUZZER
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return fuzz_asterisk_frames(data, size);
}
#endif
