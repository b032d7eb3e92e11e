// A caller proves who he is (docs/verification.md). No answer and no log holds a code.
#include "core/gateway/handlers_verification.h"

#include "core/desk/verification.h"
#include "core/gateway/crypto.h"
#include "core/gateway/durable_input.h"
#include "core/gateway/fields_verification.h"
#include "core/gateway/handlers.h"
#include "core/gateway/problem.h"
#include "core/store/verification_reader.h"

namespace citybridge::gateway {
namespace {

constexpr std::size_t kNonceBytes = 16;
constexpr std::size_t kVerificationsShown = 50;

bool leads(const Call& call) { return call.user().user.role != Role::agent; }

bool sees_verification(const Call& call, const VerificationRecord& row) {
    return leads(call) || row.opened_by == call.user().user.name;
}

Result<VerificationRecord> visible_verification(const Call& call) {
    auto row = store::verification(call.services.durable.readers(), call.params[0]);
    if (!row) return row.error();
    if (!*row || !sees_verification(call, **row)) return Error{"verification.unknown", "No verification of yours has this id."};
    return std::move(**row);
}

// The order's customer, whichever of his ids the order names.
Result<std::string> customer_meant(const Call& call, std::string customer, const std::string& order) {
    store::Readers& readers = call.services.durable.readers();
    if (customer.empty()) {
        const auto row = readers.order(order);
        if (!row) return row.error();
        if (!*row) return Error{"order.unknown", "No order of yours has this id."};
        customer = (*row)->customer;
    }
    const auto row = readers.customer(customer);
    if (!row) return row.error();
    return *row && !(*row)->merged_into.empty() ? (*row)->merged_into : customer;
}

HttpResponse verification_step(const Call& call, desk::StepVerification what) {
    what.id = call.params[0];
    // A fingerprint of a body with six digits would tell them to whoever reads the store: the address alone says what
    // was asked, and the same key with another code gets the first answer again.
    auto key = call.key;
    if (key) key->fingerprint = sha256_hex(call.request.method + "\n" + call.request.path);
    return answer_of(call.services.durable.submit(request_of(call, std::move(what)), key));
}

}  // namespace

bool is_told_code(std::string_view text) {
    int digits = 0;
    char before = '-';
    for (const char c : text) {
        const bool digit = c >= '0' && c <= '9';
        if (!digit && (c != ' ' && c != '-')) return false;
        if (!digit && (before < '0' || before > '9')) return false;
        digits += digit ? 1 : 0;
        before = c;
    }
    return digits == 6 && before >= '0' && before <= '9';
}

HttpResponse post_verification(const Call& call) {
    const auto body = read_object(call.request.body, kVerificationFields);
    if (!body) return problem(body.error());
    desk::StartVerification what;
    what.purpose = text_field(*body, "purpose");
    what.order = text_field(*body, "order");
    what.contact = text_field(*body, "contact");
    what.nonce = random_hex(kNonceBytes);
    const std::string named = text_field(*body, "customer");
    if (named.empty() && what.order.empty())
        return problem("request.missing_field", "Name the customer, or the order whose customer it is.");
    auto customer = customer_meant(call, named, what.order);
    if (!customer) return problem(customer.error());
    what.customer = std::move(*customer);
    return submit(call, std::move(what));
}

HttpResponse get_verifications(const Call& call) {
    const std::string customer = param(call.request, "customer"), order = param(call.request, "order");
    if (customer.empty() == order.empty())
        return problem("request.bad_parameter", "Ask for those of a customer or those of an order.");
    const auto rows = store::verifications_of(call.services.durable.readers(), customer, order, kVerificationsShown);
    if (!rows) return problem(rows.error());
    auto items = nlohmann::ordered_json::array();
    for (const VerificationRecord& row : *rows)
        if (sees_verification(call, row)) items.push_back(desk::verification_json(row, system_now().wall, leads(call)));
    return page_response(std::move(items), {});
}

HttpResponse get_verification(const Call& call) {
    const auto row = visible_verification(call);
    if (!row) return problem(row.error());
    return json_response(200, desk::verification_json(*row, system_now().wall, leads(call)));
}

HttpResponse post_verification_check(const Call& call) {
    const auto body = read_object(call.request.body, kCheckFields);
    // The reason tells the field and not what stood in it.
    if (!body)
        return problem(body.error().code, "Send {\"code\": \"123456\"}: the six digits that the caller read out.");
    desk::StepVerification what;
    what.what = VerificationAsk::What::check;
    what.code = text_field(*body, "code");
    return verification_step(call, std::move(what));
}

HttpResponse post_verification_resend(const Call& call) {
    desk::StepVerification what;
    what.what = VerificationAsk::What::resend;
    return verification_step(call, std::move(what));
}

HttpResponse post_verification_unlock(const Call& call) {
    const auto body = read_object(call.request.body, kUnlockFields);
    if (!body) return problem(body.error());
    desk::StepVerification what;
    what.what = VerificationAsk::What::unlock;
    what.reason = text_field(*body, "reason");
    if (call.services.hooks.log)
        call.services.hooks.log(LogLevel::warning, "verification.unlock_asked",
                                call.user().user.name + " unlocks the number of " + call.params[0]);
    return verification_step(call, std::move(what));
}

}  // namespace citybridge::gateway
