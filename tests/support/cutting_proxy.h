#pragma once
// Between the store and PostgreSQL: cuts the connection around a COMMIT.
#include <atomic>
#include <thread>
#include <vector>

namespace citybridge::store {

class CuttingProxy {
public:
    enum class Cut { never, before_commit, after_commit };

    explicit CuttingProxy(int server_port);
    CuttingProxy(const CuttingProxy&) = delete;
    CuttingProxy& operator=(const CuttingProxy&) = delete;
    ~CuttingProxy();

    int port() const { return port_; }
    // For the next COMMIT that comes by. `before`: it never reaches the server; `after`: the server's answer is
    // awaited, so that it did commit, and thrown away.
    void cut(Cut when) { cut_ = when; }
    int cuts() const { return cuts_; }

private:
    void serve();
    void forward(int client);

    const int server_port_;
    int listener_ = -1;
    int port_ = 0;
    std::atomic<bool> stopping_ = false;
    std::atomic<Cut> cut_ = Cut::never;
    std::atomic<int> cuts_ = 0;
    std::thread thread_;
    std::vector<std::thread> connections_;  // of `thread_` until it has ended
};

}  // namespace citybridge::store
