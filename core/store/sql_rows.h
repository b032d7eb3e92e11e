#pragma once
// Which column holds which member of a durable record: written once here, used
// to make statements, to bind values and to read rows. The tables themselves are
// made in migrations.cpp. Words that SQL reserves got another name.
#include <string_view>

#include "core/api/changes.h"

namespace citybridge::store {

enum class OnConflict { error, update, nothing };

template <class Row>
struct Table;

template <>
struct Table<CustomerRecord> {
    static constexpr std::string_view kName = "customers";
    static constexpr std::string_view kKey = "id";
    static constexpr OnConflict kOnConflict = OnConflict::update;
    // The numbers stand here in their order; customer_numbers is what makes one belong to one customer only.
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("id", row.id), v.text("name", row.name), v.text("city", row.city);
        v.text("source", row.source), v.text("preference", row.preference), v.list("numbers", row.numbers);
        v.json("fields", row.fields), v.time("created_at", row.created_at), v.time("updated_at", row.updated_at);
        v.number("revision", row.revision), v.flag("erased", row.erased), v.json("number_kinds", row.number_kinds);
        v.text("preferred_number", row.preferred_number), v.text("merged_into", row.merged_into);
    }
};

template <>
struct Table<OrderRecord> {
    static constexpr std::string_view kName = "orders";
    static constexpr std::string_view kKey = "id";
    static constexpr OnConflict kOnConflict = OnConflict::update;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("id", row.id), v.text("kind", row.kind), v.number("flow_version", row.flow_version);
        v.text("state", row.state), v.text("owner", row.owner), v.text("group_name", row.group);
        v.text("city", row.city), v.text("customer", row.customer), v.text("contact", row.contact);
        v.text("external_system", row.external_system), v.text("external_id", row.external_id);
        v.json("fields", row.fields), v.time("created_at", row.created_at), v.time("updated_at", row.updated_at);
        v.maybe_time("closed_at", row.closed_at), v.number("revision", row.revision);
        v.number("history_n", row.history_n), v.json("engine", row.engine);
        v.maybe_time("due_at", row.due_at), v.maybe_time("overdue_at", row.overdue_at);
    }
};

template <>
struct Table<HistoryRecord> {
    static constexpr std::string_view kName = "history";
    static constexpr std::string_view kKey = "order_id,n";
    static constexpr OnConflict kOnConflict = OnConflict::error;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("order_id", row.order), v.number("n", row.n), v.time("at", row.at), v.text("actor", row.actor);
        v.text("action", row.action), v.text("from_state", row.from_state), v.text("to_state", row.to_state);
        v.text("note", row.text), v.json("detail", row.detail);
    }
};

template <>
struct Table<DeadlineRecord> {
    static constexpr std::string_view kName = "deadlines";
    static constexpr std::string_view kKey = "order_id,name,n";
    static constexpr OnConflict kOnConflict = OnConflict::update;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("order_id", row.order), v.text("name", row.name), v.number("n", row.n), v.time("due_at", row.due_at);
        v.flag("provisional", row.provisional), v.state("state", row.state), v.time("set_at", row.set_at);
        v.maybe_time("settled_at", row.settled_at), v.time("from_at", row.from_at);
        v.text("rule", row.rule), v.text("calendar", row.calendar), v.text("kind", row.kind);
    }
};

template <>
struct Table<TellingRecord> {
    static constexpr std::string_view kName = "tellings";
    static constexpr std::string_view kKey = "id";
    static constexpr OnConflict kOnConflict = OnConflict::update;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("id", row.id), v.text("order_id", row.order), v.text("kind", row.kind), v.text("name", row.name);
        v.number("step", row.step), v.text("channel", row.channel), v.text("to_user", row.to_user);
        v.text("to_role", row.to_role), v.text("to_group", row.to_group), v.text("to_person", row.to_person);
        v.text("message", row.message), v.text("outbox", row.outbox), v.time("at", row.at);
        v.flag("to_acknowledge", row.to_acknowledge), v.maybe_time("settled_at", row.settled_at);
        v.text("settled_by", row.settled_by);
    }
};

