// The real desk, relay and store behind the durable strand, with a crash at
// every step the strand takes with its store, both before and after the step.
// Whatever was acknowledged is there afterwards, once; what was not can be
// repeated under its key; the far side has every message once and in order.
#include <gtest/gtest.h>
#include <prometheus/registry.h>
#include <spdlog/spdlog.h>

#include <future>
#include <set>
#include <thread>

#include "core/desk/flow_file.h"
#include "core/gateway/crypto.h"
#include "core/node/durable_strand.h"
#include "tests/sim/dying_store.h"
#include "tools/support/temp_folder.h"

namespace citybridge::test {
namespace {

using Last = DyingStore::Last;

constexpr int kEndless = 1'000'000'000;

constexpr std::string_view kFlow = R"(<?xml version="1.0"?>
<flow kind="sales_lead" version="1" title="t" open_roles="agent" note_roles="agent">
  <field name="wish" type="text" title="w"/>
  <state name="new" initial="true" title="n"/>
  <state name="closed" closed="true" title="c"/>
  <action name="finish" from="new" to="closed" roles="agent" title="c"/>
  <erp connector="erp">
    <send on="open" message="open_order"/>
    <send on="note" message="append_note"/>
    <send on="close" message="close_order"/>
  </erp>
</flow>)";

// An ERP that knows our keys. Lives through every crash.
class FarSide final : public OutboundConnector {
public:
    DeliveryTraits delivery_traits() const override {
        DeliveryTraits traits;
        traits.schedule = std::vector<Millis>(50, Millis{1});
        traits.jitter = 0;
        return traits;
    }
    void deliver(const OutboxRecord& message, DeliveryDone done) override {
        if (effects.insert(message.id).second) order_of[message.key].push_back(message.seq);
        done({DeliveryOutcome::delivered, {}, {}, "E-" + message.key, {}});
    }
    void find(const OutboxRecord&, FindDone done) override { done({FindReply::Outcome::failed, {}, {}, {}}); }

    std::set<std::string> effects;
    std::map<std::string, std::vector<std::int64_t>> order_of;
};

struct Step {
    std::string key;
    std::function<decltype(desk::Request::what)(const std::map<std::string, std::string>& ids)> what;
};

desk::OpenOrder opening() {
    desk::OpenOrder out;
    out.kind = "sales_lead";
    out.number = "+8613912345678";
    return out;
}

desk::ActOnOrder closing(const std::string& order) {
    desk::ActOnOrder out;
    out.order = order;
    out.action = "finish";
    return out;
}

const std::vector<Step>& scenario() {
    using Ids = std::map<std::string, std::string>;
    static const std::vector<Step> steps{
        {"open1", [](const Ids&) { return opening(); }},
        {"note1",
         [](const Ids& ids) {
             return desk::AddNote{ids.at("open1"), "first"};
         }},
        {"open2", [](const Ids&) { return opening(); }},
        {"note2",
         [](const Ids& ids) {
             return desk::AddNote{ids.at("open1"), "second"};
         }},
        {"close1", [](const Ids& ids) { return closing(ids.at("open1")); }},
    };
    return steps;
}

class World {
public:
    explicit World(const TempFolder& folder, int run) {
        settings_.path = folder / ("store" + std::to_string(run) + ".sqlite");
        Problems problems;
        const auto flow = desk::parse_flow("flow.xml", std::string(kFlow), problems);
        for (const Problem& problem : problems) throw std::runtime_error(to_string(problem));
        flows_ = desk::FlowSet({*flow});
    }

