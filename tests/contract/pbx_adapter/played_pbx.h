#pragma once
// A PBX played on loopback: one client at a time on a thread of its own, and
// the faults of a link. What it says is said by who derives from it; start() is
// called when that one is complete, stop() before it goes.
#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <thread>

namespace citybridge::contract {

// Joined in this order, and made in this order: the operands of + may be made in any.
inline std::string in_order(std::initializer_list<std::string> parts) {
    std::string out;
    for (const std::string& part : parts) out += part;
    return out;
}

class PlayedPbx {
public:
    explicit PlayedPbx(std::string_view end_of_command);
    virtual ~PlayedPbx();
    PlayedPbx(const PlayedPbx&) = delete;
    PlayedPbx& operator=(const PlayedPbx&) = delete;

    std::uint16_t port() const { return port_; }
    int dials() const { return dials_; }

    enum class Fault { none, cut_in_the_middle, garbage, restart };
    void set(Fault fault) { fault_ = fault; }
    void fall_silent(bool silent) { silent_ = silent; }
    void refuse(bool refuses) { refuses_ = refuses; }

protected:
    void start();
    void stop();

    // The serving thread's own.
    virtual std::string greet() = 0;
    virtual std::string answer(const std::string& command) = 0;  // with its end
    virtual std::string half_a_message() const = 0;
    virtual void begin_again() = 0;

    std::atomic<int> dials_{0};

private:
    void loop();
    void serve(int client);
    bool meet_fault(int client);

    std::string end_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<Fault> fault_{Fault::none};
    std::atomic<bool> silent_{false};
    std::atomic<bool> refuses_{false};
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace citybridge::contract
