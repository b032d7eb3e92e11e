#include "core/node/city_reports.h"

#include <algorithm>

namespace citybridge {
namespace {

bool has_email(const desk::Person& person) { return !person.email.empty(); }

// Empty: a mail reaches him. Else what is wrong, and what to do.
std::string unreachable(const desk::FlowBook& book, const std::string& city, const std::string& to) {
    const auto behind = [&](std::string_view word) { return to.starts_with(word) ? to.substr(word.size()) : ""; };
    if (const std::string user = behind("user:"); !user.empty()) {
        const desk::Person* person = book.directory.of_user(user);
        if (person == nullptr)
            return "nobody in the directory is user \"" + user + "\"; write user=\"" + user + "\" to his <person>";
        return has_email(*person) ? ""
                                  : "user \"" + user + "\" has no e-mail address; write email=\"...\" to his <person>";
    }
    const std::string name = behind("directory:");
    if (name.empty()) return {};
    const desk::DirectoryEntry* entry = book.directory.find(name, city);
    if (entry == nullptr)
        return "the directory has no entry \"" + name + "\" for " + city + "; add <entry name=\"" + name +
               "\" ...> to config/directory";
    if (std::any_of(entry->people.begin(), entry->people.end(), has_email)) return {};
    return "nobody of \"" + name + "\" has an e-mail address; write email=\"...\" to a <person> of the entry";
}

// "whole_day=directory:site_manager"
std::vector<reports::Report> with_recipients(const reports::ReportSet& reports, const ReportsConfig& settings,
                                             const Position& where, Problems& problems) {
    std::vector<reports::Report> out = reports.all();
    for (const std::string& text : settings.mail) {
        const std::size_t equals = text.find('=');
        const std::string to = equals == std::string::npos ? "" : text.substr(equals + 1);
        if (!reports::is_recipient(to)) {
            problems.push_back({where, "\"" + text +
                                           "\" mails nothing; write REPORT=directory:ENTRY, REPORT=user:NAME or an "
                                           "e-mail address"});
            continue;
        }
        const std::string name = text.substr(0, equals);
        const auto report = std::find_if(out.begin(), out.end(), [&](const auto& one) { return one.name == name; });
        if (report == out.end())
            problems.push_back({where, "there is no report \"" + name + "\"; use one of: " + reports.names()});
        else if (!report->schedule)
            problems.push_back({where, "report \"" + name +
                                           "\" is made only when somebody asks, so nothing is mailed; give it a "
                                           "<schedule>"});
        else if (auto& list = report->schedule->mail_to; std::find(list.begin(), list.end(), to) == list.end()) {
            list.push_back(to);
            report->schedule->mail_at = where;
        }
    }
    return out;
}

}  // namespace

reports::ReportSet load_city_reports(const NodeConfig& config, const ReportsConfig& settings,
                                     const desk::FlowBook& book, Problems& problems) {
    const Position where = place_of(section_of(config, "reports"), "mail");
    reports::ReportSet out(
        with_recipients(reports::load_reports(settings.folder, problems), settings, where, problems));
    for (const reports::Report& report : out.all()) {
        if (!report.schedule || report.schedule->mail_to.empty()) continue;
        const Position& at = report.schedule->mail_at;
        if (!book.channels.contains("email"))
            problems.push_back({at, "report \"" + report.name +
                                        "\" is to be mailed, but <desk> names no plugin that carries e-mail; write "
                                        "<email>INSTANCE</email> there, or mail it to nobody"});
        else if (settings.out.empty())
            problems.push_back({at, "report \"" + report.name +
                                        "\" is to be mailed, but scheduled reports are not made here; name their "
                                        "folder in <reports out=\"...\">"});
        for (const std::string& to : report.schedule->mail_to)
            if (const std::string wrong = unreachable(book, config.city, to); !wrong.empty())
                problems.push_back({at, "report \"" + report.name + "\": " + wrong});
    }
    return out;
}

}  // namespace citybridge