    std::unique_ptr<DurableStrand> strand(std::atomic<int>& steps_left, Last last) {
        auto real = store::open_store(settings_);
        auto readers = store::open_readers(settings_, 1);
        EXPECT_TRUE(real) << (real ? "" : real.error().detail);
        DurableSettings settings;
        settings.generation = gateway::random_hex(8);
        // A dead node answers nobody: whoever asks it need not wait long.
        settings.answer_timeout = answer_timeout_ = Millis{steps_left < kEndless ? 100 : 10'000};
        settings.retry = Millis{1};
        auto out = std::make_unique<DurableStrand>(
            settings, desk::Desk({.city = "beijing", .subscribers = {}, .rules = {}}, flows_, desk::Calendar()),
            std::make_unique<DyingStore>(std::move(*real), steps_left, last), std::move(*readers),
            [](const std::vector<Event>&) {}, registry_);
        out->add_destination("erp", &far_);
        return out;
    }

    // Sends what was not acknowledged, in order, until the node dies. What it answers is remembered.
    void work(DurableStrand& strand) {
        for (const Step& step : scenario()) {
            if (answers_.contains(step.key)) continue;
            desk::Request request{gateway::uuid_v7(system_now().wall), {"wang", "agent", {}}, step.what(ids_)};
            const auto answer = strand.submit(std::move(request), RequestKey{"wang", step.key, step.key});
            if (!answer) return;
            answers_[step.key] = answer->reply.body;
            ids_[step.key] = nlohmann::json::parse(answer->reply.body).at("id");
        }
    }

    // The customer's answer to the first message, as a plugin gives it: until the node says that it has it, or has
    // died. A sender that heard it repeats all the same, as after an answer that got lost on its side.
    void take_reply(DurableStrand& strand) {
        if (!ids_.contains("open1")) return;
        InboundMessage message{"erp", "reply1", system_now().wall, "mail.confirmed", {}};
        message.data = {{"message", ids_.at("open1") + ".1.erp"}, {"from", "wang@example.com"}, {"text", "agreed"}};
        const auto taken = std::make_shared<std::promise<bool>>();
        strand.take(std::move(message),
                    [taken](const Result<>& result) { taken->set_value(static_cast<bool>(result)); });
        auto answer = taken->get_future();
        // A dead node never says anything; it has nothing left to do then.
        if (answer.wait_for(answer_timeout_) == std::future_status::ready && answer.get()) reply_taken_ = true;
    }

    // Until every message has ended, or the node has died.
    void settle(DurableStrand& strand, const std::atomic<int>& steps_left) {
        for (int i = 0; i < 10'000 && steps_left > 0; ++i) {
            const auto counts = strand.readers().outbox_counts();
            if (counts && counts->empty()) return;
            std::this_thread::sleep_for(Millis{1});
        }
    }

    // Everything that is wrong, in words; empty: nothing.
    std::string faults(store::Readers& readers) {
        if (answers_.size() != scenario().size()) return "a step could not be repeated";
        store::OrderQuery all;
        const auto orders = readers.orders(all);
        if (!orders || orders->size() != 2) return "two orders were acknowledged, there are others in the store";
        const auto history = readers.history(ids_.at("open1"));
        std::vector<std::string> notes;
        std::int64_t n = 0, replies = 0;
        for (const HistoryRecord& entry : *history) {
            if (entry.n != ++n) return "the history has a gap";
            if (entry.action == "note") notes.push_back(entry.text);
            replies += entry.action == "mail_reply";
        }
        if (!reply_taken_) return "the customer's answer could not be repeated";
        if (replies != 1) return "the customer's answer is there " + std::to_string(replies) + " times";
        if (notes != std::vector<std::string>{"first", "second"}) return "the notes are not there once each";
        const auto order = readers.order(ids_.at("open1"));
        if (!*order || (*order)->state != "closed") return "the acknowledged close is gone";
        if (const auto counts = readers.outbox_counts(); !counts || !counts->empty())
            return "messages are left in the outbox";
        const auto messages = readers.outbox({});
        for (const OutboxRecord& row : *messages)
            if (!far_.effects.contains(row.id)) return "message " + row.id + " never arrived";
        if (far_.effects.size() != messages->size()) return "the far side knows a message the store does not";
        for (const auto& [key, seqs] : far_.order_of)
            if (!std::is_sorted(seqs.begin(), seqs.end())) return "messages of " + key + " came out of order";
        return {};
    }

private:
    store::StoreSettings settings_;
    Millis answer_timeout_{0};
    bool reply_taken_ = false;
    desk::FlowSet flows_;
    prometheus::Registry registry_;
    FarSide far_;
    std::map<std::string, std::string> answers_;
    std::map<std::string, std::string> ids_;
};

// One life with a crash at `point`, one after it. Whether the first got as far as the crash.
bool crash_at(const TempFolder& folder, int run, int point, Last last, std::string& faults) {
    World world(folder, run);
    std::atomic<int> left{point};
    {
        auto first = world.strand(left, last);
        if (first->start()) {
            world.work(*first);
            world.settle(*first, left);
            world.take_reply(*first);
            first->stop();
        }
    }
    const bool crashed = left < 0;
    std::atomic<int> endless{kEndless};
    auto second = world.strand(endless, Last::not_done);
    EXPECT_TRUE(second->start());
    world.work(*second);
    world.settle(*second, endless);
    world.take_reply(*second);
    second->stop();
    faults = world.faults(second->readers());
    return crashed;
}

class CrashPoints : public ::testing::TestWithParam<Last> {
protected:
    CrashPoints() { spdlog::set_level(spdlog::level::off); }
    ~CrashPoints() override { spdlog::set_level(spdlog::level::info); }
};

TEST_P(CrashPoints, no_crash_between_any_two_steps_changes_what_was_acknowledged) {
    const TempFolder folder("citybridge-crash-points");
    int point = 0;
    for (std::string faults; crash_at(folder, point, point, GetParam(), faults); ++point)
        ASSERT_EQ(faults, "") << "crash at step " << point;
    EXPECT_GT(point, 20) << "the scenario takes more steps than that";
}

INSTANTIATE_TEST_SUITE_P(Sides, CrashPoints, ::testing::Values(Last::not_done, Last::done_unheard));

TEST(CrashPointMutant, a_store_that_says_committed_without_doing_it_is_caught) {
    spdlog::set_level(spdlog::level::off);
    const TempFolder folder("citybridge-crash-points");
    int caught = 0, point = 0;
    for (std::string faults; crash_at(folder, point, point, Last::lied, faults); ++point) caught += !faults.empty();
    EXPECT_GT(caught, 0);
    spdlog::set_level(spdlog::level::info);
}

}  // namespace
}  // namespace citybridge::test
