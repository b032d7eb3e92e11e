#pragma once
// Reports of a running node: read from the store, given out over the API,
// produced by schedule. Thread-safe.
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "core/desk/desk.h"
#include "core/gateway/durable_port.h"
#include "core/gateway/reports_port.h"
#include "core/node/people_book.h"
#include "core/reports/builder.h"
#include "core/reports/period.h"
#include "core/reports/quality_form.h"
#include "core/store/report_reader.h"

namespace citybridge {

struct ReportServiceSettings {
    reports::ReportSet reports;
    std::vector<reports::QualityForm> forms;
    std::string out;  // empty: nothing is produced by schedule
    Millis catch_up{7LL * 86'400'000};
    Millis look_every{20'000};
    std::size_t at_once = 2;
    std::vector<desk::Subscriber> subscribers;  // of report.ready
    std::function<Now()> now = system_now;
};

class ReportService final : public ReportsPort {
public:
    // `durable` and `calendar` must outlive stop(). The calendar's zone is the city's.
    ReportService(ReportServiceSettings settings, reports::CityTime time, desk::Calendar calendar,
                  std::shared_ptr<PeopleBook> people, std::unique_ptr<store::ReportReader> reader,
                  DurablePort& durable);
    ~ReportService() { stop(); }

    void start();  // the schedule's thread
    void stop();   // idempotent
    // What is due and was not produced yet, now; how many. The thread calls it; so do tests.
    std::size_t produce_due();

    nlohmann::ordered_json list(const User& asker) override;
    Result<ReportAnswer> make(const ReportAsk& ask) override;
    Result<nlohmann::ordered_json> runs(const std::string& report, const User& asker) override;
    nlohmann::ordered_json forms() override;
    Result<> judge(const std::string& form, const nlohmann::ordered_json& answers, QualityScore& score) override;
    Result<std::vector<QualityScore>> scores_of(const std::string& contact) override;

private:
    struct Span {
        WallTime from{}, to{};
    };
    Result<const reports::Report*> readable(const std::string& name, const User& asker) const;
    Result<Span> span_of(const ReportAsk& ask) const;
    Result<reports::Table> table(const reports::Report& report, Span span);
    Result<std::string> text_of(const reports::Table& table, const std::string& format, const std::string& language);

    // report_schedule.cpp
    void run();
    std::size_t produce_due(const reports::Report& report, WallTime now);
    Result<> produce(const reports::Report& report, const reports::Period& period, WallTime now);
    Result<WallTime> known_since(const reports::Report& report, WallTime now);
    Result<> write_down(const reports::Report& report, const reports::Period& period, const std::string& files,
                        WallTime now);

    const ReportServiceSettings settings_;
    const reports::CityTime time_;
    const desk::Calendar calendar_;
    const std::shared_ptr<PeopleBook> people_;
    const std::unique_ptr<store::ReportReader> reader_;
    DurablePort& durable_;
    std::atomic<std::size_t> making_{0};

    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;  // guarded by mutex_
    std::thread thread_;
    // The schedule's own: what needs no further look at the store.
    std::set<std::pair<std::string, WallTime>> produced_;
    std::map<std::string, WallTime> since_;
};

}  // namespace citybridge