template <>
struct Table<OutboxRecord> {
    static constexpr std::string_view kName = "outbox";
    static constexpr std::string_view kKey = "id";
    static constexpr OnConflict kOnConflict = OnConflict::error;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("id", row.id), v.number("seq", row.seq), v.text("destination", row.destination);
        v.text("lane_key", row.key), v.text("kind", row.kind), v.text("order_id", row.order);
        v.text("payload", row.payload), v.time("created_at", row.created_at), v.state("state", row.state);
        v.number("attempts", row.attempts), v.time("next_at", row.next_at), v.time("updated_at", row.updated_at);
        v.text("last_code", row.last_code), v.text("last_detail", row.last_detail);
        v.text("external_id", row.external_id), v.flag("must_find", row.must_find);
        v.flag("out_of_turn", row.out_of_turn);
    }
};

template <>
struct Table<OutboxProgress> {
    static constexpr std::string_view kName = "outbox";
    static constexpr std::string_view kKey = "id";
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("id", row.id), v.state("state", row.state), v.number("attempts", row.attempts);
        v.time("next_at", row.next_at), v.time("updated_at", row.updated_at), v.text("last_code", row.last_code);
        v.text("last_detail", row.last_detail), v.text("external_id", row.external_id);
        v.flag("must_find", row.must_find), v.flag("out_of_turn", row.out_of_turn);
    }
};

template <>
struct Table<InboxRecord> {
    static constexpr std::string_view kName = "inbox";
    static constexpr std::string_view kKey = "source,id";
    static constexpr OnConflict kOnConflict = OnConflict::error;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("source", row.source), v.text("id", row.id), v.time("received_at", row.received_at);
        v.text("result", row.result);
    }
};

template <>
struct Table<IdempotencyRecord> {
    static constexpr std::string_view kName = "idempotency";
    static constexpr std::string_view kKey = "user_name,request_key";
    static constexpr OnConflict kOnConflict = OnConflict::error;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("user_name", row.user), v.text("request_key", row.key), v.text("fingerprint", row.fingerprint);
        v.number("status", row.status), v.text("location", row.location), v.text("body", row.body);
        v.time("at", row.at);
    }
};

template <>
struct Table<CommandRecord> {
    static constexpr std::string_view kName = "commands";
    static constexpr std::string_view kKey = "id";
    static constexpr OnConflict kOnConflict = OnConflict::update;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("id", row.id), v.text("user_name", row.user), v.text("kind", row.kind), v.text("state", row.state);
        v.text("reason", row.reason), v.text("contact", row.contact), v.json("detail", row.detail);
        v.time("at", row.at), v.time("updated_at", row.updated_at);
    }
};

template <>
struct Table<UserRecord> {
    static constexpr std::string_view kName = "users";
    static constexpr std::string_view kKey = "name";
    static constexpr OnConflict kOnConflict = OnConflict::update;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("name", row.name), v.text("role", row.role), v.list("group_names", row.groups);
        v.text("device", row.device), v.text("agent", row.agent), v.text("password_hash", row.password_hash);
        v.text("token_hash", row.token_hash), v.time("updated_at", row.updated_at);
    }
};

template <>
struct Table<JournalRecord> {
    static constexpr std::string_view kName = "journal";
    static constexpr std::string_view kKey = "id";
    static constexpr OnConflict kOnConflict = OnConflict::nothing;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("id", row.id), v.text("number", row.number), v.time("started_at", row.started_at);
        v.time("ended_at", row.ended_at), v.text("body", row.body);
    }
};

template <>
struct Table<CalendarOverrideRecord> {
    static constexpr std::string_view kName = "calendar_overrides";
    static constexpr std::string_view kKey = "id";
    static constexpr OnConflict kOnConflict = OnConflict::nothing;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("id", row.id), v.text("calendar", row.calendar), v.text("mode", row.mode);
        v.time("set_at", row.set_at), v.maybe_time("until_at", row.until_at), v.text("set_by", row.set_by);
        v.text("reason", row.reason);
    }
};

// A number and whose it is; made from CustomerRecord::numbers.
struct NumberRow {
    std::string number, customer;
};

template <>
struct Table<NumberRow> {
    static constexpr std::string_view kName = "customer_numbers";
    static constexpr std::string_view kKey = "number";
    static constexpr OnConflict kOnConflict = OnConflict::error;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("number", row.number), v.text("customer", row.customer);
    }
};

}  // namespace citybridge::store
