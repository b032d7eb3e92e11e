// Parts of the path from a PBX's bytes to a frame, each alone and warm. What
// the whole path costs is measured by ami_stream and event_to_frame.
#include <benchmark/benchmark.h>

#include <stdexcept>

#include "adapters/asterisk/framer.h"
#include "adapters/asterisk/settings.h"
#include "adapters/asterisk/translate.h"
#include "bench/call_script.h"
#include "core/api/model_json.h"
#include "core/calls/call_book.h"
#include "core/gateway/stream_json.h"
#include "core/gateway/ws_frame.h"
#include "tools/replay/recording.h"

namespace citybridge::bench {
namespace {

constexpr char kCapture[] = CITYBRIDGE_SOURCE_DIR "/tests/wire/captures/asterisk/05b-abandon-ringing.ami";
constexpr WallTime kAt{Millis{1'795'289'756'565}};
constexpr Now kNow{kAt, MonoTime{Millis{1'000}}};

// One call from the recording: its bytes, its signals, what the book makes of them.
struct OneCall {
    std::string bytes;
    std::size_t events = 0;
    std::vector<PbxSignal> signals;
    EventEnvelope shown;  // its offer.shown

    OneCall() {
        const auto recording = replay::read_file(kCapture);
        if (!recording) throw std::runtime_error(recording.error().detail);
        const CallScript script(*recording);
        const CallTexts texts = script.call(1, 2001);
        bytes = texts.before + texts.ringing + texts.after;
        events = script.events_per_call();
        asterisk::Translator translator({});
        each_message([&](const asterisk::Message& message) { translator.translate(message, kAt, signals); });
        find_pop();
    }

    template <class Use>
    void each_message(Use use) const {
        asterisk::Framer framer;
        framer.feed("Asterisk Call Manager/9.0.0\r\n");
        framer.feed(bytes);
        for (auto message = framer.next(); message && *message != nullptr; message = framer.next())
            if ((*message)->kind() == asterisk::Message::Kind::event) use(**message);
    }

private:
    void find_pop() {
        calls::CallBook book({.city = "bench", .pbx = "pbx1"});
        std::vector<Event> happened;
        for (const PbxSignal& signal : signals) book.apply(signal, kNow, happened);
        for (const Event& event : happened) {
            const auto* offer = std::get_if<OfferChanged>(&event);
            if (offer == nullptr || offer->what != OfferChanged::What::shown) continue;
            shown = {1, kAt, event};
            return;
        }
        throw std::runtime_error("the recorded call shows no pop");
    }
};

const OneCall& one_call() {
    static const OneCall call;
    return call;
}

void per(benchmark::State& state, std::size_t things) {
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(things));
}

// Items of the next three: events of the manager stream.
void frame_only(benchmark::State& state) {
    while (state.KeepRunning())
        one_call().each_message([](const asterisk::Message& message) { benchmark::DoNotOptimize(message.name()); });
    per(state, one_call().events);
}
BENCHMARK(frame_only);

void frame_and_split(benchmark::State& state) {
    while (state.KeepRunning())
        one_call().each_message(
            [](const asterisk::Message& message) { benchmark::DoNotOptimize(message.fields().size()); });
    per(state, one_call().events);
}
BENCHMARK(frame_and_split);

void frame_and_translate(benchmark::State& state) {
    asterisk::Translator translator({});
    std::vector<PbxSignal> signals;
    while (state.KeepRunning()) {
        signals.clear();
        one_call().each_message([&](const asterisk::Message& m) { translator.translate(m, kAt, signals); });
        benchmark::DoNotOptimize(signals.size());
    }
    per(state, one_call().events);
}
BENCHMARK(frame_and_translate);

// Items: signals. One book sees the same call end and begin again.
void call_book(benchmark::State& state) {
    calls::CallBook book({.city = "bench", .pbx = "pbx1"});
    std::vector<Event> events;
    while (state.KeepRunning())
        for (const PbxSignal& signal : one_call().signals) {
            events.clear();
            book.apply(signal, kNow, events);
            benchmark::DoNotOptimize(events.size());
        }
    per(state, one_call().signals.size());
}
BENCHMARK(call_book);

void contact_json(benchmark::State& state) {
    const Contact& contact = *std::get<OfferChanged>(one_call().shown.event).contact;
    while (state.KeepRunning()) benchmark::DoNotOptimize(dump(to_json(contact)));
}
BENCHMARK(contact_json);

void offer_shown_text(benchmark::State& state) {
    while (state.KeepRunning()) benchmark::DoNotOptimize(gateway::event_text("0123456789abcdef-1", one_call().shown));
}
BENCHMARK(offer_shown_text);

void websocket_frame(benchmark::State& state) {
    const std::string text = gateway::event_text("0123456789abcdef-1", one_call().shown);
    while (state.KeepRunning()) benchmark::DoNotOptimize(gateway::ws_frame(gateway::WsOpcode::text, text));
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(websocket_frame);

void plugin_settings(benchmark::State& state) {
    const Position here{"bench", 1, 1};
    const RawSettings raw{
        here, {{"host", "127.0.0.1", here}, {"port", "5038", here}, {"user", "u", here}, {"secret", "s", here}}};
    while (state.KeepRunning()) {
        Problems problems;
        benchmark::DoNotOptimize(asterisk::parse_config(raw, problems));
        if (!problems.empty()) state.SkipWithError("the settings were refused");
    }
}
BENCHMARK(plugin_settings);

}  // namespace
}  // namespace citybridge::bench

BENCHMARK_MAIN();
