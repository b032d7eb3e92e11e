// The knowledge base: articles, their versions, who approves them (B1).
//
// body: {"text", "tags", "version", "approvals": [{"name", "user", "at"}], "next": {"title", "text", "tags",
// "version"} or absent}. What is published stays as it is while a new version waits in `next`; every version is kept
// for ever as the detail of an entry.
#include "core/desk/paper.h"
#include "core/desk/search_words.h"

namespace citybridge::desk {
namespace {

Fields content_of(const ArticleText& text, std::int64_t version) {
    return {{"title", text.title}, {"text", text.text}, {"tags", text.tags}, {"version", version}};
}

std::string words_of(const std::string& text) { return joined_words(index_words(text)); }

std::int64_t latest_version(const PaperRecord& row) {
    const Fields& newest = row.body.contains("next") ? row.body["next"] : row.body;
    return newest.value("version", std::int64_t{0});
}

void make_findable(PaperStep& step) {
    std::string tags;
    for (const Fields& tag : step.body()["tags"]) tags += tag.get<std::string>() + " ";
    step.changes().papers.words.push_back(
        {step.row().id, words_of(step.row().title), words_of(tags), words_of(step.body()["text"].get<std::string>())});
}

void no_longer_findable(PaperStep& step) { step.changes().papers.words.push_back({step.row().id, {}, {}, {}}); }

// The newest version becomes the one people see.
void publish_article(PaperStep& step) {
    Fields& body = step.body();
    if (body.contains("next")) {
        step.row().title = body["next"]["title"].get<std::string>();
        body["text"] = body["next"]["text"];
        body["tags"] = body["next"]["tags"];
        body["version"] = body["next"]["version"];
        body.erase("next");
    }
    body["published_version"] = body["version"];
    step.row().state = "published";
    make_findable(step);
}

// A new version, not yet seen by anybody else.
void put_version(PaperStep& step, const ArticleText& text) {
    const Fields content = content_of(text, latest_version(step.row()) + 1);
    Fields& body = step.body();
    body["approvals"] = Fields::array();
    if (step.row().state == "published") {
        body["next"] = content;
    } else {
        step.row().title = text.title;
        body["text"] = content["text"];
        body["tags"] = content["tags"];
        body["version"] = content["version"];
        step.row().state = "draft";
    }
    step.entry().detail = content;
}

Result<Decision> edit_article(const PaperCall& call) {
    const bool own = call.before->author == call.context.actor().user;
    if (!own && !leads(call.context.actor()))
        return Error{"auth.forbidden", "an article is changed by its author, team leads and above"};
    if (auto fine = call.state({"draft", "review", "published"}); !fine) return fine.error();
    PaperStep step = call.step();
    const Fields newest = step.body().contains("next") ? step.body()["next"] : step.body();
    ArticleText text{step.body().contains("next") ? newest["title"].get<std::string>() : step.row().title,
                     newest["text"].get<std::string>(), newest["tags"].get<std::vector<std::string>>()};
    if (call.has("title")) text.title = call.text("title");
    if (call.has("text")) text.text = call.text("text");
    if (call.has("tags")) text.tags = call.texts("tags");
    if (text.title.empty() || text.text.empty())
        return Error{"paper.bad_fields", "an article needs a title and a text"};
    put_version(step, text);
    step.entry().action = "version";
    return step.finish("changed", {{call.before->author}, {}});
}

Result<Decision> submit_article(const PaperCall& call) {
    if (call.before->author != call.context.actor().user && !leads(call.context.actor()))
        return Error{"auth.forbidden", "an article is handed in by its author, team leads and above"};
    const bool waits = call.before->state == "draft" || call.before->body.contains("next");
    if (!waits) return Error{"paper.action_not_possible", "there is no version of it that is not published yet"};
    PaperStep step = call.step();
    if (step.row().state == "draft") step.row().state = "review";
    Hearers hearers;
    for (const Approval& approval : call.context.settings.centre->get()->approvals)
        if (!approval.group.empty()) hearers.groups.push_back(approval.group);
    return step.finish("review", hearers);
}

Result<Decision> approve_article(const PaperCall& call) {
    const auto centre = call.context.settings.centre->get();
    const bool waits =
        call.before->state == "review" || (call.before->state == "published" && call.before->body.contains("next"));
    if (!waits) return Error{"paper.action_not_possible", "no version of it waits for an approval"};
    PaperStep step = call.step();
    Fields& given = step.body()["approvals"];
    if (given.size() >= centre->approvals.size())
        return Error{"paper.action_not_possible", "every approval is given; a team lead publishes it"};
    const Approval& next = centre->approvals[given.size()];
    if (!may_approve(call.context.actor(), next))
        return Error{"auth.forbidden", "the approval \"" + next.name + "\" comes next; it is given by " +
                                           (next.group.empty() ? "role " + next.role : "group " + next.group)};
    given.push_back({{"name", next.name},
                     {"user", call.context.actor().user},
                     {"at", to_rfc3339(call.context.now.wall)},
                     {"version", latest_version(*call.before)}});
    step.entry().detail["name"] = next.name;
    step.entry().detail["version"] = latest_version(*call.before);
    const bool all = given.size() == centre->approvals.size();
    if (all) publish_article(step);
    return step.finish(all ? "published" : "approved", {{call.before->author}, {}, all});
}

Result<Decision> publish_article_now(const PaperCall& call) {
    if (auto fine = call.roles(kLeaderRoles); !fine) return fine.error();
    if (!call.context.settings.centre->get()->approvals.empty())
        return Error{"paper.action_not_possible",
                     "articles of this city are approved before they appear; hand it in with \"submit\""};
    const bool waits = listed({"draft", "review"}, call.before->state) || call.before->body.contains("next");
    if (!waits) return Error{"paper.action_not_possible", "there is no version of it that is not published yet"};
    PaperStep step = call.step();
    publish_article(step);
    return step.finish("published", {{}, {}, true});
}

// Back to its author, with what is to be mended.
Result<Decision> return_article(const PaperCall& call) {
    const Actor& actor = call.context.actor();
    const auto centre = call.context.settings.centre->get();
    bool may = leads(actor);
    for (const Approval& approval : centre->approvals) may = may || may_approve(actor, approval);
    if (!may) return Error{"auth.forbidden", "an article is returned by those who approve it, team leads and above"};
    if (auto fine = call.wants("text"); !fine) return fine.error();
    const bool waits = call.before->state == "review" || call.before->body.contains("next");
    if (!waits) return Error{"paper.action_not_possible", "no version of it waits for an approval"};
    PaperStep step = call.step();
    step.body()["approvals"] = Fields::array();
    if (step.row().state == "review") step.row().state = "draft";
    step.entry().text = call.text("text");
    return step.finish("returned", {{call.before->author}, {}});
}

Result<Decision> retire_article(const PaperCall& call) {
    if (auto fine = call.roles(kLeaderRoles); !fine) return fine.error();
    if (auto fine = call.state({"draft", "review", "published"}); !fine) return fine.error();
    PaperStep step = call.step();
    step.entry().text = call.text("text");
    step.body().erase("next");
    step.close("retired");
    no_longer_findable(step);
    return step.finish("retired", {{call.before->author}, {}});
}

Result<Decision> open_article(const PaperCall& call) {
    if (auto fine = call.roles(kStaffRoles); !fine) return fine.error();
    for (const char* name : {"title", "text"})
        if (auto fine = call.wants(name); !fine) return fine.error();
    PaperStep step = call.open(call.text("title"));
    step.row().state = "draft";
    put_version(step, {call.text("title"), call.text("text"), call.texts("tags")});
    return step.finish("changed", {{call.context.actor().user}, {}}, 201);
}

}  // namespace

Result<Decision> article_step(const PaperCall& call) {
    if (call.before == nullptr) return open_article(call);
    if (call.what.action == "edit") return edit_article(call);
    if (call.what.action == "submit") return submit_article(call);
    if (call.what.action == "approve") return approve_article(call);
    if (call.what.action == "publish") return publish_article_now(call);
    if (call.what.action == "return") return return_article(call);
    if (call.what.action == "retire") return retire_article(call);
    return Error{
        "paper.action_not_possible",
        "an article knows edit, submit, approve, publish, return and retire, not \"" + call.what.action + "\""};
}

Decision write_article(const Context& context, const PaperRecord* article, const ArticleText& text, std::string& id) {
    PaperRecord row;
    if (article != nullptr) {
        row = *article;
    } else {
        row.id = std::string(id_prefix("article")) + context.request.id;
        row.kind = "article";
        row.state = "draft";
        row.city = context.settings.city;
        row.author = context.actor().user;
        row.created_at = context.now.wall;
    }
    id = row.id;
    PaperStep step(context, std::move(row), article == nullptr ? "opened" : "version");
    put_version(step, text);
    const bool approved_first = !context.settings.centre->get()->approvals.empty();
    if (!approved_first)
        publish_article(step);
    else if (step.row().state == "draft")
        step.row().state = "review";
    return step.finish(approved_first ? "review" : "published", {{}, {}, !approved_first});
}

}  // namespace citybridge::desk
