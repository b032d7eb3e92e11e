#pragma once
// The durable strand: the one thread that owns customers, work orders and the
// outbox (DESIGN section 3). It takes what waits as one batch, lets the desk
// decide step by step in memory, commits once, and only then answers, publishes
// and sends. A batch the store rejects is tried again step by step, so that one
// bad step harms nobody else. While the store is away callers are told so, and
// the node's own steps wait.
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "core/node/agent_facts.h"
#include "core/node/batch.h"
#include "core/node/business_time.h"
#include "core/node/callback_watch.h"
#include "core/node/catch_up.h"
#include "core/node/city_pulse.h"
#include "core/node/contact_facts.h"
#include "core/node/cover_watch.h"
#include "core/node/deadline_watch.h"
#include "core/node/delivery_lanes.h"
#include "core/node/durable_input.h"
#include "core/node/durable_metrics.h"
#include "core/node/flow_migrations.h"
#include "core/node/link_counts.h"
#include "core/node/people_book.h"
#include "core/node/people_cache.h"
#include "core/node/recurring.h"
#include "core/node/script_shelf.h"
#include "core/store/reader.h"
#include "core/store/store.h"

namespace citybridge {

// When this node was last known to be alive, in milliseconds since 1970: what agents did is known until then.
inline constexpr const char* kAliveAtMeta = "alive_at";

struct DurableSettings {
    std::size_t max_batch = 256;
    std::size_t queue_bound = 10'000;
    Millis answer_timeout{15'000};  // longer than the store's own time-outs
    Millis retry{200};              // while the store is away
    store::Store::Retention retention;
    std::vector<desk::Subscriber> subscribers;  // of contact events
    std::string generation;                     // of this process
    std::string city;
    std::shared_ptr<PeopleBook> people = std::make_shared<PeopleBook>();
    std::vector<AgentInterval> open_intervals{};  // what agents were doing when the process of before ended
    std::optional<WallTime> last_alive{};         // when that one was last known to be alive
};

class DurableStrand final : public DurablePort {
public:
    // `publish` is called on the strand with what a commit made known; must not block.
    using Publish = std::function<void(std::vector<Event>)>;
    // `metrics` outlives it.
    DurableStrand(DurableSettings settings, desk::Desk desk, std::unique_ptr<store::Store> store,
                  std::unique_ptr<store::Readers> readers, Publish publish, prometheus::Registry& metrics);
    ~DurableStrand();
    DurableStrand(const DurableStrand&) = delete;
    DurableStrand& operator=(const DurableStrand&) = delete;

    // Before start(). The connector must outlive stop().
    void add_destination(const std::string& name, OutboundConnector* connector);
    // For the live strand: contacts end, and subscribers hear of them. Valid until the destructor.
    void heard(const EventPtr& event) {
        facts_.note(event);
        agents_.note(event);
        cover_.heard(event);
        people_.heard(event->event);
        if (auto ended = callbacks_.heard(event->event)) dialling_ended(std::move(*ended));
    }
    // Code "store.*".
    Result<> start();
    void stop();  // what waits is still carried out; connectors must be quiet already

    Result<DurableAnswer> submit(desk::Request request, std::optional<RequestKey> key) override;
    std::vector<Result<DurableAnswer>> submit_all(
        std::vector<std::pair<desk::Request, std::optional<RequestKey>>> steps) override;
    Result<DurableAnswer> record(Changes changes, desk::Reply reply, std::optional<RequestKey> key) override;
    void note(Changes changes) override;
    // A plugin's authenticated message (Host::take). `done` is called once, also from within this call: ok when it is
    // committed or was known already.
    void take(InboundMessage message, std::function<void(Result<>)> done);
    Result<DurableAnswer> act(const OutboxAct& act) override;
    Result<std::vector<relay::DestinationStatus>> destinations() override;
    Result<DurableAnswer> set_disabled(const std::string& destination, bool disabled) override;
    Result<> migrate(const std::string& kind, std::int64_t version, const std::string& user) override;
    const desk::Desk& desk() const override { return desk_; }
    store::Readers& readers() override { return *readers_; }
    CityLines city_lines() const override { return pulse_.lines(system_now().mono); }

    // Flows, directory and channels as read again; open orders stay on their versions. Nothing changes on an error:
    // codes "store.*", "flow.version_in_use".
    Result<> set_book(desk::FlowBook book);
    // Calendars as read again from their files; open deadlines follow. Waits until the strand has taken them over.
    Result<> set_calendars(desk::Calendars calendars);
    // Why the store cannot be written now; empty: it can.
    std::string store_trouble() const;
    // The strand takes steps: what the watchdog asks. A store that is away is no reason to say no.
    bool alive();

private:
    struct Pending;  // a decided step of a batch on its way to the commit
    using Question = std::function<void()>;

