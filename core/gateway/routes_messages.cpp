// Short messages to customers: how long one would be, sending it, what became of it.
#include "core/gateway/fields_messages.h"
#include "core/gateway/handlers_verification.h"
#include "core/gateway/handlers_written.h"
#include "core/gateway/routes.h"

namespace citybridge::gateway {
namespace {

using enum LaneKind;

constexpr std::string_view kMessageJson = "application/json";

const std::array kMessageRoutes{
    Route{"POST", "/v1/messages/preview", kPeople, durable, post_message_preview,
          "A short message as it would be sent: its text with signature, its length and its parts.", 200,
          "message_preview", kMessageJson, kPreviewFields},
    Route{"POST",
          "/v1/messages",
          kDialers,
          durable,
          post_message,
          "Writes a short message to a customer, from an order or from his record.",
          202,
          "message",
          kMessageJson,
          kMessageFields,
          {},
          KeyKind::durable},
    Route{"GET",
          "/v1/messages",
          kPeople,
          durable,
          get_messages,
          "Messages that people wrote to a customer or about an order, the newest first.",
          200,
          "message_page",
          kMessageJson,
          {},
          kMessagesQuery},
    Route{"GET", "/v1/messages/{id}", kPeople, durable, get_message, "What became of a message that a person wrote.",
          200, "message"},
};

}  // namespace

std::span<const Route> message_routes() { return kMessageRoutes; }

}  // namespace citybridge::gateway
