// article, question, notice, shift, help-request; search, dispositions, skills.
#include <algorithm>
#include <array>
#include <charconv>

#include "core/node/cli/commands.h"
#include "core/node/cli/record_tables.h"
#include "core/node/cli/table.h"

namespace citybridge {
namespace {

using Json = nlohmann::ordered_json;

struct PaperWord {
    const char* word;
    const char* path;
    const char* title;
    const char* actions;
};
constexpr std::array<PaperWord, 6> kPaperWords{{
    {"article", "/v1/knowledge/articles", "Articles of the knowledge base",
     "edit submit approve publish return retire"},
    {"question", "/v1/knowledge/questions", "Questions to the knowledge base", "assign answer note close"},
    {"notice", "/v1/notices", "Notices that must be read",
     "add_question remove_question publish read attempt give_try ask reply withdraw"},
    {"shift", "/v1/shifts", "Shift logs", "write matter report settle take_over sign_out sign_in"},
    {"script", "/v1/scripts", "Words to say and who approves them", "approve return"},
    {"help-request", "/v1/help", "Requests for help on the floor", "take pass_on solve withdraw"},
}};

struct PaperOptions {
    std::string id, action, state, group, owner;
    bool open = false;
    std::vector<std::string> fields;
};

bool among(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// "tags=a" twice makes a list of two; numbers are numbers, all else is text.
Result<Json> paper_fields_of(const std::vector<std::string>& pairs) {
    Json out = Json::object();
    for (const std::string& pair : pairs) {
        const std::size_t at = pair.find('=');
        if (at == 0 || at == std::string::npos) return Error{"cli.bad_field", "--field " + pair + " is not name=value"};
        const std::string name = pair.substr(0, at), value = pair.substr(at + 1);
        if (among(name, {"tags", "groups", "roles", "choices", "answers"})) {
            out[name].push_back(value);
        } else if (among(name, {"number", "right", "pass_percent", "tries", "revision", "version"})) {
            std::int64_t number = 0;
            const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
            if (problem != std::errc{} || end != value.data() + value.size())
                return Error{"cli.bad_field", "--field " + pair + ": " + name + " is a whole number"};
            out[name] = number;
        } else {
            out[name] = value;
        }
    }
    return out;
}

using Lines = std::vector<std::vector<std::string>>;

std::string cell(const Json& row, const char* name) {
    const auto found = row.find(name);
    return text_of(found == row.end() ? Json(nullptr) : *found);
}

// The columns of every row, by the members' names.
std::string table_of(const Json& rows, const std::vector<std::string>& header,
                     std::initializer_list<const char*> members) {
    Lines lines;
    for (const Json& row : rows) {
        auto& line = lines.emplace_back();
        for (const char* member : members) line.push_back(cell(row, member));
    }
    return format_table(header, lines);
}

std::string papers_table(const Json& rows) {
    return table_of(rows, {"id", "state", "title", "owner", "group", "due (UTC)", "created (UTC)"},
                    {"id", "state", "title", "owner", "group", "due_at", "created_at"});
}

std::string missing_table(const Json& rows) {
    return table_of(rows, {"contact", "agent", "queue", "ended (UTC)", "made ready without (UTC)"},
                    {"contact", "agent", "queue", "ended_at", "left_at"});
}

std::string counts_table(const Json& rows) { return table_of(rows, {"disposition", "contacts"}, {"path", "count"}); }

std::string readers_table(const Json& rows) {
    return table_of(rows, {"user", "read (UTC)", "tries", "passed (UTC)", "score"},
                    {"user", "read_at", "tries", "passed_at", "score"});
}

std::string skills_table(const Json& rows) {
    return table_of(rows, {"user", "skill", "since (UTC)", "source"}, {"user", "skill", "granted_at", "source"});
}

void add_entries_of_tree(const Json& entries, std::size_t depth, std::string& out) {
    for (const Json& entry : entries) {
        out += std::string(2 * depth, ' ') + cell(entry, "code") + "  " + cell(entry, "title") + "\n";
        add_entries_of_tree(entry["children"], depth + 1, out);
    }
}

std::string tree_text(const Json& answer) {
    std::string out;
    add_entries_of_tree(answer["items"], 0, out);
    return out;
}

using SharedPaperOptions = std::shared_ptr<PaperOptions>;
constexpr const char* kScripts = "/v1/scripts";

void add_paper_list(CLI::App& list, Cli& cli, const SharedPaperOptions& o, const std::string& path) {
    list.add_option("--state", o->state, "Only in this state");
    list.add_option("--group", o->group, "Only of this group");
    list.add_option("--owner", o->owner, "Only those this user has to see to");
    list.add_flag("--open", o->open, "Only those not closed");
    list.callback([&cli, o, path] {
        cli.run = [&cli, o, path] {
            const std::string query = query_of(
                {{"state", o->state}, {"group", o->group}, {"owner", o->owner}, {"open", o->open ? "true" : ""}});
            return show(ApiClient(cli.target).list(path + query), cli.json, papers_table);
        };
    });
}

void add_paper_open(CLI::App& open, Cli& cli, const SharedPaperOptions& o, const std::string& path) {
    open.add_option("--field", o->fields, "name=value; may be repeated")->required();
    open.callback([&cli, o, path] {
        cli.run = [&cli, o, path] {
            const auto fields = paper_fields_of(o->fields);
            if (!fields) return fail(fields.error());
            return show(ApiClient(cli.target).change("POST", path, *fields), cli.json, sheet);
        };
    });
}

void add_paper_kind(CLI::App& app, Cli& cli, const PaperWord& word) {
    auto* command = app.add_subcommand(word.word, word.title);
    command->require_subcommand(1);
    const auto o = std::make_shared<PaperOptions>();
    const std::string path = word.path;

    if (path == kScripts)
        add_script_list(*command, "list", cli);
    else
        add_paper_list(*command->add_subcommand("list", "The newest first"), cli, o, path);
    auto* show_one = command->add_subcommand("show", "One with what happened to it");
    show_one->add_option("id", o->id, "Which")->required();
    show_one->callback([&cli, o, path] {
        cli.run = [&cli, o, path] {
            return show(ApiClient(cli.target).get(path + '/' + path_segment(o->id)), cli.json, sheet);
        };
    });
    if (path != kScripts) add_paper_open(*command->add_subcommand("open", "Begin one"), cli, o, path);
    auto* act = command->add_subcommand("act", std::string("One of: ") + word.actions);
    act->add_option("id", o->id, "Which")->required();
    act->add_option("action", o->action, "What")->required();
    act->add_option("--field", o->fields, "name=value; may be repeated");
    act->callback([&cli, o, path] {
        cli.run = [&cli, o, path] {
            const auto fields = paper_fields_of(o->fields);
            if (!fields) return fail(fields.error());
            const std::string target = path + '/' + path_segment(o->id) + '/' + path_segment(o->action);
            return show(ApiClient(cli.target).change("POST", target, *fields), cli.json, sheet);
        };
    });
    if (path != "/v1/notices") return;
    auto* readers = command->add_subcommand("readers", "Who has read it and passed its test");
    readers->add_option("id", o->id, "Which")->required();
    readers->add_flag("--missing", o->open, "Only who has not");
    readers->callback([&cli, o, path] {
        cli.run = [&cli, o, path] {
            const std::string target =
                path + '/' + path_segment(o->id) + "/readers" + query_of({{"missing", o->open ? "true" : ""}});
            return show(items_of(ApiClient(cli.target).get(target)), cli.json, readers_table);
        };
    });
}

void add_dispositions(CLI::App& app, Cli& cli) {
    auto* command = app.add_subcommand("dispositions", "What contacts were about: the tree; or set, missing, counts");
    command->require_subcommand(0, 1);
    command->callback([&cli, command] {
        if (command->get_subcommands().empty())
            cli.run = [&cli] { return show(ApiClient(cli.target).get("/v1/dispositions"), cli.json, tree_text); };
    });
    const auto id = std::make_shared<std::string>(), code = std::make_shared<std::string>();
    auto* set = command->add_subcommand("set", "Say what a contact was about");
    set->add_option("contact", *id, "The contact")->required();
    set->add_option("code", *code, "A leaf of the tree")->required();
    set->callback([&cli, id, code] {
        cli.run = [&cli, id, code] {
            const std::string path = "/v1/contacts/" + path_segment(*id) + "/disposition";
            return show(ApiClient(cli.target).change("PUT", path, {{"code", *code}}), cli.json, sheet);
        };
    });
    auto* missing = command->add_subcommand("missing", "Conversations without one, the oldest first");
    missing->add_option("--agent", *id, "Only this agent's");
    missing->callback([&cli, id] {
        cli.run = [&cli, id] {
            const std::string path = "/v1/dispositions/missing" + query_of({{"agent", *id}, {"limit", "200"}});
            return show(items_of(ApiClient(cli.target).get(path)), cli.json, missing_table);
        };
    });
    auto* counts = command->add_subcommand("counts", "How many contacts were about what");
    counts->add_option("--from", *id, "RFC 3339, included")->required();
    counts->add_option("--to", *code, "RFC 3339, not included")->required();
    counts->callback([&cli, id, code] {
        cli.run = [&cli, id, code] {
            const std::string path = "/v1/dispositions/counts" + query_of({{"from", *id}, {"to", *code}});
            return show(items_of(ApiClient(cli.target).get(path)), cli.json, counts_table);
        };
    });
}

void add_skills(CLI::App& app, Cli& cli) {
    auto* command = app.add_subcommand("skills", "Who has which skill; or give, take");
    command->require_subcommand(0, 1);
    const auto user = std::make_shared<std::string>(), skill = std::make_shared<std::string>();
    command->callback([&cli, command] {
        if (command->get_subcommands().empty())
            cli.run = [&cli] {
                return show(items_of(ApiClient(cli.target).get("/v1/skills")), cli.json, skills_table);
            };
    });
    for (const bool gives : {true, false}) {
        auto* change = command->add_subcommand(gives ? "give" : "take", gives ? "Give a skill" : "Take it away");
        change->add_option("user", *user, "Whose")->required();
        change->add_option("skill", *skill, "Which")->required();
        change->callback([&cli, user, skill, gives] {
            cli.run = [&cli, user, skill, gives] {
                ApiClient api(cli.target);
                const auto answer =
                    gives ? api.change("POST", "/v1/skills", {{"user", *user}, {"skill", *skill}})
                          : api.change("DELETE", "/v1/skills/" + path_segment(*user) + '/' + path_segment(*skill));
                return show(answer, cli.json, sheet);
            };
        });
    }
}

}  // namespace

void add_paper_commands(CLI::App& app, Cli& cli) {
    for (const PaperWord& word : kPaperWords) add_paper_kind(app, cli, word);
    auto* search = app.add_subcommand("search", "Look something up in the knowledge base");
    const auto words = std::make_shared<std::string>();
    search->add_option("words", *words, "All of them must be there")->required();
    search->callback([&cli, words] {
        cli.run = [&cli, words] {
            const std::string path = "/v1/knowledge/search" + query_of({{"q", *words}});
            return show(items_of(ApiClient(cli.target).get(path)), cli.json, papers_table);
        };
    });
    add_dispositions(app, cli);
    add_skills(app, cli);
}

}  // namespace citybridge
