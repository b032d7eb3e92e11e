#include "core/relay/callback.h"

#include <array>

#include "core/relay/callback_cities.h"
#include "core/relay/callback_message.h"
#include "core/relay/callback_step.h"

namespace citybridge::relay {
namespace {

constexpr std::array<std::string_view, 10> kActs{"take",   "assign",    "put_back", "dial",        "done",
                                                 "failed", "give_back", "withdraw", "offer_again", "note"};

struct Needs {
    CallbackWanted out{};

    void of(const std::string& id) { out.callbacks.push_back(id); }
    void operator()(const OfferCallback& what) {
        of(what.id);
        out.cities.push_back(what.target);
    }
    void operator()(const ActOnCallback& what) { of(what.id); }
    void operator()(const CallbackDialEnded& what) { of(what.id); }
    void operator()(const CallbackDue& what) {
        of(what.id);
        out.assigned = true;
    }
    void operator()(const GreetCity& what) { out.cities.push_back(what.city); }
    void operator()(const CityMessageLost& what) {
        if (!what.id.empty()) of(what.id);
        out.cities.push_back(what.city);
    }
    void operator()(const TakeCityMessage& what) {
        const auto& data = what.message.data;
        const std::string me = data.is_object() && data.contains("to") && data["to"].is_string() ? data["to"] : "";
        const auto message = read_city_message(data, me);
        if (!message) return;
        out.cities.push_back(message->from);
        for (const ToldTask& task : message->tasks) of(task.row.id);
        for (const ToldTask& task : message->ended) of(task.row.id);
        out.assigned = message->type == CityMessage::Type::task;
        if (message->type == CityMessage::Type::exchange) out.open_of.push_back(message->from);
        if (message->tells_ended) out.ended_of.push_back({message->from, message->ended_after, message->ended_to});
    }
};

// Of an exchange that this store begins.
CallbackWanted shared_with(const std::string& city) {
    CallbackWanted out;
    out.open_of.push_back(city);
    out.ended_of.push_back({city, "", ""});
    return out;
}

}  // namespace

std::string_view to_string(ActOnCallback::What value) { return kActs[static_cast<std::size_t>(value)]; }

std::optional<ActOnCallback::What> callback_act_from(std::string_view word) {
    for (std::size_t i = 0; i < kActs.size(); ++i)
        if (kActs[i] == word) return static_cast<ActOnCallback::What>(i);
    return {};
}

std::string_view to_string(CallbackDialEnded::Result value) {
    switch (value) {
        case CallbackDialEnded::Result::answered: return "answered";
        case CallbackDialEnded::Result::not_answered: return "not_answered";
        case CallbackDialEnded::Result::not_dialled: return "not_dialled";
        case CallbackDialEnded::Result::unknown: return "unknown";
    }
    return "";
}

CallbackWanted callback_needs(const CallbackInput& input) {
    Needs needs;
    std::visit(needs, input.what);
    return std::move(needs.out);
}

CallbackWanted callback_needs_next(const CallbackSettings& settings, const TakeCityMessage& what,
                                   const CityRecord* sender) {
    const CityMessage heard = read_heard(what.message.data);
    const bool asks = is_outlived(settings, sender, heard) || exchange_is_lost(settings, sender, heard);
    return asks ? shared_with(heard.from) : CallbackWanted{};
}

CallbackWanted callback_needs_next(const CallbackSettings& settings, const GreetCity& what, const CityRecord* city) {
    return is_to_exchange(settings, city) ? shared_with(what.city) : CallbackWanted{};
}

Result<CallbackDecision> apply_callback(const CallbackSettings& settings, const CallbackView& view,
                                        const CallbackInput& input, Now now) {
    const CallbackContext context{settings, view, input, now};
    struct Apply {
        const CallbackContext& context;
        Result<CallbackDecision> operator()(const OfferCallback& what) const { return offer_callback(context, what); }
        Result<CallbackDecision> operator()(const ActOnCallback& what) const { return act_on_callback(context, what); }
        Result<CallbackDecision> operator()(const CallbackDialEnded& what) const { return dial_ended(context, what); }
        Result<CallbackDecision> operator()(const CallbackDue& what) const { return callback_due(context, what); }
        Result<CallbackDecision> operator()(const TakeCityMessage& what) const {
            return take_city_message(context, what);
        }
        Result<CallbackDecision> operator()(const GreetCity& what) const { return greet_city(context, what); }
        Result<CallbackDecision> operator()(const CityMessageLost& what) const { return message_lost(context, what); }
    };
    return std::visit(Apply{context}, input.what);
}

}  // namespace citybridge::relay
