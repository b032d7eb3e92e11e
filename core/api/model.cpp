#include "core/api/model.h"

namespace citybridge {

std::string_view to_string(Direction value) {
    switch (value) {
        case Direction::inbound: return "inbound";
        case Direction::outbound: return "outbound";
        case Direction::internal: return "internal";
    }
    return "unknown";
}

std::string_view to_string(ContactState value) {
    switch (value) {
        case ContactState::ringing: return "ringing";
        case ContactState::ivr: return "ivr";
        case ContactState::queued: return "queued";
        case ContactState::offered: return "offered";
        case ContactState::talking: return "talking";
        case ContactState::holding: return "holding";
        case ContactState::parked: return "parked";
        case ContactState::ended: return "ended";
    }
    return "unknown";
}

std::string_view to_string(Outcome value) {
    switch (value) {
        case Outcome::answered: return "answered";
        case Outcome::abandoned: return "abandoned";
        case Outcome::no_answer: return "no_answer";
        case Outcome::busy: return "busy";
        case Outcome::rejected: return "rejected";
        case Outcome::failed: return "failed";
        case Outcome::voicemail: return "voicemail";
        case Outcome::ivr_only: return "ivr_only";
        case Outcome::unknown: return "unknown";
    }
    return "unknown";
}

std::string_view to_string(EndedBy value) {
    switch (value) {
        case EndedBy::customer: return "customer";
        case EndedBy::agent: return "agent";
        case EndedBy::system: return "system";
        case EndedBy::unknown: return "unknown";
    }
    return "unknown";
}

std::string_view to_string(LegRole value) {
    switch (value) {
        case LegRole::customer: return "customer";
        case LegRole::agent: return "agent";
        case LegRole::consult: return "consult";
        case LegRole::trunk: return "trunk";
        case LegRole::ivr: return "ivr";
        case LegRole::supervisor: return "supervisor";
    }
    return "unknown";
}

std::string_view to_string(OfferState value) {
    switch (value) {
        case OfferState::offered: return "offered";
        case OfferState::shown: return "shown";
        case OfferState::accepted: return "accepted";
        case OfferState::revoked: return "revoked";
        case OfferState::expired: return "expired";
        case OfferState::refused: return "refused";
    }
    return "unknown";
}

std::string_view to_string(HoldBy value) {
    switch (value) {
        case HoldBy::customer: return "customer";
        case HoldBy::agent: return "agent";
    }
    return "unknown";
}

std::string_view to_string(TransferKind value) {
    switch (value) {
        case TransferKind::blind: return "blind";
        case TransferKind::attended: return "attended";
        case TransferKind::redirect: return "redirect";
        case TransferKind::conference: return "conference";
        case TransferKind::park: return "park";
        case TransferKind::city: return "city";
    }
    return "unknown";
}

std::string_view to_string(TransferResult value) {
    switch (value) {
        case TransferResult::completed: return "completed";
        case TransferResult::cancelled: return "cancelled";
        case TransferResult::failed: return "failed";
    }
    return "unknown";
}

std::string_view to_string(TransferReason value) {
    switch (value) {
        case TransferReason::none: return "";
        case TransferReason::busy: return "busy";
        case TransferReason::no_answer: return "no_answer";
        case TransferReason::rejected: return "rejected";
        case TransferReason::no_such_number: return "no_such_number";
        case TransferReason::unreachable: return "unreachable";
        case TransferReason::cancelled: return "cancelled";
        case TransferReason::hung_up: return "hung_up";
        case TransferReason::customer_hung_up: return "customer_hung_up";
    }
    return "unknown";
}

std::string_view to_string(CallAction value) {
    switch (value) {
        case CallAction::hangup: return "hangup";
        case CallAction::hold: return "hold";
        case CallAction::retrieve: return "retrieve";
        case CallAction::transfer: return "transfer";
        case CallAction::consult: return "consult";
        case CallAction::attended_transfer: return "attended_transfer";
        case CallAction::cancel_consult: return "cancel_consult";
        case CallAction::conference: return "conference";
        case CallAction::record: return "record";
        case CallAction::stop_recording: return "stop_recording";
        case CallAction::mute_recording: return "mute_recording";
        case CallAction::unmute_recording: return "unmute_recording";
        case CallAction::park: return "park";
    }
    return "unknown";
}

std::string_view to_string(Recording::State value) {
    switch (value) {
        case Recording::State::recording: return "recording";
        case Recording::State::muted: return "muted";
        case Recording::State::finished: return "finished";
    }
    return "unknown";
}

std::string_view to_string(AgentPresence value) {
    switch (value) {
        case AgentPresence::logged_out: return "logged_out";
        case AgentPresence::ready: return "ready";
        case AgentPresence::reserved: return "reserved";
        case AgentPresence::ringing: return "ringing";
        case AgentPresence::talking: return "talking";
        case AgentPresence::holding: return "holding";
        case AgentPresence::wrap_up: return "wrap_up";
        case AgentPresence::not_ready: return "not_ready";
    }
    return "unknown";
}

}  // namespace citybridge
