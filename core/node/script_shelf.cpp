#include "core/node/script_shelf.h"

#include "core/desk/flow_json.h"

namespace citybridge {

Result<> ScriptShelf::start(store::PaperReaders& papers) {
    auto rows = store::all_of_kind(papers, "script");
    if (!rows) return rows.error();
    for (PaperRecord& row : *rows) papers_[row.id] = std::move(row);
    if (!desk_.centre()->script_approvals.empty()) show();
    return ok();
}

std::vector<DurableInput> ScriptShelf::take() {
    auto centre = desk_.centre();
    if (book_ == &desk_.book() && centre_ == centre) return {};
    book_ = &desk_.book();
    centre_ = std::move(centre);
    std::vector<DurableInput> out;
    if (centre_->script_approvals.empty()) {
        desk_.set_scripts(desk::approved_in_files(book_->flows));
        return out;
    }
    show();
    for (desk::ProposeScript& each : desk::script_proposals(book_->flows, papers_)) {
        desk::Request request;
        request.id = "script";
        request.actor = {"system", "system", {}};
        request.what = std::move(each);
        out.emplace_back(OwnStep{std::move(request)});
    }
    return out;
}

void ScriptShelf::committed(const std::vector<PaperRecord>& rows) {
    bool changed = false;
    for (const PaperRecord& row : rows) {
        if (row.kind != "script") continue;
        papers_[row.id] = row;
        changed = true;
    }
    if (changed && !desk_.centre()->script_approvals.empty()) show();
}

void ScriptShelf::show() const {
    desk::Scripts shown;
    // Words of a new place are proposed at once, and believed: nobody waits for that commit to read them.
    for (const desk::Flow* flow : desk_.flows().all())
        for (const desk::ScriptDef* script : desk::shown_scripts(*flow))
            if (!papers_.contains(desk::script_id(flow->kind, script->on)))
                shown.put(flow->kind, desk::words_of(script->on), {script->version, script->title, script->text});
    for (const auto& [id, paper] : papers_) shown.put(paper);
    desk_.set_scripts(std::move(shown));
}

}  // namespace citybridge
