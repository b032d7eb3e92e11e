#include "core/api/capabilities.h"

namespace citybridge {

std::string_view to_string(Repeats value) {
    switch (value) {
        case Repeats::dedupes: return "dedupes";
        case Repeats::findable: return "findable";
        case Repeats::neither: return "neither";
    }
    return "neither";
}

std::string_view to_string(AgentWish value) {
    switch (value) {
        case AgentWish::ready: return "ready";
        case AgentWish::not_ready: return "not_ready";
        case AgentWish::log_in: return "log_in";
        case AgentWish::log_out: return "log_out";
    }
    return "not_ready";
}

std::string_view to_string(DeliveryOutcome value) {
    switch (value) {
        case DeliveryOutcome::delivered: return "delivered";
        case DeliveryOutcome::not_done: return "not_done";
        case DeliveryOutcome::refused: return "refused";
        case DeliveryOutcome::unclear: return "unclear";
        case DeliveryOutcome::gone: return "gone";
    }
    return "unclear";
}

}  // namespace citybridge
