#pragma once
// A caller's way over HTTP: keeps its connection, logs in again when the node
// it knew is gone.
#include <atomic>
#include <memory>

#include "core/api/time.h"
#include "tests/crash/told.h"
#include "tests/unit/gateway/test_client.h"

namespace citybridge::crash {

// Where the node is now; whoever restarts it says so.
struct NodePlace {
    std::atomic<std::uint16_t> port = 0;  // 0: nowhere
    std::atomic<int> life = 0;
};

class HttpDoor final : public Door {
public:
    // `think`: how long he waits before each request.
    HttpDoor(const NodePlace& node, std::string user, Millis think)
        : node_(node), user_(std::move(user)), think_(think) {}

    Answer ask(const Wish& wish) override;
    // Status 0: no answer.
    test::Reply request(const std::string& method, const std::string& path, const std::optional<std::string>& body = {},
                        const std::string& headers = {});

private:
    bool ready();

    const NodePlace& node_;
    const std::string user_;
    const Millis think_;
    std::unique_ptr<test::Client> client_;
    int client_life_ = 0;
    std::string token_;
};

}  // namespace citybridge::crash
