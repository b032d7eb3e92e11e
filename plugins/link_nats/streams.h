#pragma once
// The four streams of a city: what it sends is stored at its leaf (OUT) and
// taken over by the hub (UP) when the line is there; what is for it is stored
// at the hub (DOWN) and taken over by the leaf (IN). A stream that is made gets
// a mark, and who takes over from it notes the mark: a server that lost its
// disk counts from one again, and whoever waited for its next number would wait
// for ever. Another mark: the one that takes over is made anew.
#include <optional>
#include <string>

#include "core/api/result.h"
#include "plugins/link_nats/broker.h"

namespace citybridge::link_nats {

class Streams {
public:
    Streams(Broker& broker, BrokerSettings settings, std::string city)
        : broker_(broker), settings_(std::move(settings)), city_(std::move(city)) {}

    // What can be done without the line. Waits for answers. Error "link_nats.no_streams".
    Result<> keep_leaf();
    // The rest; makes what is missing at either side.
    Result<> keep_hub();

private:
    struct Mark {
        natsStatus status = NATS_OK;  // NATS_NOT_FOUND: there is no such stream
        std::string text;
    };
    static Mark mark_of(jsCtx* js, const char* name);
    natsStatus make(jsCtx* js, const char* name, const std::string& mark) const;
    Mark keep_source(jsCtx* js, const char* name) const;
    natsStatus keep_taker(jsCtx* js, const char* name, const std::string& mark) const;
    natsStatus keep_consumer() const;

    Broker& broker_;
    const BrokerSettings settings_;
    const std::string city_;
};

}  // namespace citybridge::link_nats
