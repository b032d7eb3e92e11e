#include "core/store/retention.h"

#include "core/store/callback_store.h"
#include "core/store/erase.h"
#include "core/store/read_rows.h"

namespace citybridge::store {

namespace {

struct Rule {
    const char* table;
    const char* key;    // of the primary key, one or two columns
    const char* where;  // before the time
    Millis keep;
};

// Longer than any window of a budget.
constexpr Millis kBudgets{30LL * 86'400'000};

std::size_t forget_by(Connection& connection, const Rule& rule, WallTime now, std::size_t limit) {
    Query query(connection.database());
    query << "delete from " << rule.table << " where " << rule.key << " in (select "
          << std::string_view(rule.key).substr(rule.key[0] == '(' ? 1 : 0,
                                               std::string_view(rule.key).size() - (rule.key[0] == '(' ? 2 : 0))
          << " from " << rule.table << " where " << rule.where << "<";
    query.number(epoch_ms(now - rule.keep)) << " limit ";
    query.number(static_cast<std::int64_t>(limit)) << ")";
    return run_query(connection, query);
}

}  // namespace

std::size_t forget_rows(Connection& connection, const Store::Retention& retention, WallTime now, std::size_t limit) {
    const Rule rules[] = {
        {"outbox", "id", "state='delivered' and updated_at", retention.delivered},
        {"idempotency", "(user_name,request_key)", "at", retention.idempotency},
        {"inbox", "(source,id)", "received_at", retention.inbox},
        // A command without a result is still somebody's question.
        {"commands", "id", "state<>'accepted' and at", retention.commands},
        {"journal", "id", "ended_at", retention.journal},
        {"batches", "id", "at", retention.batches},
        {"wrap_ups", "contact", "ended_at", retention.journal},
        {"marks", "(about,user_name,what)", "what='left' and at", retention.journal},
        {"dispositions", "contact", "at", retention.facts},
        {"verifications", "id", "created_at", retention.journal},
        // What waits is kept whatever its age.
        {"written_messages", "id", "state<>'waiting' and created_at", retention.journal},
        {"message_budgets", "of_whom", "updated_at", kBudgets},
        {"verification_budgets", "(number,purpose)", "updated_at", kBudgets},
        {"callbacks", "id", "closed_at", retention.journal},
        {"callback_history", "(callback,n)", "callback not in (select id from callbacks) and at", retention.journal},
        {"contact_facts", "contact", "started_at", retention.facts},
        {"part_facts", "(contact,n)", "from_at", retention.facts},
        {"agent_intervals", "(agent,from_at)", "to_at", retention.facts},
        {"order_facts", "(order_id,what,name,n)", "at", retention.facts},
        {"quality_scores", "id", "at", retention.facts},
        {"report_runs", "(report,from_at,to_at)", "to_at", retention.facts},
    };
    connection.begin();
    std::size_t rows = 0;
    for (const auto& rule : rules) rows += forget_by(connection, rule, now, limit);
    erase_delivered(connection);
    erase_delivered_to_cities(connection);
    connection.run("commit");
    return rows;
}

}  // namespace citybridge::store
