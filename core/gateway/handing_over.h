#pragma once
// How a command goes from a request to the live strand (P6), and what of it is
// recorded when.
#include <functional>
#include <string>

#include "core/gateway/http_types.h"
#include "core/gateway/services.h"

namespace citybridge::gateway {

// What is kept of a command besides who asked and what became of it.
struct CommandFacts {
    const char* kind = "";
    std::string contact{};
    Fields detail = Fields::object();
};
// Gives the order to the live strand under this id.
using GiveOrder = std::function<Result<>(const std::string& id, const std::string& user)>;

// On a live call: at once, whatever the disk does; recorded as a fact.
HttpResponse hand_over(const Call& call, const CommandFacts& facts, const GiveOrder& order);
// Makes a phone ring: committed before it is sent, so that whoever repeats the
// request, also after a restart of the node, rings nobody twice.
HttpResponse commit_first(const Call& call, const CommandFacts& facts, const GiveOrder& order);

}  // namespace citybridge::gateway
