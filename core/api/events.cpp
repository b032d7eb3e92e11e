#include "core/api/events.h"

namespace citybridge {
namespace {

struct TypeWord {
    std::string_view operator()(const ContactChanged& e) const {
        switch (e.what) {
            case ContactChanged::What::started: return "contact.started";
            case ContactChanged::What::changed: return "contact.changed";
            case ContactChanged::What::offered: return "contact.offered";
            case ContactChanged::What::answered: return "contact.answered";
            case ContactChanged::What::transferred: return "contact.transferred";
            case ContactChanged::What::merged: return "contact.merged";
            case ContactChanged::What::ended: return "contact.ended";
        }
        return "contact.changed";
    }
    std::string_view operator()(const OfferChanged& e) const {
        switch (e.what) {
            case OfferChanged::What::shown: return "offer.shown";
            case OfferChanged::What::details: return "offer.details";
            case OfferChanged::What::revoked: return "offer.revoked";
        }
        return "offer.shown";
    }
    std::string_view operator()(const AgentChanged&) const { return "agent.state"; }
    std::string_view operator()(const CommandFinished&) const { return "command.result"; }
    std::string_view operator()(const PaperChanged& e) const { return e.type; }
    std::string_view operator()(const PbxLinkChanged&) const { return "pbx.link"; }
    std::string_view operator()(const OrderChanged& e) const {
        switch (e.what) {
            case OrderChanged::What::opened: return "order.opened";
            case OrderChanged::What::changed: return "order.changed";
            case OrderChanged::What::noted: return "order.noted";
            case OrderChanged::What::overdue: return "order.overdue";
            case OrderChanged::What::escalated: return "order.escalated";
            case OrderChanged::What::told: return "order.told";
            case OrderChanged::What::closed: return "order.closed";
        }
        return "order.changed";
    }
};

}  // namespace

std::string_view to_string(CommandOutcome value) {
    switch (value) {
        case CommandOutcome::accepted: return "accepted";
        case CommandOutcome::succeeded: return "succeeded";
        case CommandOutcome::failed: return "failed";
        case CommandOutcome::not_supported: return "not_supported";
        case CommandOutcome::unknown: return "unknown";
    }
    return "unknown";
}

std::string_view event_type(const Event& event) { return std::visit(TypeWord{}, event); }

}  // namespace citybridge
