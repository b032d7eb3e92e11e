// Who is meant: people of a role, a group, the directory, a chain.
#include <algorithm>

#include "core/desk/engine.h"

namespace citybridge::desk {

const DirectoryEntry* chain_entry(const FlowBook& book, const std::string& city, const ChainDef& chain,
                                  const OrderRecord& order) {
    const std::string name = chain.entry.empty() ? value_text(order, chain.field) : chain.entry;
    return name.empty() ? nullptr : book.directory.find(name, city);
}

const Person* chain_person(const FlowBook& book, const std::string& city, const Flow& flow, const OrderRecord& order,
                           const std::string& name, LocalDay today) {
    const ChainDef* chain = flow.chain(name);
    const DirectoryEntry* entry = chain == nullptr ? nullptr : chain_entry(book, city, *chain, order);
    if (entry == nullptr) return nullptr;
    const Json* state = find_part(order, "chains", name);
    auto position = static_cast<std::size_t>(state == nullptr ? 0 : number_in(*state, "position"));
    for (; position < entry->people.size(); ++position)
        if (entry->people[position].serves(today)) return &entry->people[position];
    return nullptr;
}

bool Engine::serving(const Person& person) const {
    return person.serves(context_.calendar.local_day(context_.now.wall));
}

Target Engine::of_user(const std::string& user) const {
    Target out;
    out.user = user;
    out.reference = {{"user", user}};
    if (const Person* person = context_.book.directory.of_user(user)) {
        out.phone = person->mobile.empty() ? person->office : person->mobile;
        out.email = person->email;
    }
    return out;
}

Target Engine::of_person(const DirectoryEntry& entry, const Person& person) const {
    Target out;
    out.user = person.user;
    out.person = person.name;
    out.phone = person.mobile.empty() ? person.office : person.mobile;
    out.email = person.email;
    out.reference = {{"entry", entry.name}, {"person", person.name}};
    return out;
}

std::vector<Target> Engine::with_role(const Recipient& to) const {
    const OrderRecord& order = step_.order();
    const bool everywhere = to.kind == Recipient::Kind::role;
    const std::string role = everywhere ? to.name : "team_lead";
    std::vector<Target> out;
    for (const UserRecord* one : context_.view.people())
        if (one->role == role && (everywhere || listed(one->groups, order.group))) out.push_back(of_user(one->name));
    if (!out.empty()) return out;
    // Nobody known by name: whoever has the role sees it on his screen.
    Target target;
    target.role = role;
    if (!everywhere) target.group = order.group;
    return {target};
}

std::vector<Target> Engine::in_field(const std::string& name) const {
    const FieldDef* field = flow_.field(name);
    const std::string value = value_text(step_.order(), name);
    if (field == nullptr || value.empty()) return {};
    if (field->type == FieldType::user) return {of_user(value)};
    Target target;
    target.person = field->title;
    (field->type == FieldType::email ? target.email : target.phone) = value;
    target.reference = {{"field", name}};
    return {target};
}

std::vector<Target> Engine::the_customer() const {
    const std::string& id = step_.order().customer;
    const CustomerRecord* customer = id.empty() ? nullptr : context_.view.customer(id);
    if (customer == nullptr || customer->numbers.empty()) return {};
    Target target;
    target.person = "customer";
    target.phone = customer->preferred_number.empty() ? customer->numbers.front() : customer->preferred_number;
    target.reference = {{"customer", id}};
    return {target};
}

std::vector<Target> Engine::targets(const Recipient& to) const {
    using Kind = Recipient::Kind;
    const OrderRecord& order = step_.order();
    std::vector<Target> out;
    const auto user = [&](const std::string& name) {
        if (!name.empty() && name != "system") out.push_back(of_user(name));
    };
    const auto group = [&](const std::string& name) {
        if (name.empty()) return;
        Target target;
        target.group = name;
        out.push_back(std::move(target));
    };
    const auto entry = [&](const std::string& name, const Person* person) {
        const DirectoryEntry* found = context_.book.directory.find(name, context_.settings.city);
        if (found == nullptr) return;
        for (const Person& one : found->people)
            if (person == nullptr ? serving(one) : person == &one) return out.push_back(of_person(*found, one));
    };
    switch (to.kind) {
        case Kind::owner:
            user(order.owner);
            if (out.empty()) group(order.group);
            return out;
        case Kind::asker: user(context_.actor().user); return out;
        case Kind::opener: user(opener_of(order)); return out;
        case Kind::user: user(to.name); return out;
        case Kind::group: group(to.name.empty() ? order.group : to.name); return out;
        case Kind::directory: entry(to.name, nullptr); return out;
        case Kind::chain: {
            const ChainDef* chain = flow_.chain(to.name);
            const DirectoryEntry* found =
                chain == nullptr ? nullptr : chain_entry(context_.book, context_.settings.city, *chain, order);
            const LocalDay today = context_.calendar.local_day(context_.now.wall);
            const Person* person = chain_person(context_.book, context_.settings.city, flow_, order, to.name, today);
            if (found != nullptr && person != nullptr) entry(found->name, person);
            return out;
        }
        case Kind::group_lead:
        case Kind::role: return with_role(to);
        case Kind::field: return in_field(to.name);
        case Kind::customer: return the_customer();
    }
    return out;
}

}  // namespace citybridge::desk
