#include "core/store/schema_verification.h"

namespace citybridge::store {

Migration verification_schema(std::int64_t version) {
    return {
        version,
        {
            // No code is in it: it is made of the node's key, the id and the nonce when its message is sent.
            "create table verifications (id text primary key, customer text not null, number text not null, "
            "purpose text not null, order_id text not null, contact text not null, state text not null, "
            "nonce text not null, sends bigint not null, checks bigint not null, opened_by text not null, "
            "created_at bigint not null, expires_at bigint not null, updated_at bigint not null, "
            "revision bigint not null, detail text not null)",
            "create index verifications_customer on verifications (customer, created_at, id) where customer <> ''",
            "create index verifications_order on verifications (order_id, created_at, id) where order_id <> ''",
            "create index verifications_created on verifications (created_at, id)",

            "create table verification_budgets (number text not null, purpose text not null, since bigint not null, "
            "sends bigint not null, failures bigint not null, locked_until bigint not null, "
            "updated_at bigint not null, detail text not null, primary key (number, purpose))",
            "create index verification_budgets_updated on verification_budgets (updated_at)",

            "create table blocked_addresses (address text not null, channel text not null, blocked bigint not null, "
            "reason text not null, set_by text not null, set_at bigint not null, primary key (address, channel))",

            // A delivery report names the message by the number the gateway gave it.
            "create index outbox_far on outbox (external_id, destination) where external_id <> ''",
        },
    };
}

}  // namespace citybridge::store
