#include "core/node/centre_settings.h"

#include <algorithm>
#include <set>

#include "core/api/setting_rows.h"
#include "core/node/paths.h"

namespace citybridge {
namespace {

// "product=group:product"
std::optional<desk::Approval> approval_of(const std::string& text) {
    const std::size_t equals = text.find('='), colon = text.find(':', equals == std::string::npos ? 0 : equals);
    if (equals == std::string::npos || colon == std::string::npos || equals == 0 || colon + 1 == text.size())
        return std::nullopt;
    desk::Approval out;
    out.name = text.substr(0, equals);
    const std::string by = text.substr(equals + 1, colon - equals - 1), who = text.substr(colon + 1);
    if (by == "group") out.group = who;
    if (by == "role" && std::find(std::begin(kRoles), std::end(kRoles), who) != std::end(kRoles)) out.role = who;
    if (out.group.empty() == out.role.empty()) return std::nullopt;
    return out;
}

std::vector<desk::Approval> approvals_of(const RawSettings& raw, const char* name,
                                         const std::vector<std::string>& texts, Problems& problems) {
    std::vector<desk::Approval> out;
    std::set<std::string> names;
    for (const std::string& text : texts) {
        auto approval = approval_of(text);
        if (!approval)
            problems.push_back(
                {place_of(raw, name),
                 "\"" + text + "\" is no approval; write product=group:product or centre=role:supervisor"});
        else if (!names.insert(approval->name).second)
            problems.push_back(
                {place_of(raw, name), "two approvals are called " + approval->name + "; give each a name of its own"});
        else
            out.push_back(std::move(*approval));
    }
    return out;
}

}  // namespace

const std::vector<Setting<CentreConfig>>& centre_settings_table() {
    using namespace setting_rows;
    using S = CentreConfig;
    static const std::vector<Setting<S>> table{
        text("dispositions", "", "File of the tree of dispositions; empty: the one shipped with the node.",
             &S::dispositions),
        boolean("disposition_required", "false",
                "An agent does not become ready before every conversation of his has a disposition.",
                &S::disposition_required),
        integer("disposition_within_hours", "h", "24", 1, 8'760,
                "Conversations that ended longer ago hold nobody up any more.", &S::disposition_within_hours),
        list("article_approvals", "",
             "Who agrees, in this order, before an article appears: product=group:product, "
             "centre=role:supervisor; empty: a team lead publishes it.",
             &S::article_approvals),
        list("script_approvals", "product_manager=group:product_manager, centre_manager=group:centre_manager",
             "Who agrees, in any order and each another person, before words to say appear; empty: what the flows' "
             "files call approved.",
             &S::script_approvals),
        integer("question_normal_days", "working days", "3", 1, 30,
                "When a question of level normal is due; high is due at the end of the day.", &S::question_normal_days),
        integer("question_highest_minutes", "min", "120", 1, 10'000,
                "Business time until a question of level highest is due.", &S::question_highest_minutes),
        list("shift_reports", "", "Reports that must be in before a shift is signed over.", &S::shift_reports),
        integer("help_lead_minutes", "min", "10", 1, 1'440,
                "Business time in which a team lead takes a request for help; then the managers are told.",
                &S::help_lead_minutes),
        choice(
            "cover_breaks", "tell|confirm|refuse", "confirm",
            "An agent's break or log-out that leaves fewer people than the calendar's <cover> wants: only told, done "
            "when he confirms it, or refused.",
            &S::cover_breaks),
        integer("cover_after_seconds", "s", "60", 0, 3'600,
                "So long fewer people than <cover> wants are at their desks before team leads are told.",
                &S::cover_after_seconds),
    };
    return table;
}

desk::Centre read_centre(const NodeConfig& config, Problems& problems) {
    const RawSettings raw = section_of(config, "centre");
    const std::size_t before = problems.size();
    const CentreConfig read = parse_settings(centre_settings_table(), raw, problems);
    desk::Centre out;
    out.approvals = approvals_of(raw, "article_approvals", read.article_approvals, problems);
    out.script_approvals = approvals_of(raw, "script_approvals", read.script_approvals, problems);
    if (problems.size() != before) return out;
    const std::string file = read.dispositions.empty() ? default_config_dir() + "/dispositions/standard.xml"
                                                       : beside_config(config, read.dispositions);
    out.dispositions = desk::load_dispositions(file, problems);
    out.disposition_required = read.disposition_required;
    out.disposition_within = std::chrono::hours(read.disposition_within_hours);
    out.normal_days = static_cast<int>(read.question_normal_days);
    out.highest = std::chrono::minutes(read.question_highest_minutes);
    out.shift_reports = read.shift_reports;
    out.cover_breaks = read.cover_breaks == "refuse" ? desk::CoverBreaks::refuse
                       : read.cover_breaks == "tell" ? desk::CoverBreaks::tell
                                                     : desk::CoverBreaks::confirm;
    out.cover_after = std::chrono::seconds(read.cover_after_seconds);
    out.help_lead = std::chrono::minutes(read.help_lead_minutes);
    return out;
}

}  // namespace citybridge
