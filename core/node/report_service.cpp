#include "core/node/report_service.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "core/api/file_bytes.h"

namespace citybridge {
namespace {

using OrderedJson = nlohmann::ordered_json;
using reports::Dimension;

constexpr Millis kLongest{400LL * 86'400'000};
constexpr std::size_t kShownRuns = 200;

// Gives a place back however the report ends.
class ReportPlace {
public:
    ReportPlace(std::atomic<std::size_t>& taken, std::size_t bound)
        : taken_(taken), mine_(taken.fetch_add(1) < bound) {}
    ~ReportPlace() { --taken_; }
    ReportPlace(const ReportPlace&) = delete;
    ReportPlace& operator=(const ReportPlace&) = delete;
    bool mine() const { return mine_; }

private:
    std::atomic<std::size_t>& taken_;
    const bool mine_;
};

bool wants_dispositions(const reports::Report& report) {
    const auto filtered = [](const std::vector<reports::Filter>& filters) {
        return std::any_of(filters.begin(), filters.end(),
                           [](const reports::Filter& filter) { return filter.by == Dimension::disposition; });
    };
    return std::find(report.rows.begin(), report.rows.end(), Dimension::disposition) != report.rows.end() ||
           filtered(report.filters) ||
           std::any_of(report.columns.begin(), report.columns.end(), [&](const reports::Column& column) {
               return filtered(column.filters) || column.figure->name == "without_disposition";
           });
}

std::string_view every_word(reports::Schedule::Every every) {
    using Every = reports::Schedule::Every;
    switch (every) {
        case Every::hour: return "hour";
        case Every::day: return "day";
        case Every::week: return "week";
        case Every::month: return "month";
    }
    return "day";
}

OrderedJson filters_of(const reports::Report& report) {
    OrderedJson out = OrderedJson::array();
    for (std::size_t i = 0; i < reports::kDimensions; ++i) {
        const auto by = static_cast<Dimension>(i);
        reports::Report copy = report;
        if (reports::add_filter(copy, std::string(to_string(by)), "x")) out.push_back(to_string(by));
    }
    return out;
}

// Digits of the period's beginning: "20261121-1900".
std::string digits_of(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c >= '0' && c <= '9') out += c;
        if (c == ' ') out += '-';
    }
    return out.substr(0, 13);
}

}  // namespace

ReportService::ReportService(ReportServiceSettings settings, reports::CityTime time, desk::Calendar calendar,
                             std::shared_ptr<PeopleBook> people, std::unique_ptr<store::ReportReader> reader,
                             DurablePort& durable)
    : settings_(std::move(settings)),
      time_(std::move(time)),
      calendar_(std::move(calendar)),
      people_(std::move(people)),
      reader_(std::move(reader)),
      durable_(durable) {}

OrderedJson ReportService::list(const User& asker) {
    OrderedJson out = OrderedJson::array();
    const WallTime now = settings_.now().wall;
    for (const reports::Report& report : settings_.reports.all()) {
        if (!report.roles.contains(std::string(to_string(asker.role)))) continue;
        OrderedJson rows = OrderedJson::array(), columns = OrderedJson::array();
        for (const Dimension by : report.rows) rows.push_back(to_string(by));
        for (const reports::Column& column : report.columns) columns.push_back(column.name);
        OrderedJson of{{"name", report.name}, {"title", {{"zh", report.zh}, {"en", report.en}}}, {"rows", rows}};
        of["list"] = report.list == reports::List::follow_ups ? OrderedJson("follow_ups")
                     : report.list == reports::List::scores   ? OrderedJson("scores")
                                                              : OrderedJson(nullptr);
        of["filters"] = filters_of(report);
        of["columns"] = columns;
        of["roles"] = report.roles;
        of["schedule"] = report.schedule ? OrderedJson(every_word(report.schedule->every)) : OrderedJson(nullptr);
        const bool produced = report.schedule && !settings_.out.empty();
        of["next_due"] = produced ? OrderedJson(to_rfc3339(next_period(*report.schedule, time_, calendar_, now).due))
                                  : OrderedJson(nullptr);
        out.push_back(std::move(of));
    }
    return out;
}

