#pragma once
// The live strand: the one thread that owns all state of calls and agents
// (DESIGN section 3). It never waits for a disk, a peer or a client: what comes
// in waits in one bounded queue, what goes out are immutable events handed to
// listeners that must not block.
#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <variant>

#include "core/api/capabilities.h"
#include "core/calls/call_book.h"
#include "core/gateway/live_port.h"
#include "core/node/command_tracker.h"
#include "core/node/live_metrics.h"

namespace citybridge {

class LiveStrand final : public LivePort {
public:
    // `queue_bound`: signals and requests that may wait. `metrics` outlives it.
    LiveStrand(std::size_t queue_bound, prometheus::Registry& metrics);
    ~LiveStrand();
    LiveStrand(const LiveStrand&) = delete;
    LiveStrand& operator=(const LiveStrand&) = delete;

    // Before start(). `adapter` may be null (no commands); it must outlive stop().
    void add_pbx(calls::CallSettings settings, PbxAdapter* adapter);
    void start();
    void stop();  // what waits is still applied; commands under way end as unknown

    // Any thread. All or none. False: full, unknown PBX, or stopped.
    bool signal(std::string_view pbx, std::span<PbxSignal> signals);
    // Names of PBXs whose link is down.
    std::vector<std::string> links_down() const;

    // Any thread: events of the node's other half join the stream. False: the strand is full; they are dropped.
    bool announce(std::vector<Event> events);

    Result<> may_dial(const std::string& agent) override;
    void give_up(CommandFinished result) override { announce({std::move(result)}); }
    Result<LiveSnapshot> snapshot() override;
    Result<> dial(const DialOrder& order) override;
    Result<> hangup(const HangupOrder& order) override;
    Result<> command(const CallOrder& order) override;
    Result<> may_command(const CallOrder& order) override;
    Result<> set_agent_state(const AgentStateOrder& order) override;
    void subscribe(std::function<void(const EventPtr&)> listener) override;
    void desktop(const std::string& agent, bool connected) override;

private:
    struct Side {  // one PBX
        std::unique_ptr<calls::CallBook> book;
        PbxAdapter* adapter = nullptr;
    };
    struct Commanded {  // what a command on a contact is about
        Side* side = nullptr;
        calls::Parties parties;
    };
    using Request = std::function<void()>;
    struct Item {
        Side* side = nullptr;
        std::variant<PbxSignal, Request> what;
    };

    void run();
    void handle(Item& item, Now now);
    void publish(std::vector<Event>& events, WallTime at);
    void remember(const Event& event);
    void finish_commands(std::vector<CommandFinished> finished);
    bool post(Request request);
    // Runs `ask` on the strand and waits for its answer for at most a second.
    template <class T>
    Result<T> ask(std::function<Result<T>()> question);
    Result<Side*> dialling_side(const std::string& agent);
    Error no_such_contact(const std::string& id) const;
    Side* side_of_agent(const std::string& agent);
    Side* side_of_contact(const std::string& contact);
    Side* side_for_state(const AgentStateOrder& order);
    Result<Commanded> commanded(const CallOrder& order);
    PendingCommand pending_of(const Side& side, const std::string& id, const std::string& user) const;
    CommandTracker::Fate fate_of(const PendingCommand& command);
    void command_done(const std::string& command_id, const CommandReply& reply);
    void take_desktop_news(Now now);
    void look_after_agents(Side& side, Now now);
    void desktop_answered(Side& side, const std::string& agent, const CommandReply& reply);

    const std::size_t queue_bound_;
    LiveMetrics metrics_;
    std::map<std::string, Side, std::less<>> sides_;
    std::vector<std::function<void(const EventPtr&)>> listeners_;

    mutable std::mutex mutex_;  // guards the next six; never held while a listener runs
    std::condition_variable waiting_;
    std::deque<Item> queue_;
    std::size_t longest_queue_ = 0;
    std::vector<std::string> links_down_;
    bool stopping_ = false;
    bool running_ = false;

    // Of an agent's desktop since the strand looked last. One that came and went in between was there all the same.
    struct DesktopNews {
        bool came = false;
        bool there = false;
    };
    std::mutex desktop_mutex_;  // a leaf: guards the next
    std::map<std::string, DesktopNews> desktop_news_;
    std::atomic<bool> desktop_news_come_{false};

    // Strand only.
    std::uint64_t sequence_ = 0;
    CommandTracker commands_;
    std::deque<ContactPtr> ended_;
    std::vector<Event> scratch_;
    std::thread thread_;
};

}  // namespace citybridge
