#include "core/relay/callback_ended.h"

#include <algorithm>

#include "core/relay/callback_cities.h"

namespace citybridge::relay {
namespace {

// Those of the view that ended lately, by id.
std::vector<const CallbackRecord*> ended_lately(const CallbackContext& context, const std::string& city) {
    std::vector<const CallbackRecord*> out = context.view.ended_callbacks(city);
    const WallTime since = context.now.wall - context.settings.ended_within;
    std::erase_if(out, [&](const CallbackRecord* each) { return *each->closed_at < since; });
    std::sort(out.begin(), out.end(), [](const CallbackRecord* a, const CallbackRecord* b) { return a->id < b->id; });
    return out;
}

// Whom it was about the other city knows, if it knows the task.
Fields end_of(const CallbackContext& context, const CallbackRecord& row) {
    const CallbackChange change = context.change(row);
    Fields out = task_fields(change.row, change.detail, context.now.wall);
    for (const char* personal : {"number", "name", "owner", "data"}) out.erase(personal);
    return out;
}

bool within(const CityMessage& message, const std::string& id) {
    return id > message.ended_after && (message.ended_to.empty() || id <= message.ended_to);
}

}  // namespace

std::vector<Fields> ended_pages(const CallbackContext& context, const std::string& city,
                                const std::set<std::string>& told) {
    const auto page_after = [](const std::string& id) {
        return Fields{{"after", id}, {"to", ""}, {"tasks", Fields::array()}};
    };
    std::vector<Fields> pages{page_after("")};
    std::string last;
    for (const CallbackRecord* each : ended_lately(context, city)) {
        if (told.contains(each->id)) continue;
        if (pages.back()["tasks"].size() >= context.settings.exchange_at_once) {
            pages.back()["to"] = last;
            pages.push_back(page_after(last));
        }
        pages.back()["tasks"].push_back(end_of(context, *each));
        last = each->id;
    }
    return pages;
}

void answer_ended(const CallbackContext& context, const CityMessage& message, std::set<std::string>& settled,
                  std::vector<Fields>& tasks, CallbackDecision& out) {
    if (!message.tells_ended) return;
    for (const ToldTask& told : message.ended) {
        const CallbackRecord* row = context.view.callback(told.row.id);
        // What is not known here was deleted as too old, or is still to come.
        if (!settled.insert(told.row.id).second || row == nullptr || is_same_end(row, told)) continue;
        CallbackChange change = merged(context, message, told);
        tasks.push_back(change.next_message());
        change.finish(out);
    }
    for (const CallbackRecord* each : ended_lately(context, message.from)) {
        if (!within(message, each->id) || settled.contains(each->id)) continue;
        const CallbackChange change = context.change(*each);
        Fields& task = tasks.emplace_back(task_fields(change.row, change.detail, context.now.wall));
        task["created_ms"] = (context.now.wall - each->created_at).count();
        task["ended_ms"] = (context.now.wall - *each->closed_at).count();
    }
}

bool is_same_end(const CallbackRecord* row, const ToldTask& told) {
    if (row == nullptr || !is_closed(row->state)) return false;
    const CallbackDetail mine = detail_of(*row);
    return row->state == told.row.state && row->outcome == told.row.outcome && row->epoch == told.row.epoch &&
           mine.hand == told.detail.hand && mine.holder == told.detail.holder;
}

}  // namespace citybridge::relay
