#pragma once
// The composition root: configuration in, a running node out. Used by the
// daemon, and in one process by replay, demo and tests.
#include <memory>
#include <string>

#include "core/api/result.h"
#include "core/desk/calendars.h"
#include "core/desk/centre.h"
#include "core/desk/flow_book.h"
#include "core/gateway/gateway.h"
#include "core/host/config_file.h"
#include "core/host/plugin_set.h"
#include "core/node/live_strand.h"

namespace citybridge {

class Node {
public:
    // Loads, checks and configures everything; starts nothing. Null on any problem.
    static std::unique_ptr<Node> make(const NodeConfig& config, const std::string& plugin_dir, Problems& problems);
    ~Node();
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    // Half-failed start-up is undone before the error is returned.
    Result<> start();
    void stop();  // idempotent

    std::uint16_t port() const;
    LiveStrand& live();
    PluginSet& plugins();
    // Users are the part of the configuration that may change while the node runs.
    Result<> set_users(const NodeConfig& config);
    // Flows, directory and channels, too; open orders stay on the versions they began with. Nothing changes on an
    // error: codes "store.*", "flow.version_in_use".
    Result<> set_book(desk::FlowBook book);
    // Calendars, too; open deadlines are computed again by and by.
    Result<> set_calendars(const desk::Calendars& calendars);
    std::shared_ptr<const desk::Calendars> calendars() const;
    // <centre> with its dispositions, too; steps under way keep the one they took.
    void set_centre(desk::Centre centre);
    // The strand answers: what the watchdog asks.
    bool alive();
    // Threads of plugins that hang: the process must be left by _exit().
    std::size_t abandoned() const;

private:
    Node();
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace citybridge
