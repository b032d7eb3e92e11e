#pragma once
// One story on its virtual clock: steps in, what was not as told out.
#include "core/desk/story_codes.h"
#include "core/desk/story_view.h"

namespace citybridge::desk {

// Stands in for the plugin with the ERP's rules: a story says itself what a message means.
class StoryRules final : public WorkOrderRules {
public:
    explicit StoryRules(std::string kind) : kind_(std::move(kind)) {}
    std::vector<std::string> kinds() const override { return {kind_}; }
    Result<> judge(const OrderRecord&, const CustomerRecord*) const override { return ok(); }
    Result<nlohmann::ordered_json> erp_payload(std::string_view action, const OrderRecord& order,
                                               const CustomerRecord* customer, std::string_view text) const override;
    Result<InboundVerdict> inbound(const InboundMessage& message) const override;

private:
    std::string kind_;
};

class StoryPlay {
public:
    StoryPlay(const StoryStage& stage, const StoryFile& file, const Story& story);
    Problems run();

private:
    using What = decltype(Request::what);

    void carry_out(const StoryStep& step);
    bool ask_step(const StoryStep& step);
    bool verify_step(const StoryStep& step);  // story_codes.cpp
    void open(const StoryStep& step);
    void erp(const StoryStep& step);
    void delivery_ended(const StoryStep& step, bool delivered);
    // Asks, takes what was decided; compares with `refused` of the step.
    std::optional<Decision> ask(const StoryStep& step, const std::string& by, What what);
    std::optional<Decision> decide(const StoryStep& step, const Request& request);
    void run_to(const StoryStep& step, WallTime until, bool node_is_up);
    void fire_next(const StoryStep& step, const DeadlineRecord& due);
    bool recur(const StoryStep& step, WallTime until);

    // story_expect.cpp
    void expect(const StoryStep& step);
    void expect_order(const StoryStep& step, const OrderRecord& order);
    void expect_part(const StoryStep& part, const OrderRecord& order);
    void expect_due(const StoryStep& part, const OrderRecord& order);
    void expect_told(const StoryStep& part, const OrderRecord& order);
    void expect_sent(const StoryStep& part, const OrderRecord& order);
    void expect_history(const StoryStep& part, const OrderRecord& order);
    void expect_chain(const StoryStep& part, const OrderRecord& order);
    void expect_may(const StoryStep& part, const OrderRecord& order);
    void count(const StoryStep& step);

    void say(const Position& where, std::string message) { problems_.push_back({where, std::move(message)}); }
    void same(const StoryStep& step, const std::string& what, const std::string& is, const std::string& told);
    std::optional<Actor> actor(const StoryStep& step, const std::string& name);
    const OrderRecord* order(const StoryStep& step);
    Fields fields(const StoryStep& step);
    std::optional<WallTime> time(const StoryStep& step, const std::string& text);
    std::string local(WallTime time) const;

    const StoryStage& stage_;
    const StoryFile& file_;
    const Story& story_;
    Problems problems_;
    StoryView view_;
    StoryRules rules_;
    StoryCodes codes_;
    std::optional<Desk> desk_;
    const Flow* flow_ = nullptr;
    const Calendar* calendar_ = nullptr;
    std::map<std::string, std::string, std::less<>> names_;  // of orders in the story -> id
    std::string last_;                                       // id of the order last spoken of
    std::string verification_;                               // id of the one last begun
    std::map<std::string, WallTime> recurred_;               // recurrence -> up to when it was looked at
    WallTime now_{};
    bool begun_ = false;
    int requests_ = 0;
};

}  // namespace citybridge::desk
