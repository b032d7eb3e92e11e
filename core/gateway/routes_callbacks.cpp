// Callbacks and on-line transfers between cities.
#include "core/gateway/fields_callbacks.h"
#include "core/gateway/fields_transfers.h"
#include "core/gateway/handlers_callbacks.h"
#include "core/gateway/handlers_transfers.h"
#include "core/gateway/routes.h"

namespace citybridge::gateway {
namespace {

using enum LaneKind;

const std::array kCallbackRoutes{
    Route{"GET", "/v1/cities", kPeople, durable, get_cities, "The other cities, and what is known of them.", 200,
          "city_page"},
    Route{"GET", "/v1/cities/{id}/promise", kPeople, durable, get_city_promise,
          "What the customer may be promised now: the sentence to say, and the deadline both cities see.", 200,
          "city_promise"},
    Route{"GET",
          "/v1/callbacks",
          kPeople,
          durable,
          get_callbacks,
          "Callbacks between cities, the newest first.",
          200,
          "callback_page",
          "application/json",
          {},
          kCallbackQuery},
    Route{"POST",
          "/v1/callbacks",
          kDialers,
          durable,
          post_callback,
          "Hands a customer to another city, whose agent calls him.",
          201,
          "callback",
          "application/json",
          kCallbackFields,
          {},
          KeyKind::durable},
    Route{"GET", "/v1/callbacks/{id}", kPeople, durable, get_callback, "One callback with its history here.", 200,
          "callback"},
    Route{"POST",
          "/v1/callbacks/{id}/{action}",
          kDialers,
          durable,
          post_callback_action,
          "take, assign, put_back, dial, done, failed, give_back, withdraw, offer_again or note.",
          200,
          "callback",
          "application/json",
          kCallbackActFields,
          {},
          KeyKind::durable},
    Route{"POST",
          "/v1/contacts/{id}/transfer-to-city",
          kDialers,
          durable,
          post_transfer_to_city,
          "The customer goes to another city's hotline; if nobody answers there, the agent has him again.",
          201,
          "transfer",
          "application/json",
          kTransferToCityFields,
          {},
          KeyKind::durable},
    Route{"GET", "/v1/transfers", kPeople, durable, get_transfers,
          "Live calls that went to another city or came from one, the newest first.", 200, "transfer_page"},
    Route{"GET", "/v1/transfers/{id}", kPeople, durable, get_transfer, "One of them, and what became of it.", 200,
          "transfer"},
};

}  // namespace

std::span<const Route> callback_routes() { return kCallbackRoutes; }

}  // namespace citybridge::gateway
