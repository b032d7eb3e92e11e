#include "plugins/link_nats/streams.h"

#include <cstring>
#include <random>

namespace citybridge::link_nats {
namespace {

constexpr std::int64_t kNanos = 1'000'000'000;
constexpr std::int64_t kAckWaitSeconds = 60;
constexpr std::int64_t kMostUnacknowledged = 2'000;
// The inbox of the far store is what keeps repetitions out; this is for the broker's own hiccups.
constexpr std::int64_t kDuplicatesSeconds = 120;

bool is(const char* name, const char* other) { return std::strcmp(name, other) == 0; }

Result<> no_streams(const char* where, natsStatus status) {
    // The server's own words, if it was the server: "insufficient storage resources available".
    const char* const words = nats_GetLastError(nullptr);
    return Error{"link_nats.no_streams", std::string("the streams at the ") + where + " cannot be made or read: " +
                                             (words != nullptr && *words != '\0' ? words : natsStatus_GetText(status))};
}

}  // namespace

natsStatus Streams::make(jsCtx* js, const char* name, const std::string& mark) const {
    const std::string api = "$JS." + (is(name, kUp) ? city_ : settings_.hub_domain) + ".API";
    jsStreamConfig config;
    jsStreamSource source;
    jsExternalStream external;
    jsRePublish republish{"to.>", "up.>", false};
    jsStreamSource* sources[] = {&source};
    const char* to[] = {"to.>"};
    const char* from[] = {"from.>"};
    jsStreamConfig_Init(&config);
    jsStreamSource_Init(&source);
    jsExternalStream_Init(&external);
    config.Name = name;
    config.Description = mark.c_str();
    config.MaxAge = std::chrono::seconds(settings_.keep).count() * kNanos;
    config.MaxBytes = settings_.most_bytes;
    config.Duplicates = kDuplicatesSeconds * kNanos;
    if (!is(name, kIn)) {
        config.Subjects = is(name, kDown) ? from : to;
        config.SubjectsLen = 1;
    } else {
        config.Retention = js_WorkQueuePolicy;
    }
    if (is(name, kUp) || is(name, kIn)) {
        source.Name = is(name, kUp) ? kOut : kDown;
        external.APIPrefix = api.c_str();
        external.DeliverPrefix = "";  // not a null pointer: the server would take it for the word
        source.External = &external;
        config.Sources = sources;
        config.SourcesLen = 1;
    }
    // UP has subjects only because a stream that republishes must; the leaf lets none of them pass to the hub.
    if (is(name, kUp)) config.RePublish = &republish;
    jsErrCode code{};
    return js_AddStream(nullptr, js, &config, nullptr, &code);
}

Streams::Mark Streams::mark_of(jsCtx* js, const char* name) {
    jsErrCode code{};
    jsStreamInfo* info = nullptr;
    const natsStatus status = js_GetStreamInfo(&info, js, name, nullptr, &code);
    const Nats<jsStreamInfo> owner(info);
    if (status != NATS_OK) return {status, {}};
    return {NATS_OK, info->Config->Description != nullptr ? info->Config->Description : ""};
}

Streams::Mark Streams::keep_source(jsCtx* js, const char* name) const {
    Mark mark = mark_of(js, name);
    if (mark.status != NATS_NOT_FOUND) return mark;
    std::random_device random;
    mark.text = std::to_string(random()) + '-' + std::to_string(random());
    mark.status = make(js, name, mark.text);
    return mark;
}

natsStatus Streams::keep_taker(jsCtx* js, const char* name, const std::string& mark) const {
    const Mark known = mark_of(js, name);
    if (known.status == NATS_OK && known.text == mark) return NATS_OK;
    jsErrCode code{};
    if (known.status == NATS_OK) {
        // What it still held comes again from the senders' outboxes.
        if (const natsStatus gone = js_DeleteStream(js, name, nullptr, &code); gone != NATS_OK) return gone;
    } else if (known.status != NATS_NOT_FOUND) {
        return known.status;
    }
    return make(js, name, mark);
}

natsStatus Streams::keep_consumer() const {
    jsErrCode code{};
    jsConsumerInfo* info = nullptr;
    natsStatus status = js_GetConsumerInfo(&info, broker_.leaf(), kIn, kConsumer, nullptr, &code);
    const Nats<jsConsumerInfo> owner(info);
    if (status != NATS_NOT_FOUND) return status;
    jsConsumerConfig config;
    jsConsumerConfig_Init(&config);
    config.Durable = kConsumer;
    config.AckPolicy = js_AckExplicit;
    config.AckWait = kAckWaitSeconds * kNanos;
    config.MaxAckPending = kMostUnacknowledged;
    return js_AddConsumer(nullptr, broker_.leaf(), kIn, &config, nullptr, &code);
}

Result<> Streams::keep_leaf() {
    if (const Mark out = keep_source(broker_.leaf(), kOut); out.status != NATS_OK)
        return no_streams("leaf", out.status);
    const Mark in = mark_of(broker_.leaf(), kIn);
    if (in.status == NATS_NOT_FOUND) return ok();
    const natsStatus status = in.status == NATS_OK ? keep_consumer() : in.status;
    return status == NATS_OK ? ok() : no_streams("leaf", status);
}

Result<> Streams::keep_hub() {
    const Mark out = keep_source(broker_.leaf(), kOut);
    if (out.status != NATS_OK) return no_streams("leaf", out.status);
    const Mark down = keep_source(broker_.hub(), kDown);
    if (down.status != NATS_OK) return no_streams("hub", down.status);
    natsStatus status = keep_taker(broker_.leaf(), kIn, down.text);
    if (status == NATS_OK) status = keep_consumer();
    if (status != NATS_OK) return no_streams("leaf", status);
    status = keep_taker(broker_.hub(), kUp, out.text);
    return status == NATS_OK ? ok() : no_streams("hub", status);
}

}  // namespace citybridge::link_nats