Result<const reports::Report*> ReportService::readable(const std::string& name, const User& asker) const {
    const reports::Report* report = settings_.reports.find(name);
    if (report == nullptr)
        return Error{"report.unknown", "there is no report \"" + name + "\"; there are: " + settings_.reports.names()};
    const std::string role(to_string(asker.role));
    if (report->roles.contains(role)) return report;
    return Error{"auth.forbidden", "report " + name + " is not for the role " + role};
}

Result<ReportService::Span> ReportService::span_of(const ReportAsk& ask) const {
    const auto read = [&](const std::string& text, const char* name) -> Result<WallTime> {
        if (const auto time = time_.parse(text)) return *time;
        return Error{"report.bad_time", std::string(name) + " \"" + text +
                                            "\" is no time; write 2026-11-21, 2026-11-21 19:00 (in " + time_.zone() +
                                            ") or 2026-11-21T19:00:00+08:00"};
    };
    Span out;
    out.from = time_.start_of_day(settings_.now().wall);
    if (!ask.from.empty()) {
        const auto from = read(ask.from, "from");
        if (!from) return from.error();
        out.from = *from;
    }
    out.to = time_.next_day(out.from);
    if (!ask.to.empty()) {
        const auto to = read(ask.to, "to");
        if (!to) return to.error();
        out.to = *to;
    }
    if (out.to <= out.from) return Error{"report.bad_time", "to must be after from"};
    if (out.to - out.from > kLongest) return Error{"report.bad_time", "a report covers at most 400 days"};
    return out;
}

Result<reports::Table> ReportService::table(const reports::Report& report, Span span) {
    const reports::People people = people_->people();
    reports::Builder builder(report, span.from, span.to, settings_.now().wall, time_, people);
    const auto take = [&](const auto& fact) {
        builder.take(fact);
        return !builder.full();
    };
    const reports::Sources sources = report.sources();
    Result<> read = ok();
    if ((sources & reports::contacts) != 0)
        read = reader_->contacts(span.from, span.to, wants_dispositions(report), take);
    if (read && (sources & reports::parts) != 0) read = reader_->parts(span.from, span.to, take);
    // Always: they also say when nobody could see.
    if (read) read = reader_->intervals(span.from, span.to, take);
    if (read && (sources & reports::orders) != 0) read = reader_->orders(span.from, span.to, take);
    if (read && (sources & reports::scores) != 0) read = reader_->scores(span.from, span.to, take);
    if (!read) return read.error();
    return builder.finish();
}

Result<std::string> ReportService::text_of(const reports::Table& table, const std::string& format,
                                           const std::string& language) {
    const bool chinese = language != "en";
    if (format == "json") return reports::to_json(table).dump();
    if (format == "csv") return reports::to_csv(table, time_, chinese);
    std::string path = (std::filesystem::temp_directory_path() / "citybridge-report-XXXXXX").string();
    const int made = ::mkstemp(path.data());
    if (made < 0) return Error{"report.not_written", "no temporary file can be made; is the disk full?"};
    ::close(made);
    const auto written = write_xlsx(table, time_, chinese, path);
    auto bytes = written ? file_bytes(path) : std::nullopt;
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    if (!written) return written.error();
    if (!bytes)
        return Error{"report.not_written", "the report's temporary file cannot be read again; is the disk sound?"};
    return std::move(*bytes);
}

