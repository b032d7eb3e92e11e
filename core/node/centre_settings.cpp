#include "core/node/centre_settings.h"

#include <algorithm>

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

}  // namespace

const std::vector<Setting<CentreConfig>>& centre_settings_table() {
    using S = CentreConfig;
    static const std::vector<Setting<S>> table{
        {{.name = "dispositions",
          .fallback = "",
          .sentence = "File of the tree of dispositions; empty: the one shipped with the node."},
         &S::dispositions},
        {{.name = "disposition_required",
          .type = SettingType::boolean,
          .fallback = "false",
          .sentence = "An agent does not become ready before every conversation of his has a disposition."},
         &S::disposition_required},
        {{.name = "disposition_within_hours",
          .type = SettingType::integer,
          .unit = "h",
          .fallback = "24",
          .min = 1,
          .max = 8'760,
          .sentence = "Conversations that ended longer ago hold nobody up any more."},
         &S::disposition_within_hours},
        {{.name = "article_approvals",
          .type = SettingType::list,
          .fallback = "",
          .sentence = "Who agrees, in this order, before an article appears: product=group:product, "
                      "centre=role:supervisor; empty: a team lead publishes it."},
         &S::article_approvals},
        {{.name = "question_normal_days",
          .type = SettingType::integer,
          .unit = "working days",
          .fallback = "3",
          .min = 1,
          .max = 30,
          .sentence = "When a question of level normal is due; high is due at the end of the day."},
         &S::question_normal_days},
        {{.name = "question_highest_minutes",
          .type = SettingType::integer,
          .unit = "min",
          .fallback = "120",
          .min = 1,
          .max = 10'000,
          .sentence = "Business time until a question of level highest is due."},
         &S::question_highest_minutes},
        {{.name = "shift_reports",
          .type = SettingType::list,
          .fallback = "",
          .sentence = "Reports that must be in before a shift is signed over."},
         &S::shift_reports},
        {{.name = "help_lead_minutes",
          .type = SettingType::integer,
          .unit = "min",
          .fallback = "10",
          .min = 1,
          .max = 1'440,
          .sentence = "Business time in which a team lead takes a request for help; then the managers are told."},
         &S::help_lead_minutes},
    };
    return table;
}

desk::Centre read_centre(const NodeConfig& config, Problems& problems) {
    const RawSettings raw = section_of(config, "centre");
    const std::size_t before = problems.size();
    const CentreConfig read = parse_settings(centre_settings_table(), raw, problems);
    desk::Centre out;
    for (const std::string& text : read.article_approvals) {
        if (auto approval = approval_of(text))
            out.approvals.push_back(std::move(*approval));
        else
            problems.push_back(
                {place_of(raw, "article_approvals"),
                 "\"" + text + "\" is no approval; write product=group:product or centre=role:supervisor"});
    }
    if (problems.size() != before) return out;
    const std::string file = read.dispositions.empty() ? default_config_dir() + "/dispositions/standard.xml"
                                                       : beside_config(config, read.dispositions);
    out.dispositions = desk::load_dispositions(file, problems);
    out.disposition_required = read.disposition_required;
    out.disposition_within = std::chrono::hours(read.disposition_within_hours);
    out.normal_days = static_cast<int>(read.question_normal_days);
    out.highest = std::chrono::minutes(read.question_highest_minutes);
    out.shift_reports = read.shift_reports;
    out.help_lead = std::chrono::minutes(read.help_lead_minutes);
    return out;
}

}  // namespace citybridge
