#include "core/relay/city_transfer.h"

#include <algorithm>
#include <array>

#include "core/api/records_json.h"

namespace citybridge::relay {
namespace {

constexpr std::array<std::string_view, 11> kTransferStates{"calling", "with_supervisor", "transferred", "failed",
                                                           "unknown", "expected",        "arrived",     "answered",
                                                           "missed",  "not_seen",        "called_off"};
constexpr std::array<std::string_view, 10> kTransferFields{"id",     "version", "state", "reason",  "contact",
                                                           "number", "name",    "notes", "callers", "within_ms"};
constexpr std::size_t kMostText = 4'000;
constexpr std::size_t kMostCallers = 20;

Error not_a_transfer(const std::string& what) {
    return {"hook.not_understood", "this is no message about an on-line transfer: " + what};
}

bool is_link_id(const std::string& text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
    });
}

// The words of the API's commands.
const char* command_state(TransferState state) {
    switch (state) {
        case TransferState::transferred:
        case TransferState::with_supervisor:
        case TransferState::answered: return "succeeded";
        case TransferState::failed:
        case TransferState::missed:
        case TransferState::not_seen:
        case TransferState::called_off: return "failed";
        case TransferState::unknown: return "unknown";
        case TransferState::calling:
        case TransferState::expected:
        case TransferState::arrived: return "accepted";
    }
    return "accepted";
}

struct WhyFailed {
    std::string_view reason;
    std::string_view what;  // of whom was called
};
// The words of TransferReason and of refused commands.
constexpr std::array kWhyFailed{
    WhyFailed{"busy", "was busy"},
    WhyFailed{"no_answer", "did not answer"},
    WhyFailed{"rejected", "refused the call"},
    WhyFailed{"no_such_number", "has a number that the PBX could not dial"},
    WhyFailed{"unreachable", "could not be reached: there was no line"},
    WhyFailed{"cancelled", "did not get the customer: the call was taken back"},
    WhyFailed{"hung_up", "answered and hung up"},
    WhyFailed{"not_permitted", "may not be called from this phone"},
};

// What the agent reads who has the customer again.
Fields sentence_of(const CityTransfer& transfer) {
    if (!transfer.out) return nullptr;
    if (transfer.far_state == "missed")
        return "The call ended there before anybody answered. A callback can be ordered.";
    if (transfer.state != TransferState::failed) return nullptr;
    if (transfer.reason == "customer_hung_up") return "The customer hung up before he was through.";
    const auto* why = std::find_if(kWhyFailed.begin(), kWhyFailed.end(),
                                   [&](const WhyFailed& each) { return each.reason == transfer.reason; });
    std::string out(transfer.to_supervisor ? "The supervisor " : "The hotline ");
    out += why == kWhyFailed.end() ? "was not reached" : why->what;
    return out + (transfer.to_supervisor ? "." : ". Offer a callback.");
}

Fields text_or_none(const std::string& text) { return text.empty() ? Fields(nullptr) : Fields(text); }

Result<CityTransfer> read_told(const Fields& from, WallTime now) {
    CityTransfer out;
    out.id = from.at("id").get<std::string>();
    if (!is_link_id(out.id)) return not_a_transfer("its id is none");
    out.version = from.at("version").get<std::int64_t>();
    const auto state = transfer_state_from(from.at("state").get<std::string>());
    if (!state) return not_a_transfer("its state is not known here");
    out.state = *state;
    out.reason = from.value("reason", "");
    out.contact = from.value("contact", "");
    out.number = from.value("number", "");
    out.name = from.value("name", "");
    out.notes = from.value("notes", "");
    out.callers = from.value("callers", std::vector<std::string>{});
    if (out.callers.size() > kMostCallers || out.notes.size() > kMostText || out.name.size() > kMostText)
        return not_a_transfer("it is too long");
    const auto within = from.value("within_ms", kTransferWindow.count());
    out.until = now + std::clamp(Millis{within}, Millis{0}, 20 * kTransferWindow);
    for (const auto& [name, value] : from.items())
        if (std::find(kTransferFields.begin(), kTransferFields.end(), name) == kTransferFields.end())
            out.unknown[name] = value;
    return out;
}

}  // namespace

std::string_view to_string(TransferState value) { return kTransferStates[static_cast<std::size_t>(value)]; }

std::optional<TransferState> transfer_state_from(std::string_view word) {
    for (std::size_t i = 0; i < kTransferStates.size(); ++i)
        if (kTransferStates[i] == word) return static_cast<TransferState>(i);
    return {};
}

bool is_over(TransferState state) { return std::string_view(command_state(state)) != "accepted"; }

CityTransfer transfer_of(const CommandRecord& row) {
    const Fields& from = row.detail;
    CityTransfer out;
    out.id = row.id;
    out.out = row.kind == kTransferOut;
    out.user = row.user;
    out.contact = row.contact;
    out.reason = row.reason;
    out.at = row.at;
    out.updated_at = row.updated_at;
    out.city = from.value("city", "");
    const TransferState first = out.out ? TransferState::calling : TransferState::expected;
    out.state = transfer_state_from(from.value("state", "")).value_or(first);
    out.agent = from.value("agent", "");
    out.far_contact = from.value("far_contact", "");
    out.far_state = from.value("far_state", "");
    out.number = from.value("number", "");
    out.name = from.value("name", "");
    out.customer = from.value("customer", "");
    out.notes = from.value("notes", "");
    out.to = from.value("to", "");
    out.consult = from.value("consult", "");
    out.to_supervisor = from.value("to_supervisor", false);
    out.legs_before = from.value("legs_before", std::size_t{0});
    out.transfers_before = from.value("transfers_before", std::size_t{0});
    out.callers = from.value("callers", std::vector<std::string>{});
    if (const auto until = from.find("until"); until != from.end())
        out.until = from_epoch_ms(until->get<std::int64_t>());
    out.version = from.value("version", std::int64_t{0});
    out.seen = from.value("seen", std::int64_t{0});
    if (const auto unknown = from.find("unknown"); unknown != from.end()) out.unknown = *unknown;
    return out;
}