Result<ReportAnswer> ReportService::make(const ReportAsk& ask) {
    const auto found = readable(ask.name, ask.asker);
    if (!found) return found.error();
    reports::Report report = **found;
    for (const auto& [by, value] : ask.filters)
        if (auto added = add_filter(report, by, value); !added) return added.error();
    if (ask.asker.role == Role::agent) {
        if (ask.asker.agent.empty())
            return Error{"auth.forbidden", "an agent reads only figures of himself, and you are no agent of the PBX"};
        if (auto own = add_filter(report, "agent", ask.asker.agent); !own)
            return Error{"auth.forbidden", "an agent reads only figures of himself; this report has none"};
    }
    const auto span = span_of(ask);
    if (!span) return span.error();
    const ReportPlace place(making_, settings_.at_once);
    if (!place.mine()) return Error{"report.busy", "other reports are being made; ask again in a moment"};
    const auto made = table(report, *span);
    if (!made) return made.error();
    auto text = text_of(*made, ask.format, ask.language);
    if (!text) return text.error();
    const std::string name =
        report.name + "_" + digits_of(time_.hour_text(span->from)) + "_" + digits_of(time_.hour_text(span->to));
    if (ask.format == "csv") return ReportAnswer{"text/csv; charset=utf-8", name + ".csv", std::move(*text)};
    if (ask.format == "xlsx")
        return ReportAnswer{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name + ".xlsx",
                            std::move(*text)};
    return ReportAnswer{"application/json", "", std::move(*text)};
}

Result<OrderedJson> ReportService::runs(const std::string& report, const User& asker) {
    const auto found = readable(report, asker);
    if (!found) return found.error();
    const auto rows = reader_->runs(report, kShownRuns);
    if (!rows) return rows.error();
    OrderedJson out = OrderedJson::array();
    for (const ReportRun& run : *rows) {
        if (run.file.empty()) continue;
        OrderedJson files = OrderedJson::array();
        for (std::size_t at = 0, end = 0; at < run.file.size(); at = end + 1) {
            end = std::min(run.file.find('\n', at), run.file.size());
            files.push_back(run.file.substr(at, end - at));
        }
        out.push_back({{"from", to_rfc3339(run.from)},
                       {"to", to_rfc3339(run.to)},
                       {"made_at", to_rfc3339(run.made_at)},
                       {"files", std::move(files)}});
    }
    return out;
}

OrderedJson ReportService::forms() {
    OrderedJson out = OrderedJson::array();
    for (const reports::QualityForm& form : settings_.forms) {
        OrderedJson items = OrderedJson::array();
        for (const reports::FormItem& item : form.items)
            items.push_back({{"name", item.name}, {"title", item.title}, {"points", item.points}});
        out.push_back({{"name", form.name},
                       {"title", form.title},
                       {"version", form.version},
                       {"max_points", form.max_points()},
                       {"items", std::move(items)}});
    }
    return out;
}

Result<> ReportService::judge(const std::string& name, const OrderedJson& answers, QualityScore& score) {
    const auto form = std::find_if(settings_.forms.begin(), settings_.forms.end(),
                                   [&](const reports::QualityForm& each) { return each.name == name; });
    if (form == settings_.forms.end())
        return Error{"score.unknown_form", "there is no form \"" + name + "\"; see /v1/quality/forms"};
    const auto parts = reader_->parts_of(score.contact);
    if (!parts) return parts.error();
    std::map<std::string, std::string> talked;  // agent to group
    for (const PartFact& part : *parts)
        if (part.kind == "talk") talked[part.agent] = part.group;
    if (talked.empty())
        return Error{"score.no_agent", "in contact " + score.contact + " no agent talked, or it has not ended yet"};
    if (score.agent.empty() && talked.size() == 1) score.agent = talked.begin()->first;
    const auto agent = talked.find(score.agent);
    if (agent == talked.end()) {
        std::string all;
        for (const auto& [each, group] : talked) all += (all.empty() ? "" : ", ") + each;
        return Error{"score.no_agent", "say in agent whose part is scored; in this contact talked: " + all};
    }
    score.group = agent->second;
    return reports::judge(*form, answers, score);
}

Result<std::vector<QualityScore>> ReportService::scores_of(const std::string& contact) {
    return reader_->scores_of(contact);
}

}  // namespace citybridge
