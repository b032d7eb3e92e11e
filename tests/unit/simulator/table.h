#pragma once
// What exists on a PBX, folded from its signals alone: an account of the
// snapshot that shares no code with the simulator.
#include <map>
#include <string>
#include <vector>

#include "core/api/signals.h"

namespace citybridge::simulator::test {

class Table {
public:
    void fold(const PbxSignal& signal);
    // One line per channel, caller in a queue and member, sorted.
    std::string text() const;

private:
    struct Row {
        std::string group;
        signal::ChannelStarted started;
        WallTime at{};
        std::string bridge;
        Application application = Application::other;
    };
    std::map<std::string, Row> channels_;
    std::map<std::string, std::pair<std::string, WallTime>> waiting_;  // queue and since, by channel
    std::map<std::string, signal::MemberChanged> members_;             // by agent and queue
    const PbxSignal* now_ = nullptr;

    template <class Body>
    void on(const Body&) {}  // says nothing of what exists
    void on(const signal::ChannelStarted& body);
    void on(const signal::ChannelStateChanged& body);
    void on(const signal::ChannelPartyChanged& body);
    void on(const signal::ChannelEnded& body);
    void on(const signal::BridgeEntered& body);
    void on(const signal::BridgeLeft& body);
    void on(const signal::QueueEntered& body);
    void on(const signal::QueueLeft& body);
    void on(const signal::MemberChanged& body);
    void on(const signal::ApplicationEntered& body);
};

// A snapshot in the same words.
std::string text_of(const signal::Snapshot& snapshot);

}  // namespace citybridge::simulator::test
