#include "tests/crash/strand_node.h"

#include "core/desk/flow_file.h"
#include "core/gateway/crypto.h"
#include "core/gateway/problem.h"

namespace citybridge::crash {
namespace {

desk::Request request_of(const Wish& wish) {
    desk::Request request;
    request.id = gateway::uuid_v7(system_now().wall);
    request.actor = {wish.user, "agent", {}};
    switch (wish.what) {
        case Wish::What::open: {
            desk::OpenOrder order;
            order.kind = "sales_lead";
            order.customer_name = "Chen";
            // Callers share customers: every fifth number is somebody's who called before.
            const std::size_t person = std::hash<std::string>()(wish.key) % 200;
            order.number = "+8613800" + std::to_string(100'000 + person);
            order.fields = {{"lead_kind", "buy"}, {"wish", wish.key}};
            request.what = std::move(order);
            break;
        }
        case Wish::What::act:
            request.what = desk::ActOnOrder{wish.order, wish.action, Fields::object(), wish.key, {}};
            break;
        case Wish::What::note:
        case Wish::What::dial: request.what = desk::AddNote{wish.order, wish.key}; break;
    }
    return request;
}

class StrandDoor final : public Door {
public:
    explicit StrandDoor(DurableStrand& strand) : strand_(strand) {}

    Answer ask(const Wish& wish) override {
        const std::string fingerprint = wish.order + ' ' + wish.action + ' ' + wish.key;
        const auto result = strand_.submit(request_of(wish), RequestKey{wish.user, wish.key, fingerprint});
        Answer answer;
        if (!result) {
            answer.status = gateway::problem_kind(result.error().code).status;
            answer.code = result.error().code;
            answer.body = result.error().detail;
            return answer;
        }
        answer.status = result->reply.status;
        answer.body = result->reply.body;
        answer.replayed = result->replayed;
        if (wish.what == Wish::What::open) answer.order = nlohmann::json::parse(answer.body).at("id");
        return answer;
    }

private:
    DurableStrand& strand_;
};

Result<desk::Desk> shipped_desk(const std::vector<desk::Subscriber>& subscribers) {
    const std::string config = std::string(CITYBRIDGE_SOURCE_DIR) + "/config";
    Problems problems;
    desk::FlowSet flows = desk::load_flows(config + "/flows", problems);
    desk::Calendar calendar = desk::load_calendar(config + "/calendars/standard.xml", problems);
    if (!problems.empty()) return Error{"crash.flows", to_string(problems.front())};
    return desk::Desk({"beijing", subscribers, {}}, std::move(flows), std::move(calendar));
}

}  // namespace

Result<std::unique_ptr<DurableStrand>> make_strand(const store::StoreSettings& settings,
                                                   const std::vector<desk::Subscriber>& subscribers,
                                                   prometheus::Registry& metrics, const Wrap& wrap) {
    DurableSettings durable;
    durable.answer_timeout = Millis{5'000};
    durable.retry = Millis{20};
    durable.subscribers = subscribers;
    durable.generation = gateway::random_hex(8);
    auto desk = shipped_desk(subscribers);
    if (!desk) return desk.error();
    auto store = store::open_store(settings);
    if (!store) return store.error();
    auto readers = store::open_readers(settings, 2);
    if (!readers) return readers.error();
    return std::make_unique<DurableStrand>(
        durable, std::move(*desk), wrap ? wrap(std::move(*store)) : std::move(*store), std::move(*readers),
        [](std::vector<Event>) {}, metrics);
}

std::unique_ptr<Door> door_of(DurableStrand& strand) { return std::make_unique<StrandDoor>(strand); }

Result<std::unique_ptr<StrandNode>> StrandNode::start(const store::StoreSettings& settings, Neighbours& neighbours,
                                                      const Wrap& wrap) {
    std::unique_ptr<StrandNode> node(new StrandNode(neighbours));
    auto strand = make_strand(settings, {{"events", {"order.*"}}}, node->metrics_, wrap);
    if (!strand) return strand.error();
    node->strand_ = std::move(*strand);
    node->strand_->add_destination("erp", &neighbours.erp);
    node->strand_->add_destination("events", &neighbours.events);
    neighbours.erp.listen();
    neighbours.events.listen();
    if (auto started = node->strand_->start(); !started) return started.error();
    return node;
}

void StrandNode::stop() {
    neighbours_.erp.hang_up();
    neighbours_.events.hang_up();
    if (strand_) strand_->stop();
}

std::unique_ptr<Door> StrandNode::door() { return door_of(*strand_); }

bool StrandNode::wait_delivered(Millis longest) {
    const MonoTime until = system_now().mono + longest;
    while (system_now().mono < until) {
        const auto left = strand_->readers().outbox_counts();
        if (left && left->empty()) return true;
        std::this_thread::sleep_for(Millis{10});
    }
    return false;
}

}  // namespace citybridge::crash