CommandRecord row_of(const CityTransfer& transfer) {
    CommandRecord row;
    row.id = transfer.id;
    row.user = transfer.user;
    row.kind = transfer.out ? kTransferOut : kTransferIn;
    row.state = command_state(transfer.state);
    row.reason = transfer.reason;
    row.contact = transfer.contact;
    row.at = transfer.at;
    row.updated_at = transfer.updated_at;
    row.detail = {{"city", transfer.city},
                  {"state", to_string(transfer.state)},
                  {"agent", transfer.agent},
                  {"far_contact", transfer.far_contact},
                  {"far_state", transfer.far_state},
                  {"number", transfer.number},
                  {"name", transfer.name},
                  {"customer", transfer.customer},
                  {"notes", transfer.notes},
                  {"to", transfer.to},
                  {"consult", transfer.consult},
                  {"to_supervisor", transfer.to_supervisor},
                  {"legs_before", transfer.legs_before},
                  {"transfers_before", transfer.transfers_before},
                  {"callers", transfer.callers},
                  {"version", transfer.version},
                  {"seen", transfer.seen}};
    if (transfer.until) row.detail["until"] = epoch_ms(*transfer.until);
    if (!transfer.unknown.empty()) row.detail["unknown"] = transfer.unknown;
    return row;
}

Fields transfer_json(const CityTransfer& transfer) {
    // Another try is a callback (D1): what to ask POST /v1/callbacks for.
    const bool in_vain = transfer.out && !transfer.to_supervisor && !transfer.city.empty() &&
                         (transfer.state == TransferState::failed || transfer.far_state == "missed");
    Fields callback(nullptr);
    if (in_vain) {
        callback = {{"city", transfer.city},
                    {"number", transfer.number},
                    {"contact", transfer.contact},
                    {"transfer", transfer.id}};
        if (!transfer.customer.empty()) callback["customer"] = transfer.customer;
        if (!transfer.notes.empty()) callback["notes"] = transfer.notes;
    }
    return {{"id", transfer.id},
            {"side", transfer.out ? "origin" : "target"},
            {"city", text_or_none(transfer.city)},
            {"state", to_string(transfer.state)},
            {"reason", text_or_none(transfer.reason)},
            {"sentence", sentence_of(transfer)},
            {"far_state", text_or_none(transfer.far_state)},
            {"user", transfer.user},
            {"agent", text_or_none(transfer.agent)},
            {"contact", text_or_none(transfer.contact)},
            {"far_contact", text_or_none(transfer.far_contact)},
            {"number", text_or_none(transfer.number)},
            {"name", text_or_none(transfer.name)},
            {"customer", text_or_none(transfer.customer)},
            {"notes", text_or_none(transfer.notes)},
            {"to_supervisor", transfer.to_supervisor},
            {"callback", std::move(callback)},
            {"at", to_rfc3339(transfer.at)},
            {"updated_at", to_rfc3339(transfer.updated_at)}};
}

Fields transfer_json(const CommandRecord& row) { return transfer_json(transfer_of(row)); }

Fields transfer_message(const CityTransfer& transfer, const std::string& own_city, WallTime now) {
    Fields told{{"id", transfer.id},
                {"version", transfer.version},
                {"state", to_string(transfer.state)},
                {"contact", transfer.contact}};
    if (!transfer.reason.empty()) told["reason"] = transfer.reason;
    if (transfer.out) {
        told["number"] = transfer.number;
        told["name"] = transfer.name;
        told["notes"] = transfer.notes;
        told["callers"] = transfer.callers;
        if (transfer.until) told["within_ms"] = std::max(Millis{0}, *transfer.until - now).count();
    }
    return {{"protocol", kTransferProtocol},
            {"from", own_city},
            {"to", transfer.city},
            {"type", "transfer"},
            {"transfer", std::move(told)}};
}

Result<CityTransfer> read_transfer_message(const nlohmann::ordered_json& data, const std::string& own_city,
                                           WallTime now) {
    try {
        if (data.at("to").get<std::string>() != own_city) return not_a_transfer("it is for another city");
        if (data.at("type").get<std::string>() != "transfer") return not_a_transfer("its type is not known here");
        auto out = read_told(data.at("transfer"), now);
        if (out) out->city = data.at("from").get<std::string>();
        return out;
    } catch (const nlohmann::ordered_json::exception&) {
        return not_a_transfer("a field is missing or of another kind");
    }
}

const CityTransfer* expected_call(const std::vector<CityTransfer>& expected, const std::string& number,
                                  const std::string& e164) {
    const auto is_from = [&](const std::string& caller) {
        return !caller.empty() && (caller == number || caller == e164);
    };
    const CityTransfer* best = nullptr;
    bool best_is_his = false;
    for (const CityTransfer& each : expected) {
        if (each.state != TransferState::expected) continue;
        const bool his = is_from(each.number);
        if (!his && std::none_of(each.callers.begin(), each.callers.end(), is_from)) continue;
        const bool better = best == nullptr || (his && !best_is_his) || (his == best_is_his && each.at < best->at);
        if (!better) continue;
        best = &each;
        best_is_his = his;
    }
    return best;
}

}  // namespace citybridge::relay
