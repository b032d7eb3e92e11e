#pragma once
// One click to dial on a PBX whose truth is known, over a seeded link, the adapter's
// session in virtual time (P6). What the PBX says and how is each PBX's own.
#include <deque>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/capabilities.h"
#include "core/api/result.h"
#include "core/api/time.h"

namespace citybridge::sim {

enum class Phone { answers, busy, rejects, rings_out };
// Mutants: adapters that break the promise.
enum class Adapter { honest, takes_silence_for_success, dials_again };

struct Links {
    bool loses = false;  // answers get lost or late, the link breaks
};

struct Taken {
    std::string write;
    std::vector<std::pair<CommandDone, CommandReply>> completed;
    std::optional<Error> close;
};

class DialWorld {
public:
    DialWorld(std::uint64_t seed, Links links, Adapter adapter)
        : random_(seed), links_(links), adapter_(adapter), phone_(static_cast<Phone>(random_() % 4)) {}
    virtual ~DialWorld() = default;
    DialWorld(const DialWorld&) = delete;
    DialWorld& operator=(const DialWorld&) = delete;

    // What was told and did not happen, or the other way round.
    std::vector<std::string> run();

    std::optional<CommandReply> reply() const { return reply_; }
    Phone phone() const { return phone_; }

protected:
    // ---- The adapter's session
    virtual void connected() = 0;
    virtual void bytes(std::string_view bytes) = 0;
    virtual void tick() = 0;
    virtual void closed(const Error& why) = 0;
    virtual void stop() = 0;
    virtual bool ready() const = 0;
    virtual std::optional<MonoTime> deadline() const = 0;
    virtual void send_dial(CommandDone done) = 0;
    virtual Taken take() = 0;

    // ---- The PBX
    virtual std::string greeting() const = 0;
    virtual std::string_view end_of_command() const = 0;
    virtual void act(std::string_view command) = 0;

    void say(std::string bytes, Millis after);
    // An answer that a bad link may lose, or hold up with all that follows it.
    void say_answer(const std::string& bytes, Millis after);
    bool loses_one_in(std::uint64_t count) { return links_.loses && random_() % count == 0; }
    void plan(Millis after, std::string bytes, bool answer = false) {
        planned_.push_back({now_.mono + after, std::move(bytes), answer});
    }
    // The phone begins to ring now.
    void rings() { ++rung_; }
    void is_answered(Millis after) { up_at_ = now_.mono + after; }
    void is_gone(Millis after) { gone_at_ = now_.mono + after; }
    bool is_up() const { return up_at_ && *up_at_ <= now_.mono; }
    bool is_alive() const { return rung_ > 0 && now_.mono < gone_at_; }
    bool loses() const { return links_.loses; }

    Now now_{WallTime(Millis(1'795'289'700'000)), MonoTime(Millis(1'000))};

private:
    struct Said {
        MonoTime at;
        std::string bytes;
        bool answer = false;
    };

    void dial();
    void told(CommandReply reply);
    void judge();
    void run_for(Millis time);
    MonoTime next_moment(MonoTime end) const;
    void turn_link();
    void pump();

    std::mt19937_64 random_;
    Links links_;
    Adapter adapter_;
    Phone phone_;
    bool linked_ = true;
    std::optional<MonoTime> cut_at_;
    std::optional<MonoTime> back_at_;
    std::deque<Said> wire_;     // on its way to the session
    std::deque<Said> planned_;  // what the PBX will say
    std::optional<MonoTime> up_at_;
    MonoTime gone_at_{};
    int rung_ = 0;
    bool again_ = false;
    bool dial_again_ = false;
    std::optional<CommandReply> reply_;
    std::vector<std::string> lies_;
};

}  // namespace citybridge::sim
