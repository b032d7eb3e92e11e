#pragma once
// One connection after the other to an SMPP centre, as a state machine: bytes,
// messages and the time in, actions out. No socket and no clock.
//
// What is promised: each message is answered exactly once, unless stop() came
// first; `not_done` and `refused` only if no part of it can have been taken;
// never more than `window` PDUs without their answer; a receipt is answered
// with success only when the node has it; nothing is sent before the centre
// accepted the bind.
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/api/backoff.h"
#include "core/api/capabilities.h"
#include "core/api/plugin.h"
#include "plugins/sms_smpp/bodies.h"
#include "plugins/sms_smpp/message.h"
#include "plugins/sms_smpp/part_book.h"
#include "plugins/sms_smpp/pdu.h"
#include "plugins/sms_smpp/receipt.h"

namespace citybridge::sms_smpp {

struct SessionSettings {
    std::string instance;
    Bind bind;
    bool transceiver = true;
    std::size_t window = 50;
    Millis enquire_every{30'000};
    Millis answer_within{10'000};
    Millis backoff_min{1'000};
    Millis backoff_max{60'000};
    Millis refused_wait{600'000};  // after a refused bind: a wrong password does not mend itself
    Millis throttle_min{1'000};
    Millis throttle_max{30'000};
    ReceiptIds receipt_ids = ReceiptIds::same;
    std::vector<std::uint32_t> temporary;  // statuses of this centre that mean "later", besides the specification's
};

struct Completion {
    DeliveryDone done;
    DeliveryReply reply;
};
struct LogLine {
    LogLevel level = LogLevel::info;
    std::string code;
    std::string text;
};
// To be given to Host::take; the answer comes back by taken(number).
struct Offered {
    std::uint64_t number = 0;
    InboundMessage message;
};

struct Output {
    std::string write;
    std::vector<Completion> completed;
    std::vector<Offered> offered;
    std::vector<LogLine> log;
    std::optional<Error> close;  // after writing; then call on_closed()
};

class Session {
public:
    Session(SessionSettings settings, std::uint64_t seed);

    void on_connected(Now now);
    void on_bytes(std::string_view bytes, Now now);
    void on_tick(Now now);
    // The connection ended or could not be made. How long to wait before the next one.
    Millis on_closed(const Error& why, Now now);
    void submit(Prepared message, DeliveryDone done, Now now);
    void taken(std::uint64_t number, const Result<>& answer, Now now);
    // Says good-bye; what is under way gets no answer any more.
    void stop();

    Output take_output();
    std::optional<MonoTime> next_deadline() const;
    bool bound() const { return state_ == State::bound; }

private:
    enum class State { down, binding, bound };

    struct Message {
        Prepared prepared;
        DeliveryDone done;
        std::uint8_t reference = 0;  // of its parts
        std::size_t accepted = 0;
        std::size_t on_the_way = 0;
        std::size_t again = 0;  // times a part was put off by the centre
        std::vector<std::string> ids;
        std::optional<DeliveryReply> failed;
    };
    struct Part {
        std::uint64_t message = 0;
        std::size_t index = 0;
    };
    struct OnTheWay {
        Part part;
        MonoTime answer_by{};
    };
    struct OwedAnswer {
        std::uint32_t command = 0;
        std::uint32_t sequence = 0;
        MonoTime until{};
        std::string report;  // its id
    };

    // session.cpp: the connection
    void on_pdu(const Pdu& pdu, Now now);
    void on_request(const Pdu& pdu, Now now);
    void on_response(const Pdu& pdu, Now now);
    void on_bind_answer(std::uint32_t status, Now now);
    void check_silence(Now now);
    void close(Error why);
    void tell_once(LogLevel level, const std::string& code, const std::string& text);
    std::uint32_t request(std::uint32_t command, std::string_view body);
    std::uint32_t next_sequence();

    // session_receipts.cpp: what the centre delivers
    void on_delivered(const Pdu& pdu, Now now);
    void expire_owed(Now now);
    WallTime first_seen(const std::string& report, Now now);

    // session_submit.cpp: what is submitted
    void pump(Now now);
    void send_part(const Part& part, Now now);
    void on_submit_answer(OnTheWay way, std::uint32_t status, std::string_view body, Now now);
    void on_accepted(Message& message, const Part& part, std::string_view body);
    void on_put_off(Message& message, const Part& part, std::uint32_t status, Now now);
    void fail(Message& message, DeliveryOutcome outcome, std::string code, std::string detail);
    void settle(std::uint64_t number);
    void finish(std::uint64_t number, DeliveryReply reply);
    void expire_submits(Now now);
    void lose_all(const Error& why);
    bool is_temporary(std::uint32_t status) const;

    SessionSettings settings_;
    Backoff reconnect_;
    Backoff throttle_;
    State state_ = State::down;
    bool refused_ = false;  // the last bind, by the centre
    bool told_of_messages_ = false;
    std::string told_;     // code of the trouble that was logged last
    std::string refusal_;  // why the centre does not let us in
    Framer framer_;
    std::uint32_t sequence_ = 0;
    std::uint32_t bind_sequence_ = 0;
    MonoTime bind_by_{};
    MonoTime bound_since_{};
    MonoTime heard_{};
    std::optional<MonoTime> enquired_;  // an enquire_link waits for its answer since then
    std::optional<MonoTime> paused_until_;

    std::uint64_t number_ = 0;
    std::uint8_t reference_ = 0;
    std::map<std::uint64_t, Message> messages_;
    std::deque<Part> ready_;
    std::unordered_map<std::uint32_t, OnTheWay> on_the_way_;     // by sequence number
    std::deque<std::pair<MonoTime, std::uint32_t>> answers_by_;  // in order of time
    std::map<std::uint64_t, OwedAnswer> owed_;
    PartBook book_;
    std::map<std::string, WallTime> put_off_;  // receipts that the node did not take yet, and when they came first
    Output output_;
};

}  // namespace citybridge::sms_smpp
