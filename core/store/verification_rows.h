#pragma once
// Which column holds which member of the records of verification, like sql_rows.h.
#include "core/store/sql_rows.h"

namespace citybridge::store {

template <>
struct Table<VerificationRecord> {
    static constexpr std::string_view kName = "verifications";
    static constexpr std::string_view kKey = "id";
    static constexpr OnConflict kOnConflict = OnConflict::update;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("id", row.id), v.text("customer", row.customer), v.text("number", row.number);
        v.text("purpose", row.purpose), v.text("order_id", row.order), v.text("contact", row.contact);
        v.text("state", row.state), v.text("nonce", row.nonce), v.number("sends", row.sends);
        v.number("checks", row.checks), v.text("opened_by", row.opened_by), v.time("created_at", row.created_at);
        v.time("expires_at", row.expires_at), v.time("updated_at", row.updated_at);
        v.number("revision", row.revision), v.json("detail", row.detail);
    }
};

template <>
struct Table<VerificationBudgetRecord> {
    static constexpr std::string_view kName = "verification_budgets";
    static constexpr std::string_view kKey = "number,purpose";
    static constexpr OnConflict kOnConflict = OnConflict::update;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("number", row.number), v.text("purpose", row.purpose), v.time("since", row.since);
        v.number("sends", row.sends), v.number("failures", row.failures), v.time("locked_until", row.locked_until);
        v.time("updated_at", row.updated_at), v.json("detail", row.detail);
    }
};

template <>
struct Table<BlockedAddressRecord> {
    static constexpr std::string_view kName = "blocked_addresses";
    static constexpr std::string_view kKey = "address,channel";
    static constexpr OnConflict kOnConflict = OnConflict::update;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("address", row.address), v.text("channel", row.channel), v.flag("blocked", row.blocked);
        v.text("reason", row.reason), v.text("set_by", row.set_by), v.time("set_at", row.set_at);
    }
};

}  // namespace citybridge::store
