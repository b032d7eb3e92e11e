#pragma once
// What the durable strand takes in. An input is one step: it is committed as a
// whole or leaves nothing.
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "core/gateway/durable_port.h"

namespace citybridge {

using DurableDone = std::function<void(Result<DurableAnswer>)>;

// Somebody waits for the answer.
struct ClientStep {
    std::variant<desk::Request, Changes, OutboxAct> what;
    desk::Reply reply;  // of Changes: what is answered
    std::optional<RequestKey> key;
    DurableDone done;
};

// An answer of a connector, already judged by the relay: the same progress is
// committed however often the store refuses, because the relay is asked once.
struct ProgressStep {
    OutboxProgress progress;
    OutboxRecord message;
    bool tell_desk = false;  // the message came to its end, and an order's history says so
};

// The node's own: a deadline was reached, a contact ended, a command finished.
struct OwnStep {
    std::variant<desk::Request, Changes> what;
};

using DurableInput = std::variant<ClientStep, ProgressStep, OwnStep>;

}  // namespace citybridge
