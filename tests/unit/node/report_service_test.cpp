// Scheduled reports against a real store: each period once, whatever happens
// in between.
#include "core/node/report_service.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/api/file_bytes.h"
#include "core/store/store.h"
#include "tools/support/temp_folder.h"

namespace citybridge {
namespace {

// The part of a durable strand a report needs: rows into the store.
class Recorder final : public DurablePort {
public:
    explicit Recorder(store::Store& opened) : store_(opened) {}
    Result<DurableAnswer> submit(desk::Request, std::optional<RequestKey>) override { return nothing(); }
    Result<DurableAnswer> record(Changes changes, desk::Reply reply, std::optional<RequestKey>) override {
        if (away) return Error{"store.unavailable", "the store is away"};
        for (OutboxRecord& row : changes.outbox) row.seq = ++seq_;
        const auto done = store_.commit("b" + std::to_string(++batches_), changes, WallTime{});
        if (done.commit != store::Commit::done) return done.error;
        return DurableAnswer{std::move(reply)};
    }
    void note(Changes) override {}
    Result<DurableAnswer> act(const OutboxAct&) override { return nothing(); }
    Result<std::vector<relay::DestinationStatus>> destinations() override { return nothing(); }
    Result<DurableAnswer> set_disabled(const std::string&, bool) override { return nothing(); }
    const desk::Desk& desk() const override { return desk_; }
    store::Readers& readers() override { throw std::logic_error("a report reads facts only"); }
    bool away = false;

private:
    static Error nothing() { return {"store.unavailable", "not asked for here"}; }
    store::Store& store_;
    desk::Desk desk_{desk::DeskSettings{}, desk::FlowSet{}, desk::Calendar()};
    std::int64_t batches_ = 0, seq_ = 0;
};

User user_with(Role role) {
    User out;
    out.name = "somebody";
    out.role = role;
    return out;
}

ReportAsk ask_for(const std::string& name, const User& asker, const std::string& from = {},
                  const std::string& to = {}) {
    ReportAsk out;
    out.name = name;
    out.from = from;
    out.to = to;
    out.asker = asker;
    return out;
}

class ScheduledReports : public testing::Test {
protected:
    ScheduledReports() {
        settings_.path = folder_ / "node.db";
        auto opened = store::open_store(settings_);
        EXPECT_TRUE(opened);
        store_ = std::move(*opened);
        recorder_ = std::make_unique<Recorder>(*store_);
    }
    static WallTime in_shanghai(const char* text) {
        return reports::CityTime::in("Asia/Shanghai")->parse(text).value();
    }
    // A node that starts now.
    std::unique_ptr<ReportService> service(const std::string& schedule = "every=\"day\" at=\"08:30\"") {
        Problems problems;
        auto report =
            reports::read_report("day.xml",
                                 "<report name=\"day\" title=\"日报\" title_en=\"Day\" roles=\"supervisor\" "
                                 "rows=\"queue\"><column figure=\"offered\"/><schedule formats=\"csv json\" " +
                                     schedule + "/></report>",
                                 problems);
        EXPECT_TRUE(problems.empty());
        ReportServiceSettings settings;
        settings.reports = reports::ReportSet({*report});
        settings.out = folder_ / "out";
        settings.subscribers = {{"hooks", {"report.*"}}, {"others", {"contact.*"}}};
        settings.now = [this] { return Now{now_, {}}; };
        auto reader = store::open_report_reader(settings_);
        EXPECT_TRUE(reader);
        return std::make_unique<ReportService>(std::move(settings), *reports::CityTime::in("Asia/Shanghai"),
                                               desk::Calendar(), std::make_shared<PeopleBook>(), std::move(*reader),
                                               *recorder_);
    }
    void call_at(const char* when) {
        ContactFact fact;
        fact.contact = when;
        fact.started_at = fact.ended_at = in_shanghai(when);
        fact.queued_at = fact.started_at;
        fact.direction = "inbound";
        fact.outcome = "abandoned";
        fact.queue = "sales";
        Changes changes;
        changes.facts.contacts.push_back(fact);
        ASSERT_TRUE(recorder_->record(std::move(changes), {}, std::nullopt));
    }
    std::string file(const std::string& name) const { return file_bytes(folder_ / ("out/day/" + name)).value_or(""); }
    std::size_t files() const {
        std::size_t count = 0;
        std::error_code none;
        for (const auto& entry : std::filesystem::directory_iterator(folder_ / "out/day", none))
            if (entry.is_regular_file()) ++count;
        return count;
    }
    std::vector<OutboxRecord> told() {
        auto rows = store_->pending_outbox("hooks", 0, 100);
        EXPECT_TRUE(rows);
        return *rows;
    }

