#include "core/desk/story_play.h"

#include <algorithm>
#include <charconv>

#include "core/api/records_json.h"
#include "core/desk/flow_file.h"
#include "core/desk/recurrence.h"
#include "core/desk/xml_element.h"

namespace citybridge::desk {
namespace {

// More timers than this in one stretch of time: a flow that calls itself.
constexpr int kMostTimers = 2'000;

// "rooms=3" is a number, "true" a boolean; quotes make a text of what looks like something else.
Fields story_value(const FieldDef* field, const std::string& text) {
    if (text.empty()) return nullptr;
    if (field != nullptr && field->type == FieldType::boolean && (text == "true" || text == "false"))
        return text == "true";
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    if (field != nullptr && field->type == FieldType::integer && whole) return number;
    return text;
}

// The flow's file with one attribute said otherwise.
std::optional<Flow> variant_of(const Flow& flow, const Story& story, Problems& problems) {
    pugi::xml_document document;
    document.load_string(flow.source.c_str(), pugi::parse_default | pugi::parse_comments);
    for (const StoryStep& change : story.variants) {
        pugi::xpath_node found;
        try {
            found = document.select_node(change["select"].c_str());
        } catch (const pugi::xpath_exception& wrong) {
            problems.push_back({change.where, "select is no XPath: " + std::string(wrong.what())});
            return std::nullopt;
        }
        if (!found.node()) {
            problems.push_back({change.where, "nothing in the flow is " + change["select"]});
            return std::nullopt;
        }
        pugi::xml_node node = found.node();
        node.remove_attribute(change["attribute"].c_str());
        if (change.has("value")) node.append_attribute(change["attribute"].c_str()) = change["value"].c_str();
    }
    struct Text final : pugi::xml_writer {
        std::string out;
        void write(const void* data, std::size_t size) override { out.append(static_cast<const char*>(data), size); }
    } text;
    document.save(text);
    return parse_flow(flow.where.file + " (variant)", std::move(text.out), problems);
}

}  // namespace

Result<nlohmann::ordered_json> StoryRules::erp_payload(std::string_view action, const OrderRecord& order,
                                                       const CustomerRecord*, std::string_view text) const {
    return nlohmann::ordered_json{{"action", action}, {"order", order.id}, {"fields", order.fields}, {"text", text}};
}

Result<InboundVerdict> StoryRules::inbound(const InboundMessage& message) const {
    InboundVerdict verdict;
    verdict.order = message.data.value("order", std::string());
    verdict.external_id = message.data.value("number", std::string());
    verdict.action = message.data.value("action", std::string());
    verdict.note = message.data.value("note", std::string());
    verdict.fields = message.data.value("fields", Fields::object());
    return verdict;
}

StoryPlay::StoryPlay(const StoryStage& stage, const StoryFile& file, const Story& story)
    : stage_(stage), file_(file), story_(story), rules_(file.kind) {
    FlowBook book{stage.flows, stage.directory, stage.channels};
    const Flow* shipped = stage.flows.find(file.kind);
    if (shipped == nullptr) {
        say(story.where, "there is no flow of kind " + file.kind);
        return;
    }
    if (!story.variants.empty()) {
        auto changed = variant_of(*shipped, story, problems_);
        if (!changed) return;
        std::vector<Flow> flows{std::move(*changed)};
        for (const Flow* other : stage.flows.all())
            if (other->kind != file.kind) flows.push_back(*other);
        book.flows = FlowSet(std::move(flows));
    }
    if (!stage.calendars.contains(file.calendar)) {
        say(story.where, "there is no calendar " + file.calendar);
        return;
    }
    DeskSettings settings;
    settings.city = file.city;
    settings.rules[file.kind] = &rules_;
    settings.verification = &codes_;
    desk_.emplace(std::move(settings), std::move(book), Calendars(file.calendar, stage.calendars));
    flow_ = desk_->flows().find(file.kind);
    calendar_ = &stage.calendars.at(file.calendar);
    for (const StoryPerson& person : file.people) {
        UserRecord row;
        row.name = person.name;
        row.role = person.role;
        row.groups = person.groups;
        row.agent = person.name;
        view_.users[person.name] = std::move(row);
    }
}

Problems StoryPlay::run() {
    if (!desk_) return std::move(problems_);
    for (const StoryStep& step : story_.steps) {
        if (!begun_ && step.what != "at") {
            say(step.where, "a story begins with <at time=\"2026-11-23 10:00\"/>");
            break;
        }
        carry_out(step);
        // What follows a step that did not happen only repeats it.
        if (!problems_.empty()) break;
    }
    return std::move(problems_);
}

void StoryPlay::carry_out(const StoryStep& step) {
    if (step.what == "expect") return expect(step);
    if (step.what == "count") return count(step);
    if (step.what == "open") return open(step);
    if (step.what == "erp") return erp(step);
    if (step.what == "delivered" || step.what == "undelivered") return delivery_ended(step, step.what == "delivered");
    if (ask_step(step) || verify_step(step)) return;
    if (step.what == "pass") {
        const auto rule = due_rule_of(step["time"]);
        if (!rule || rule->after == Millis{0}) return say(step.where, "time must be a stretch such as \"30min\"");
        return run_to(step, now_ + rule->after, true);
    }
    const auto until = time(step, step[step.what == "down" ? "until" : "time"]);
    if (!until) return;
    if (begun_ && *until < now_) return say(step.where, "the clock stands at " + local(now_) + " already");
    if (begun_) return run_to(step, *until, step.what != "down");
    now_ = *until;
    begun_ = true;
    for (const RecurrenceDef& rule : flow_->recurrences) recurred_[rule.name] = now_;
}

// Steps that people take on an order; false: it is none of these.
bool StoryPlay::ask_step(const StoryStep& step) {
    const bool act =
        step.what == "act" || step.what == "acknowledge" || step.what == "approve" || step.what == "reject";
    if (!act && step.what != "note" && step.what != "assign") return false;
    const OrderRecord* about = order(step);
    if (about == nullptr) return true;
    last_ = about->id;
    if (act) {
        ActOnOrder what;
        what.order = about->id;
        what.action = step.what == "act" ? step["action"] : step.what;
        what.note = step["note"];
        what.fields = fields(step);
        ask(step, step["by"], std::move(what));
    } else if (step.what == "note") {
        ask(step, step["by"], AddNote{about->id, step["text"]});
    } else {
        AssignOrder what;
        what.order = about->id;
        what.owner = step["owner"];
        what.group = step["group"];
        ask(step, step["by"], std::move(what));
    }
    return true;
}

void StoryPlay::open(const StoryStep& step) {
    OpenOrder what;
    what.kind = step.has("kind") ? step["kind"] : file_.kind;
    what.number = step["phone"];
    what.customer_name = step["name"];
    what.note = step["note"];
    what.owner = step["owner"];
    what.group = step["group"];
    what.fields = fields(step);
    const auto decision = ask(step, step["by"], std::move(what));
    if (!decision) return;
    last_ = decision->reply.location.substr(decision->reply.location.rfind('/') + 1);
    if (step.has("as")) names_[step["as"]] = last_;
}

void StoryPlay::erp(const StoryStep& step) {
    const OrderRecord* about = order(step);
    if (about == nullptr) return;
    TakeInbound what;
    what.message.source = step.has("from") ? step["from"] : flow_->erps.empty() ? "erp" : flow_->erps.front().connector;
    what.message.id = "story_" + std::to_string(++requests_);
    what.message.sent_at = now_;
    what.message.type = "story";
    what.message.data = {{"order", about->id},
                         {"action", step["action"]},
                         {"number", step["number"]},
                         {"note", step["note"]},
                         {"fields", fields(step)}};
    const std::string id = about->id;
    const auto decision = ask(step, "", std::move(what));
    if (!decision) return;
    last_ = id;
    const std::string result = step.has("result") ? step["result"] : "applied";
    const auto reply = nlohmann::json::parse(decision->reply.body, nullptr, false);
    same(step, "the ERP's message", reply.is_object() ? reply.value("status", "") : decision->reply.body, result);
}

void StoryPlay::delivery_ended(const StoryStep& step, bool delivered) {
    const OrderRecord* about = order(step);
    if (about == nullptr) return;
    OutboxRecord* found = nullptr;
    for (auto& [id, row] : view_.outbox)
        if (row.order == about->id && row.kind == step["message"] && row.state == OutboxState::pending) found = &row;
    if (found == nullptr) return say(step.where, "no message " + step["message"] + " of this order is on its way");
    found->state = delivered ? OutboxState::delivered : OutboxState::dead;
    found->external_id = step["number"];
    found->last_code = step["code"];
    last_ = about->id;
    ask(step, "", DeliveryEnded{*found});
}

std::optional<Decision> StoryPlay::ask(const StoryStep& step, const std::string& by, What what) {
    const auto who = by.empty() ? std::optional<Actor>(Actor{"system", "system", {}}) : actor(step, by);
    if (!who) return std::nullopt;
    return decide(step, {"r" + std::to_string(++requests_), *who, std::move(what)});
}

std::optional<Decision> StoryPlay::decide(const StoryStep& step, const Request& request) {
    auto decision = desk_->apply(view_, request, {now_, {}});
    const std::string& refused = step["refused"];
    if (!decision) {
        if (refused != decision.error().code)
            say(step.where, (refused.empty() ? "refused" : "refused, but not with " + refused) + ": " +
                                decision.error().code + " " + decision.error().detail);
        return std::nullopt;
    }
    if (!refused.empty()) {
        say(step.where, "should have been refused with " + refused + ", but was done");
        return std::nullopt;
    }
    view_.take(decision->changes);
    return std::move(*decision);
}

// Timers as the node would fire them: each at its time, the earliest first. While the node is down nothing happens;
// when it is up again all that is due comes at once.
void StoryPlay::run_to(const StoryStep& step, WallTime until, bool node_is_up) {
    if (!node_is_up) {
        now_ = until;
        return;
    }
    for (int fired = 0; problems_.empty(); ++fired) {
        if (fired == kMostTimers) return say(step.where, "timers set each other off without end");
        const DeadlineRecord* first = nullptr;
        for (const auto& [key, row] : view_.deadlines)
            if (row.state == DeadlineState::open && row.due_at <= until &&
                (first == nullptr || row.due_at < first->due_at))
                first = &row;
        if (recur(step, first == nullptr ? until : first->due_at)) continue;
        if (first == nullptr) break;
        fire_next(step, DeadlineRecord(*first));
    }
    now_ = std::max(now_, until);
}

void StoryPlay::fire_next(const StoryStep& step, const DeadlineRecord& due) {
    now_ = std::max(now_, due.due_at);
    ask(step, "", DeadlineReached{due.order, due.name, due.n});
    const auto& row = view_.deadlines.at({due.order, due.name, due.n});
    if (problems_.empty() && row.state == DeadlineState::open && row.due_at <= now_)
        say(step.where, "the timer " + due.name + " of " + local(due.due_at) + " had no effect");
}

// Opens the orders that repeat, up to `until`; true: there was one.
bool StoryPlay::recur(const StoryStep& step, WallTime until) {
    bool any = false;
    for (const RecurrenceDef& rule : flow_->recurrences) {
        WallTime& seen = recurred_[rule.name];
        for (const Occurrence& each : occurrences(rule, *calendar_, seen, until)) {
            now_ = std::max(now_, each.at);
            ask(step, "", OpenRecurring{file_.kind, rule.name, each.id, each.at});
            last_ = recurring_order_id(file_.kind, rule.name, each.id);
            any = true;
        }
        seen = std::max(seen, until);
    }
    return any;
}

void StoryPlay::same(const StoryStep& step, const std::string& what, const std::string& is, const std::string& told) {
    if (is != told) say(step.where, what + " is \"" + is + "\", not \"" + told + "\"");
}

std::optional<Actor> StoryPlay::actor(const StoryStep& step, const std::string& name) {
    if (name == "system") return Actor{"system", "system", {}};
    const auto it = view_.users.find(name);
    if (it != view_.users.end()) return Actor{name, it->second.role, it->second.groups};
    say(step.where, "nobody is called " + name + "; add <person name=\"" + name + "\" role=\"agent\" groups=\"...\"/>");
    return std::nullopt;
}

const OrderRecord* StoryPlay::order(const StoryStep& step) {
    std::string id = last_;
    if (step.has("order") && step["order"] != "last") {
        const auto it = names_.find(step["order"]);
        if (it == names_.end()) {
            say(step.where, "no order was opened as=\"" + step["order"] + "\"");
            return nullptr;
        }
        id = it->second;
    }
    const OrderRecord* found = view_.order(id);
    if (found == nullptr) say(step.where, "there is no order yet");
    return found;
}

Fields StoryPlay::fields(const StoryStep& step) {
    Fields out = Fields::object();
    for (const StoryStep& part : step.parts)
        if (part.what == "field") out[part["name"]] = story_value(flow_->field(part["name"]), part["value"]);
    return out;
}

// "2026-11-23 10:00" in the calendar's zone.
std::optional<WallTime> StoryPlay::time(const StoryStep& step, const std::string& text) {
    const auto day = text.size() >= 15 ? day_of(text.substr(0, 10)) : std::nullopt;
    const auto minutes = day && text[10] == ' ' ? time_of_day(text.substr(11)) : std::nullopt;
    if (day && minutes) return local_moment(*calendar_, *day, *minutes);
    say(step.where, "a time is written \"2026-11-23 10:00\", not \"" + text + "\"");
    return std::nullopt;
}

std::string StoryPlay::local(WallTime time) const {
    const LocalDay day = calendar_->local_day(time);
    const auto minutes =
        std::chrono::duration_cast<std::chrono::seconds>(time - local_moment(*calendar_, day, 0)).count();
    const std::chrono::year_month_day date(day);
    char out[40];
    const int length = std::snprintf(out, sizeof out, "%04d-%02u-%02u %02d:%02d", static_cast<int>(date.year()),
                                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                     static_cast<int>(minutes / 3600), static_cast<int>(minutes / 60 % 60));
    std::string text(out, static_cast<std::size_t>(length));
    if (minutes % 60 != 0) text += ":" + std::to_string(minutes % 60);
    return text;
}

Problems play(const StoryStage& stage, const StoryFile& file, const Story& story) {
    return StoryPlay(stage, file, story).run();
}

}  // namespace citybridge::desk
