// Two busy recordings through the call book to facts to the shipped reports,
// and beside them what the PBX itself wrote down of the same calls. A PBX books
// whole seconds: each of its durations is off by less than one.
#include <gtest/gtest.h>

#include <cmath>

#include "core/reports/builder.h"
#include "core/reports/make_facts.h"
#include "tests/wire/capture_file.h"
#include "tests/wire/reports/pbx_books.h"
#include "tools/replay/fast_replay.h"

namespace citybridge {
namespace {

using reports::Table;

struct Head {
    replay::ReplayResult result;
    std::map<std::string, ReportFacts> facts;    // by the caller's channel
    std::map<std::string, std::string> name_of;  // agent id to his name in the PBX's books
};

Head play(const std::string& name, replay::Wire wire) {
    Head head;
    head.result = replay::replay_fast({capture(name), capture_times(name).value(), wire}, {});
    for (const ContactPtr& contact : head.result.contacts())
        if (contact->ended_at && !contact->legs.empty() && !contact->legs.front().pbx_ids.empty())
            head.facts[contact->legs.front().pbx_ids.front()] =
                reports::facts_of(*contact, false, "beijing", [](const std::string&) { return std::string("east"); });
    for (const AgentPtr& agent : head.result.agents()) head.name_of[agent->id] = agent->name;
    return head;
}

// What the shipped report says of these calls alone.
class Report {
public:
    Report(const std::string& name, const Head& head, const wire::Book& book) {
        Problems problems;
        const auto all = reports::load_reports(CITYBRIDGE_SOURCE_DIR "/config/reports", problems);
        const auto time = reports::CityTime::in("Asia/Shanghai").value();
        const reports::People nobody;
        const WallTime from = WallTime{std::chrono::seconds{1'790'000'000}}, to = from + std::chrono::days{365};
        reports::Builder builder(*all.find(name), from, to, to, time, nobody);
        for (const auto& [id, call] : book) {
            const auto found = head.facts.find(id);
            if (found == head.facts.end()) continue;
            for (const ContactFact& fact : found->second.contacts) builder.take(fact);
            for (const PartFact& fact : found->second.parts) builder.take(fact);
        }
        table_ = *builder.finish();
    }

    double total(const std::string& column) const { return number(table_.total.at(at(column))); }
    // Column 0 to the column asked for.
    std::map<std::string, double> by_row(const std::string& column) const {
        std::map<std::string, double> out;
        for (const auto& row : table_.rows) out[std::get<std::string>(row[0])] = number(row.at(at(column)));
        return out;
    }

private:
    std::size_t at(const std::string& column) const {
        for (std::size_t i = 0; i < table_.columns.size(); ++i)
            if (table_.columns[i].name == column) return i;
        ADD_FAILURE() << "no column " << column;
        return 0;
    }
    static double number(const reports::Cell& cell) {
        if (const auto* whole = std::get_if<std::int64_t>(&cell)) return static_cast<double>(*whole);
        if (const auto* real = std::get_if<double>(&cell)) return *real;
        return NAN;
    }
    Table table_;
};

// The figures of the PBX's book, by the definitions of its own documentation.
struct Booked {
    double offered = 0, answered = 0, abandoned = 0, waited = 0, talked = 0;
    std::map<std::string, double> of_agent;
    // Answered within so many seconds for certain, and at most.
    double within_low = 0, within_high = 0;

    Booked(const wire::Book& book, long within) {
        for (const auto& [id, call] : book) {
            ++offered;
            if (call.abandoned) ++abandoned;
            if (call.answered == 0) continue;
            ++answered;
            waited += static_cast<double>(call.wait);
            talked += static_cast<double>(call.talk);
            ++of_agent[call.agent];
            if (call.wait <= within - 1) ++within_low;
            if (call.wait <= within) ++within_high;
        }
    }
};

// Those the book says were over before the recording was: every one of them must be among our contacts.
wire::Book finished_before(const wire::Book& book, long end) {
    wire::Book out;
    for (const auto& [id, call] : book)
        if (call.ended != 0 && call.ended < end) out.emplace(id, call);
    return out;
}

// Of FreeSWITCH, whose recording counts from its own beginning: by the stamp of the last event, in microseconds.
long last_stamp(const std::string& stream) {
    const std::string_view head = "Event-Date-Timestamp: ";
    const std::size_t at = stream.rfind(head);
    return at == std::string::npos ? 0 : std::stol(stream.substr(at + head.size(), 16)) / 1'000'000;
}

long last_second(const std::string& times) {
    const std::size_t line = times.find_last_of('\n', times.size() - 2);
    return std::stol(times.substr(line == std::string::npos ? 0 : line + 1));
}

void expect_same_figures(const Head& head, const wire::Book& book, std::size_t at_least) {
    ASSERT_GE(book.size(), at_least);
    for (const auto& [id, call] : book) {
        SCOPED_TRACE(id);
        const auto found = head.facts.find(id);
        ASSERT_NE(found, head.facts.end());
        const ContactFact& fact = found->second.contacts.front();
        EXPECT_LT(std::abs(static_cast<double>(fact.wait_ms) / 1e3 - static_cast<double>(call.wait)), 1.0);
        EXPECT_LT(std::abs(static_cast<double>(fact.talk_ms) / 1e3 - static_cast<double>(call.talk)), 1.0);
    }
    const Booked pbx(book, 20);
    const Report queues("queues", head, book);
    EXPECT_EQ(queues.total("offered"), pbx.offered);
    EXPECT_EQ(queues.total("answered"), pbx.answered);
    EXPECT_EQ(queues.total("abandoned"), pbx.abandoned);
    EXPECT_EQ(queues.total("answer_rate"), std::round(10'000 * pbx.answered / pbx.offered) / 100);
    // Nobody waited as long as 19 s: no rounding of theirs can matter.
    ASSERT_EQ(pbx.within_low, pbx.within_high);
    EXPECT_EQ(queues.total("service_level_asterisk_20"), 100 * pbx.within_low / pbx.answered);
    EXPECT_EQ(queues.total("service_level_asterisk2_20"), 100 * pbx.within_low / (pbx.answered + pbx.abandoned));
    EXPECT_EQ(queues.total("service_level_copc_20"), 100 * pbx.within_low / pbx.offered);
    EXPECT_NEAR(queues.total("answer_speed_average"), pbx.waited / pbx.answered, 0.6);
    EXPECT_NEAR(queues.total("talk_average"), pbx.talked / pbx.answered, 0.6);

    std::map<std::string, double> of_agent;
    for (const auto& [agent, calls] : Report("agents", head, book).by_row("calls"))
        of_agent[head.name_of.count(agent) && !head.name_of.at(agent).empty() ? head.name_of.at(agent) : agent] = calls;
    EXPECT_EQ(of_agent, pbx.of_agent);
}

TEST(BusyHeads, of_asterisk_give_the_figures_of_its_queue_log) {
    const std::string name = "asterisk/20-busy-head.ami";
    const Head head = play(name, replay::Wire::asterisk);
    const long end = last_second(capture_times(name).value());
    const auto book = finished_before(wire::read_queue_log(capture("asterisk/20-busy-head.queue_log")), end);
    expect_same_figures(head, book, 80);
}

TEST(BusyHeads, of_freeswitch_give_the_figures_of_its_cdrs) {
    const std::string name = "freeswitch/busy-head.esl";
    const Head head = play(name, replay::Wire::freeswitch);
    const long end = last_stamp(capture(name));
    const auto book = finished_before(wire::read_callcenter_cdr(capture("freeswitch/busy-head.cdr.csv")), end);
    expect_same_figures(head, book, 20);
}

// Where waits lie around the limit the PBX's seconds bracket ours.
TEST(BusyHeads, have_service_levels_between_those_the_queue_logs_seconds_allow) {
    const std::string name = "asterisk/20-busy-head.ami";
    const Head head = play(name, replay::Wire::asterisk);
    const long end = last_second(capture_times(name).value());
    const auto book = finished_before(wire::read_queue_log(capture("asterisk/20-busy-head.queue_log")), end);
    for (const long within : {1L, 2L, 3L}) {
        SCOPED_TRACE(within);
        double ours = 0;
        for (const auto& [id, call] : book)
            if (head.facts.at(id).contacts.front().wait_ms <= within * 1'000) ++ours;
        EXPECT_GE(ours, Booked(book, within).within_low);
        EXPECT_LE(ours, Booked(book, within + 1).within_high);
    }
}

}  // namespace
}  // namespace citybridge
