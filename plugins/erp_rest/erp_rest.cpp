#include "plugins/erp_rest/erp_rest.h"

#include <utility>

namespace citybridge::erp_rest {
namespace {

constexpr std::size_t kMostLearned = 10'000;

// Only the answer to the message that opens an order tells the order's number;
// the number in the answer to a note is the note's own. Empty: another message.
std::string opened_order(const OutboxRecord& message) {
    return message.kind == "open_order" ? message.order : std::string();
}

}  // namespace

void ErpRestPlugin::configure(const RawSettings& raw, Problems& problems) {
    const std::size_t before = problems.size();
    config_ = read_config(raw, problems);
    if (problems.size() != before || host_.http().allow(config_.target.base)) return;
    problems.push_back({place_of(raw, "url"),
                        "url must be http:// or https:// without user or password, and its host must be on the node's "
                        "list of hosts that may be sent to"});
}

void ErpRestPlugin::stop(Millis) { stopped_ = true; }

void ErpRestPlugin::deliver(const OutboxRecord& message, DeliveryDone done) {
    const bool posted = host_.lane().post([this, message, done] {
        if (!stopped_) send(message, done);
    });
    // Nothing was sent, so the outcome is certain. After stop() the message stays pending without an answer.
    if (!posted && !stopped_) done({DeliveryOutcome::not_done, "http.busy", "the plugin's lane is full", {}, {}});
}

void ErpRestPlugin::send(const OutboxRecord& message, const DeliveryDone& done) {
    auto request = delivery_request(config_.target, message, known(message.order));
    if (!request) return done({DeliveryOutcome::refused, request.error().code, request.error().detail, {}, {}});
    host_.http().send(std::move(*request), [this, done, order = opened_order(message)](const HttpOutcome& outcome) {
        if (stopped_) return;
        DeliveryReply reply = reply_of(outcome, config_.statuses, host_.lane().now().wall);
        if (reply.outcome == DeliveryOutcome::delivered && !order.empty()) {
            reply.external_id = external_id_in(outcome.body, config_.id);
            learn(order, reply.external_id);
        }
        done(std::move(reply));
    });
}

void ErpRestPlugin::find(const OutboxRecord& message, FindDone done) {
    const bool posted = host_.lane().post([this, message, done] {
        if (!stopped_) look(message, done);
    });
    if (!posted && !stopped_) done({FindReply::Outcome::failed, "http.busy", "the plugin's lane is full", {}});
}

void ErpRestPlugin::look(const OutboxRecord& message, const FindDone& done) {
    if (config_.target.find_path.empty())
        return done({FindReply::Outcome::failed, "erp_rest.not_findable", "the setting find_path is not set", {}});
    auto request = find_request(config_.target, message, known(message.order));
    if (!request) return done({FindReply::Outcome::failed, request.error().code, request.error().detail, {}});
    host_.http().send(std::move(*request),
                      [this, done, id = message.id, order = opened_order(message)](const HttpOutcome& outcome) {
                          if (stopped_) return;
                          FindReply reply = find_reply(outcome, config_.find, id);
                          if (order.empty()) reply.external_id.clear();
                          learn(order, reply.external_id);
                          done(std::move(reply));
                      });
}

void ErpRestPlugin::learn(const std::string& order, const std::string& external_id) {
    if (order.empty() || external_id.empty()) return;
    if (!external_ids_.insert_or_assign(order, external_id).second) return;
    learned_.push_back(order);
    if (learned_.size() <= kMostLearned) return;
    external_ids_.erase(learned_.front());
    learned_.pop_front();
}

std::string ErpRestPlugin::known(const std::string& order) const {
    const auto found = external_ids_.find(order);
    return found != external_ids_.end() ? found->second : std::string();
}

}  // namespace citybridge::erp_rest
