#include "tests/fuzz/freeswitch_frames_fuzz.h"

#include <cstdlib>
#include <functional>
#include <vector>

#include "adapters/freeswitch/decode.h"
#include "adapters/freeswitch/event.h"

namespace {

using namespace citybridge;
using namespace citybridge::freeswitch;

constexpr std::size_t kMaxBody = 1 << 20;

void require(bool kept) {
    if (!kept) std::abort();
}

// What is found by name must be what is there by order.
void check(Event& event) {
    const std::string name_unindexed(event.name());
    const std::vector<Event::Pair> all = event.all();
    require(all.size() == event.size());
    for (const Event::Pair& pair : all) {
        require(event.has(pair.name));
        require(event.value(pair.name).size() <= event.raw(pair.name).size());
        (void)event.number(pair.name);
        (void)event.time(pair.name);
        require(!event.list(pair.name).empty());
    }
    if (!all.empty()) require(event.value(all.front().name) == all.front().value);
    const std::string_view name = event.name();
    require(name.empty() || event.raw("Event-Name") == name || event.raw("Event-Name") == "COMMAND");
    require(name == name_unindexed);
    (void)event.subclass();
    (void)event.at();
    (void)event.body();
}

void read_event(const Frame& frame, Event& event) {
    if (event.read(frame))
        check(event);
    else
        require(event.size() == 0 && event.name().empty() && event.body().empty());
}

struct Seen {
    std::vector<std::size_t> frames;
    std::string error;
};

Seen read_in_pieces(std::string_view bytes, std::size_t step, const std::function<void(const Frame&)>& use) {
    Framer framer(kMaxBody);
    Seen seen;
    for (std::size_t at = 0; at < bytes.size() && seen.error.empty(); at += step) {
        framer.feed(bytes.substr(at, step));
        while (true) {
            const auto frame = framer.next();
            if (!frame) {
                seen.error = frame.error().code;
                break;
            }
            if (*frame == nullptr) break;
            require(framer.consumed() <= at + step);
            seen.frames.push_back(std::hash<std::string_view>{}((*frame)->headers) * 31 +
                                  std::hash<std::string_view>{}((*frame)->body));
            use(**frame);
        }
    }
    return seen;
}

}  // namespace

int fuzz_freeswitch_frames(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::size_t step = 1 + (data[0] >> 3U);
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    Event event;
    const Seen pieces = read_in_pieces(bytes, step, [&event](const Frame& frame) {
        (void)frame.reply_ok();
        (void)frame.lingers();
        read_event(frame, event);
    });
    const Seen whole = read_in_pieces(bytes, bytes.size() + 1, [](const Frame&) {});
    // A stream that breaks off inside a header block may break at another byte, but never after other frames.
    require(pieces.frames == whole.frames);
    require(pieces.error == whole.error || pieces.error.empty() || whole.error.empty());
    // The bytes as a body, so that the formats need no valid frame around them.
    switch (data[0] & 3U) {
        case 0: read_event({Frame::Kind::event_plain, {}, bytes}, event); break;
        case 1: read_event({Frame::Kind::event_json, {}, bytes}, event); break;
        case 2: read_event({Frame::Kind::event_xml, {}, bytes}, event); break;
        default: read_event({Frame::Kind::channel_data, bytes, {}}, event); break;
    }
    return 0;
}

#ifdef CITYBRIDGE_LIBFUZZER
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return fuzz_freeswitch_frames(data, size);
}
#endif
