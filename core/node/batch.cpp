#include "core/node/batch.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace citybridge {
namespace {

// Ids and keys hold no control characters, so this separator cannot be part of one.
std::string pair_key(const std::string& a, const std::string& b) { return a + '\x1f' + b; }

std::string key_of(const DeadlineRecord& row) { return pair_key(row.order, row.name) + '\x1f' + std::to_string(row.n); }

std::string key_of(const MarkRecord& row) { return pair_key(row.about, row.user) + '\x1f' + row.what; }

template <class T>
void append(std::vector<T>& to, std::vector<T>&& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

template <class Row>
void Batch::Table<Row>::put(const std::string& key, Row&& row, bool write) {
    Entry& entry = rows[key];
    entry.row = std::move(row);
    if (!write || std::exchange(entry.write, true)) return;
    touched.push_back(&entry);
}

template <class Row>
std::vector<Row> Batch::Table<Row>::release() {
    std::vector<Row> out;
    out.reserve(touched.size());
    for (Entry* entry : touched) out.push_back(std::move(entry->row));
    touched.clear();
    rows.clear();
    return out;
}

void Batch::fill(Loaded rows) {
    for (auto& row : rows.customers)
        if (customers_.find(row.id) == nullptr) put_customer(std::move(row), false);
    for (auto& row : rows.orders)
        if (orders_.find(row.id) == nullptr) put_order(std::move(row), false);
    for (auto& row : rows.deadlines) {
        const std::string key = key_of(row);
        if (deadlines_.find(key) != nullptr) continue;
        deadlines_of_[row.order].push_back(key);
        deadlines_.put(key, std::move(row), false);
    }
    for (auto& row : rows.outbox) put_outbox(std::move(row));
    for (auto& row : rows.inbox) inbox_.put(pair_key(row.source, row.id), std::move(row), false);
    for (auto& row : rows.idempotency) idempotency_.put(pair_key(row.user, row.key), std::move(row), false);
    for (auto& row : rows.commands) commands_.put(row.id, std::move(row), false);
    for (auto& row : rows.users) users_.put(row.name, std::move(row), false);
    fill_callbacks(std::move(rows.callback));
    for (auto& row : rows.desk.attachments) attachments_.put(std::string(row.id), std::move(row), false);
    for (auto& row : rows.desk.outgoing_lists)
        if (outgoing_lists_.find(row.id) == nullptr) outgoing_lists_.put(std::string(row.id), std::move(row), false);
    for (auto& row : rows.desk.outgoing_entries)
        if (outgoing_entries_.find(row.id) == nullptr)
            outgoing_entries_.put(std::string(row.id), std::move(row), false);
    for (auto& row : rows.verification.verifications)
        if (verifications_.find(row.id) == nullptr) verifications_.put(std::string(row.id), std::move(row), false);
    for (auto& row : rows.verification.budgets)
        if (const std::string key = pair_key(row.number, row.purpose); budgets_.find(key) == nullptr)
            budgets_.put(key, std::move(row), false);
    for (auto& row : rows.verification.blocked)
        if (const std::string key = pair_key(row.address, row.channel); blocked_.find(key) == nullptr)
            blocked_.put(key, std::move(row), false);
    fill_written(std::move(rows.written));
    for (auto& row : rows.papers.rows)
        if (papers_.find(row.id) == nullptr) papers_.put(std::string(row.id), std::move(row), false);
    for (auto& row : rows.papers.marks)
        if (const std::string key = key_of(row); marks_.find(key) == nullptr) marks_.put(key, std::move(row), false);
    for (auto& row : rows.papers.dispositions)
        if (dispositions_.find(row.contact) == nullptr)
            dispositions_.put(std::string(row.contact), std::move(row), false);
}

// A message of this batch that the store does not know yet is newer than what was read.
void Batch::put_outbox(OutboxRecord row) {
    if (!row.external_id.empty()) {
        // Centres begin their numbers anew when they are restarted: one is that of the message that got it last.
        std::string& owner = outbox_by_far_[pair_key(row.destination, row.external_id)];
        const OutboxRecord* before = owner.empty() ? nullptr : outbox(owner);
        if (before == nullptr || before->updated_at <= row.updated_at) owner = row.id;
    }
    if (outbox_.find(row.id) == nullptr) outbox_.put(std::string(row.id), std::move(row), false);
}

void Batch::put_customer(CustomerRecord row, bool write) {
    if (const CustomerRecord* before = customers_.find(row.id))
        for (const std::string& number : before->numbers) by_number_.erase(number);
    for (const std::string& number : row.numbers) by_number_[number] = row.id;
    const std::string id = row.id;
    customers_.put(id, std::move(row), write);
}

void Batch::put_order(OrderRecord row, bool write) {
    if (!row.external_id.empty()) by_external_[pair_key(row.external_system, row.external_id)] = row.id;
    const OrderRecord* before = orders_.find(row.id);
    if (!row.customer.empty() && (before == nullptr || before->customer != row.customer))
        orders_of_[pair_key(row.customer, row.kind)].push_back(row.id);
    if (before == nullptr) orders_of_[pair_key("", row.kind)].push_back(row.id);  // whoever's
    if (write) {
        if (before != nullptr && !before->closed_at && !before->owner.empty()) --open_deltas_[before->owner];
        if (!row.closed_at && !row.owner.empty()) ++open_deltas_[row.owner];
    }
    const std::string id = row.id;
    orders_.put(id, std::move(row), write);
}

std::vector<const OrderRecord*> Batch::orders_of(const OrdersOf& what) const {
    std::vector<const OrderRecord*> out;
    const auto found = orders_of_.find(pair_key(what.customer, what.kind));
    if (found == orders_of_.end()) return out;
    for (const std::string& id : found->second) {
        const OrderRecord* row = order(id);
        if (row != nullptr && (what.customer.empty() || row->customer == what.customer) &&
            !(what.open_only && row->closed_at))
            out.push_back(row);
    }
    std::sort(out.begin(), out.end(), [](const OrderRecord* a, const OrderRecord* b) {
        return std::tie(a->created_at, a->id) > std::tie(b->created_at, b->id);
    });
    return out;
}

const OrderRecord* Batch::first_in_turn(const TurnOf& what) const {
    const auto found = orders_of_.find(pair_key("", what.kind));
    if (found == orders_of_.end()) return nullptr;
    const OrderRecord* first = nullptr;
    for (const std::string& id : found->second) {
        const OrderRecord* row = order(id);
        if (row == nullptr || row->closed_at || row->state != what.state || row->group != what.group) continue;
        if (first == nullptr || std::tie(row->created_at, row->id) < std::tie(first->created_at, first->id))
            first = row;
    }
    return first;
}

void Batch::fill_callbacks(CallbackLoaded rows) {
    for (auto& row : rows.callbacks)
        if (callbacks_.find(row.id) == nullptr) callbacks_.put(std::string(row.id), std::move(row), false);
    for (auto& row : rows.cities)
        if (cities_.find(row.city) == nullptr) cities_.put(std::string(row.city), std::move(row), false);
    for (const auto& [user, number] : rows.assigned) assigned_callbacks_.emplace(user, number);
}

void Batch::take_callbacks(CallbackChanges changes) {
    for (auto& row : changes.callbacks) {
        const CallbackRecord* before = callbacks_.find(row.id);
        if (before != nullptr && !before->closed_at && !before->owner.empty()) --assigned_callbacks_[before->owner];
        if (!row.closed_at && !row.owner.empty()) ++assigned_callbacks_[row.owner];
        callbacks_.put(std::string(row.id), std::move(row), true);
    }
    for (auto& row : changes.cities) cities_.put(std::string(row.city), std::move(row), true);
    append(callback_history_, std::move(changes.history));
}

std::vector<const CallbackRecord*> Batch::callbacks_with(const std::string& city, bool ended) const {
    std::vector<const CallbackRecord*> out;
    for (const auto& [id, entry] : callbacks_.rows)
        if (entry.row.closed_at.has_value() == ended &&
            (entry.row.side == "origin" ? entry.row.target : entry.row.origin) == city)
            out.push_back(&entry.row);
    std::sort(out.begin(), out.end(), [](const CallbackRecord* a, const CallbackRecord* b) {
        return std::tie(a->created_at, a->id) < std::tie(b->created_at, b->id);
    });
    return out;
}

std::vector<const CallbackRecord*> Batch::open_callbacks(const std::string& city) const {
    return callbacks_with(city, false);
}

std::vector<const CallbackRecord*> Batch::ended_callbacks(const std::string& city) const {
    return callbacks_with(city, true);
}

std::int64_t Batch::assigned_callbacks(const std::string& user) const {
    const auto found = assigned_callbacks_.find(user);
    return found == assigned_callbacks_.end() ? 0 : found->second;
}

std::vector<const UserRecord*> Batch::people() const {
    return everybody_ == nullptr ? std::vector<const UserRecord*>() : everybody_->people();
}

std::int64_t Batch::open_orders(const std::string& user) const {
    const auto delta = open_deltas_.find(user);
    return (everybody_ == nullptr ? 0 : everybody_->open_orders(user)) +
           (delta == open_deltas_.end() ? 0 : delta->second);
}

bool Batch::signed_in(const UserRecord& user) const { return everybody_ != nullptr && everybody_->signed_in(user); }

bool Batch::has_skill(const UserRecord& user, const std::string& skill) const {
    return everybody_ != nullptr && everybody_->has_skill(user, skill);
}

const OrderRecord* Batch::order(const std::string& id) const { return orders_.find(id); }

const OrderRecord* Batch::order_by_external(const std::string& system, const std::string& id) const {
    const auto found = by_external_.find(pair_key(system, id));
    return found == by_external_.end() ? nullptr : order(found->second);
}

std::vector<DeadlineRecord> Batch::open_deadlines(const std::string& order) const {
    std::vector<DeadlineRecord> out;
    const auto found = deadlines_of_.find(order);
    if (found == deadlines_of_.end()) return out;
    for (const std::string& key : found->second)
        if (const DeadlineRecord* row = deadlines_.find(key); row->state == DeadlineState::open) out.push_back(*row);
    return out;
}

const CustomerRecord* Batch::customer(const std::string& id) const { return customers_.find(id); }

const CustomerRecord* Batch::customer_by_number(const std::string& e164) const {
    const auto found = by_number_.find(e164);
    return found == by_number_.end() ? nullptr : customer(found->second);
}

bool Batch::inbox_has(const std::string& source, const std::string& id) const {
    return inbox_.find(pair_key(source, id)) != nullptr;
}

const AttachmentRecord* Batch::attachment(const std::string& id) const {
    const auto& removed = other_desk_.removed_attachments;
    return std::find(removed.begin(), removed.end(), id) == removed.end() ? attachments_.find(id) : nullptr;
}

const OutgoingListRecord* Batch::outgoing_list(const std::string& id) const { return outgoing_lists_.find(id); }

const OutgoingEntryRecord* Batch::outgoing_entry(const std::string& id) const { return outgoing_entries_.find(id); }

std::vector<OutgoingEntryRecord> Batch::outgoing_next(const std::string& list) const {
    std::vector<OutgoingEntryRecord> out;
    for (const auto& [id, entry] : outgoing_entries_.rows)
        if (entry.row.list == list && (entry.row.state == EntryState::waiting || entry.row.state == EntryState::taken))
            out.push_back(entry.row);
    std::sort(out.begin(), out.end(), [](const OutgoingEntryRecord& a, const OutgoingEntryRecord& b) {
        return std::tie(a.next_at, a.line, a.id) < std::tie(b.next_at, b.line, b.id);
    });
    return out;
}

void Batch::take_desk(DeskChanges changes) {
    for (auto& row : changes.attachments) attachments_.put(std::string(row.id), std::move(row), true);
    for (auto& row : changes.outgoing_lists) outgoing_lists_.put(std::string(row.id), std::move(row), true);
    for (auto& row : changes.outgoing_entries) outgoing_entries_.put(std::string(row.id), std::move(row), true);
    append(other_desk_.order_texts, std::move(changes.order_texts));
    append(other_desk_.removed_attachments, std::move(changes.removed_attachments));
    append(other_desk_.merges, std::move(changes.merges));
}

const PaperRecord* Batch::paper(const std::string& id) const { return papers_.find(id); }

const MarkRecord* Batch::mark(const std::string& about, const std::string& user, const std::string& what) const {
    return marks_.find(pair_key(about, user) + '\x1f' + what);
}

const DispositionRecord* Batch::disposition(const std::string& contact) const { return dispositions_.find(contact); }

void Batch::take_papers(PaperChanges changes) {
    for (auto& row : changes.rows) papers_.put(std::string(row.id), std::move(row), true);
    for (auto& row : changes.marks) {
        const std::string key = key_of(row);
        marks_.put(key, std::move(row), true);
    }
    for (auto& row : changes.dispositions) dispositions_.put(std::string(row.contact), std::move(row), true);
    append(other_papers_.entries, std::move(changes.entries));
    append(other_papers_.skills, std::move(changes.skills));
    append(other_papers_.words, std::move(changes.words));
    append(other_papers_.wrap_ups, std::move(changes.wrap_ups));
}

void Batch::take_verification(VerificationChanges changes) {
    for (auto& row : changes.verifications) verifications_.put(std::string(row.id), std::move(row), true);
    for (auto& row : changes.budgets) {
        const std::string key = pair_key(row.number, row.purpose);
        budgets_.put(key, std::move(row), true);
    }
    for (auto& row : changes.blocked) {
        const std::string key = pair_key(row.address, row.channel);
        blocked_.put(key, std::move(row), true);
    }
}

void Batch::fill_written(WrittenLoaded rows) {
    for (auto& row : rows.messages)
        if (written_.find(row.id) == nullptr) written_.put(std::string(row.id), std::move(row), false);
    for (auto& row : rows.budgets)
        if (message_budgets_.find(row.of) == nullptr) message_budgets_.put(std::string(row.of), std::move(row), false);
}

void Batch::take_written(WrittenChanges changes) {
    for (auto& row : changes.messages) written_.put(std::string(row.id), std::move(row), true);
    for (auto& row : changes.budgets) message_budgets_.put(std::string(row.of), std::move(row), true);
}

const VerificationRecord* Batch::verification(const std::string& id) const { return verifications_.find(id); }

const VerificationBudgetRecord* Batch::verification_budget(const std::string& number,
                                                           const std::string& purpose) const {
    return budgets_.find(pair_key(number, purpose));
}

const BlockedAddressRecord* Batch::blocked(const std::string& address, const std::string& channel) const {
    const BlockedAddressRecord* row = blocked_.find(pair_key(address, channel));
    return row != nullptr || everybody_ == nullptr ? row : everybody_->blocked(address, channel);
}

const OutboxRecord* Batch::outbox(const std::string& id) const { return outbox_.find(id); }

const OutboxRecord* Batch::outbox_by_far(const std::string& destination, const std::string& id) const {
    const auto found = outbox_by_far_.find(pair_key(destination, id));
    return found == outbox_by_far_.end() ? nullptr : outbox(found->second);
}
const CommandRecord* Batch::command(const std::string& id) const { return commands_.find(id); }

const IdempotencyRecord* Batch::idempotency(const std::string& user, const std::string& key) const {
    return idempotency_.find(pair_key(user, key));
}

void Batch::take(Changes changes) {
    for (auto& row : changes.customers) put_customer(std::move(row), true);
    for (auto& row : changes.orders) put_order(std::move(row), true);
    for (auto& row : changes.deadlines) {
        const std::string key = key_of(row);
        if (deadlines_.find(key) == nullptr) deadlines_of_[row.order].push_back(key);
        deadlines_.put(key, std::move(row), true);
    }
    for (auto& row : changes.tellings) tellings_.put(std::string(row.id), std::move(row), true);
    for (auto& row : changes.outbox) outbox_.put(row.id, std::move(row), true);
    for (auto& row : changes.deliveries) deliveries_.put(row.id, std::move(row), true);
    for (auto& row : changes.inbox) inbox_.put(pair_key(row.source, row.id), std::move(row), true);
    for (auto& row : changes.idempotency) idempotency_.put(pair_key(row.user, row.key), std::move(row), true);
    for (auto& row : changes.commands) commands_.put(row.id, std::move(row), true);
    for (auto& row : changes.users) users_.put(row.name, std::move(row), true);
    for (auto& row : changes.journal) journal_.put(row.id, std::move(row), true);
    append(history_, std::move(changes.history));
    append(removed_users_, std::move(changes.removed_users));
    append(calendar_overrides_, std::move(changes.calendar_overrides));
    append(erased_customers_, std::move(changes.erased_customers));
    take_papers(std::move(changes.papers));
    take_desk(std::move(changes.desk));
    take_callbacks(std::move(changes.callback));
    take_verification(std::move(changes.verification));
    take_written(std::move(changes.written));
    append(facts_.contacts, std::move(changes.facts.contacts));
    append(facts_.parts, std::move(changes.facts.parts));
    append(facts_.intervals, std::move(changes.facts.intervals));
    append(facts_.orders, std::move(changes.facts.orders));
    append(facts_.scores, std::move(changes.facts.scores));
    append(facts_.runs, std::move(changes.facts.runs));
}

Changes Batch::release() {
    Changes out;
    out.customers = customers_.release();
    out.orders = orders_.release();
    out.history = std::move(history_);
    out.deadlines = deadlines_.release();
    out.tellings = tellings_.release();
    out.outbox = outbox_.release();
    out.deliveries = deliveries_.release();
    out.inbox = inbox_.release();
    out.idempotency = idempotency_.release();
    out.commands = commands_.release();
    out.users = users_.release();
    out.removed_users = std::move(removed_users_);
    out.journal = journal_.release();
    out.calendar_overrides = std::move(calendar_overrides_);
    out.erased_customers = std::move(erased_customers_);
    out.desk = std::move(other_desk_);
    out.desk.attachments = attachments_.release();
    out.desk.outgoing_lists = outgoing_lists_.release();
    out.desk.outgoing_entries = outgoing_entries_.release();
    out.papers = std::move(other_papers_);
    out.papers.rows = papers_.release();
    out.papers.marks = marks_.release();
    out.papers.dispositions = dispositions_.release();
    out.verification.verifications = verifications_.release();
    out.verification.budgets = budgets_.release();
    out.verification.blocked = blocked_.release();
    out.written.messages = written_.release();
    out.written.budgets = message_budgets_.release();
    out.callback.callbacks = callbacks_.release();
    out.callback.history = std::move(callback_history_);
    out.callback.cities = cities_.release();
    out.facts = std::move(facts_);
    return out;
}

}  // namespace citybridge
