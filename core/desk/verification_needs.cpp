#include "core/desk/verification.h"

namespace citybridge::desk {
namespace {

void budgets_of(const DeskSettings& settings, const std::string& number, const std::string& purpose, Wanted& out) {
    for (const std::string& one : settings.verification->budgets(purpose))
        out.verification.budgets.emplace_back(number, one);
}

}  // namespace

void needs_of_verification(const DeskSettings& settings, const View& view, const Request& request, Wanted& out) {
    if (settings.verification == nullptr) return;
    if (const auto* start = std::get_if<StartVerification>(&request.what)) {
        if (const CustomerRecord* customer = view.customer(start->customer))
            for (const std::string& number : numbers_for_code(*customer))
                budgets_of(settings, number, start->purpose, out);
    } else if (const auto* step = std::get_if<StepVerification>(&request.what)) {
        const VerificationRecord* row = view.verification(step->id);
        if (row == nullptr) return;
        budgets_of(settings, row->number, row->purpose, out);
        if (!row->order.empty()) out.orders.push_back(row->order);
        // Whom its flow tells of it.
        out.people = out.people || !row->order.empty();
        if (!row->customer.empty()) out.customers.push_back(row->customer);
    } else if (const auto* merge = std::get_if<MergeCustomers>(&request.what)) {
        if (const CustomerRecord* from = view.customer(merge->from))
            for (const std::string& number : from->numbers) out.verification.budgets.emplace_back(number, "");
    }
}

}  // namespace citybridge::desk
