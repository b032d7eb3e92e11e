#include "core/desk/paper.h"

#include <algorithm>
#include <array>

#include "core/api/records_json.h"
#include "core/desk/json_text.h"

namespace citybridge::desk {
namespace {

constexpr std::size_t kMostInList = 2'000;
constexpr std::string_view kDeadline = "due";

struct Kind {
    std::string_view name;
    std::string_view prefix;
    std::string_view path;
    Result<Decision> (*step)(const PaperCall&);
};
constexpr std::array<Kind, 6> kPaperKinds{{{"article", "art_", "/v1/knowledge/articles/", article_step},
                                           {"question", "qst_", "/v1/knowledge/questions/", question_step},
                                           {"notice", "ntc_", "/v1/notices/", notice_step},
                                           {"shift", "shf_", "/v1/shifts/", shift_step},
                                           {"help", "hlp_", "/v1/help/", help_step},
                                           {"script", "scr_", "/v1/scripts/", script_step}}};

Fields text_or_null(const std::string& value) { return value.empty() ? Fields(nullptr) : Fields(value); }
Fields time_or_null(const std::optional<WallTime>& value) {
    return value ? Fields(to_rfc3339(*value)) : Fields(nullptr);
}

}  // namespace

bool is_paper(const std::string& id) {
    return std::any_of(kPaperKinds.begin(), kPaperKinds.end(),
                       [&](const Kind& kind) { return id.starts_with(kind.prefix); });
}

std::string_view id_prefix(std::string_view name) {
    for (const Kind& kind : kPaperKinds)
        if (kind.name == name) return kind.prefix;
    return {};
}

bool may_approve(const Actor& actor, const Approval& approval) {
    if (!approval.role.empty() && has_role(actor, {approval.role})) return true;
    return !approval.group.empty() && listed(actor.groups, approval.group);
}

std::string shift_mark(const std::string& group) { return "shift:" + group; }

void need_papers(const ActOnPaper& what, const Actor& actor, PapersWanted& wanted) {
    if (!what.id.empty()) {
        wanted.ids.push_back(what.id);
        wanted.marks.emplace_back(what.id, actor.user);
    }
    for (const std::string& other : what.others) wanted.ids.push_back(other);
    const auto text = [&](const char* name) {
        const auto found = what.fields.find(name);
        return found != what.fields.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    if (const std::string user = text("user"); !user.empty()) wanted.marks.emplace_back(what.id, user);
    if (what.kind == "shift" && what.id.empty()) wanted.marks.emplace_back(shift_mark(text("group")), "");
}

Result<Decision> act_on_paper(const Context& context, const ActOnPaper& what) {
    const PaperRecord* before = nullptr;
    if (!what.id.empty()) {
        before = context.view.paper(what.id);
        if (before == nullptr || before->kind != what.kind)
            return Error{"paper.unknown", "there is no " + what.kind + " with the id " + what.id};
        if (what.revision && *what.revision != before->revision)
            return Error{"paper.changed_meanwhile", what.id + " is at revision " + std::to_string(before->revision) +
                                                        ", not " + std::to_string(*what.revision) +
                                                        "; read it again and decide with what is there now"};
    }
    for (const Kind& kind : kPaperKinds)
        if (kind.name == what.kind) return kind.step({context, what, before});
    return Error{"paper.unknown", "there is no kind of paper \"" + what.kind + "\""};
}

Result<Decision> paper_overdue(const Context& context, const DeadlineReached& what) {
    const PaperRecord* row = context.view.paper(what.order);
    const auto open = context.view.open_deadlines(what.order);
    const bool still =
        std::any_of(open.begin(), open.end(), [&](const DeadlineRecord& deadline) { return deadline.n == what.n; });
    if (row == nullptr || row->closed_at || !still) return Decision{};
    if (row->kind == "help") return help_overdue(context, *row);
    PaperStep step(context, *row, "overdue");
    step.no_deadline(DeadlineState::overdue);
    step.body()["overdue"] = true;
    return step.finish("overdue", {{row->owner, row->author}, {row->group}});
}

Result<Decision> correct_paper(const Context& context, const std::string& id) {
    const PaperRecord* row = context.view.paper(id);
    Decision out;
    if (row == nullptr) return out;
    for (DeadlineRecord deadline : context.view.open_deadlines(id)) {
        const auto due = due_again(deadline, context.calendars);
        if (!due || *due == Calendar::Due{deadline.due_at, deadline.provisional}) continue;
        PaperRecord changed = *row;
        PaperStep step(context, changed, "deadline_corrected");
        step.entry().detail["before"] = to_rfc3339(deadline.due_at);
        step.entry().detail["now"] = to_rfc3339(due->due);
        step.row().due_at = due->due;
        deadline.due_at = due->due;
        deadline.provisional = due->provisional;
        step.changes().deadlines.push_back(std::move(deadline));
        return step.finish("", {});
    }
    return out;
}

Fields paper_json(const PaperRecord& row, bool with_answers) {
    Fields body = row.body;
    if (!with_answers && body.contains("questions"))
        for (Fields& question : body["questions"]) question.erase("right");
    return {{"id", row.id},
            {"kind", row.kind},
            {"state", row.state},
            {"title", row.title},
            {"owner", text_or_null(row.owner)},
            {"group", text_or_null(row.group)},
            {"city", row.city},
            {"author", row.author},
            {"contact", text_or_null(row.contact)},
            {"order", text_or_null(row.order)},
            {"about", text_or_null(row.about)},
            {"body", std::move(body)},
            {"due_at", time_or_null(row.due_at)},
            {"created_at", to_rfc3339(row.created_at)},
            {"updated_at", to_rfc3339(row.updated_at)},
            {"closed_at", time_or_null(row.closed_at)},
            {"revision", row.revision}};
}

Fields to_json(const PaperEntry& entry) {
    return {{"n", entry.n},           {"at", to_rfc3339(entry.at)},       {"actor", entry.actor},
            {"action", entry.action}, {"text", text_or_null(entry.text)}, {"detail", entry.detail}};
}

Fields to_json(const DispositionRecord& row) {
    return {{"contact", row.contact},
            {"code", row.code},
            {"path", row.path},
            {"queue", text_or_null(row.queue)},
            {"agent", text_or_null(row.agent)},
            {"user", row.user},
            {"at", to_rfc3339(row.at)}};
}

PaperStep::PaperStep(const Context& context, PaperRecord before, std::string action)
    : context_(context), row_(std::move(before)) {
    ++row_.revision;
    ++row_.entries;
    row_.updated_at = context.now.wall;
    entry_.paper = row_.id;
    entry_.n = row_.entries;
    entry_.at = context.now.wall;
    entry_.actor = context.actor().user;
    entry_.action = std::move(action);
}

void PaperStep::close(const std::string& state) {
    row_.state = state;
    row_.closed_at = context_.now.wall;
    no_deadline(DeadlineState::done);
}

void PaperStep::no_deadline(DeadlineState state) {
    for (DeadlineRecord deadline : context_.view.open_deadlines(row_.id)) {
        deadline.state = state;
        deadline.settled_at = context_.now.wall;
        put_deadline(std::move(deadline));
    }
}

void PaperStep::put_deadline(DeadlineRecord row) {
    std::erase_if(decision_.changes.deadlines,
                  [&](const DeadlineRecord& each) { return each.order == row.order && each.n == row.n; });
    decision_.changes.deadlines.push_back(std::move(row));
}

void PaperStep::due(const DueRule& rule) {
    no_deadline(DeadlineState::cancelled);
    DeadlineRecord deadline;
    deadline.order = row_.id;
    deadline.name = kDeadline;
    deadline.n = row_.entries;
    deadline.kind = "paper";
    deadline.set_at = context_.now.wall;
    set_due(deadline, context_.calendars, "", rule, context_.now.wall);
    row_.due_at = deadline.due_at;
    put_deadline(std::move(deadline));
}

void PaperStep::due_at(WallTime time) {
    no_deadline(DeadlineState::cancelled);
    DeadlineRecord deadline;
    deadline.order = row_.id;
    deadline.name = kDeadline;
    deadline.n = row_.entries;
    deadline.kind = "paper";
    deadline.set_at = context_.now.wall;
    deadline.due_at = time;
    row_.due_at = time;
    put_deadline(std::move(deadline));
}

void PaperStep::mark(const std::string& about, const std::string& user, const std::string& what, std::int64_t number,
                     Fields detail) {
    decision_.changes.papers.marks.push_back({about, user, what, context_.now.wall, number, std::move(detail)});
}

void tell_subscribers(const Context& context, const std::string& type, const std::string& id, const std::string& key,
                      const Fields& data, Changes& changes) {
    for (const Subscriber& subscriber : context.settings.subscribers) {
        if (!wants(subscriber, type)) continue;
        OutboxRecord message;
        message.id = id + "." + subscriber.destination + ".event";
        message.destination = subscriber.destination;
        message.key = key;
        message.kind = "event";
        message.payload = dumped({{"type", type}, {"timestamp", to_rfc3339(context.now.wall)}, {"data", data}});
        message.created_at = message.next_at = message.updated_at = context.now.wall;
        changes.outbox.push_back(std::move(message));
    }
}

Decision PaperStep::finish(const std::string& what, const Hearers& hearers, int status) {
    const std::string type = row_.kind + '.' + what;
    const Fields json = paper_json(row_);
    if (!what.empty()) {
        PaperChanged event{type, row_.id, hearers.users, hearers.groups, hearers.everybody, dumped(json)};
        std::erase(event.users, "");
        std::erase(event.groups, "");
        tell_subscribers(context_, type, row_.id + "." + std::to_string(row_.entries), row_.id, {{row_.kind, json}},
                         decision_.changes);
        decision_.events.emplace_back(std::move(event));
    }
    std::string location;
    for (const Kind& kind : kPaperKinds)
        if (kind.name == row_.kind) location = std::string(kind.path) + row_.id;
    decision_.reply = {status, std::move(location), dumped(json)};
    decision_.changes.papers.rows.push_back(std::move(row_));
    decision_.changes.papers.entries.push_back(std::move(entry_));
    return std::move(decision_);
}

void PaperStep::join(Decision other) {
    const auto append = [](auto& to, auto& from) {
        to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    };
    Changes& mine = decision_.changes;
    append(mine.papers.rows, other.changes.papers.rows);
    append(mine.papers.entries, other.changes.papers.entries);
    append(mine.papers.marks, other.changes.papers.marks);
    append(mine.papers.words, other.changes.papers.words);
    append(mine.deadlines, other.changes.deadlines);
    append(mine.outbox, other.changes.outbox);
    append(decision_.events, other.events);
}

std::string PaperCall::text(std::string_view name) const {
    const auto found = what.fields.find(std::string(name));
    return found != what.fields.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<std::string> PaperCall::texts(std::string_view name) const {
    std::vector<std::string> out;
    const auto found = what.fields.find(std::string(name));
    if (found == what.fields.end() || !found->is_array()) return out;
    for (const Fields& each : *found)
        if (each.is_string() && !each.get<std::string>().empty() && out.size() < kMostInList)
            out.push_back(each.get<std::string>());
    return out;
}

std::int64_t PaperCall::number(std::string_view name, std::int64_t fallback) const {
    const auto found = what.fields.find(std::string(name));
    return found != what.fields.end() && found->is_number_integer() ? found->get<std::int64_t>() : fallback;
}

PaperStep PaperCall::open(std::string title) const {
    PaperRecord row;
    row.id = std::string(id_prefix(what.kind)) + context.request.id;
    row.kind = what.kind;
    row.state = "open";
    row.title = std::move(title);
    row.group = text("group");
    row.city = context.settings.city;
    row.author = context.actor().user;
    row.contact = text("contact");
    row.order = text("order");
    row.created_at = context.now.wall;
    return {context, std::move(row), "opened"};
}

Result<> PaperCall::roles(const std::vector<std::string>& allowed) const {
    if (has_role(context.actor(), allowed)) return ok();
    return Error{"auth.forbidden",
                 "\"" + what.action + "\" of a " + what.kind + " needs one of the roles " + joined(allowed)};
}

Result<> PaperCall::state(const std::vector<std::string>& allowed) const {
    if (before != nullptr && listed(allowed, before->state)) return ok();
    return Error{"paper.action_not_possible", "\"" + what.action + "\" is possible while it is " + joined(allowed) +
                                                  "; it is " + (before == nullptr ? "not there" : before->state)};
}

Result<> PaperCall::wants(std::string_view name) const {
    if (!text(name).empty()) return ok();
    return Error{"paper.bad_fields", "field \"" + std::string(name) + "\" is missing; \"" + what.action + "\" of a " +
                                         what.kind + " needs it"};
}

const PaperRecord* PaperCall::other(std::string_view kind) const {
    for (const std::string& id : what.others)
        if (const PaperRecord* row = context.view.paper(id); row != nullptr && row->kind == kind) return row;
    return nullptr;
}

}  // namespace citybridge::desk
