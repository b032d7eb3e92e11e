#include "plugins/erp_rest/find_answer.h"

#include "core/api/delivery_text.h"

namespace citybridge::erp_rest {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestId = 200;

json parse(std::string_view body) { return json::parse(body, nullptr, false); }

const json* at(const json& document, const Pointer& pointer) {
    if (document.is_discarded() || !document.contains(pointer)) return nullptr;
    return &document.at(pointer);
}

std::string id_text(const json* value) {
    if (value == nullptr) return {};
    std::string out;
    if (value->is_string()) out = value->get<std::string>();
    if (value->is_number_integer()) out = value->dump();
    return out.size() <= kLongestId ? out : std::string();
}

// True if the way to `pointer` ends at a list without elements: "/0/id" in [], "/items/0/id" in {"items":[]}.
bool ends_in_empty_list(const json& document, Pointer pointer) {
    while (!pointer.empty()) {
        const bool to_element = pointer.back().find_first_not_of("0123456789") == std::string::npos;
        pointer.pop_back();
        const json* const value = at(document, pointer);
        if (value != nullptr) return to_element && value->is_array() && value->empty();
    }
    return false;
}

FindReply failed(std::string code, std::string detail) {
    return {FindReply::Outcome::failed, std::move(code), std::move(detail), {}};
}

}  // namespace

std::string external_id_in(std::string_view body, const Pointer& pointer) {
    const json document = parse(body);
    return id_text(at(document, pointer));
}

FindReply find_reply(const HttpOutcome& outcome, const FindRules& rules, std::string_view key) {
    if (outcome.progress != HttpProgress::answered) return failed(outcome.code, outcome.detail);
    if (outcome.status == 404 && rules.absent_by_404) return {FindReply::Outcome::absent, {}, {}, {}};
    const std::string shown = std::to_string(outcome.status) + ": " + short_text(outcome.body);
    if (outcome.status < 200 || outcome.status > 299)
        return failed("erp_rest.find_failed", "the ERP answered the search with " + shown);
    const json document = parse(outcome.body);
    if (document.is_discarded())
        return failed("erp_rest.find_failed", "the ERP's answer to the search is no JSON: " + shown);
    std::string id = id_text(at(document, rules.id));
    if (id.empty()) {
        if (!rules.absent_by_404 && ends_in_empty_list(document, rules.id))
            return {FindReply::Outcome::absent, {}, {}, {}};
        return failed("erp_rest.find_failed",
                      "no number at " + rules.id.to_string() + " (setting find_id_pointer) in " + shown);
    }
    // A far side that does not know the search's parameter answers with any record.
    if (rules.check_key && id_text(at(document, rules.key)) != key)
        return failed("erp_rest.find_failed", "what the ERP found does not carry our key at " + rules.key.to_string() +
                                                  " (setting find_key_pointer): " + shown);
    return {FindReply::Outcome::found, {}, {}, std::move(id)};
}

}  // namespace citybridge::erp_rest
