// A month of 200,000 contacts with their parts, agents and orders: how long a
// report takes beside plain SQL that asks the database for the same sums, and
// whether those who write notice it.
#include <sqlite3.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <random>
#include <stdexcept>
#include <thread>

#include "bench/program.h"
#include "bench/rows.h"
#include "bench/statistics.h"
#include "core/reports/builder.h"
#include "core/store/report_reader.h"
#include "tools/support/temp_folder.h"

namespace citybridge::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::int64_t kMonth = 30LL * 86'400'000;
constexpr std::int64_t kBegin = 1'790'784'000'000;  // 2026-10-01 00:00 in Shanghai
constexpr int kQueues = 12;
constexpr int kAgents = 200;

WallTime moment(std::int64_t ms) { return WallTime{Millis{kBegin + ms}}; }

ContactFact some_contact(std::mt19937& random, int i, int contacts) {
    ContactFact fact;
    fact.contact = "0199f0aa-" + std::to_string(10'000'000 + i) + "-8000-8000-000000000000";
    fact.started_at = moment(kMonth / contacts * i + static_cast<std::int64_t>(random() % 1'000));
    fact.queued_at = fact.started_at + Millis{4'000};
    fact.direction = random() % 5 == 0 ? "outbound" : "inbound";
    fact.queue = "queue" + std::to_string(random() % kQueues);
    fact.called_number = "4008888";
    fact.city = "beijing";
    fact.ended_by = "customer";
    fact.wait_ms = static_cast<std::int64_t>(random() % 40'000);
    const bool answered = random() % 10 != 0;
    fact.outcome = answered ? "answered" : "abandoned";
    fact.offers = 1;
    if (answered) {
        fact.answered_at = *fact.queued_at + Millis{fact.wait_ms};
        fact.agent = std::to_string(1'000 + random() % kAgents);
        fact.group = "group" + std::to_string(random() % 8);
        fact.talk_ms = 30'000 + static_cast<std::int64_t>(random() % 300'000);
        fact.ring_ms = static_cast<std::int64_t>(random() % 20'000);
        fact.disposition = "inquiry/" + std::to_string(random() % 20);
        if (random() % 2 == 0) fact.survey = "1";
    }
    fact.ended_at = fact.started_at + Millis{fact.wait_ms + fact.talk_ms};
    return fact;
}

PartFact part_of(const ContactFact& contact, std::int64_t n, const char* kind) {
    PartFact part;
    part.contact = contact.contact;
    part.n = n;
    part.kind = kind;
    part.agent = contact.agent;
    part.group = contact.group;
    part.queue = contact.queue;
    part.direction = contact.direction;
    part.from = contact.answered_at.value_or(contact.started_at);
    part.to = contact.ended_at;
    part.result = n == 1 ? "accepted" : "first";
    return part;
}

void fill(store::Store& opened, int contacts) {
    std::mt19937 random(1);
    Changes changes;
    int batch = 0;
    const auto commit = [&] {
        const auto done = opened.commit("fill" + std::to_string(++batch), changes, moment(0));
        if (done.commit != store::Commit::done) throw std::runtime_error(done.error.detail);
        changes = {};
    };
    for (int i = 0; i < contacts; ++i) {
        const ContactFact fact = some_contact(random, i, contacts);
        if (!fact.agent.empty()) {
            changes.facts.parts.push_back(part_of(fact, 1, "offer"));
            changes.facts.parts.push_back(part_of(fact, 2, "talk"));
            AgentInterval interval;
            interval.agent = fact.agent;
            interval.from = *fact.answered_at;
            interval.to = fact.ended_at;
            interval.state = "talking";
            interval.group = fact.group;
            changes.facts.intervals.push_back(std::move(interval));
        }
        if (i % 4 == 0) {
            OrderFact order;
            order.order = "ord_" + std::to_string(i);
            order.what = "opened";
            order.kind = i % 8 == 0 ? "sales_lead" : "repair";
            order.at = fact.ended_at;
            order.contact = fact.contact;
            order.group = fact.group;
            changes.facts.orders.push_back(std::move(order));
        }
        changes.facts.contacts.push_back(fact);
        if (changes.facts.contacts.size() == 2'000) commit();
    }
    commit();
}

double ms_since(Clock::time_point began) {
    return std::chrono::duration<double, std::milli>(Clock::now() - began).count();
}

// The same sums, asked of the database itself.
double plain_sql(const std::string& path, const char* sql) {
    sqlite3* database = nullptr;
    if (sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK)
        throw std::runtime_error("cannot open " + path);
    sqlite3_stmt* statement = nullptr;
    const auto began = Clock::now();
    if (sqlite3_prepare_v2(database, sql, -1, &statement, nullptr) != SQLITE_OK)
        throw std::runtime_error(sqlite3_errmsg(database));
    sqlite3_bind_int64(statement, 1, kBegin);
    sqlite3_bind_int64(statement, 2, kBegin + kMonth);
    int rows = 0;
    while (sqlite3_step(statement) == SQLITE_ROW) ++rows;
    const double took = ms_since(began);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    if (rows == 0) throw std::runtime_error("plain SQL found nothing");
    return took;
}

constexpr const char* kQueuesSql =
    "select queue,count(*),sum(outcome='answered'),sum(outcome='abandoned'),sum(outcome='answered' and wait_ms<=20000),"
    "sum(outcome in ('answered','abandoned') and wait_ms<=20000),sum(case when outcome='answered' then wait_ms end),"
    "sum(case when outcome='abandoned' then wait_ms end),max(wait_ms),sum(ring_ms),sum(ring_ms<15000),sum(talk_ms),"
    "sum(hold_ms),sum(transfers>0) from contact_facts where started_at>=? and started_at<? and direction='inbound' "
    "group by queue";
constexpr const char* kHoursSql =
    "select (started_at+28800000)/3600000,queue,count(*),sum(outcome='answered'),sum(outcome='abandoned'),"
    "sum(outcome='answered' and wait_ms<=20000),sum(case when outcome='answered' then wait_ms end),max(wait_ms),"
    "sum(talk_ms) from contact_facts where started_at>=? and started_at<? and direction='inbound' group by 1,2";

std::size_t make(store::ReportReader& reader, const reports::Report& report) {
    static const auto time = reports::CityTime::in("Asia/Shanghai").value();
    const reports::People nobody;
    const WallTime from = moment(0), to = moment(kMonth);
    reports::Builder builder(report, from, to, to, time, nobody);
    const auto take = [&](const auto& fact) {
        builder.take(fact);
        return true;
    };
    const auto sources = report.sources();
    auto read = ok();
    if ((sources & reports::contacts) != 0) read = reader.contacts(from, to, false, take);
    if (read && (sources & reports::parts) != 0) read = reader.parts(from, to, take);
    if (read && (sources & reports::intervals) != 0) read = reader.intervals(from, to, take);
    if (read && (sources & reports::orders) != 0) read = reader.orders(from, to, take);
    if (!read) throw std::runtime_error(read.error().detail);
    const auto table = builder.finish();
    if (!table) throw std::runtime_error(table.error().detail);
    return table->rows.size();
}

// Commits of one small step, one after the other, until told to stop.
std::vector<double> commit_times(store::Store& opened, const std::atomic<bool>& stop, const char* prefix) {
    std::vector<double> out;
    for (int i = 0; !stop || out.size() < 50; ++i) {
        Changes changes;
        JournalRecord row;
        row.id = std::string(prefix) + std::to_string(i);
        row.body = "{}";
        changes.journal.push_back(std::move(row));
        const auto began = Clock::now();
        const auto done = opened.commit(std::string("w") + prefix + std::to_string(i), changes, moment(i));
        if (done.commit != store::Commit::done) throw std::runtime_error(done.error.detail);
        out.push_back(ms_since(began));
    }
    return out;
}

void run(int contacts, int rounds, const std::string& rows) {
    const TempFolder folder("citybridge-bench");
    store::StoreSettings settings;
    settings.path = folder / "node.db";
    auto opened = store::open_store(settings);
    if (!opened) throw std::runtime_error(opened.error().detail);
    fill(**opened, contacts);
    auto reader = store::open_report_reader(settings);
    if (!reader) throw std::runtime_error(reader.error().detail);
    Problems problems;
    const auto all = reports::load_reports(CITYBRIDGE_SOURCE_DIR "/config/reports", problems);
    std::printf("%d contacts of one month\n", contacts);
    for (const auto& [name, sql] : {std::pair{"queues", kQueuesSql}, std::pair{"queue_hours", kHoursSql},
                                    std::pair<const char*, const char*>{"agents", nullptr},
                                    std::pair<const char*, const char*>{"whole_day", nullptr}}) {
        std::vector<double> ours, floor;
        std::size_t found = 0;
        for (int i = 0; i < rounds; ++i) {
            const auto began = Clock::now();
            found = make(**reader, *all.find(name));
            ours.push_back(ms_since(began));
            if (sql != nullptr) floor.push_back(plain_sql(settings.path, sql));
        }
        const double beside = floor.empty() ? 0 : quantile(floor, 0.5);
        std::printf("  %-12s %4zu rows  ours %7.0f ms   plain SQL %7.0f ms\n", name, found, quantile(ours, 0.5),
                    beside);
        add_row(rows, {"report " + std::string(name) + " of " + std::to_string(contacts) + " contacts", "ms",
                       quantile(ours, 0.5), beside, 0, Good::ratio_at_most});
    }
    std::atomic<bool> stop{true};
    const auto alone = commit_times(**opened, stop, "a");
    stop = false;
    std::thread reporting([&] {
        for (int i = 0; i < rounds; ++i) make(**reader, *all.find("agents"));
        stop = true;
    });
    const auto beside = commit_times(**opened, stop, "b");
    reporting.join();
    std::printf("  a commit: p50 %.2f ms, p99 %.2f ms; beside a report p50 %.2f ms, p99 %.2f ms, longest %.2f ms\n",
                quantile(alone, 0.5), quantile(alone, 0.99), quantile(beside, 0.5), quantile(beside, 0.99),
                quantile(beside, 1));
    add_row(rows, {"a commit while a report is read, p50", "ms", quantile(beside, 0.5), quantile(alone, 0.5), 0,
                   Good::ratio_at_most});
}

}  // namespace
}  // namespace citybridge::bench

int main(int argc, char** argv) {
    citybridge::bench::Program program("reports", "a month of contacts, read as reports, beside plain SQL");
    int contacts = 200'000, rounds = 3;
    std::string rows;
    program.app().add_option("--contacts", contacts, "Contacts of the month")->capture_default_str();
    program.app().add_option("--rounds", rounds, "How often each report is made")->capture_default_str();
    program.rows(rows);
    return program.run(argc, argv, [&] { citybridge::bench::run(contacts, rounds, rows); });
}