    // durable_strand.cpp: the thread and its queue.
    void run();
    bool wait_for_work();
    std::vector<DurableInput> take_batch(Now now);
    void take_due(std::vector<DurableInput>& inputs, Now now);
    void house_keeping(Now now);
    Result<std::string> rendered(store::Store& rows, const OutboxRecord& message) const;
    Result<> load_blocked();
    Result<std::string> unless_blocked(Result<std::string> text) const;
    static Result<std::string> rendered_written(store::Store& rows, const OutboxRecord& message);
    Result<std::string> rendered_code(store::Store& rows, const OutboxRecord& message) const;
    bool enqueue(DurableInput input);
    void dialling_ended(relay::CallbackDialEnded what);
    Result<> start_callbacks();
    void count_callbacks(Now now);
    void keep_answered(Now now);
    void wake();
    Result<DurableAnswer> ask(ClientStep step);
    Millis longest_wait(Now now) const;

    // durable_questions.cpp: what the strand is asked between two batches.
    template <class T>
    T on_strand(std::function<T()> work);

    // durable_batch.cpp: deciding and committing.
    void process(std::vector<DurableInput> inputs, Now now);
    void process_together(std::vector<DurableInput> inputs, Now now);
    Result<> load(const Wanted& wanted, const std::vector<DurableInput>& inputs, Batch& batch);
    Result<> load_more(Wanted wanted, Batch& batch);
    void process_alone(std::vector<DurableInput>& inputs, Now now);
    std::vector<Pending> decide(std::vector<DurableInput>& inputs, Batch& batch, Now now);
    void count_city_message(const desk::Request& request, const Result<desk::Decision>& decision);
    Pending decide_client(ClientStep& step, Batch& batch, Now now);
    Pending decide_act(const OutboxAct& act, Batch& batch, Now now);
    Pending decide_progress(const ProgressStep& step, Batch& batch, Now now);
    Pending decide_own(const OwnStep& step, Batch& batch, Now now);
    Result<desk::Decision> ask_desk(const desk::Request& request, const Batch& batch, Now now) const;
    store::CommitOutcome commit(const Changes& changes, Now now);
    store::CommitOutcome settle_unknown(const std::string& batch_id, const Error& why);
    void committed(std::vector<Pending>& decided, const Changes& changes, Now now);
    void carry_out(const Pending& step, Now now);
    void left_unknown(std::vector<DurableInput>& inputs, const Error& why);
    void rejected(DurableInput& input, const Error& why);
    void store_refused(std::vector<DurableInput>& inputs, const Error& why, Now now, bool tried);
    void number_outbox(Changes& changes);
    bool store_usable(Now now);
    void set_trouble(const Error& why);

    const DurableSettings settings_;
    const desk::Desk desk_;
    const std::unique_ptr<store::Store> store_;
    const std::unique_ptr<store::Readers> readers_;
    const Publish publish_;
    DurableMetrics metrics_;

    mutable std::mutex mutex_;
    std::condition_variable waiting_;
    std::deque<DurableInput> queue_;  // guarded by mutex_
    std::deque<Question> questions_;  // guarded by mutex_
    std::optional<Error> trouble_;    // guarded by mutex_: of the store
    bool woken_ = false;              // guarded by mutex_: answers or facts wait elsewhere
    std::size_t notify_at_ = 1;       // guarded by mutex_: inputs that must wait before the strand is woken
    bool stopping_ = false;           // guarded by mutex_
    bool running_ = false;            // guarded by mutex_
    std::atomic<MonoTime> beat_{};

    // The strand's own.
    ContactFacts facts_;
    AgentFacts agents_;
    DeliveryLanes lanes_;
    LinkCounts links_;
    DeadlineWatch deadlines_;
    CallbackWatch callbacks_;
    CityPulse pulse_;
    PeopleCache people_;
    BusinessTime business_time_;
    FlowMigrations migrations_;
    CatchUp catch_up_;
    Recurring recurring_;
    ScriptShelf scripts_;
    CoverWatch cover_;
    std::deque<DurableInput> again_;  // the node's own steps, while the store is away
    std::optional<MonoTime> store_retry_at_;
    std::size_t last_batch_ = 0;
    std::size_t others_ = 0;  // inputs that waited when the last batch was answered: so many callers besides its own
    std::int64_t next_seq_ = 1;
    std::uint64_t batches_ = 0;
    MonoTime next_forget_{};
    MonoTime next_callback_count_{};
    MonoTime next_sign_of_life_{};
    MonoTime next_answered_{};
    std::thread thread_;
};

}  // namespace citybridge