    const TempFolder folder_{"citybridge-reports"};
    store::StoreSettings settings_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<Recorder> recorder_;
    WallTime now_ = in_shanghai("2026-11-20 12:00");
};

TEST_F(ScheduledReports, are_produced_once_when_they_are_due_and_told_to_who_asked) {
    auto node = service();
    EXPECT_EQ(node->produce_due(), 0U);
    call_at("2026-11-20 15:00");
    call_at("2026-11-21 00:00");  // belongs to the next day
    now_ = in_shanghai("2026-11-21 08:29");
    EXPECT_EQ(node->produce_due(), 0U);
    now_ = in_shanghai("2026-11-21 08:30");
    EXPECT_EQ(node->produce_due(), 1U);
    EXPECT_EQ(node->produce_due(), 0U);
    EXPECT_EQ(file("day_20261120-0000_20261121-0000.csv"), "\xEF\xBB\xBF技能组,呼入量\r\nsales,1\r\n合计 Total,1\r\n");
    EXPECT_EQ(nlohmann::json::parse(file("day_20261120-0000_20261121-0000.json"))["complete"], true);
    EXPECT_EQ(files(), 2U);
    const auto rows = told();
    ASSERT_EQ(rows.size(), 1U);
    const auto payload = nlohmann::json::parse(rows[0].payload);
    EXPECT_EQ(payload["type"], "report.ready");
    EXPECT_EQ(payload["data"]["report"], "day");
    EXPECT_EQ(payload["data"]["from"], "2026-11-19T16:00:00.000Z");
    EXPECT_EQ(payload["data"]["files"].size(), 2U);
    const auto runs = node->runs("day", user_with(Role::supervisor));
    ASSERT_TRUE(runs);
    ASSERT_EQ(runs->size(), 1U);
    EXPECT_EQ((*runs)[0]["files"].size(), 2U);
}

TEST_F(ScheduledReports, that_were_missed_are_produced_at_the_next_start_each_once) {
    ASSERT_EQ(service()->produce_due(), 0U);
    now_ = in_shanghai("2026-11-24 09:00");
    EXPECT_EQ(service()->produce_due(), 4U);  // the 20th to the 23rd
    EXPECT_EQ(service()->produce_due(), 0U);
    EXPECT_EQ(files(), 8U);
    EXPECT_EQ(told().size(), 4U);
}

TEST_F(ScheduledReports, go_back_no_further_than_is_caught_up) {
    ASSERT_EQ(service()->produce_due(), 0U);
    now_ = in_shanghai("2026-12-20 09:00");
    EXPECT_EQ(service()->produce_due(), 7U);
}

TEST_F(ScheduledReports, of_a_node_that_died_between_file_and_store_are_written_again_and_told_once) {
    auto node = service();
    ASSERT_EQ(node->produce_due(), 0U);
    now_ = in_shanghai("2026-11-21 09:00");
    recorder_->away = true;
    EXPECT_EQ(node->produce_due(), 0U);
    EXPECT_EQ(files(), 2U);
    EXPECT_TRUE(told().empty());
    recorder_->away = false;
    call_at("2026-11-20 15:00");
    EXPECT_EQ(service()->produce_due(), 1U);
    EXPECT_EQ(files(), 2U);
    EXPECT_NE(file("day_20261120-0000_20261121-0000.csv").find("sales,1"), std::string::npos);
    EXPECT_EQ(told().size(), 1U);
}

TEST_F(ScheduledReports, of_every_hour_follow_each_other) {
    auto node = service("every=\"hour\" after_min=\"5\"");
    ASSERT_EQ(node->produce_due(), 0U);
    now_ = in_shanghai("2026-11-20 15:06");
    EXPECT_EQ(node->produce_due(), 3U);
    EXPECT_FALSE(file("day_20261120-1200_20261120-1300.csv").empty());
    EXPECT_FALSE(file("day_20261120-1400_20261120-1500.csv").empty());
}

TEST_F(ScheduledReports, are_for_the_roles_their_file_names) {
    auto node = service();
    const User chief = user_with(Role::supervisor), agent = user_with(Role::agent);
    EXPECT_EQ(node->list(chief).size(), 1U);
    EXPECT_EQ(node->list(agent).size(), 0U);
    EXPECT_EQ(node->make(ask_for("day", agent)).error().code, "auth.forbidden");
    EXPECT_EQ(node->make(ask_for("night", chief)).error().code, "report.unknown");
    EXPECT_EQ(node->make(ask_for("day", chief, "soon")).error().code, "report.bad_time");
    EXPECT_EQ(node->make(ask_for("day", chief, "2026-11-20", "2026-11-20")).error().code, "report.bad_time");
    EXPECT_EQ(node->make(ask_for("day", chief, "2024-01-01", "2026-01-01")).error().code, "report.bad_time");
    ReportAsk ask = ask_for("day", chief, "2026-11-20");
    ask.format = "csv";
    const auto csv = node->make(ask);
    ASSERT_TRUE(csv);
    EXPECT_EQ(csv->file_name, "day_20261120-0000_20261121-0000.csv");
    ask.format = "xlsx";
    const auto xlsx = node->make(ask);
    ASSERT_TRUE(xlsx);
    EXPECT_EQ(xlsx->body.substr(0, 2), "PK");
}

}  // namespace
}  // namespace citybridge
