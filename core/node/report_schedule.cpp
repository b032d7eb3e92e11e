// Reports that are produced by themselves: each period once, however often the
// node was restarted meanwhile.
#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/api/records_json.h"
#include "core/node/report_mail.h"
#include "core/node/report_service.h"

namespace citybridge {
namespace {

constexpr std::size_t kAtMost = 400;  // periods looked at in one go
constexpr std::string_view kReady = "report.ready";

// Complete or not there: a half-written report would be sent on by whoever watches the folder.
Result<> write_whole(const std::filesystem::path& path, const std::string& bytes) {
    const auto failed = [&](const std::string& why) {
        return Error{"report.not_written", path.string() + " cannot be written: " + why};
    };
    std::error_code trouble;
    std::filesystem::create_directories(path.parent_path(), trouble);
    if (trouble) return failed(trouble.message());
    const std::string part = path.string() + ".part";
    const int file = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (file < 0) return failed(std::generic_category().message(errno));
    bool fine = true;
    for (std::size_t done = 0; fine && done < bytes.size();) {
        const ssize_t wrote = ::write(file, bytes.data() + done, bytes.size() - done);
        fine = wrote > 0;
        if (fine) done += static_cast<std::size_t>(wrote);
    }
    fine = fine && ::fsync(file) == 0;
    const std::string why = fine ? std::string() : std::generic_category().message(errno);
    ::close(file);
    if (!fine) return failed(why);
    std::filesystem::rename(part, path, trouble);
    if (trouble) return failed(trouble.message());
    return ok();
}

std::string file_word(const reports::CityTime& time, WallTime moment) {
    std::string out;
    for (const char c : time.text(moment)) {
        if (c >= '0' && c <= '9') out += c;
        if (c == ' ') out += '-';
    }
    return out.substr(0, 13);
}

}  // namespace

void ReportService::start() {
    if (settings_.out.empty()) return;
    thread_ = std::thread([this] { run(); });
}

void ReportService::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void ReportService::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        lock.unlock();
        produce_due();
        lock.lock();
        changed_.wait_for(lock, settings_.look_every, [this] { return stopping_; });
    }
}

std::size_t ReportService::produce_due() {
    std::size_t count = 0;
    const WallTime now = settings_.now().wall;
    for (const reports::Report& report : settings_.reports.all())
        if (report.schedule) count += produce_due(report, now);
    return count;
}

// A report that is new makes nothing of the time before it was there.
Result<WallTime> ReportService::known_since(const reports::Report& report, WallTime now) {
    if (const auto known = since_.find(report.name); known != since_.end()) return known->second;
    const auto rows = reader_->first_run(report.name);
    if (!rows) return rows.error();
    WallTime since = now;
    if (*rows) {
        since = (*rows)->made_at;
    } else {
        Changes changes;
        changes.facts.runs.push_back({report.name, now, now, now, ""});
        if (auto kept = durable_.record(std::move(changes), {}, std::nullopt); !kept) return kept.error();
    }
    since_[report.name] = since;
    return since;
}

std::size_t ReportService::produce_due(const reports::Report& report, WallTime now) {
    const auto since = known_since(report, now);
    if (!since) {
        spdlog::warn("{} {}", since.error().code, since.error().detail);
        return 0;
    }
    std::size_t count = 0;
    const WallTime from = std::max(*since, now - settings_.catch_up);
    for (const reports::Period& period : periods_due(*report.schedule, time_, calendar_, from, now, kAtMost)) {
        if (period.to <= *since || produced_.contains({report.name, period.from})) continue;
        const auto there = reader_->has_run({report.name, period.from, period.to, {}, {}});
        auto made = there ? ok() : Result<>(there.error());
        if (there && !*there) {
            made = produce(report, period, now);
            if (made) ++count;
        }
        if (!made) {
            spdlog::warn("{} {} (report {}, tried again)", made.error().code, made.error().detail, report.name);
            return count;
        }
        produced_.insert({report.name, period.from});
    }
    return count;
}

Result<> ReportService::produce(const reports::Report& report, const reports::Period& period, WallTime now) {
    const auto made = table(report, {period.from, period.to});
    if (!made) return made.error();
    const std::string stem = report.name + "_" + file_word(time_, period.from) + "_" + file_word(time_, period.to);
    std::string files;
    for (const std::string& format : report.schedule->formats) {
        const auto text = text_of(*made, format, report.schedule->language);
        if (!text) return text.error();
        const std::filesystem::path path = std::filesystem::path(settings_.out) / report.name / (stem + "." + format);
        if (auto written = write_whole(path, *text); !written) return written;
        files += (files.empty() ? "" : "\n") + path.string();
    }
    return write_down(report, period, files, now);
}

// That it was produced, and the word of it to those who asked for it, in one commit.
Result<> ReportService::write_down(const reports::Report& report, const reports::Period& period,
                                   const std::string& files, WallTime now) {
    Changes changes;
    changes.facts.runs.push_back({report.name, period.from, period.to, now, files});
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (std::size_t at = 0, end = 0; at < files.size(); at = end + 1) {
        end = std::min(files.find('\n', at), files.size());
        list.push_back(files.substr(at, end - at));
    }
    const nlohmann::ordered_json payload{{"type", kReady},
                                         {"timestamp", to_rfc3339(now)},
                                         {"data",
                                          {{"report", report.name},
                                           {"title", {{"zh", report.zh}, {"en", report.en}}},
                                           {"from", to_rfc3339(period.from)},
                                           {"to", to_rfc3339(period.to)},
                                           {"files", std::move(list)}}}};
    const std::string id = "report." + report.name + "." + std::to_string(epoch_ms(period.from)) + "-" +
                           std::to_string(epoch_ms(period.to));
    for (const desk::Subscriber& subscriber : settings_.subscribers) {
        if (!desk::wants(subscriber, kReady)) continue;
        OutboxRecord row;
        row.id = id + "." + subscriber.destination;
        row.destination = subscriber.destination;
        row.key = "report." + report.name;
        row.kind = "event";
        row.payload = payload.dump();
        row.created_at = row.next_at = row.updated_at = now;
        changes.outbox.push_back(std::move(row));
    }
    const MadeReport mailed{report,
                            to_rfc3339(period.from),
                            to_rfc3339(period.to),
                            time_.text(period.from) + " - " + time_.text(period.to),
                            payload["data"]["files"].get<std::vector<std::string>>(),
                            id};
    for (OutboxRecord& row : report_mails(mailed, durable_.desk().book(), now))
        changes.outbox.push_back(std::move(row));
    const auto kept = durable_.record(std::move(changes), {}, std::nullopt);
    if (!kept) return kept.error();
    spdlog::info("report.produced {} from {} to {}", report.name, to_rfc3339(period.from), to_rfc3339(period.to));
    return ok();
}

}  // namespace citybridge
