#pragma once
// Plain blocking clients of the gateway over loopback, with a time-out on
// every wait: raw bytes for what no honest client sends, and WebSocket frames
// masked as RFC 6455 asks of clients.
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace citybridge::test {

struct Reply {
    int status = 0;                              // 0: the connection ended without an answer
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
    nlohmann::json json() const { return nlohmann::json::parse(body, nullptr, false); }
    std::string code() const { return json().is_object() ? json().value("code", "") : ""; }
};

class Client {
public:
    // `receive_buffer`: bytes, 0 for the system's default.
    explicit Client(std::uint16_t port, int receive_buffer = 0);
    Client(Client&& other) noexcept;
    Client& operator=(Client&&) = delete;
    ~Client();

    bool send(std::string_view bytes);  // false: the other side is gone
    // The next answer; `head`: it has no body whatever its length says.
    Reply reply(bool head = false);
    Reply ask(const std::string& method, const std::string& target, const std::string& token = {},
              const std::optional<std::string>& body = {}, const std::string& more_headers = {});
    // Everything until the other side closes.
    std::string read_to_end();
    // True if the other side has closed, or does within the time-out.
    bool closes();
    void shut_write();
    int fd() const { return fd_; }

protected:
    bool fill();

    int fd_ = -1;
    std::string buffer_;
};

struct Frame {
    int opcode = -1;  // -1: the connection ended
    std::string payload;
    std::uint16_t close_code() const;
    nlohmann::json json() const { return nlohmann::json::parse(payload, nullptr, false); }
};

class StreamClient : public Client {
public:
    using Client::Client;
    // The handshake's answer; 101 on success.
    Reply connect(const std::string& token, const std::string& query = {}, const std::string& more_headers = {});
    Frame frame();
    // The next text frame as JSON; pings are answered. A discarded value when the connection ended.
    nlohmann::json next();
    bool send_frame(int opcode, std::string_view payload, bool fin = true);
};

// A frame as a client sends it.
std::string client_frame(int opcode, std::string_view payload, bool fin = true, bool masked = true);

}  // namespace citybridge::test
